"""The photo gate: which face is the person's, and whether it will do. Knows no style and no network."""

from __future__ import annotations

import numpy as np

from generation.errors import FaceTooSmall, ManyFaces, NoFace
from generation.face.face import Face
from generation.job import Note

LEAST_EYES_PX = 40.0
SMALL_EYES_PX = 70.0


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
    face = faces[0]
    if len(faces) > 1 and faces[1].eyes_px > 0.6 * face.eyes_px:
        raise ManyFaces(len(faces))
    if face.eyes_px < 24:
        raise FaceTooSmall
    notes = [Note.OTHERS_LEFT_ALONE] if len(faces) > 1 else []
    if face.eyes_px < SMALL_EYES_PX:
        notes.append(Note.SMALL_FACE)
    return face, tuple(notes)
