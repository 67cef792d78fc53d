"""Helmets as solids in hat space. Knows no head but the opening's two half axes, no photo and no colour."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.objects.hats import ring
from generation.engines.retouch.objects.solid import Solid, ball, join, sheet, tube

STEEL, BRONZE, RIVET, TUSK, SOCKET = 0, 1, 2, 3, 4


def viking_helmet(across: float, deep: float, height: float) -> Solid:
    """A riveted bowl with a brow band, two crossing straps, a short nose guard and a pair of horns.

    Nobody wore horns at sea; everybody wears them at the opera.
    """
    pieces = [_bowl(across, deep, height), *_bands(across, deep, height)]
    for sign in (-1.0, 1.0):
        pieces += _horn(across, deep, height, sign)
    return join(*pieces)


def _profile(level: float | np.ndarray) -> np.ndarray:
    """How wide the bowl is at a level from 0 to 1."""
    return np.asarray((1 - np.clip(level, 0, 1) ** 2.3) ** 0.52)


def _bowl(across: float, deep: float, height: float) -> Solid:
    levels = 1 - (1 - np.linspace(0, 1, 22)) ** 1.8
    rows = [ring(across * s, deep * s, height * v) for v, s in zip(levels, _profile(levels), strict=True)]
    return sheet(np.stack(rows), STEEL, closed=True)


def _bands(across: float, deep: float, height: float) -> list[Solid]:
    band = [
        ring(across * s, deep * s, height * v) for v, s in ((-0.06, 1.0), (-0.055, 1.045), (0.17, 1.04), (0.18, 0.99))
    ]
    pieces = [sheet(np.stack(band), BRONZE, closed=True).lifted(0.14 * deep)]
    for level in (-0.05, 0.165):
        pieces.append(
            tube(
                ring(across * 1.045, deep * 1.045, height * level), 0.028 * height, BRONZE, closed=True, sides=8
            ).lifted(0.17 * deep)
        )
    for angle in np.radians(np.arange(10, 360, 20)):
        at = np.asarray([1.05 * across * np.cos(angle), 0.058 * height, 1.05 * deep * np.sin(angle)])
        pieces.append(ball(at, np.full(3, 0.042 * height), RIVET, 8, 12).lifted(0.2 * deep))
    for axis in (0, 1):
        pieces.append(_strap(across, deep, height, axis).lifted(0.12 * deep))
        for share in np.linspace(0.12, 0.88, 8):
            at = _over(across, deep, height, axis, share, 0.0) * 1.03
            pieces.append(ball(at, np.full(3, 0.030 * height), RIVET, 8, 12).lifted(0.2 * deep))
    pieces.append(
        ball(np.asarray([0, 1.02 * height, 0]), np.asarray([0.11, 0.07, 0.11]) * height, BRONZE).lifted(0.2 * deep)
    )
    pieces.append(_nose(across, deep, height).lifted(0.3 * deep))
    return pieces


def _over(across: float, deep: float, height: float, axis: int, share: float, side: float) -> np.ndarray:
    """(3,) a point of the bowl on the way over the top, from one side to the other (axis 0) or front to back."""
    angle = np.pi * share
    level = abs(np.sin(angle)) ** 0.9
    out = float(_profile(level)) * np.sign(np.cos(angle))
    x, z = (out * across, side) if axis == 0 else (side, out * deep)
    return np.asarray([x, height * level, z])


def _strap(across: float, deep: float, height: float, axis: int) -> Solid:
    rows = []
    for share in np.linspace(0.02, 0.98, 41):
        row = [_over(across, deep, height, axis, share, side * 0.13 * height) for side in (-1.0, -0.9, 0.9, 1.0)]
        swell = np.asarray([1.0, 1.035, 1.035, 1.0])[:, None]
        rows.append(np.stack(row) * swell)
    return sheet(np.stack(rows), BRONZE)


def _nose(across: float, deep: float, height: float) -> Solid:
    """The guard: a narrow plate down from the brow band."""
    share = np.linspace(0, 1, 9)[:, None]
    u = np.linspace(-1, 1, 7)[None]
    width = height * (0.105 - 0.025 * share) * np.clip(4.2 * (1.02 - share), 0, 1) ** 0.5
    x = width * u
    y = height * (0.08 - 0.42 * share) + 0 * u
    z = deep * 1.05 + 0.05 * height * (1 - u**2) + 0.03 * height * share
    return sheet(np.stack(np.broadcast_arrays(x, y, z), -1), BRONZE)


def _horn(across: float, deep: float, height: float, sign: float) -> list[Solid]:
    level = 0.42
    out = float(_profile(level)) * across
    t = np.linspace(0, 1, 48)
    heading = np.radians(78 - 92 * t**1.1)
    length = 1.35 * height
    x = np.cumsum(np.sin(heading)) * length / 47
    y = np.cumsum(np.cos(heading)) * length / 47
    root = np.asarray([sign * out * 0.93, level * height, 0.05 * deep])
    path = root + np.stack([sign * x, y, 0.10 * length * np.sin(np.pi * t * 0.7)], 1)
    radius = 0.20 * height * ((1 - t) ** 0.75 + 0.01)
    socket = tube(path[:7], 0.225 * height * np.asarray([1.18, 1.12, 1.06, 1.02, 1.0, 1.05, 0.98]), SOCKET, sides=24)
    return [tube(path, radius, TUSK, sides=24), socket.lifted(0.24 * deep)]  # its edge lies clean on the bowl
