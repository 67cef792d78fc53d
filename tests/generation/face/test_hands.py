"""Hands near the face are found, measured, and counted when they hide what a style is drawn on."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from generation.errors import FaceCovered
from generation.face import handshape
from generation.face.face import Face, Hand
from generation.face.finder import FaceFinder
from generation.face.gate import choose_face
from generation.face.regions import EYE_LEFT, EYE_RIGHT, LIPS_OUTER

# fmt: off
OPEN_HAND = np.asarray([
    (0, 0), (.30, -.10), (.55, -.35), (.72, -.60), (.85, -.82), (.25, -.98), (.32, -1.36), (.35, -1.60), (.37, -1.82),
    (.02, -1.00), (.03, -1.45), (.03, -1.72), (.03, -1.95), (-.20, -.95), (-.24, -1.36), (-.26, -1.60), (-.27, -1.82),
    (-.40, -.84), (-.50, -1.15), (-.55, -1.34), (-.60, -1.52)], np.float32)
# fmt: on
"""The 21 landmarks of a raised hand, in palm lengths from the wrist."""

PALM_PX = 60.0
AWAY, CHEEK, MOUTH = (335, 230), (170, 250), (226, 215)
"""Where its wrist may lie in the astronaut's picture."""


def hand_at(wrist: tuple[int, int]) -> Hand:
    points = np.asarray(wrist, np.float32) + OPEN_HAND * np.float32(PALM_PX)
    return Hand(np.column_stack([points, np.zeros(21, np.float32)]).astype(np.float32), 1.0)


def with_hand(pixels: np.ndarray, wrist: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """A rounded hand of skin painted over a picture, and its mask (H, W) float32."""
    at = hand_at(wrist).points
    inside = handshape.drawn(pixels.shape, at, PALM_PX)
    depth = np.zeros(pixels.shape[:2], np.float32)
    for start, end in handshape.BONES:
        bone = np.zeros(pixels.shape[:2], np.uint8)
        handshape.draw_bone(bone, at, PALM_PX, start, end)
        depth = np.maximum(depth, cv2.distanceTransform(bone, cv2.DIST_L2, 5))
    palm = handshape.palm(pixels.shape, at, PALM_PX)
    depth = np.maximum(depth, np.minimum(cv2.distanceTransform(palm, cv2.DIST_L2, 5), 7))
    mask = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), 0.8)
    skin = np.asarray([205, 150, 125]) * (0.65 + 0.35 * np.clip(depth / 6, 0, 1))[..., None]
    return (pixels * (1 - mask[..., None]) + skin * mask[..., None]).astype(np.uint8), mask


def test_nobodys_hands_are_seen_in_a_portrait_without(astronaut_face: Face) -> None:
    assert astronaut_face.hands == ()


@pytest.mark.parametrize("wrist", [AWAY, CHEEK, (221, 230)])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_hand_is_found_where_it_is(
    finder: FaceFinder, astronaut: np.ndarray, wrist: tuple[int, int], mirrored: bool
) -> None:
    picture, _ = with_hand(astronaut, wrist)
    (face,) = finder.find(picture[:, ::-1] if mirrored else picture)
    (hand,) = face.hands
    points = hand.points * [-1, 1] + [511, 0] if mirrored else hand.points
    assert np.linalg.norm(points - hand_at(wrist).points, axis=1).mean() < 0.1 * PALM_PX
    assert hand.size_px == pytest.approx(PALM_PX, rel=0.2)


def test_a_hand_far_from_the_face_is_nobodys_business(finder: FaceFinder, astronaut: np.ndarray) -> None:
    wide = np.full((512, 1024, 3), 120, np.uint8)
    wide[:, :512] = astronaut
    picture, _ = with_hand(wide, (820, 300))
    (face,) = finder.find(picture)
    assert face.hands == ()


def test_two_looks_see_the_same_hand(finder: FaceFinder, astronaut: np.ndarray) -> None:
    picture, _ = with_hand(astronaut, CHEEK)
    one, other = (finder.find(picture)[0].hands[0] for _ in range(2))
    assert np.array_equal(one.landmarks, other.landmarks)


def test_what_a_hand_hides_is_measured(astronaut_face: Face) -> None:
    over_mouth = replace(astronaut_face, hands=(hand_at(MOUTH),))
    assert handshape.hidden_share(over_mouth, LIPS_OUTER) > 0.8
    beside = replace(astronaut_face, hands=(hand_at(AWAY),))
    assert handshape.hidden_share(beside, LIPS_OUTER) == 0
    assert max(handshape.hidden_share(beside, eye) for eye in (EYE_RIGHT, EYE_LEFT)) == 0


def test_a_hand_over_the_mouth_covers_the_face_and_one_beside_it_does_not(
    astronaut: np.ndarray, astronaut_face: Face
) -> None:
    with pytest.raises(FaceCovered):
        choose_face(astronaut, [replace(astronaut_face, hands=(hand_at(MOUTH),))])
    for wrist in (AWAY, CHEEK):
        choose_face(astronaut, [replace(astronaut_face, hands=(hand_at(wrist),))])
