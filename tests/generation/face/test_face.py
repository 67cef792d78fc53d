"""A face's measures follow from its mesh by arithmetic."""

import numpy as np
import pytest

from generation.face.face import Face


def turned(face: Face, axis: int, degrees: float) -> Face:
    """The face turned about an axis through its middle: 0 the picture's x, 1 its y, 2 away from the camera."""
    one, other = [(1, 2), (2, 0), (0, 1)][axis]
    angle = np.radians(degrees)
    matrix = np.eye(3)
    matrix[one, one] = matrix[other, other] = np.cos(angle)
    matrix[one, other], matrix[other, one] = -np.sin(angle), np.sin(angle)
    middle = face.landmarks.mean(0)
    return Face(((face.landmarks - middle) @ matrix.T + middle).astype(np.float32), face.box, face.score)


def test_a_frontal_portrait_looks_ahead(astronaut_face: Face) -> None:
    assert abs(astronaut_face.yaw_deg) < 8
    assert abs(astronaut_face.pitch_deg) < 15
    assert abs(astronaut_face.roll_deg) < 8


@pytest.mark.parametrize("degrees", [-30, 25, 60])
def test_roll_is_measured_clockwise(astronaut_face: Face, degrees: float) -> None:
    assert turned(astronaut_face, 2, degrees).roll_deg - astronaut_face.roll_deg == pytest.approx(degrees, abs=0.1)


@pytest.mark.parametrize("degrees", [-30, 25])
def test_yaw_is_above_zero_towards_the_pictures_right(astronaut_face: Face, degrees: float) -> None:
    """The nose, nearest to the camera, moves the way the face turns."""
    face = turned(astronaut_face, 1, -degrees)
    assert face.yaw_deg - astronaut_face.yaw_deg == pytest.approx(degrees, abs=3)
    moved = face.points[1, 0] - face.points[[234, 454], 0].mean()
    before = astronaut_face.points[1, 0] - astronaut_face.points[[234, 454], 0].mean()
    assert np.sign(moved - before) == np.sign(degrees)


@pytest.mark.parametrize("degrees", [-25, 25])
def test_pitch_is_above_zero_when_it_looks_down(astronaut_face: Face, degrees: float) -> None:
    face = turned(astronaut_face, 0, degrees)
    assert face.pitch_deg - astronaut_face.pitch_deg == pytest.approx(degrees, abs=3)
    lower = face.points[1, 1] - face.points[[10, 152], 1].mean()
    before = astronaut_face.points[1, 1] - astronaut_face.points[[10, 152], 1].mean()
    assert np.sign(lower - before) == np.sign(degrees)


def test_the_axes_are_a_rotation(astronaut_face: Face) -> None:
    axes = astronaut_face.axes.astype(np.float64)
    assert np.allclose(axes.T @ axes, np.eye(3), atol=1e-5)
    assert np.linalg.det(axes) == pytest.approx(1, abs=1e-5)


def test_up_and_right_follow_the_head(astronaut_face: Face) -> None:
    for degrees in (0, 90, 170):
        face = turned(astronaut_face, 2, degrees)
        assert (face.points[10] - face.points[152]) @ face.up > 0.95 * face.height_px
        assert (face.points[263] - face.points[33]) @ face.right > 0
