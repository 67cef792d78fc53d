"""Where a face folds with age: its lines as curves between landmarks. Knows the mesh, draws nothing.

The lines are those anatomists name (forehead, glabella, crow's feet, tear trough, nasolabial, marionette, lip and cheek
lines); their places on the mesh were set by eye on portraits of people over seventy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.lids import eyes_of
from generation.face.face import Face
from generation.face.regions import spline

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

Place = int | tuple[int, int, float]
"""A landmark, or a mix: (first, second, share of the second)."""

SOFT, BROAD, MIDDLE, FINE = 0.024, 0.011, 0.0058, 0.0036
"""Half widths of a fold, in face heights; the broad ones are where skin hangs over."""

# fmt: off
# Rows across the forehead, from the picture's left to its right: brows' upper edge, middle, hairline.
ROWS = ((70, 63, 105, 66, 107, 9, 336, 296, 334, 293, 300),
        (71, 68, 104, 69, 108, 151, 337, 299, 333, 298, 301),
        (21, 54, 103, 67, 109, 10, 338, 297, 332, 284, 251))
NASOLABIAL = (((129, 203, 0.15), (129, 203, 0.6), (203, 206, 0.6), (206, 216, 0.5), (216, 212, 0.8)),
              ((358, 423, 0.15), (358, 423, 0.6), (423, 426, 0.6), (426, 436, 0.5), (436, 432, 0.8)))
MARIONETTE = (((61, 57, 0.7), (43, 202, 0.4), (202, 210, 0.5)), ((291, 287, 0.7), (273, 422, 0.4), (422, 430, 0.5)))
CHEEK = (((118, 50, 0.5), (50, 205, 0.15), (187, 207, 0.3), (214, 192, 0.4)),
         ((347, 280, 0.5), (280, 425, 0.15), (411, 427, 0.3), (434, 416, 0.4)))
OUTER_CHEEK = (((117, 123, 0.5), (147, 187, 0.3), (213, 192, 0.3), (138, 135, 0.4)),
               ((346, 352, 0.5), (376, 411, 0.3), (433, 416, 0.3), (367, 364, 0.4)))
GLABELLA = (((193, 55, 0.7), (107, 9, 0.45), (108, 9, 0.45)), ((417, 285, 0.7), (336, 9, 0.45), (337, 9, 0.45)))
CHIN = ((204, 182, 0.5), (18, 200, 0.35), (424, 406, 0.5))
LIP_LINES = (((39, 167, 0.2), (39, 167, 0.8)), ((37, 164, 0.2), (37, 164, 0.6)),
             ((267, 164, 0.2), (267, 164, 0.6)), ((269, 393, 0.2), (269, 393, 0.8)),
             ((40, 165, 0.2), (40, 165, 0.7)), ((270, 391, 0.2), (270, 391, 0.7)))
# fmt: on


@dataclass(frozen=True, slots=True)
class Crease:
    """One fold.

    Args:
        path: (N, 2) px of the picture.
        depth: 1 for a deep fold of old age.
        width: half of it, in face heights.
        tail: how much depth is left at its ends, (first, last).
    """

    path: np.ndarray
    depth: float
    width: float
    tail: tuple[float, float] = (0.0, 0.0)


def creases(face: Face, rng: np.random.Generator) -> list[Crease]:
    """All folds of an old face, no two faces alike."""
    return [*_forehead(face, rng), *_around_eyes(face, rng), *_cheeks_and_mouth(face, rng)]


def smile_folds(face: Face, rng: np.random.Generator) -> list[Crease]:
    """The folds of a smile at any age: from the nose past the corners of the mouth, and below the eyes."""
    found = [
        Crease(_path(face, chain, rng, 0.002), depth, width, (0.4, 0.0))
        for chain in NASOLABIAL
        for depth, width in ((1.0, SOFT), (0.5, BROAD))
    ]
    for eye in eyes_of(face):
        line = eye.lower * 0.25 + eye.hollow * 0.75
        found.append(Crease(spline(line[1:8], closed=False), 0.6, BROAD))
    return found


def colourful(scene: Scene) -> float:
    """1, or towards 0 for a photo without colours: nothing drawn into it may have any."""
    return float(np.clip(np.hypot(*scene.complexion.tone[1:]) / 0.04, 0, 1))


def _forehead(face: Face, rng: np.random.Generator) -> list[Crease]:
    rows = [face.points[list(row)] for row in ROWS]
    found = []
    for height, depth in ((0.42, 0.55), (0.85, 0.85), (1.25, 0.75), (1.62, 0.45)):
        lower, share = int(height), height - int(height)
        line = rows[lower] * (1 - share) + rows[lower + 1] * share
        line = _wavy(face, line, rng, 0.008)
        first, last = rng.integers(1, 4), rng.integers(7, 10)
        found.append(Crease(spline(line[first : last + 1], closed=False), depth * rng.uniform(0.8, 1.1), MIDDLE))
        start = int(rng.integers(1, 6))  # a second, fine line beside it
        beside = line[start : start + 5] + face.up * face.height_px * rng.uniform(0.012, 0.02)
        found.append(Crease(spline(beside, closed=False), 0.4 * depth, FINE))
    for side in GLABELLA:
        found.append(Crease(_path(face, side, rng, 0.003), 0.7, MIDDLE))
    return found


def _around_eyes(face: Face, rng: np.random.Generator) -> list[Crease]:
    found = []
    for eye in eyes_of(face):
        width, corner = eye.width_px, eye.upper[0]
        for angle, length, depth in (
            (42, 0.36, 0.5),
            (22, 0.55, 0.8),
            (2, 0.60, 0.85),
            (-18, 0.55, 0.7),
            (-38, 0.5, 0.5),
        ):
            turn = np.radians(angle + rng.uniform(-6, 6))
            along = eye.out * np.cos(turn) + eye.up * np.sin(turn)
            aside = eye.up * np.cos(turn) - eye.out * np.sin(turn)
            steps = np.linspace(0.16, 0.16 + length * rng.uniform(0.8, 1.15), 6)[:, None]
            bow = 0.16 * np.sign(angle - 8) * (steps - 0.16) ** 2
            found.append(Crease(spline(corner + width * (steps * along + bow * aside), closed=False), depth, FINE))
        for share, depth, size in ((0.38, 0.45, FINE), (0.68, 0.55, FINE), (1.0, 0.5, MIDDLE)):
            line = eye.lower * (1 - share) + eye.hollow * share
            found.append(Crease(spline(_wavy(face, line[1:8], rng, 0.003), closed=False), depth, size))
        trough = eye.hollow[4:9] + (eye.hollow[4:9] - eye.lower[4:9]) * np.linspace(0.5, 0.1, 5)[:, None]
        found.append(Crease(spline(trough, closed=False), 0.5, BROAD))
        found.append(Crease(spline(eye.hollow[1:8], closed=False), 0.75, SOFT))
    return found


def _cheeks_and_mouth(face: Face, rng: np.random.Generator) -> list[Crease]:
    found = []
    for side in (0, 1):
        for chain, tail, folds in (
            (NASOLABIAL[side], 0.4, ((0.95, SOFT), (0.65, BROAD), (0.50, MIDDLE))),
            (MARIONETTE[side], 0.2, ((0.70, SOFT), (0.35, BROAD), (0.15, MIDDLE))),
            (CHEEK[side], 0.0, ((0.26, BROAD), (0.14, FINE))),
            (OUTER_CHEEK[side], 0.0, ((0.20, BROAD), (0.12, FINE))),
        ):
            path = _path(face, chain, rng, 0.004)
            found += [Crease(path, depth, width, (tail, 0.0)) for depth, width in folds]
    found.append(Crease(_path(face, CHIN, rng, 0.003), 0.5, BROAD))
    found += [Crease(_path(face, line, rng, 0.003), 0.45, FINE) for line in LIP_LINES]
    return found


def _path(face: Face, chain: tuple[Place, ...], rng: np.random.Generator, jitter: float) -> np.ndarray:
    return spline(_wavy(face, np.stack([place_of(face, each) for each in chain]), rng, jitter), closed=False)


def _wavy(face: Face, line: np.ndarray, rng: np.random.Generator, jitter: float) -> np.ndarray:
    return np.asarray(line + rng.normal(0, 0.5 * jitter * face.height_px, line.shape), np.float32)


def place_of(face: Face, place: Place) -> np.ndarray:
    """(2,) px."""
    if isinstance(place, int):
        return np.asarray(face.points[place])
    first, second, share = place
    return np.asarray(face.points[first] * (1 - share) + face.points[second] * share)
