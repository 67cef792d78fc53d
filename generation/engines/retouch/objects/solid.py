"""Solid shapes as triangle meshes, and the buffer they are seen in. Knows no face, no photo and no light.

A solid lives in whatever space its maker used; `Solid.placed` moves it into picture space: px, x right,
y down, z away from the camera, seen without perspective.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

SUBPIXEL_BITS = 4


@dataclass(frozen=True, slots=True)
class Solid:
    """A mesh of smooth triangles.

    Args:
        points: (N, 3) float32.
        normals: (N, 3) float32 unit vectors, out of the surface.
        uv: (N, 2) float32: along and across, for colours and textures.
        triangles: (T, 3) int32 indexes of points.
        part: (T,) int32: which material.
        raised: (T,) float32: how much nearer each triangle counts as when it is told which hides which. What lies
            on another surface needs it, for triangles are compared by their middles.
    """

    points: np.ndarray
    normals: np.ndarray
    uv: np.ndarray
    triangles: np.ndarray
    part: np.ndarray
    raised: np.ndarray

    def placed(self, axes: np.ndarray, origin: np.ndarray) -> Solid:
        """Every point p becomes axes @ p + origin. axes: (3, 3), may scale; origin: (3,)."""
        points = self.points @ axes.T + origin
        normals = self.normals @ np.linalg.inv(axes)  # transpose of the inverse, for row vectors
        return replace(self, points=points.astype(np.float32), normals=_unit(normals))

    def lifted(self, by: float) -> Solid:
        """The same, counting as nearer by so much."""
        return replace(self, raised=self.raised + np.float32(by))

    def split(self, depth: float) -> tuple[Solid, Solid]:
        """In picture space: the triangles before a depth, and those behind it."""
        near = self.points[self.triangles][:, :, 2].mean(1) <= depth
        before, behind = (
            replace(self, triangles=self.triangles[keep], part=self.part[keep], raised=self.raised[keep])
            for keep in (near, ~near)
        )
        return before, behind


@dataclass(frozen=True, slots=True)
class Sight:
    """What of the solids each sample sees.

    Args:
        seen: (H, W) bool; the arrays below have one row for each seen sample, in raster order.
        points, normals: (n, 3) float32 in picture space; normals look towards the camera (z <= 0).
        uv: (n, 2) float32.
        part: (n,) int32.
    """

    seen: np.ndarray
    points: np.ndarray
    normals: np.ndarray
    uv: np.ndarray
    part: np.ndarray


def join(*solids: Solid) -> Solid:
    """Several solids as one; parts keep their numbers."""
    starts = np.cumsum([0, *[len(solid.points) for solid in solids[:-1]]])
    return Solid(
        np.concatenate([solid.points for solid in solids]),
        np.concatenate([solid.normals for solid in solids]),
        np.concatenate([solid.uv for solid in solids]),
        np.concatenate([solid.triangles + start for solid, start in zip(solids, starts, strict=True)]),
        np.concatenate([solid.part for solid in solids]),
        np.concatenate([solid.raised for solid in solids]),
    )


def sheet(points: np.ndarray, part: int = 0, closed: bool = False) -> Solid:
    """The surface through a grid of points (rows, columns, 3); `closed` joins the last column with the first.

    Its normals are cross(along the columns, along the rows).
    """
    rows, columns = points.shape[:2]
    if closed:
        points = np.concatenate([points, points[:, :1]], 1)
        columns += 1
    down = np.gradient(points, axis=0)
    along = _around(points) if closed else np.gradient(points, axis=1)
    normals = _unit(np.cross(along, down).reshape(-1, 3))
    v, u = np.mgrid[0:rows, 0:columns].astype(np.float32)
    uv = np.stack([u / (columns - 1), v / (rows - 1)], -1).reshape(-1, 2)
    index = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns)
    a, b, c, d = index[:-1, :-1].ravel(), index[:-1, 1:].ravel(), index[1:, 1:].ravel(), index[1:, :-1].ravel()
    triangles = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    parts = np.full(len(triangles), part, np.int32)
    raised = np.zeros(len(triangles), np.float32)
    return Solid(points.reshape(-1, 3).astype(np.float32), normals, uv, triangles, parts, raised)


def tube(path: np.ndarray, radius: np.ndarray | float, part: int = 0, closed: bool = False, sides: int = 10) -> Solid:
    """A round rod along a path (N, 3), of one radius or one for each point."""
    ahead = _along(path, closed)
    side = np.cross(ahead, _least_along(ahead))
    side = _carried(_unit(side), ahead)
    other = np.cross(ahead, side)
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    out = side[:, None] * np.cos(angle)[None, :, None] + other[:, None] * np.sin(angle)[None, :, None]
    reach = np.broadcast_to(np.asarray(radius, np.float64), (len(path),))[:, None, None]
    ring = path[:, None] + out * reach
    if closed:
        ring = np.concatenate([ring, ring[:1]])
        out = np.concatenate([out, out[:1]])
    solid = sheet(ring, part, closed=True)
    out = np.concatenate([out, out[:, :1]], 1).reshape(-1, 3)
    return replace(solid, normals=_unit(out))


def ball(centre: np.ndarray, radii: np.ndarray, part: int = 0, rows: int = 10, columns: int = 14) -> Solid:
    """An ellipsoid; radii: (3,)."""
    tilt = np.linspace(0, np.pi, rows)[:, None]
    turn = np.linspace(0, 2 * np.pi, columns, endpoint=False)[None]
    out = np.stack([np.sin(tilt) * np.cos(turn), np.cos(tilt) + 0 * turn, np.sin(tilt) * np.sin(turn)], -1)
    solid = sheet(centre + out * radii, part, closed=True)
    normals = np.concatenate([out, out[:, :1]], 1).reshape(-1, 3) / radii
    return replace(solid, normals=_unit(normals))


def look(solid: Solid, corner: np.ndarray, scale: float, height: int, width: int) -> Sight:
    """See a solid in picture space through a buffer of height x width samples.

    Args:
        corner: (2,) px, the picture point at the buffer's first sample's corner.
        scale: samples for each px of the picture.
    """
    flat = (solid.points[:, :2] - corner) * scale - 0.5
    corners = flat[solid.triangles]
    far = solid.points[solid.triangles][:, :, 2].mean(1) - solid.raised
    order = np.argsort(-far, kind="stable")
    index = np.full((height, width), -1, np.int32)
    polygons = np.round(corners * (1 << SUBPIXEL_BITS)).astype(np.int32)
    for number in order:
        cv2.fillConvexPoly(index, polygons[number], int(number), cv2.LINE_8, SUBPIXEL_BITS)
    seen = index >= 0
    y, x = np.nonzero(seen)
    number = index[seen]
    share = _shares(corners, number, x, y)
    vertices = solid.triangles[number]
    normals = _unit(_mixed(solid.normals, vertices, share))
    normals[normals[:, 2] > 0] *= -1
    points = _mixed(solid.points, vertices, share)
    return Sight(seen, points, normals, _mixed(solid.uv, vertices, share), solid.part[number])


def _shares(corners: np.ndarray, number: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Barycentric coordinates (n, 3) of samples in their triangles."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    across, down = b - a, c - a
    area = across[:, 0] * down[:, 1] - across[:, 1] * down[:, 0]
    area = np.where(np.abs(area) < 1e-6, 1e-6, area)
    rows = np.stack(
        [down[:, 1] / area, -down[:, 0] / area, -across[:, 1] / area, across[:, 0] / area, a[:, 0], a[:, 1]]
    )
    rows = rows.astype(np.float32)[:, number]
    dx, dy = x - rows[4], y - rows[5]
    u = np.clip(rows[0] * dx + rows[1] * dy, 0, 1)
    v = np.clip(rows[2] * dx + rows[3] * dy, 0, 1)
    return np.stack([np.clip(1 - u - v, 0, 1), u, v], 1).astype(np.float32)


def _mixed(values: np.ndarray, vertices: np.ndarray, share: np.ndarray) -> np.ndarray:
    mixed: np.ndarray = np.take(values, vertices[:, 0], 0) * share[:, :1]
    mixed += np.take(values, vertices[:, 1], 0) * share[:, 1:2]
    mixed += np.take(values, vertices[:, 2], 0) * share[:, 2:]
    return mixed


def _along(path: np.ndarray, closed: bool) -> np.ndarray:
    if closed:
        return _unit(np.roll(path, -1, 0) - np.roll(path, 1, 0))
    return _unit(np.gradient(path, axis=0))


def _around(points: np.ndarray) -> np.ndarray:
    """Central differences along the columns of a grid whose last column is its first."""
    inner = points[:, :-1]
    step = (np.roll(inner, -1, 1) - np.roll(inner, 1, 1)) / 2
    return np.concatenate([step, step[:, :1]], 1)


def _least_along(ahead: np.ndarray) -> np.ndarray:
    axis = np.zeros(3)
    axis[np.argmin(np.abs(ahead).max(0))] = 1
    return axis


def _carried(side: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """Side vectors carried along a path so that the rod does not twist."""
    carried = np.empty_like(side)
    last = side[0]
    for i, forward in enumerate(ahead):
        last = last - forward * float(last @ forward)
        last = last / (np.linalg.norm(last) + 1e-9)
        carried[i] = last
    return carried


def _unit(vectors: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-9), np.float32)
