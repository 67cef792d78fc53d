"""The striped headcloth of the pharaohs as solids in hat space. Knows no photo and no colour.

Lengths are in face heights, from the middle of the opening on the brow; the chin is about 1 below it.
"""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.objects.hats import ring
from generation.engines.retouch.objects.solid import Solid, ball, join, sheet, tube

CLOTH, GOLD, JEWEL, LAPPET = 0, 1, 2, 3
# across (in half openings) and up of the wing's inner and outer edge, from the brow down
INNER = ((1.03, 0.06), (1.06, -0.10), (1.05, -0.35), (1.00, -0.60), (0.90, -0.82), (0.78, -0.98), (0.70, -1.06))
OUTER = ((0.96, 0.14), (1.14, 0.05), (1.40, -0.20), (1.64, -0.48), (1.82, -0.74), (1.93, -0.94), (1.94, -1.06))
LAPPET_IN = ((0.80, -0.62), (0.66, -0.90), (0.54, -1.20), (0.47, -1.48), (0.44, -1.72))
LAPPET_OUT = ((1.24, -0.62), (1.12, -0.90), (1.00, -1.20), (0.92, -1.48), (0.86, -1.72))


def cap(across: float, deep: float, unit: float) -> Solid:
    """The cloth over the skull, the gold band on the brow and the cobra on it."""
    levels = 1 - (1 - np.linspace(0, 1, 22)) ** 1.7
    width = (1 - np.clip(levels, 0, 1) ** 2.4) ** 0.5
    rows = [ring(across * 1.06 * s, deep * 1.03 * s, 0.40 * unit * v) for v, s in zip(levels, width, strict=True)]
    band = [
        ring(across * s, deep * s, unit * v) for v, s in ((-0.035, 1.01), (-0.03, 1.055), (0.05, 1.06), (0.055, 1.02))
    ]
    return join(
        sheet(np.stack(rows), CLOTH, closed=True),
        sheet(np.stack(band), GOLD, closed=True).lifted(0.14 * deep),
        *(piece.lifted(0.5 * deep) for piece in _cobra(deep, unit)),
    )


def wings(across: float, deep: float, unit: float) -> Solid:
    """What hangs at the sides behind the cheeks, and the two ends on the chest."""
    pieces = []
    for sign in (-1.0, 1.0):
        pieces.append(_fall(LAPPET_IN, LAPPET_OUT, sign, (0.2 * deep, 0.1 * deep), across, unit, 0.04, LAPPET))
        wing = _fall(INNER, OUTER, sign, (0.10 * deep, -0.55 * deep), across, unit, 0.10, CLOTH)
        pieces.append(wing.lifted(2 * deep))
    return join(*pieces)


def _fall(
    inner: tuple[tuple[float, float], ...],
    outer: tuple[tuple[float, float], ...],
    sign: float,
    depths: tuple[float, float],
    across: float,
    unit: float,
    bulge: float,
    part: int,
) -> Solid:
    """A cloth between two edges; it bulges to the front between them and rolls back at its rim."""
    t = np.linspace(0, 1, 40)
    edges = []
    for line in (inner, outer):
        points = np.asarray(line)
        at = np.linspace(0, 1, len(points))
        smooth = np.linspace(0, 1, 200)
        x = np.convolve(np.pad(np.interp(smooth, at, points[:, 0]), 12, mode="edge"), np.ones(25) / 25, "valid")
        y = np.interp(smooth, at, points[:, 1])
        edges.append(np.stack([np.interp(t, smooth, x) * across, np.interp(t, smooth, y) * unit], 1))
    u = np.linspace(0, 1, 24)[None, :, None]
    flat = edges[0][:, None] + (edges[1] - edges[0])[:, None] * u
    depth = depths[0] + (depths[1] - depths[0]) * u[..., 0] ** 1.4 + bulge * unit * np.sin(np.pi * u[..., 0])
    depth = depth - 0.05 * unit * np.clip((u[..., 0] - 0.88) / 0.12, 0, 1) ** 2
    depth = np.broadcast_to(depth, flat.shape[:2])
    return sheet(np.dstack([sign * flat[..., 0], flat[..., 1], depth]), part)


def _cobra(deep: float, unit: float) -> list[Solid]:
    t = np.linspace(0, 1, 28)
    rise = np.stack([0.012 * np.sin(5 * t), -0.02 + 0.20 * t, 0.02 + 0.055 * np.sin(np.pi * t * 0.95)], 1) * unit
    path = rise + np.asarray([0, 0, 1.06 * deep])
    head = path[-1] + np.asarray([0, 0.012, 0.022]) * unit
    hood = path[19] + np.asarray([0, 0, 0.004]) * unit
    return [
        tube(path, 0.020 * unit * (1.15 - 0.35 * t), GOLD, sides=14),
        ball(hood, np.asarray([0.046, 0.062, 0.016]) * unit, GOLD, 14, 20).lifted(0.02 * unit),
        ball(hood + np.asarray([0, -0.006, 0.014]) * unit, np.asarray([0.014, 0.026, 0.008]) * unit, JEWEL).lifted(
            0.05 * unit
        ),
        ball(head, np.asarray([0.021, 0.019, 0.034]) * unit, GOLD, 12, 16).lifted(0.04 * unit),
    ]
