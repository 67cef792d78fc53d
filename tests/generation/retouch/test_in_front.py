"""Hands stay before everything that is drawn on the face."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from generation.engines.retouch.scene import FIELD_STEP_PX, Scene
from generation.face.face import Face
from generation.face.finder import FaceFinder
from tests.generation.face.test_hands import CHEEK, MOUTH, hand_at, with_hand


def seen(finder: FaceFinder, face: Face, pixels: np.ndarray, wrist: tuple[int, int]) -> tuple[Scene, np.ndarray]:
    picture, mask = with_hand(pixels, wrist)
    return Scene(picture, replace(face, hands=(hand_at(wrist),)), finder), mask


def agreement(one: np.ndarray, other: np.ndarray) -> float:
    both, either = (one > 0.5) & (other > 0.5), (one > 0.5) | (other > 0.5)
    return float(both.sum() / either.sum())


def test_without_hands_nothing_is_in_front(finder: FaceFinder, astronaut: np.ndarray, astronaut_face: Face) -> None:
    front = Scene(astronaut, astronaut_face, finder).in_front
    assert front.shape == astronaut.shape[:2]
    assert front.dtype == np.float32
    assert not front.any()


@pytest.mark.parametrize("wrist", [CHEEK, MOUTH])
def test_a_hand_is_in_front_to_its_edge(
    finder: FaceFinder, astronaut: np.ndarray, astronaut_face: Face, wrist: tuple[int, int]
) -> None:
    scene, mask = seen(finder, astronaut_face, astronaut, wrist)
    assert 0 <= scene.in_front.min() <= scene.in_front.max() <= 1
    assert agreement(scene.in_front, mask) > 0.85


def test_the_edge_is_the_photos_and_not_the_landmarks(
    finder: FaceFinder, astronaut: np.ndarray, astronaut_face: Face
) -> None:
    """The landmarks are off by a few px; the mask is not."""
    scene, mask = seen(finder, astronaut_face, astronaut, CHEEK)
    off = replace(astronaut_face, hands=(replace(hand_at(CHEEK), landmarks=hand_at(CHEEK).landmarks + [2, 1, 0]),))
    moved = Scene(scene.pixels, off, finder)
    assert agreement(moved.in_front, mask) > agreement(np.roll(mask, (1, 2), (0, 1)), mask)


def test_parts_of_the_face_end_where_a_hand_begins(
    finder: FaceFinder, astronaut: np.ndarray, astronaut_face: Face
) -> None:
    scene, _ = seen(finder, astronaut_face, astronaut, MOUTH)
    bare = Scene(scene.pixels, astronaut_face, finder)
    hidden = scene.in_front[scene.near.rows_cols] > 0.9
    for part in ("skin", "lips", "mouth"):
        assert getattr(bare, part)[hidden].sum() > 10
        assert getattr(scene, part)[hidden].sum() < 0.1 * getattr(bare, part)[hidden].sum()
    assert scene.occluders[hidden].min() > 0.9


def test_hands_are_no_hair(finder: FaceFinder, astronaut: np.ndarray, astronaut_face: Face) -> None:
    scene, _ = seen(finder, astronaut_face, astronaut, CHEEK)
    assert scene.hair[scene.in_front > 0.9].max() < 0.1


def test_what_is_held_before_the_face_is_in_front_too(
    finder: FaceFinder, astronaut: np.ndarray, astronaut_face: Face
) -> None:
    """A black thing from the fingers to the chin; without a hand it might be a beard."""
    wrist = (172, 268)
    picture, _ = with_hand(astronaut, wrist)
    cv2.ellipse(picture, (215, 168), (16, 18), 0, 0, 360, (25, 25, 28), -1)
    cv2.line(picture, (205, 178), (185, 196), (25, 25, 28), 12)
    held = Scene(picture, replace(astronaut_face, hands=(hand_at(wrist),)), finder).in_front
    assert held[160:176, 208:222].min() > 0.8
    assert Scene(picture, astronaut_face, finder).in_front.max() == 0


def test_in_a_bent_scene_the_hand_goes_along(finder: FaceFinder, astronaut: np.ndarray, astronaut_face: Face) -> None:
    scene, _ = seen(finder, astronaut_face, astronaut, CHEEK)
    field = np.zeros((512 // FIELD_STEP_PX + 1, 512 // FIELD_STEP_PX + 1, 2), np.float32)
    field[20:80, 20:80, 0] = 8
    bent = scene.warped(field)
    assert np.allclose(bent.in_front[160:250, 110:200], scene.in_front[160:250, 118:208], atol=0.02)
