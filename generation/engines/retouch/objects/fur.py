"""Fur: many thin tapering hairs drawn one over another. Knows no animal, no face and no light."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from generation.engines.retouch.layer import Box
from generation.engines.retouch.objects.draw import Drawing

SHIFT = 4
MOST_PX = 1_400_000


@dataclass(frozen=True, slots=True)
class Hairs:
    """Hairs in the order they are laid, the lowest first.

    Args:
        roots, tips: (N, 2) px. width_px: (N,) at the root. colour: (N, 3) sRGB 0 to 1.
    """

    roots: np.ndarray
    tips: np.ndarray
    width_px: np.ndarray
    colour: np.ndarray


def draw_hairs(hairs: Hairs, height: int, width: int, depth_px: float) -> Drawing | None:
    """The hairs over a picture of that size, all `depth_px` away; None when they are wholly outside."""
    ends = np.concatenate([hairs.roots, hairs.tips])
    low, high = ends.min(0), ends.max(0)
    if high[0] < 0 or high[1] < 0 or low[0] >= width or low[1] >= height:
        return None
    box = Box.around(ends, 2, height, width)
    scale = float(np.clip(np.sqrt(MOST_PX / (box.width * box.height)), 1, 4))
    rows, columns = round(box.height * scale), round(box.width * scale)
    colour, cover = np.zeros((rows, columns, 3), np.uint8), np.zeros((rows, columns), np.uint8)
    shapes = _shapes(hairs, box, scale)
    for shape, tint in zip(shapes, np.round(np.clip(hairs.colour, 0, 1) * 255).astype(int).tolist(), strict=True):
        cv2.fillConvexPoly(colour, shape, tint, cv2.LINE_8, SHIFT)
        cv2.fillConvexPoly(cover, shape, 255, cv2.LINE_8, SHIFT)
    size = (box.width, box.height)
    alpha = cv2.resize(cover, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    mean = cv2.resize(colour, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    own = mean / np.maximum(alpha, 1e-3)[..., None]
    return Drawing(box, np.clip(own, 0, 1), alpha, np.full(alpha.shape, depth_px, np.float32))


def _shapes(hairs: Hairs, box: Box, scale: float) -> np.ndarray:
    """(N, 4, 2) int32: each hair a kite, widest near its root, in cv2's fixed point."""
    roots, tips = (hairs.roots - box.origin) * scale, (hairs.tips - box.origin) * scale
    along = tips - roots
    side = np.stack([-along[:, 1], along[:, 0]], 1)
    side = side / np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-6)
    half = np.maximum(hairs.width_px[:, None] * scale / 2, 0.6) * side
    belly = roots + 0.3 * along
    return np.round(np.stack([roots, belly + half, tips, belly - half], 1) * (1 << SHIFT)).astype(np.int32)
