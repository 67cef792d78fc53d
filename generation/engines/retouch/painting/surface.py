"""Where a face's surface is in the photo: for each pixel its place on the flat sheet. Knows the mesh, draws nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, resize, smoothstep
from generation.engines.retouch.layer import Box
from generation.engines.retouch.masks import forehead_top
from generation.engines.retouch.paint import box_around
from generation.engines.retouch.painting.canonical import canonical_points, canonical_triangles
from generation.face.regions import SHIFT

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

WORK_HEIGHT_PX = 240
"""The map is made with the face so high and grows smoothly: skin bends slowly."""


@dataclass(frozen=True, slots=True)
class Surface:
    """The face in one box of the picture.

    Args:
        x, y: (h, w) float32, the place on the sheet, in face heights (see canonical).
        facing: (h, w) float32: 1 where the skin looks at the camera, 0 where it turns away.
    """

    box: Box
    x: np.ndarray
    y: np.ndarray
    facing: np.ndarray

    def within(self, extent: tuple[float, float, float, float]) -> Surface:
        """The part of it where the sheet's places are between left, top, right and bottom."""
        left, top, right, bottom = extent
        step = 8  # places change slowly: looking at every eighth, one more on each side, misses none
        x, y = self.x[::step, ::step], self.y[::step, ::step]
        rows, cols = np.nonzero((x > left) & (x < right) & (y > top) & (y < bottom))
        if not len(rows):
            return self._cut(0, 1, 0, 1)
        low_y, high_y = (rows.min() - 2) * step, (rows.max() + 3) * step
        low_x, high_x = (cols.min() - 2) * step, (cols.max() + 3) * step
        return self._cut(int(max(low_y, 0)), int(high_y), int(max(low_x, 0)), int(high_x))

    def _cut(self, y0: int, y1: int, x0: int, x1: int) -> Surface:
        height, width = self.x.shape
        y1, x1 = min(y1, height), min(x1, width)
        box = Box(self.box.x0 + x0, self.box.y0 + y0, self.box.x0 + x1, self.box.y0 + y1)
        return Surface(box, *(np.ascontiguousarray(each[y0:y1, x0:x1]) for each in (self.x, self.y, self.facing)))


def surface_of(scene: Scene) -> Surface:
    """The face from hairline to chin; beyond the mesh the map goes on smoothly."""
    points = np.vstack([scene.face.points[:468], forehead_top(scene)])
    box = box_around(scene, points, 0.02)
    scale = min(1.0, WORK_HEIGHT_PX / scene.face.height_px)
    height, width = max(8, round(box.height * scale)), max(8, round(box.width * scale))
    at = ((points - box.origin + 0.5) * (width / box.width, height / box.height) - 0.5).astype(np.float32)
    which = _seen(at, scene.face.landmarks[:, 2], (height, width))
    seen = which >= 0
    x, y, facing = _looked_up(at, which, seen)
    softness = 0.006 * scene.face.height_px * scale
    x, y = (_continued(each, seen, softness) for each in (x, y))
    facing = blur(np.where(seen, facing, 0).astype(np.float32), 2 * softness)
    x, y, facing = (resize(each, box.height, box.width) for each in (x, y, facing))
    return Surface(box, x, y, facing)


def _seen(at: np.ndarray, depths: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """(h, w) int32: the triangle seen at each pixel, -1 for none; the farthest are drawn first."""
    triangles = canonical_triangles()
    depth = np.append(depths[:468], np.full(len(at) - 468, depths[10] + abs(depths[10] - depths[151])))
    which = np.full(shape, -1, np.int32)
    corners = np.round(at[triangles] * (1 << SHIFT)).astype(np.int32)
    for index in np.argsort(-depth[triangles].mean(1)).tolist():
        cv2.fillConvexPoly(which, corners[index], (index,), cv2.LINE_8, SHIFT)
    return which


def _looked_up(at: np.ndarray, which: np.ndarray, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each seen pixel's place on the sheet, and how far its triangle is not foreshortened."""
    triangles = canonical_triangles()
    sheet = canonical_points()[triangles]
    there = at[triangles].astype(np.float64)
    corners = np.concatenate([there, np.ones((len(there), 3, 1))], axis=2)
    area = np.abs(np.linalg.det(corners)) + 1e-6
    flat = corners.copy()
    flat[area < 1e-2] = np.eye(3)  # no pixel shows it
    maps = np.linalg.solve(flat, sheet.astype(np.float64)).astype(np.float32)
    edges = sheet[:, 1:] - sheet[:, :1]
    whole = np.abs(edges[:, 0, 0] * edges[:, 1, 1] - edges[:, 0, 1] * edges[:, 1, 0]) + 1e-9
    rows, cols = np.nonzero(seen)
    index = which[rows, cols]
    ones = np.ones(len(rows), np.float32)
    places = np.einsum("ni,nij->nj", np.stack([cols, rows, ones], 1).astype(np.float32), maps[index])
    ratio = (area / whole) / np.median((area / whole)[np.unique(index)])
    found = []
    for values in (places[:, 0], places[:, 1], smoothstep(ratio[index].astype(np.float32), 0.02, 0.14)):
        plane = np.zeros(which.shape, np.float32)
        plane[rows, cols] = values
        found.append(plane)
    return found[0], found[1], found[2]


def _continued(plane: np.ndarray, seen: np.ndarray, sigma_px: float) -> np.ndarray:
    """Smoothed inside; outside carried on along its own slope."""
    weight = seen.astype(np.float32)
    lying = blur(weight, sigma_px)
    smooth = np.where(lying > 0.3, blur(plane * weight, sigma_px) / np.maximum(lying, 0.3), 0)
    known = lying > 0.3
    rows, cols = np.mgrid[0 : plane.shape[0], 0 : plane.shape[1]]
    basis = np.stack([np.ones(known.sum()), cols[known], rows[known]], 1)
    plain, *_ = np.linalg.lstsq(basis[::7], smooth[known][::7], rcond=None)
    trend = (plain[0] + plain[1] * cols + plain[2] * rows).astype(np.float32)
    rest, share = np.where(known, smooth - trend, 0).astype(np.float32), known.astype(np.float32)
    wide = 6 * sigma_px + 2
    filled = blur(rest * share, wide) / (blur(share, wide) + np.float32(1e-3))
    return np.asarray(np.where(known, smooth, trend + filled), np.float32)
