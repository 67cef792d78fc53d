"""The masks of a face's parts: their bounds, and how they lie to each other."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from generation.engines.retouch.effects import load_effect
from generation.engines.retouch.masks import bare_skin
from generation.engines.retouch.scene import Scene
from generation.face.face import Face
from generation.face.finder import FaceFinder
from generation.face.regions import CHEEK_LEFT, CHEEK_RIGHT, EYE_LEFT, EYE_RIGHT, LIPS_OUTER, fill_polygons

MASKS = ["skin", "face_oval", "lips", "mouth", "eyes", "brows", "occluders"]


@pytest.fixture(scope="module")
def scene(astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder) -> Scene:
    return Scene(astronaut, astronaut_face, finder)


def drawn(scene: Scene, indexes: tuple[int, ...]) -> np.ndarray:
    polygon = scene.face.points[list(indexes)] - scene.near.origin
    return fill_polygons((scene.near.height, scene.near.width), [polygon]) > 0.95


@pytest.mark.parametrize("name", MASKS)
def test_a_mask_has_the_size_of_the_face_s_surroundings_and_stays_within_0_and_1(scene: Scene, name: str) -> None:
    mask = getattr(scene, name)
    assert mask.shape == (scene.near.height, scene.near.width)
    assert mask.dtype == np.float32
    assert float(mask.min()) >= 0
    assert float(mask.max()) <= 1


def test_lips_leave_out_what_shows_between_them(scene: Scene) -> None:
    assert scene.mouth.max() > 0.9, "she smiles with her mouth open"
    assert float((scene.lips * scene.mouth).max()) <= 0.26  # only pixels that both share in half
    assert scene.lips[scene.mouth > 0.99].max() == 0


def test_skin_is_cheeks_but_neither_eyes_nor_lips(scene: Scene) -> None:
    for cheek in (CHEEK_RIGHT, CHEEK_LEFT):
        assert scene.skin[drawn(scene, cheek)].mean() > 0.85
    for hole in (EYE_RIGHT, EYE_LEFT, LIPS_OUTER):
        assert scene.skin[drawn(scene, hole)].mean() < 0.15


def test_skin_is_not_hair(scene: Scene) -> None:
    above = scene.face.points[10] + scene.face.up * scene.face.height_px * 0.2 - scene.near.origin
    x, y = np.round(above).astype(int)
    assert scene.skin[y - 3 : y + 4, x - 3 : x + 4].max() < 0.2


def test_a_closed_mouth_shows_nothing(scene: Scene) -> None:
    landmarks = scene.face.landmarks.copy()
    landmarks[13] = landmarks[14]
    closed = Scene(scene.pixels, replace(scene.face, landmarks=landmarks), scene.finder)
    assert not closed.mouth.any()
    assert closed.lips.sum() > scene.lips.sum()


def test_nothing_lies_over_a_bare_face(scene: Scene) -> None:
    for part in (CHEEK_RIGHT, CHEEK_LEFT, EYE_RIGHT, EYE_LEFT):
        assert scene.occluders[drawn(scene, part)].max() < 0.05


def test_a_dark_frame_of_glasses_lies_over_the_face(scene: Scene) -> None:
    pixels = scene.pixels.copy()
    frame = np.zeros(pixels.shape[:2], np.uint8)
    right, left = (scene.face.points[list(eye)].mean(axis=0).astype(int) for eye in (EYE_RIGHT, EYE_LEFT))
    for centre in (right, left):
        cv2.circle(frame, (int(centre[0]), int(centre[1])), 19, (255,), 3)
    cv2.line(frame, (int(right[0]) + 19, int(right[1])), (int(left[0]) - 19, int(left[1])), (255,), 3)
    pixels[frame > 0] = (20, 18, 22)
    with_glasses = Scene(pixels, scene.face, scene.finder)
    rim = (frame[with_glasses.near.rows_cols] > 0) & (with_glasses.eyes == 0) & (with_glasses.brows < 0.1)
    assert with_glasses.occluders[rim].mean() > 0.6
    assert with_glasses.skin[rim].mean() < 0.3
    inside = with_glasses.eyes > 0.9
    assert with_glasses.occluders[inside].mean() < 0.05, "the eyes behind the glasses stay free"


def test_a_strand_across_a_cheek_is_seen(scene: Scene) -> None:
    pixels = scene.pixels.copy()
    strand = np.zeros(pixels.shape[:2], np.uint8)
    start, end = scene.face.points[[67, 118]].astype(int)
    cv2.line(strand, tuple(map(int, start)), tuple(map(int, end)), (255,), 2)
    pixels[strand > 0] = (45, 30, 20)
    covered = Scene(pixels, scene.face, scene.finder)
    on_skin = (strand[covered.near.rows_cols] > 0) & drawn(scene, CHEEK_RIGHT)
    assert covered.occluders[on_skin].mean() > 0.5


def test_bare_skin_has_the_lips_too_but_not_the_suit(scene: Scene) -> None:
    skin = bare_skin(scene)
    assert float((skin + 1e-3 < scene.skin).mean()) == 0
    assert skin[scene.lips > 0.99].mean() > 0.5
    assert skin[-20:].mean() < 0.1, "black cloth"


@pytest.mark.parametrize("lightness", [0.55, 0.8, 1.1])
def test_skin_is_found_whatever_its_tone(scene: Scene, lightness: float) -> None:
    pixels = np.clip(scene.pixels * lightness, 0, 255).astype(np.uint8)
    other = Scene(pixels, scene.face, scene.finder)
    assert other.skin[drawn(scene, CHEEK_RIGHT)].mean() > 0.8
    assert other.skin[drawn(scene, EYE_RIGHT)].mean() < 0.2


def test_masks_of_a_bent_scene_are_those_of_the_photo_bent_along(scene: Scene) -> None:
    bent = scene.warped(load_effect("smile").bend(scene))
    seen = Scene(bent.pixels, bent.face, scene.finder)  # looked at anew
    for followed, found in ((bent.skin, seen.skin), (bent.occluders, seen.occluders)):
        assert followed.shape == found.shape
        assert np.abs(followed - found).mean() < 0.02
    assert bent.glasses == scene.glasses
