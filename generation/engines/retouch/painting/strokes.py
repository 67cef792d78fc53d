"""Shapes to paint with, as polygons (N, 2): strokes that taper, petals, hearts, stars. Knows no sheet and no colour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from generation.face.regions import spline

Points = Sequence[tuple[float, float]] | np.ndarray


def both(*shapes: np.ndarray) -> list[np.ndarray]:
    """The shapes and their mirror images on the other side of the face."""
    return [*shapes, *(mirrored(shape) for shape in shapes)]


def mirrored(shape: np.ndarray) -> np.ndarray:
    return np.asarray(shape * (-1, 1), np.float32)


def smooth(points: Points) -> np.ndarray:
    """A closed curve through points."""
    return spline(np.asarray(points, np.float32), 10)


def stroke(points: Points, widths: Sequence[float], per_edge: int = 12) -> np.ndarray:
    """A brush stroke along a curve through points; its widths are spread evenly over its length."""
    curve = spline(np.asarray(points, np.float32), per_edge, closed=False)
    ahead = np.gradient(curve, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True) + 1e-9
    t = np.linspace(0, 1, len(curve))
    half = np.interp(t, np.linspace(0, 1, len(widths)), widths)[:, None] / 2
    side = np.stack([-ahead[:, 1], ahead[:, 0]], 1) * half
    return np.asarray(np.vstack([curve + side, (curve - side)[::-1]]), np.float32)


def disc(centre: tuple[float, float], radius: float | tuple[float, float], tilt_deg: float = 0.0) -> np.ndarray:
    """A circle, or an ellipse of two radii."""
    across, along = (radius, radius) if isinstance(radius, float) else radius
    t = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    return placed(np.stack([across * np.cos(t), along * np.sin(t)], 1), centre, tilt_deg)


def petal(root: tuple[float, float], towards_deg: float, length: float, width: float) -> np.ndarray:
    """A drop that leaves its root in a direction (0 to the right, 90 down) and is widest two thirds of the way."""
    t = np.linspace(0, 1, 16)
    edge = width / 2 * np.sin(np.pi * t**1.5)
    shape = np.vstack([np.stack([t * length, edge], 1), np.stack([t * length, -edge], 1)[::-1]])
    return placed(shape, root, towards_deg)


def heart(centre: tuple[float, float], size: float, tilt_deg: float = 0.0) -> np.ndarray:
    t = np.linspace(0, 2 * np.pi, 56, endpoint=False)
    x = 16 * np.sin(t) ** 3
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
    return placed(np.stack([x, y], 1) * (size / 32), centre, tilt_deg)


def star(
    centre: tuple[float, float], radius: float, points: int = 4, depth: float = 0.3, tilt_deg: float = 0.0
) -> np.ndarray:
    """A star; its notches lie at `depth` of the radius."""
    t = np.linspace(0, 2 * np.pi, 2 * points, endpoint=False)
    reach = np.where(np.arange(2 * points) % 2 == 0, radius, radius * depth)
    return placed(np.stack([reach * np.sin(t), -reach * np.cos(t)], 1), centre, tilt_deg)


def diamond(
    centre: tuple[float, float], half_width: float, up: float, down: float, tilt_deg: float = 0.0
) -> np.ndarray:
    """A playing card's diamond, its sides a little hollow."""
    corners = np.asarray([(0, -up), (half_width, 0), (0, down), (-half_width, 0)], np.float32)
    t = np.linspace(0, 1, 12, endpoint=False)[:, None]
    sides = [
        (1 - t) ** 2 * start + 2 * t * (1 - t) * (start + end) * 0.40 + t**2 * end
        for start, end in zip(corners, np.roll(corners, -1, 0), strict=True)
    ]
    return placed(np.vstack(sides), centre, tilt_deg)


def placed(shape: np.ndarray, centre: tuple[float, float], tilt_deg: float = 0.0) -> np.ndarray:
    """A shape about (0, 0), turned clockwise and moved."""
    turn = np.radians(tilt_deg)
    matrix = np.asarray([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return np.asarray(shape @ matrix + np.asarray(centre), np.float32)


def along(points: Points, count: int) -> np.ndarray:
    """(count, 2) places evenly along a curve through points."""
    curve = spline(np.asarray(points, np.float32), 16, closed=False)
    lengths = np.append(0, np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1)))
    at = np.linspace(0, lengths[-1], count)
    return np.stack([np.interp(at, lengths, curve[:, axis]) for axis in (0, 1)], 1)


def discs(centres: Iterable[np.ndarray], radius: float) -> list[np.ndarray]:
    return [disc((float(x), float(y)), radius) for x, y in centres]
