"""What a painter is shown of a person."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from generation.engines.diffusion.references import LANDSCAPE, PORTRAIT, SQUARE, Cutter, nearest_shape, size_of
from generation.errors import ManyFaces, NoFace
from generation.face.finder import FaceFinder
from generation.photo import Photo


@pytest.fixture
def cutter(finder: FaceFinder) -> Cutter:
    return Cutter(finder, size_px=256, ref_side_px=192, max_refs=4)


@pytest.fixture
def photo(astronaut: np.ndarray) -> Photo:
    return Photo(astronaut)


@pytest.fixture
def tilted(astronaut: np.ndarray) -> Photo:
    turn = cv2.getRotationMatrix2D((220, 120), 25, 1)
    return Photo(cv2.warpAffine(astronaut, turn, (512, 512)))


@pytest.fixture
def nobody() -> Photo:
    return Photo(np.full((300, 300, 3), 120, np.uint8))


@pytest.mark.parametrize(
    ("size", "shape"),
    [((1080, 1920), PORTRAIT), ((900, 1200), PORTRAIT), ((800, 850), SQUARE), ((1600, 1200), LANDSCAPE)],
)
def test_a_picture_has_the_nearest_of_three_shapes(size: tuple[int, int], shape: float) -> None:
    assert nearest_shape(*size) == shape


@pytest.mark.parametrize("side", [64, 512, 768, 1024])
@pytest.mark.parametrize("shape", [PORTRAIT, SQUARE, LANDSCAPE])
def test_sizes_are_multiples_of_16_and_of_about_the_wanted_area(shape: float, side: int) -> None:
    width, height = size_of(shape, side)
    assert width % 16 == height % 16 == 0
    assert width * height == pytest.approx(side * side, rel=0.1)


def test_no_reference_is_larger_than_the_model_was_trained_for() -> None:
    assert all(np.prod(size_of(shape, 1024)) <= 1024 * 1024 for shape in (PORTRAIT, SQUARE, LANDSCAPE))


def test_the_first_photo_gives_the_canvas_and_the_place_of_the_face(
    cutter: Cutter, photo: Photo, finder: FaceFinder
) -> None:
    references = cutter.cut([photo], 0.5)
    assert references.canvas == (256, 256)
    assert references.start.shape == (256, 256, 3)
    assert [image.shape for image in references.images] == [(192, 192, 3)]
    (face,) = finder.find(references.start)
    seen = np.concatenate([face.points.min(0), face.points.max(0)])
    assert references.face is not None
    assert np.abs(seen - references.face).max() < 6


def test_the_face_is_large_enough_to_be_known_however_far_away_it_was(
    cutter: Cutter, astronaut: np.ndarray, finder: FaceFinder
) -> None:
    far = np.full((1200, 900, 3), 128, np.uint8)
    far[300:812, 200:712] = astronaut
    references = cutter.cut([Photo(far)], 0.5)
    (face,) = finder.find(references.start)
    assert face.height_px > 0.25 * references.canvas[1]


def test_a_tilted_head_is_shown_upright(cutter: Cutter, tilted: Photo, finder: FaceFinder) -> None:
    (before,) = finder.find(tilted.pixels)
    assert abs(before.roll_deg) > 20
    references = cutter.cut([tilted, tilted], 1.0)
    for image in references.images:
        assert abs(finder.find(image)[0].roll_deg) < 5


def test_every_photo_is_a_reference_and_no_more_than_allowed(cutter: Cutter, photo: Photo) -> None:
    assert len(cutter.cut([photo] * 3, 0.5).images) == 3
    assert len(cutter.cut([photo] * 6, 0.5).images) == 4
    assert len({image.shape for image in cutter.cut([photo] * 4, 0.5).images[1:]}) == 1


def test_more_of_the_person_adds_the_head_close_up_within_what_is_allowed(
    cutter: Cutter, photo: Photo, finder: FaceFinder
) -> None:
    usual, closer = (cutter.cut([photo], likeness).images for likeness in (0.5, 0.8))
    assert (len(usual), len(closer)) == (1, 2)
    heights = [finder.find(image)[0].height_px for image in closer]
    assert heights[1] > 1.5 * heights[0]
    assert len(cutter.cut([photo] * 6, 0.8).images) == 4


def test_more_of_the_style_leaves_one_small_reference(cutter: Cutter, photo: Photo) -> None:
    (image,) = cutter.cut([photo] * 3, 0.2).images
    assert image.shape == (96, 96, 3)


def test_an_extra_photo_that_cannot_be_used_is_left_out(cutter: Cutter, photo: Photo, nobody: Photo) -> None:
    assert len(cutter.cut([photo, nobody, photo], 0.5).images) == 2


def test_an_extra_photo_of_two_people_is_left_out(cutter: Cutter, photo: Photo, astronaut: np.ndarray) -> None:
    two = Photo(np.ascontiguousarray(np.hstack([astronaut[:300, 80:380], astronaut[:300, 80:380]])))
    assert len(cutter.cut([photo, two], 0.5).images) == 1
    with pytest.raises(ManyFaces):
        cutter.cut([two, photo], 0.5)


def test_a_first_photo_without_a_face_is_refused(cutter: Cutter, photo: Photo, nobody: Photo) -> None:
    with pytest.raises(NoFace):
        cutter.cut([nobody, photo], 0.5)


@pytest.mark.parametrize("likeness", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("count", [1, 2, 4])
def test_every_form_that_is_cut_is_tried_out_beforehand(
    cutter: Cutter, photo: Photo, likeness: float, count: int
) -> None:
    def form(references: object) -> object:
        return references.canvas, [image.shape for image in references.images]  # type: ignore[attr-defined]

    assert form(cutter.cut([photo] * count, likeness)) in [form(blank) for blank in cutter.blanks()]
