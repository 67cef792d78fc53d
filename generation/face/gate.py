"""The photo gate: which face is the person's, and whether it will do. Knows no style and no network.

Thresholds were set by looking at 240 portraits and at copies of them blurred, darkened, over-exposed,
masked and behind sunglasses (docs/log.md). In doubt a photo passes: refusing an ordinary selfie is worse
than a weak picture.
"""

from __future__ import annotations

import numpy as np

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
from generation.face.handshape import hidden_share
from generation.face.look import Look, look_at
from generation.job import Note

COUNTS = 0.45
"""A face smaller than this share of the largest is in the background and nobody's selfie."""

DOMINATES = 0.7
"""The next face must be smaller than this share of the largest, or nobody can tell who is meant."""

LEAST_SIZE_PX, SMALL_SIZE_PX = 24.0, 40.0
LEAST_INSIDE, LEAST_INSIDE_OF_OTHERS = 0.85, 0.6
MOST_YAW_DEG, MUCH_YAW_DEG = 48.0, 28.0
LEAST_TURN, SMALL_TURN = -0.10, 0.12
LEAST_HIGHLIGHTS, DIM_HIGHLIGHTS = 45.0, 80.0
LEAST_SIGNAL = 13.0
MOST_CLIPPED = 0.45
LEAST_SHARPNESS, SOFT_SHARPNESS = 9.0, 35.0
CLOSED_EYES = 0.12
HIDDEN_BY_HANDS = 0.7
"""A hand over this share of the mouth, or of both eyes, leaves too little of a face; elsewhere it is drawn around."""


def choose_face(pixels: np.ndarray, faces: list[Face]) -> tuple[Face, tuple[Note, ...]]:
    """The face to be changed, and what to say about it.

    Args:
        pixels: (H, W, 3) uint8 sRGB.
        faces: as `FaceFinder.find` gives them, the largest first.

    Raises:
        NoFace, ManyFaces, FaceTooSmall, FaceTurned, TooDark, TooBright, TooBlurred, FaceCovered
    """
    if not faces:
        raise NoFace
    face = _whose(faces, pixels.shape)
    if face.size_px < LEAST_SIZE_PX:
        raise FaceTooSmall
    _check_place(face, pixels.shape)
    look = look_at(pixels, face)
    _check_light(look)
    if look.sharpness < LEAST_SHARPNESS:
        raise TooBlurred
    if look.mouth_hidden or look.eyes_hidden or _behind_hands(face):
        raise FaceCovered
    return face, tuple(_notes(faces, face, look))


def turn(face: Face) -> float:
    """How far the head is turned: the nose tip's distances to the edges of the face, the smaller over the larger.

    1 from the front, about 0.1 when the nose reaches the far cheek's edge, below 0 in profile, where yaw saturates.
    """
    along = face.points[[234, 1, 454]] @ face.right
    near, far = sorted((along[1] - along[0], along[2] - along[1]))
    return float(near / max(far, 1e-6))


def _whose(faces: list[Face], shape: tuple[int, ...]) -> Face:
    """The one face, or the one that dominates in size and is no farther from the middle than the others."""
    largest = faces[0]
    others = [
        face
        for face in faces[1:]
        if face.size_px >= COUNTS * largest.size_px and _inside(face, shape) >= LEAST_INSIDE_OF_OTHERS
    ]
    if not others:
        return largest
    dominates = others[0].size_px < DOMINATES * largest.size_px
    central = min(_from_middle(face, shape) for face in others) > _from_middle(largest, shape)
    if dominates and central:
        return largest
    raise ManyFaces(1 + len(others))


def _from_middle(face: Face, shape: tuple[int, ...]) -> float:
    """0 in the middle, 1 at the corners."""
    half = np.asarray([shape[1], shape[0]]) / 2
    return float(np.linalg.norm((face.points[1] - half) / half) / np.sqrt(2))


def _inside(face: Face, shape: tuple[int, ...]) -> float:
    """The share of the face that is within the frame."""
    return float(((face.points >= 0) & (face.points < [shape[1], shape[0]])).all(axis=1).mean())


def _check_place(face: Face, shape: tuple[int, ...]) -> None:
    if _inside(face, shape) < LEAST_INSIDE:
        raise FaceCovered
    if turn(face) < LEAST_TURN or abs(face.yaw_deg) > MOST_YAW_DEG:
        raise FaceTurned


def _check_light(look: Look) -> None:
    """By the face's highlights (teeth, eyes, shine), not its mean: dark skin in good light has those too."""
    if look.highlights < LEAST_HIGHLIGHTS or look.signal < LEAST_SIGNAL:
        raise TooDark
    if look.clipped > MOST_CLIPPED:
        raise TooBright


def _behind_hands(face: Face) -> bool:
    if not face.hands:
        return False
    mouth = hidden_share(face, regions.LIPS_OUTER)
    eyes = min(hidden_share(face, eye) for eye in (regions.EYE_RIGHT, regions.EYE_LEFT))
    return max(mouth, eyes) > HIDDEN_BY_HANDS


def _notes(faces: list[Face], face: Face, look: Look) -> list[Note]:
    said = {
        Note.OTHERS_LEFT_ALONE: len(faces) > 1,
        Note.SMALL_FACE: face.size_px < SMALL_SIZE_PX,
        Note.TURNED_FACE: turn(face) < SMALL_TURN or abs(face.yaw_deg) > MUCH_YAW_DEG,
        Note.DIM_PHOTO: look.highlights < DIM_HIGHLIGHTS,
        Note.SOFT_PHOTO: look.sharpness < SOFT_SHARPNESS,
        Note.EYES_CLOSED: look.eyes_open < CLOSED_EYES,
    }
    return [note for note, applies in said.items() if applies]
