"""Bending a face: no folds, nothing moves far away, and the landmarks go where they were asked to."""

import inspect
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from generation.engines.retouch import wishes
from generation.engines.retouch.behind import without_person
from generation.engines.retouch.colour import to_canvas
from generation.engines.retouch.effects import load_effect, stages
from generation.engines.retouch.effects.shape import reshape
from generation.engines.retouch.scene import FIELD_STEP_PX, Bend, Scene, pull
from generation.engines.retouch.warp import Sculptor, jacobian
from generation.face.face import Face
from generation.face.finder import FaceFinder

SHAPES = [name for name, stage in stages().items() if stage == "shape"]
WISHES = [name for name in inspect.signature(reshape.bend).parameters if name != "scene"]


@pytest.fixture(scope="module")
def scene(astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder) -> Scene:
    return Scene(astronaut, astronaut_face, finder)


def width(scene: Scene, first: int, second: int) -> float:
    return float(np.linalg.norm(scene.face.points[first] - scene.face.points[second]))


@pytest.mark.parametrize("amount", [-0.5, 0.3, 0.7, 1.0])
@pytest.mark.parametrize("wish", WISHES)
def test_no_wish_folds_the_face(scene: Scene, wish: str, amount: float) -> None:
    field = reshape.bend(scene, **{wish: amount})
    assert np.abs(field).max() > 0.1, "it does bend"
    assert jacobian(field).min() > 0.2


@pytest.mark.parametrize("amount", [0.5, 1.0])
def test_all_wishes_together_do_not_fold_it_either(scene: Scene, amount: float) -> None:
    assert jacobian(reshape.bend(scene, **dict.fromkeys(WISHES, amount))).min() > 0.1


def test_no_wish_moves_nothing(scene: Scene) -> None:
    assert not reshape.bend(scene).any()
    assert np.array_equal(scene.warped(reshape.bend(scene)).pixels, scene.pixels)


def test_far_from_the_face_nothing_moves(scene: Scene) -> None:
    field = reshape.bend(scene, **dict.fromkeys(WISHES, 1.0))
    rows, cols = np.mgrid[0 : field.shape[0], 0 : field.shape[1]] * FIELD_STEP_PX
    away = np.hypot(cols - scene.face.points[4][0], rows - scene.face.points[4][1])
    assert not field[away > 1.4 * scene.face.height_px].any()


def test_twice_the_wish_bends_further(scene: Scene) -> None:
    for wish in WISHES:
        little, much = (np.abs(reshape.bend(scene, **{wish: amount})).sum() for amount in (0.4, 0.8))
        assert much > 1.5 * little


def test_eyes_grow_and_jaw_nose_and_chin_shrink(scene: Scene) -> None:
    assert width(scene.warped(reshape.bend(scene, eyes=1.0)), 159, 145) > 1.12 * width(scene, 159, 145)
    assert width(scene.warped(reshape.bend(scene, jaw=1.0)), 172, 397) < 0.96 * width(scene, 172, 397)
    assert width(scene.warped(reshape.bend(scene, nose=1.0)), 129, 358) < 0.95 * width(scene, 129, 358)
    assert width(scene.warped(reshape.bend(scene, chin=1.0)), 17, 152) < 0.97 * width(scene, 17, 152)
    assert width(scene.warped(reshape.bend(scene, lips=1.0)), 0, 17) > 1.05 * width(scene, 0, 17)


def test_a_smile_lifts_both_corners_of_the_mouth(scene: Scene) -> None:
    smiling = scene.warped(reshape.bend(scene, smile=1.0))
    for corner in (61, 291):
        lift = (smiling.face.points[corner] - scene.face.points[corner]) @ scene.face.up
        assert lift > 0.015 * scene.face.height_px


def test_a_push_moves_its_centre_by_what_was_asked(astronaut_face: Face) -> None:
    sculptor = Sculptor(astronaut_face, 512, 512)
    centre = np.round(astronaut_face.points[4] / FIELD_STEP_PX) * FIELD_STEP_PX
    sculptor.push(centre, 0.03, 0.02, (0.3, 0.3))
    column, row = (centre / FIELD_STEP_PX).astype(int)
    asked = (0.03 * astronaut_face.right + 0.02 * astronaut_face.up) * astronaut_face.height_px
    assert np.allclose(sculptor.field[row, column], -asked, atol=0.05)  # a field points back to where pixels come from


