"""A crown of metal as a solid in hat space. Knows no head but the opening's two half axes, no photo and no colour."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.objects.hats import ring
from generation.engines.retouch.objects.solid import Solid, ball, join, sheet, tube

METAL, GEM, PEARL, SECOND_GEM = 0, 1, 2, 3
AROUND = 180


def crown(across: float, deep: float, height: float, points: int = 8) -> Solid:
    """A band with rims, slender points that flare, a pearl on each, gems along the band.

    Args:
        across, deep: half axes of the opening, px. height: of the points, px.
    """
    pieces = [_wall(across, deep, height, points)]
    for level, radius in ((0.0, 0.050), (0.30, 0.030)):
        swell = _flare(level)
        path = ring(across * float(swell), deep * float(swell), level * height, 90)
        pieces.append(tube(path, radius * height, METAL, closed=True, sides=8).lifted(0.10 * deep))
    for number in range(points):
        angle = 2 * np.pi * number / points
        pieces += _jewels(across, deep, height, angle)
        pieces += _between(across, deep, height, angle + np.pi / points)
    return join(*pieces)


def _wall(across: float, deep: float, height: float, points: int) -> Solid:
    angle = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    wave = np.abs(np.cos((angle - np.pi / points) * points / 2))
    top = 0.34 + 0.66 * (1 - wave) ** 2.2
    rows = []
    for share in np.linspace(0, 1, 12):
        level = share * top
        swell = _flare(level) + 0.012 * np.sin(share * np.pi) * (level > 0.3)
        rows.append(np.stack([across * swell * np.cos(angle), level * height, deep * swell * np.sin(angle)], 1))
    points_grid = np.stack(rows)
    edge = tube(points_grid[-1], 0.020 * height, METAL, closed=True, sides=6).lifted(0.08 * deep)
    return join(sheet(points_grid, METAL, closed=True), edge)


def _flare(level: float | np.ndarray) -> np.ndarray:
    return np.asarray(1 + 0.14 * np.asarray(level) ** 1.4)


def _on(across: float, deep: float, height: float, angle: float, level: float, out: float) -> np.ndarray:
    swell = _flare(level) + out
    return np.asarray([across * swell * np.cos(angle), level * height, deep * swell * np.sin(angle)])


def _jewels(across: float, deep: float, height: float, angle: float) -> list[Solid]:
    """The pearl on a point and the large gem under it, in its setting."""
    pearl = ball(_on(across, deep, height, angle, 1.05, 0.0), np.full(3, 0.072 * height), PEARL).lifted(0.15 * deep)
    centre = _on(across, deep, height, angle, 0.155, 0.015)
    out = np.asarray([np.cos(angle), 0, np.sin(angle)])
    side = np.asarray([-np.sin(angle), 0, np.cos(angle)])
    axes = np.stack([side * 0.085, np.asarray([0, 0.115, 0]), out * 0.05], 1) * height
    gem = ball(np.zeros(3), np.ones(3), GEM, rows=12, columns=18).placed(axes, centre).lifted(0.22 * deep)
    turn = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    path = centre + np.stack([np.cos(turn), np.sin(turn), 0 * turn], 1) @ (axes * 1.12).T
    setting = tube(path, 0.018 * height, METAL, closed=True, sides=6).lifted(0.18 * deep)
    small = ball(_on(across, deep, height, angle, 0.52, 0.012), np.full(3, 0.042 * height), SECOND_GEM, 8, 12)
    return [pearl, setting, gem, small.lifted(0.15 * deep)]


def _between(across: float, deep: float, height: float, angle: float) -> list[Solid]:
    """A pearl on the band between two gems."""
    at = _on(across, deep, height, angle, 0.155, 0.01)
    return [ball(at, np.full(3, 0.040 * height), PEARL, rows=8, columns=12).lifted(0.20 * deep)]
