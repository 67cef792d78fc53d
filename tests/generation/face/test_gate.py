"""The gate refuses what cannot become a good picture, with its own sentence, and lets ordinary selfies through."""

import cv2
import numpy as np
import pytest

from generation.errors import (
    FaceCovered,
    FaceTooSmall,
    FaceTurned,
    ManyFaces,
    NoFace,
    TooBlurred,
    TooBright,
    TooDark,
)
from generation.face import regions
from generation.face.face import Face
from generation.face.finder import FaceFinder
from generation.face.gate import choose_face
from generation.job import Note
from tests.generation.face.test_face import turned


def exposed(pixels: np.ndarray, gain: float, noise: float = 0) -> np.ndarray:
    """As if that much light had reached the camera; noise: in codes of 8 bit."""
    linear = np.clip((pixels / 255.0) ** 2.2 * gain, 0, 1)
    grain = np.random.default_rng(5).normal(0, noise, pixels.shape) if noise else 0.0
    return np.asarray(np.clip(linear ** (1 / 2.2) * 255 + grain, 0, 255), np.uint8)


def judge(finder: FaceFinder, pixels: np.ndarray) -> tuple[Face, tuple[Note, ...]]:
    return choose_face(pixels, finder.find(pixels))


def beside(*pictures: np.ndarray) -> np.ndarray:
    return np.hstack(pictures)


def test_an_ordinary_portrait_passes_without_a_word(astronaut: np.ndarray, astronaut_face: Face) -> None:
    assert choose_face(astronaut, [astronaut_face]) == (astronaut_face, ())


def test_without_a_face_there_is_nothing_to_do(finder: FaceFinder) -> None:
    with pytest.raises(NoFace):
        judge(finder, np.full((400, 400, 3), 90, np.uint8))


def test_two_people_alike_in_size_are_counted(finder: FaceFinder, astronaut: np.ndarray) -> None:
    with pytest.raises(ManyFaces, match="I see 2 faces"):
        judge(finder, beside(astronaut, astronaut[:, ::-1]))
    with pytest.raises(ManyFaces, match="I see 3 faces"):
        judge(finder, beside(astronaut, astronaut[:, ::-1], astronaut))


def test_somebody_small_at_the_side_is_left_alone(finder: FaceFinder, astronaut: np.ndarray) -> None:
    picture = np.full((512, 640, 3), 120, np.uint8)
    picture[:, :512] = astronaut
    picture[40:341, 360:] = cv2.resize(astronaut, (301, 301), interpolation=cv2.INTER_AREA)[:, :280]
    face, notes = judge(finder, picture)
    assert face.points[1, 0] < 300
    assert Note.OTHERS_LEFT_ALONE in notes


def test_somebody_smaller_but_in_the_middle_leaves_the_question_open(finder: FaceFinder, astronaut: np.ndarray) -> None:
    picture = np.full((512, 1024, 3), 120, np.uint8)
    picture[:, :512] = astronaut
    picture[100:407, 420:727] = cv2.resize(astronaut, (307, 307), interpolation=cv2.INTER_AREA)
    with pytest.raises(ManyFaces):
        judge(finder, picture)


def test_a_face_of_a_few_pixels_is_too_small(finder: FaceFinder, astronaut: np.ndarray) -> None:
    picture = np.full((700, 700, 3), 120, np.uint8)
    picture[200:400, 200:400] = cv2.resize(astronaut, (200, 200), interpolation=cv2.INTER_AREA)
    with pytest.raises(FaceTooSmall):
        judge(finder, picture)


def test_a_small_face_passes_with_a_note(finder: FaceFinder, astronaut: np.ndarray) -> None:
    _, notes = judge(finder, cv2.resize(astronaut, (380, 380), interpolation=cv2.INTER_AREA))
    assert Note.SMALL_FACE in notes


@pytest.mark.parametrize("degrees", [-75, 75, 110])
def test_a_profile_is_turned_away(astronaut: np.ndarray, astronaut_face: Face, degrees: float) -> None:
    with pytest.raises(FaceTurned):
        choose_face(astronaut, [turned(astronaut_face, 1, degrees)])


@pytest.mark.parametrize("degrees", [-35, 35])
def test_a_half_profile_passes_with_a_note(astronaut: np.ndarray, astronaut_face: Face, degrees: float) -> None:
    _, notes = choose_face(astronaut, [turned(astronaut_face, 1, degrees)])
    assert Note.TURNED_FACE in notes


@pytest.mark.parametrize("degrees", [-120, 45, 180])
def test_a_tilted_head_passes(finder: FaceFinder, astronaut: np.ndarray, degrees: float) -> None:
    matrix = cv2.getRotationMatrix2D((256, 256), degrees, 1)
    assert judge(finder, cv2.warpAffine(astronaut, matrix, (512, 512), borderMode=cv2.BORDER_REPLICATE))[1] == ()


def test_a_dark_photo_is_refused_and_a_dim_one_passes(finder: FaceFinder, astronaut: np.ndarray) -> None:
    assert judge(finder, exposed(astronaut, 1 / 4, 2))[1] == ()
    assert judge(finder, exposed(astronaut, 1 / 10, 2))[1] == (Note.DIM_PHOTO,)
    with pytest.raises(TooDark):
        judge(finder, exposed(astronaut, 1 / 40, 2))