@pytest.mark.parametrize("shape", [name for name in SHAPES if name != "reshape"])
def test_each_shape_bends_without_a_fold_and_the_far_side_of_a_turned_face_too(scene: Scene, shape: str) -> None:
    far = scene.face.landmarks.copy()
    nose = far[1, 0]
    beyond = far[:, 0] > nose
    far[beyond, 0] = nose + 0.25 * (far[beyond, 0] - nose)
    turned = Scene(scene.pixels, replace(scene.face, landmarks=far), scene.finder)
    for seen in (scene, turned):
        field = load_effect(shape).bend(seen)
        assert np.abs(field).max() > 0.5
        assert jacobian(field).min() > 0.2


def test_lines_behind_a_bent_jaw_stay_straight(scene: Scene) -> None:
    y, x = np.mgrid[0 : scene.height, 0 : scene.width]
    lines = np.where((x // 9 + y // 13) % 2, 230, 40).astype(np.uint8)
    person = scene.person[..., None]
    photo = np.round(scene.pixels * person + lines[..., None] * (1 - person)).astype(np.uint8)
    behind = Scene(photo, scene.face, scene.finder)
    behind.__dict__["person"] = scene.person
    bend = load_effect("jaw_line").bend(behind)
    assert isinstance(bend, Bend)
    slim, free = behind.warped(bend), cv2.dilate(scene.person, np.ones((5, 5))) < 0.001
    moved = np.abs(slim.pixels.astype(int) - photo).max(axis=2)
    assert moved[scene.person > 0.9].max() > 30, "the person is bent"
    still = moved[free & (slim.person < 0.001)]
    assert np.percentile(still, 99.5) <= 1
    assert still.max() < 12, "a sharp line may lose a little where it was sampled twice"
    assert np.abs(pull(to_canvas(photo), bend) - to_canvas(slim.pixels)).max() < 0.02


def test_where_a_person_draws_back_the_background_goes_on() -> None:
    stripes = np.repeat(np.where(np.arange(80) // 10 % 2, 0.8, 0.2)[:, None], 120, axis=1).astype(np.float32)
    person = np.zeros((80, 120), np.float32)
    person[:, 50:] = 1
    seen = np.where(person > 0, 0.5, stripes).astype(np.float32)
    seam = (slice(None), slice(50, 58))
    assert np.abs(without_person(seen, person)[seam] - stripes[seam]).mean() < 0.05
    nobody = np.zeros_like(person)
    assert without_person(seen, nobody) is seen


def test_half_a_bend_moves_half_as_far(scene: Scene) -> None:
    bend = load_effect("jaw_line").bend(scene)
    half = bend * np.float32(0.5)
    assert np.allclose(half, bend / 2)
    assert half.person is scene.person
    assert (np.float32(0.5) * bend).person is None, "where the person is in a bent picture, nobody knows"


def test_a_wide_open_mouth_smiles_little(scene: Scene) -> None:
    landmarks = scene.face.landmarks.copy()
    landmarks[14, :2] -= scene.face.up * 0.14 * scene.face.height_px
    wide = Scene(scene.pixels, replace(scene.face, landmarks=landmarks), scene.finder)
    little, much = (np.abs(load_effect("smile").bend(each)).max() for each in (wide, scene))
    assert little < 0.6 * much


@pytest.mark.parametrize("wish", [wishes.larger_eyes, wishes.sadness, wishes.surprise])
def test_frames_of_glasses_are_not_bent(scene: Scene, wish: Callable[[Sculptor, Face, float], None]) -> None:
    moved = []
    for glasses in (False, True):
        sculptor = Sculptor(scene.face, scene.height, scene.width, glasses)
        wish(sculptor, scene.face, 1.0)
        rim = np.round(scene.face.points[[105, 107, 334, 336]] / FIELD_STEP_PX).astype(int)
        moved.append(float(np.abs(sculptor.field[rim[:, 1], rim[:, 0]]).max()) / scene.face.height_px)
    assert moved[1] < min(0.004, 0.4 * moved[0])
