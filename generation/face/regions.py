"""Which landmarks outline what, and polygons through them. Knows the mesh's numbering, not a photo.

"right" and "left" are the person's own: the right eye is at the left of an unmirrored picture.
Outlines are closed polygons in order; the numbering is that of MediaPipe's attention mesh.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

# fmt: off
OVAL = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
        152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)
LIPS_OUTER = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)
LIPS_INNER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191)
EYE_RIGHT = (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246)
EYE_LEFT = (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466)
BROW_RIGHT = (46, 53, 52, 65, 55, 107, 66, 105, 63, 70)
BROW_LEFT = (276, 283, 282, 295, 285, 336, 296, 334, 293, 300)
IRIS_RIGHT = (468, 469, 470, 471, 472)  # the first is the centre
IRIS_LEFT = (473, 474, 475, 476, 477)

# Open lines, from the outer corner of the eye to the inner.
UPPER_LID_RIGHT = (33, 246, 161, 160, 159, 158, 157, 173, 133)
LOWER_LID_RIGHT = (33, 7, 163, 144, 145, 153, 154, 155, 133)
UPPER_LID_LEFT = (263, 466, 388, 387, 386, 385, 384, 398, 362)
LOWER_LID_LEFT = (263, 249, 390, 373, 374, 380, 381, 382, 362)

# Patches of plain skin, to learn its colour from.
CHEEK_RIGHT = (117, 118, 101, 36, 205, 187, 123)
CHEEK_LEFT = (346, 347, 330, 266, 425, 411, 352)
FOREHEAD = (151, 108, 69, 67, 109, 10, 338, 297, 299, 337)
NOSE_BRIDGE = (168, 197, 5, 4, 45, 220, 115, 48)
# fmt: on

SHIFT = 4
"""cv2's fixed point: polygons are drawn to 1/16 px."""


def spline(points: np.ndarray, per_edge: int = 8, closed: bool = True) -> np.ndarray:
    """A smooth curve through points (Catmull-Rom, uniform).

    Args:
        points: (N, 2) px, N >= 2.
        per_edge: points of the curve between one point and the next.

    Returns:
        (N * per_edge, 2) float32 when closed, else ((N - 1) * per_edge + 1, 2), the end included.
    """
    at = np.asarray(points, np.float32)
    if closed:
        before, here, there, after = np.roll(at, 1, 0), at, np.roll(at, -1, 0), np.roll(at, -2, 0)
    else:
        before, here, there = np.vstack([at[:1], at[:-2]]), at[:-1], at[1:]
        after = np.vstack([at[2:], at[-1:]])
    t = np.linspace(0, 1, per_edge, endpoint=False, dtype=np.float32)[None, :, None]
    before, here, there, after = (each[:, None] for each in (before, here, there, after))
    curve = 0.5 * (
        2 * here
        + (there - before) * t
        + (2 * before - 5 * here + 4 * there - after) * t**2
        + (3 * here - before - 3 * there + after) * t**3
    )
    curve = curve.reshape(-1, 2)
    return curve if closed else np.vstack([curve, at[-1:]])


def fill_polygons(shape: tuple[int, ...], polygons: Iterable[np.ndarray], blur_px: float = 0) -> np.ndarray:
    """Draw filled polygons, antialiased; what several cover counts once.

    Args:
        shape: (H, W, ...) of the mask.
        polygons: (N, 2) px each, drawn with straight edges: pass them through `spline` to round them.
        blur_px: sigma of the soft edge.

    Returns:
        mask: (H, W) float32, 0 to 1.
    """
    drawn = np.zeros(shape[:2], np.uint8)
    for polygon in polygons:
        corners = np.round(np.asarray(polygon, np.float64) * (1 << SHIFT)).astype(np.int32)
        cv2.fillPoly(drawn, [corners.reshape(-1, 1, 2)], (255,), cv2.LINE_AA, SHIFT)
    mask = drawn.astype(np.float32) / np.float32(255)
    return cv2.GaussianBlur(mask, (0, 0), blur_px) if blur_px > 0 else mask
