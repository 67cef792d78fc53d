"""Draws solids and flat shapes as pictures with an outline that is neither jagged nor blurred. Knows no face."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, to_srgb
from generation.engines.retouch.layer import Box
from generation.engines.retouch.light import Light
from generation.engines.retouch.objects.solid import Sight, Solid, look

MOST_SAMPLES = 900_000
OUTLINE_SCALE = 3
SHIFT = 4


@dataclass(frozen=True, slots=True)
class Drawing:
    """Something drawn over a box of the picture.

    Args:
        colour: (h, w, 3) float32 sRGB, 0 to 1, not multiplied by alpha.
        alpha: (h, w) float32.
        depth: (h, w) float32 px away from the camera, where alpha > 0.
    """

    box: Box
    colour: np.ndarray
    alpha: np.ndarray
    depth: np.ndarray


Paint = Callable[[Sight, Light], np.ndarray]
"""The linear colour (n, 3) of every seen sample."""


def draw(solid: Solid, paints: Mapping[int, Paint], light: Light, height: int, width: int) -> Drawing | None:
    """Draw a solid in picture space, over a picture of that size; None when nothing of it is seen there."""
    low, high = solid.points[:, :2].min(0), solid.points[:, :2].max(0)
    if high[0] < 0 or high[1] < 0 or low[0] >= width or low[1] >= height:
        return None
    box = Box.around(solid.points[:, :2], 2, height, width)
    scale = float(np.clip(np.sqrt(MOST_SAMPLES / (box.width * box.height)), 1, OUTLINE_SCALE))
    sight = look(solid, box.origin, scale, round(box.height * scale), round(box.width * scale))
    if not sight.seen.any():
        return None
    linear = np.zeros((len(sight.part), 3), np.float32)
    for part, paint in paints.items():
        rows = np.flatnonzero(sight.part == part)
        if len(rows):
            linear[rows] = paint(_of(sight, rows), light)
    drawing = _developed(box, sight, linear)
    if scale > 0.8 * OUTLINE_SCALE:
        return drawing
    return Drawing(box, drawing.colour, outline(solid, box), drawing.depth)


def _developed(box: Box, sight: Sight, linear: np.ndarray) -> Drawing:
    """Average the samples to pixels. Averaging encoded values keeps highlights from eating thin dark edges.

    Colours run a little over the edge, so that a finer outline may be laid over them.
    """
    full = np.zeros((*sight.seen.shape, 4), np.float32)
    full[sight.seen, :3] = to_srgb(linear)
    full[sight.seen, 3] = sight.points[:, 2]
    size = (box.width, box.height)
    covered = cv2.resize(sight.seen.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    small: np.ndarray = cv2.resize(full, size, interpolation=cv2.INTER_AREA)
    spread = cv2.blur(covered, (5, 5))
    out = covered < 0.5
    small[out] = cv2.blur(small, (5, 5))[out]
    small /= np.where(out, np.maximum(spread, 1e-4), np.maximum(covered, 1e-4))[..., None]
    return Drawing(box, np.clip(small[..., :3], 0, 1), covered, small[..., 3])


def outline(solid: Solid, box: Box) -> np.ndarray:
    """What of each px of a box a solid covers: (h, w) float32."""
    fine = np.zeros((box.height * OUTLINE_SCALE, box.width * OUTLINE_SCALE), np.uint8)
    corners = ((solid.points[:, :2] - box.origin) * OUTLINE_SCALE - 0.5)[solid.triangles]
    for triangle in np.round(corners * (1 << SHIFT)).astype(np.int32):
        cv2.fillConvexPoly(fine, triangle, 255, cv2.LINE_8, SHIFT)
    small = cv2.resize(fine, (box.width, box.height), interpolation=cv2.INTER_AREA)
    return small.astype(np.float32) / 255


def _of(sight: Sight, rows: np.ndarray) -> Sight:
    return Sight(sight.seen, sight.points[rows], sight.normals[rows], sight.uv[rows], sight.part[rows])


def shadow(drawing: Drawing, height: int, width: int, offset: np.ndarray, blur_px: float) -> tuple[Box, np.ndarray]:
    """The shadow a drawing throws: where, and (h, w) how much of the light it takes, 0 to 1.

    Args:
        offset: (2,) px, away from the lamp.
    """
    reach = int(3 * blur_px + np.abs(offset).max()) + 2
    old = drawing.box
    box = Box(old.x0 - reach, old.y0 - reach, old.x1 + reach, old.y1 + reach).clipped(height, width)
    move = np.asarray([[1, 0, old.x0 - box.x0 + offset[0]], [0, 1, old.y0 - box.y0 + offset[1]]], np.float32)
    thrown = cv2.warpAffine(drawing.alpha, move, (box.width, box.height))
    return box, blur(thrown, blur_px)


def stroke(shape: tuple[int, int], path: np.ndarray, width_px: float, scale: int = 4) -> np.ndarray:
    """A line through points (N, 2) px with round ends: (h, w) mask float32."""
    margin = width_px + 2
    low = np.maximum(np.floor(path.min(0) - margin), 0).astype(int)
    high = np.minimum(np.ceil(path.max(0) + margin).astype(int) + 1, [shape[1], shape[0]])
    mask = np.zeros(shape, np.float32)
    if (high <= low).any():
        return mask
    fine = np.zeros(((high[1] - low[1]) * scale, (high[0] - low[0]) * scale), np.uint8)
    points = np.round(((path - low) * scale + (scale - 1) / 2) * (1 << SHIFT)).astype(np.int32)
    cv2.polylines(fine, [points], False, 255, max(1, round(width_px * scale)), cv2.LINE_AA, SHIFT)
    small = cv2.resize(fine, (high[0] - low[0], high[1] - low[1]), interpolation=cv2.INTER_AREA)
    mask[low[1] : high[1], low[0] : high[0]] = small.astype(np.float32) / 255
    return mask