def test_noise_where_the_face_should_be_is_too_dark(astronaut: np.ndarray, astronaut_face: Face) -> None:
    """Found before the light went out: noise alone is nobody's face."""
    with pytest.raises(TooDark):
        choose_face(exposed(astronaut, 1 / 12, 30), [astronaut_face])


@pytest.mark.parametrize("skin", [0.5, 0.25, 0.12])
def test_dark_skin_in_good_light_is_not_called_dark(
    finder: FaceFinder, astronaut: np.ndarray, astronaut_face: Face, skin: float
) -> None:
    """Skin takes a share of the light; shine, teeth and the whites of the eyes stay as they are."""
    oval = regions.fill_polygons(astronaut.shape, [regions.spline(astronaut_face.points[list(regions.OVAL)])], 3)[
        ..., None
    ]
    grey = cv2.cvtColor(astronaut, cv2.COLOR_RGB2GRAY)[..., None] / 255.0
    kept = oval * (1 - np.clip((grey - 0.8) / 0.08, 0, 1))
    picture = astronaut * (1 - kept) + exposed(astronaut, skin).astype(float) * kept
    face, notes = judge(finder, picture.astype(np.uint8))
    assert Note.DIM_PHOTO not in notes
    assert np.linalg.norm(face.points[1] - astronaut_face.points[1]) < 10


def test_a_burnt_out_face_is_too_bright(finder: FaceFinder, astronaut: np.ndarray, astronaut_face: Face) -> None:
    assert judge(finder, exposed(astronaut, 1.5))[1] == ()
    with pytest.raises(TooBright):
        choose_face(exposed(astronaut, 8), [astronaut_face])


def test_a_blurred_face_is_refused_and_a_soft_one_passes(finder: FaceFinder, astronaut: np.ndarray) -> None:
    large = cv2.resize(astronaut, (1024, 1024), interpolation=cv2.INTER_CUBIC)
    assert Note.SOFT_PHOTO in judge(finder, cv2.GaussianBlur(large, (0, 0), 2))[1]
    with pytest.raises(TooBlurred):
        judge(finder, cv2.GaussianBlur(large, (0, 0), 5))


def test_a_face_cut_by_the_frame_is_not_whole(finder: FaceFinder, astronaut: np.ndarray, astronaut_face: Face) -> None:
    with pytest.raises(FaceCovered):
        choose_face(astronaut[:, 225:], [Face(astronaut_face.landmarks - [225, 0, 0], astronaut_face.box, 1.0)])


@pytest.mark.parametrize("colour", [(228, 230, 232), (140, 175, 205), (28, 28, 30)], ids=["white", "blue", "black"])
def test_a_face_mask_covers(
    finder: FaceFinder, astronaut: np.ndarray, astronaut_face: Face, colour: tuple[int, int, int]
) -> None:
    with pytest.raises(FaceCovered):
        judge(finder, with_mask(astronaut, astronaut_face, colour))


def test_dark_glasses_cover_and_clear_ones_do_not(
    finder: FaceFinder, astronaut: np.ndarray, astronaut_face: Face
) -> None:
    with pytest.raises(FaceCovered):
        judge(finder, with_glasses(astronaut, astronaut_face, 0.97))
    assert judge(finder, with_glasses(astronaut, astronaut_face, 0.12))[1] == ()


def test_a_beard_is_no_mask(finder: FaceFinder, astronaut: np.ndarray, astronaut_face: Face) -> None:
    """The lower face darkened to a fifth, but for the lips."""
    points = astronaut_face.points
    lips = regions.fill_polygons(astronaut.shape, [regions.spline(points[list(regions.LIPS_OUTER)])], 0.7)
    beard = lower_face(astronaut, astronaut_face) * (1 - lips)
    picture = astronaut * (1 - beard[..., None]) + exposed(astronaut, 0.05, 6).astype(float) * beard[..., None]
    judge(finder, picture.astype(np.uint8))


def lower_face(pixels: np.ndarray, face: Face) -> np.ndarray:
    jaw = [132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 366]
    outline = face.points[[*jaw, 330, 280, 195, 50, 101, 137]]
    return regions.fill_polygons(pixels.shape, [regions.spline(outline)], blur_px=0.6)


def with_mask(pixels: np.ndarray, face: Face, colour: tuple[int, int, int]) -> np.ndarray:
    """Cloth from nose to chin, with the face's broad shading and a little grain."""
    share = lower_face(pixels, face)
    shade = cv2.GaussianBlur(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32), (0, 0), 8)
    shade = shade / np.median(shade[share > 0.5]) + np.random.default_rng(0).normal(0, 0.015, shade.shape)
    cloth = np.asarray(colour) * shade[..., None]
    return np.clip(pixels * (1 - share[..., None]) + cloth * share[..., None], 0, 255).astype(np.uint8)


def with_glasses(pixels: np.ndarray, face: Face, opacity: float) -> np.ndarray:
    angles = np.linspace(0, 2 * np.pi, 32, endpoint=False)[:, None]
    rings = []
    for eye in (regions.EYE_RIGHT, regions.EYE_LEFT):
        middle = face.points[list(eye)].mean(0) - face.up * face.eyes_px * 0.06
        across, upright = face.right * face.eyes_px * 0.42, face.up * face.eyes_px * 0.33
        rings.append(middle + np.cos(angles) * across + np.sin(angles) * upright)
    share = regions.fill_polygons(pixels.shape, rings, blur_px=0.5)[..., None] * opacity
    return np.asarray(pixels * (1 - share) + 20 * share, np.uint8)
