"""Flowers, leaves and berries as solids, and garlands of them. Knows no head but a ring, no photo and no colour.

A flower grows at the origin and looks along z; its size is about 1. Parts: see the constants.
"""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.objects.solid import Solid, ball, join, sheet, tube

LEAF, HEART, BERRY, TWIG = 0, 1, 2, 3
BLOOM = 4
"""Blooms of the first colour have this part, of the second the next, and so on."""


def rose(part: int, rng: np.random.Generator) -> Solid:
    """A full bloom: round petals in four whorls, the inner ones closed around each other."""
    petals = []
    for whorl, (count, reach, rise, width) in enumerate(
        (
            (7, 1.0, 0.10, 0.52),
            (7, 0.80, 0.28, 0.46),
            (6, 0.60, 0.42, 0.38),
            (5, 0.40, 0.52, 0.30),
            (4, 0.22, 0.58, 0.2),
        )
    ):
        start = rng.uniform(0, 2 * np.pi)
        for number in range(count):
            turn = start + 2 * np.pi * number / count + rng.normal(0, 0.09)
            size = reach * rng.uniform(0.92, 1.06)
            petals.append(_petal(part, turn, size, rise, width, cup=0.16 + 0.10 * whorl).lifted(0.02 * whorl))
    return join(*petals)


def daisy(part: int, rng: np.random.Generator) -> Solid:
    """Narrow petals around a round heart."""
    start = rng.uniform(0, 2 * np.pi)
    petals = [
        _petal(part, start + 2 * np.pi * n / 15 + rng.normal(0, 0.05), rng.uniform(0.88, 1.02), 0.12, 0.15, cup=0.05)
        for n in range(15)
    ]
    heart = ball(np.asarray([0, 0, 0.10]), np.asarray([0.30, 0.30, 0.20]), HEART, rows=8, columns=16).lifted(0.3)
    return join(*petals, heart)


def blossom(part: int, rng: np.random.Generator) -> Solid:
    """Five round petals, like a cherry's."""
    start = rng.uniform(0, 2 * np.pi)
    petals = [
        _petal(part, start + 2 * np.pi * n / 5 + rng.normal(0, 0.06), rng.uniform(0.9, 1.02), 0.16, 0.46, cup=0.16)
        for n in range(5)
    ]
    heart = ball(np.asarray([0, 0, 0.12]), np.asarray([0.14, 0.14, 0.12]), HEART, rows=6, columns=12).lifted(0.3)
    return join(*petals, heart)


def leaf(rng: np.random.Generator) -> Solid:
    """A pointed leaf along y, folded along its middle."""
    v = np.linspace(0, 1, 9)[:, None]
    u = np.linspace(-1, 1, 7)[None]
    width = 0.27 * np.sin(np.pi * v**0.75) * u
    fold = 0.10 * np.abs(u) * np.sin(np.pi * v) + 0.12 * rng.uniform(-1, 1) * v**2
    return sheet(np.stack(np.broadcast_arrays(width, 1.25 * v, fold), -1), LEAF)


def garland(across: float, deep: float, unit: float, blooms: int, rng: np.random.Generator) -> Solid:
    """Flowers around the front of a ring, large ones at the temples, leaves and berries between.

    Args:
        across, deep: half axes of the ring, px. unit: the face's height, px.
        blooms: how many colours there are.
    """
    pieces = [_twig(across, deep, 0.010 * unit)]
    angles = np.radians(np.linspace(2, 178, 15))
    for number, angle in enumerate(angles):
        side = abs(np.cos(angle))
        size = (
            unit
            * (0.072 + 0.05 * np.sin(np.pi * side) ** 2)
            * rng.uniform(0.88, 1.12)
            * (1.0 if number % 2 == 0 else 0.78)
        )
        kind = (rose, blossom, rose, daisy)[number % 4]
        flower = kind(BLOOM + (number * 3 + number // 4) % blooms, rng)
        pieces.append(_grown(flower, across, deep, angle, size, unit * 0.035 * (number % 2), rng))
        for _ in range(2):
            pieces.append(_leaf_at(across, deep, angle + rng.normal(0, 0.10), unit, rng))
    for angle in np.radians(np.linspace(6, 174, 20)):
        pieces.append(_berry_at(across, deep, angle + rng.normal(0, 0.05), unit, rng))
    return join(*pieces)


def _petal(part: int, turn: float, reach: float, rise: float, width: float, cup: float) -> Solid:
    """A petal from the heart outwards: `rise` lifts its tip, `cup` curls its sides and edge up."""
    v = np.linspace(0, 1, 7)[:, None]
    u = np.linspace(-1, 1, 7)[None]
    half = width * np.sin(np.pi * np.clip(0.10 + 0.82 * v, 0, 1)) ** 0.7
    out = reach * (v - 0.10 * u**2 * v)
    height = rise * np.sin(1.35 * v) + cup * (u**2) * v * 0.5 + cup * 0.4 * v**4 - 0.10 * v**5
    x = np.cos(turn) * out - np.sin(turn) * half * u
    y = np.sin(turn) * out + np.cos(turn) * half * u
    return sheet(np.stack(np.broadcast_arrays(x, y, height), -1), part)


def _twig(across: float, deep: float, radius: float) -> Solid:
    angle = np.radians(np.linspace(-6, 186, 60))
    path = np.stack([across * np.cos(angle), 0.3 * radius * np.sin(9 * angle), deep * np.sin(angle)], 1)
    return tube(path, radius, TWIG, sides=6)


def _grown(
    solid: Solid, across: float, deep: float, angle: float, size: float, high: float, rng: np.random.Generator
) -> Solid:
    """A flower set on the ring, looking out and a little up."""
    out = np.asarray([np.cos(angle), rng.uniform(-0.05, 0.40), np.sin(angle)])
    origin = np.asarray([across * np.cos(angle), high + rng.normal(0, 0.30) * size, deep * np.sin(angle)])
    axes = _looking(out + rng.normal(0, 0.13, 3)) * size
    return solid.placed(axes, origin + 0.15 * size * out).lifted(0.9 * size)


def _leaf_at(across: float, deep: float, angle: float, unit: float, rng: np.random.Generator) -> Solid:
    out = np.asarray([np.cos(angle), 0.15, np.sin(angle)])
    origin = np.asarray([across * np.cos(angle), rng.normal(0, 0.012) * unit, deep * np.sin(angle)])
    turn = rng.choice([-1, 1]) * rng.uniform(0.15, 0.62) * np.pi  # never down over the brow
    spin = np.asarray([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    return leaf(rng).placed(_looking(out) @ spin * (rng.uniform(0.10, 0.15) * unit), origin)


def _berry_at(across: float, deep: float, angle: float, unit: float, rng: np.random.Generator) -> Solid:
    size = rng.uniform(0.009, 0.016) * unit
    out = np.asarray([np.cos(angle), 0.2, np.sin(angle)])
    origin = np.asarray([across * np.cos(angle), rng.uniform(-0.02, 0.05) * unit, deep * np.sin(angle)])
    return ball(origin + 0.035 * unit * out, np.full(3, size), BERRY, rows=7, columns=10).lifted(0.08 * unit)


def _looking(out: np.ndarray) -> np.ndarray:
    """(3, 3) a rotation whose z axis is `out`."""
    z = out / np.linalg.norm(out)
    x = np.cross(np.asarray([0.0, 1.0, 0.0]), z)
    x /= np.linalg.norm(x)
    return np.stack([x, np.cross(z, x), z], 1)
