import cv2
import numpy as np
import pytest

from generation.engines.retouch.colour import to_canvas, to_pixels
from generation.engines.retouch.mattes import matte, matting
from generation.engines.retouch.scene import Scene
from generation.face.face import Face
from generation.face.finder import FaceFinder


@pytest.fixture(scope="module")
def scene(astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder) -> Scene:
    return Scene(astronaut, astronaut_face, finder)


@pytest.fixture(scope="module")
def truth(scene: Scene) -> tuple[Scene, np.ndarray]:
    """Her before a known background, and what her matte then is."""
    y, x = np.mgrid[0:512, 0:512].astype(np.float32) / 512
    field = np.stack([0.25 + 0.3 * x, 0.55 - 0.2 * y, 0.45 + 0.3 * y], -1)
    alpha = scene.person[..., None]
    shown = to_canvas(scene.foreground) * alpha + field * (1 - alpha)
    return Scene(to_pixels(shown), scene.face, scene.finder), field


def test_a_known_alpha_is_found_from_a_trimap() -> None:
    y, x = np.mgrid[0:160, 0:160].astype(np.float32)
    away = np.hypot(x - 80, y - 80) + 5 * np.sin(np.arctan2(y - 80, x - 80) * 14)  # a head with spikes
    alpha = np.clip((50 - away) / 4, 0, 1).astype(np.float32)
    front = np.stack([0.5 + x / 500, 0.3 + y / 600, 0.25 + 0 * x], -1)
    back = np.stack([0.1 + 0 * x, 0.3 + x / 900, 0.6 - y / 700], -1)
    image = (alpha[..., None] * front + (1 - alpha[..., None]) * back).astype(np.float32)
    unknown = np.abs(np.hypot(x - 80, y - 80) - 48) < 12
    hint = np.where(unknown, 0.5, alpha).astype(np.float32)
    weight = np.where(unknown, 0.0005, 20).astype(np.float32)
    found = matting.solve(matting.lines_of(image - 0.5, 1, 0.008), hint, weight, 60)
    assert np.abs(found - alpha)[unknown].mean() < 0.03
    assert np.abs(hint - alpha)[unknown].mean() > 0.3


def test_lines_carry_alpha_over_to_the_large_photo() -> None:
    y, x = np.mgrid[0:400, 0:400].astype(np.float32)
    alpha = np.clip((np.hypot(x - 200, y - 200) - 90) / 8, 0, 1)
    image = alpha[..., None] * np.float32([0.9, 0.7, 0.2]) + (1 - alpha[..., None]) * np.float32([0.1, 0.2, 0.4])
    small = cv2.resize(image, (200, 200), interpolation=cv2.INTER_AREA)
    coarse = cv2.resize(alpha, (200, 200), interpolation=cv2.INTER_AREA)
    carried = matting.carry_over(matting.lines_of(small, 1, 0.008), coarse, image)
    grown = cv2.resize(coarse, (400, 400), interpolation=cv2.INTER_LINEAR)
    edge = (alpha > 0.02) & (alpha < 0.98)
    assert np.abs(carried - alpha)[edge].mean() < 0.6 * np.abs(grown - alpha)[edge].mean()


def test_a_person_is_found_again_before_a_known_background(truth: tuple[Scene, np.ndarray], scene: Scene) -> None:
    composed, _ = truth
    difference = np.abs(composed.person - scene.person)
    assert difference.mean() < 0.02
    head = scene.near.rows_cols
    assert difference[head].mean() < 0.02


def test_the_old_background_is_taken_out_of_the_edges(truth: tuple[Scene, np.ndarray], scene: Scene) -> None:
    composed, _ = truth
    mixed = (scene.person > 0.25) & (scene.person < 0.75)
    own = to_canvas(scene.foreground)[mixed]
    left_in = np.abs(to_canvas(composed.pixels)[mixed] - own).mean()
    taken_out = to_canvas(matte.foreground(composed.pixels, scene.person))
    assert mixed.sum() > 200
    assert np.abs(taken_out[mixed] - own).mean() < 0.5 * left_in
    inside = scene.person == 1
    assert np.array_equal(to_pixels(taken_out)[inside], composed.pixels[inside])


def test_the_face_is_all_person_and_the_corner_is_none(scene: Scene) -> None:
    x, y = scene.face.points[1].astype(int)
    assert scene.person[y - 20 : y + 20, x - 20 : x + 20].min() == 1
    assert scene.person[:30, 330:500].max() == 0
