"""The shape of each eye for make-up: lash lines, crease, brow, and coordinates on the lid. Knows the mesh only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engines.retouch.colour import smoothstep
from generation.engines.retouch.layer import Box
from generation.engines.retouch.paint import box_around, distance, part, places
from generation.face.regions import (
    EYE_LEFT,
    EYE_RIGHT,
    IRIS_LEFT,
    IRIS_RIGHT,
    LOWER_LID_LEFT,
    LOWER_LID_RIGHT,
    UPPER_LID_LEFT,
    UPPER_LID_RIGHT,
    fill_polygons,
)

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene
    from generation.face.face import Face

# fmt: off
# Open lines, from the outer corner to the inner.
CREASES = ((226, 247, 30, 29, 27, 28, 56, 190, 243), (446, 467, 260, 259, 257, 258, 286, 414, 463))
BELOW_BROWS = ((46, 53, 52, 65, 55), (276, 283, 282, 295, 285))
ABOVE_CREASES = ((113, 225, 224, 222, 189), (342, 445, 444, 442, 413))
HOLLOWS = ((226, 31, 228, 229, 230, 231, 232, 233, 244), (446, 261, 448, 449, 450, 451, 452, 453, 464))
# fmt: on

CLOSED = 0.12
"""An eye whose opening is lower than this share of its width is closed (open eyes: 0.21 to 0.63)."""


@dataclass(frozen=True, slots=True)
class Eye:
    """One eye.

    Args:
        upper, lower: (9, 2) px, the lash lines from the outer corner to the inner.
        crease: (9, 2) px, the fold of the upper lid.
        brow: (5, 2) px, just below the brow.
        hollow: (9, 2) px, the lower edge of the lower lid's bag.
        outline: (16, 2) px, the opening.
        iris: (2,) px, its centre. iris_px: its radius.
        out: (2,) unit vector from the inner corner to the outer; the same slant on both sides of the face.
        up: (2,) unit vector across it.
        width_px: corner to corner.
        openness: height over width.
        facing: 1 for an eye that is well in view, towards 0 for the far one of a turned face.
    """

    upper: np.ndarray
    lower: np.ndarray
    crease: np.ndarray
    brow: np.ndarray
    hollow: np.ndarray
    outline: np.ndarray
    iris: np.ndarray
    iris_px: float
    out: np.ndarray
    up: np.ndarray
    width_px: float
    openness: float
    facing: float

    @property
    def closed(self) -> bool:
        return self.openness < CLOSED

    def box(self, scene: Scene, out: float = 0.75, margin: float = 0.05) -> Box:
        """Around lid, brow and hollow; `out` eye widths beyond the outer corner."""
        tip = self.upper[0] + self.out * self.width_px * out + self.up * self.width_px * 0.35
        return box_around(scene, np.vstack([self.crease, self.brow, self.hollow, tip[None]]), margin)

    def free(self, scene: Scene, box: Box) -> np.ndarray:
        """Where make-up may lie: on the face, not on strands and frames; beyond the outer corner on skin only."""
        face = np.clip(1.2 * part(scene, scene.face_oval, box), 0, 1) * (1 - part(scene, scene.occluders, box))
        beyond = smoothstep(self.along(box), 1.02, 1.18)
        skin = np.clip(1.3 * part(scene, scene.skin, box), 0, 1)
        return np.asarray(face * (1 - beyond * (1 - skin)), np.float32)

    def along(self, box: Box) -> np.ndarray:
        """0 at the inner corner, 1 at the outer, for every pixel of the box."""
        x, y = places(box)
        inner = self.upper[-1]
        away = (x - inner[0]) * self.out[0] + (y - inner[1]) * self.out[1]
        return np.asarray(away / np.float32(self.width_px), np.float32)

    def above(self, box: Box) -> np.ndarray:
        """0 on the upper lash line, 1 just below the brow; meant for pixels between the two."""
        lash = distance(box, self.upper)
        return np.asarray(lash / (lash + distance(box, self.brow) + 1e-3), np.float32)


def eyes_in(scene: Scene) -> tuple[Eye, Eye]:
    """Both eyes; `facing` also tells how far one is hidden by hair or dark lenses."""
    right, left = (replace(eye, facing=eye.facing * _uncovered(scene, eye)) for eye in eyes_of(scene.face))
    return right, left


def softness_px(scene: Scene, *eyes: Eye) -> float:
    """How soft the photo's own finest lines are, as the sigma of a blur: what is drawn sharper looks pasted on.

    A step of height c blurred by sigma has the gradient c / (sigma sqrt(2 pi)); eyes have such steps in every photo.
    """
    found = []
    for eye in eyes:
        box = box_around(scene, eye.outline, 0.03)
        grey = cv2.cvtColor(np.ascontiguousarray(scene.pixels[box.rows_cols]), cv2.COLOR_RGB2GRAY).astype(np.float32)
        across, down = (cv2.Scharr(grey, cv2.CV_32F, *way, scale=1 / 32) for way in ((1, 0), (0, 1)))
        steepest = float(np.percentile(np.hypot(across, down), 99))
        contrast = float(np.percentile(grey, 98) - np.percentile(grey, 3))
        found.append(contrast / max(2.5 * steepest, 1e-3))
    return float(np.clip(0.55 * min(found), 0.45, max(0.45, 0.014 * scene.face.height_px)))


def _uncovered(scene: Scene, eye: Eye) -> float:
    """1, or towards 0 where what lies over the face covers most of the eye's surroundings. Frames of glasses do not."""
    hull = np.vstack([eye.crease, eye.brow, eye.hollow])
    box = box_around(scene, hull, 0)
    around = fill_polygons((box.height, box.width), [cv2.convexHull(hull.astype(np.float32))[:, 0] - box.origin])
    around *= 1 - cv2.dilate(part(scene, scene.eyes, box), np.ones((3, 3)), iterations=max(1, box.height // 20))
    covered = float((around * part(scene, scene.occluders, box)).sum() / max(float(around.sum()), 1.0))
    return 1 - float(smoothstep(np.asarray(covered, np.float32), 0.35, 0.6))


def eyes_of(face: Face) -> tuple[Eye, Eye]:
    """The person's right eye, then the left."""
    corners = (face.points[[33, 133]], face.points[[263, 362]])
    widths = [float(np.linalg.norm(pair[0] - pair[1])) for pair in corners]
    # both slants, seen as if on the same side, are averaged: wings must match
    rises = [float((pair[0] - pair[1]) @ face.up) / width for pair, width in zip(corners, widths, strict=True)]
    rise = float(np.clip(np.mean(rises), -0.25, 0.35))
    run = float(np.sqrt(1 - rise * rise))
    pairs = []
    for side, sign in ((0, -1), (1, 1)):
        out = face.right * (sign * run) + face.up * rise
        up = face.up * run - face.right * (sign * rise)
        share = widths[side] / max(widths[1 - side], 1e-3)
        pairs.append(_eye(face, side, out, up, max(widths[side], 1.0), share))
    return pairs[0], pairs[1]


def _eye(face: Face, side: int, out: np.ndarray, up: np.ndarray, width_px: float, share: float) -> Eye:
    points = face.points
    upper = points[list((UPPER_LID_RIGHT, UPPER_LID_LEFT)[side])]
    lower = points[list((LOWER_LID_RIGHT, LOWER_LID_LEFT)[side])]
    iris = points[list((IRIS_RIGHT, IRIS_LEFT)[side])]
    brow = points[list(BELOW_BROWS[side])] * 0.75 + points[list(ABOVE_CREASES[side])] * 0.25
    return Eye(
        upper=upper,
        lower=lower,
        crease=points[list(CREASES[side])],
        brow=brow,
        hollow=points[list(HOLLOWS[side])],
        outline=points[list((EYE_RIGHT, EYE_LEFT)[side])],
        iris=iris[0],
        iris_px=float(np.linalg.norm(iris[1:] - iris[0], axis=1).mean()),
        out=np.asarray(out, np.float32),
        up=np.asarray(up, np.float32),
        width_px=width_px,
        openness=float(np.linalg.norm(upper[4] - lower[4])) / width_px,
        facing=float(smoothstep(np.asarray(share, np.float32), 0.35, 0.62)),
    )
