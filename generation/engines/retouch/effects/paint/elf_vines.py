"""Vines and small leaves of gold and green from the brows over the temples, with a pale gem on the forehead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.layer import Layer
from generation.engines.retouch.painting.pigments import sheet_for, worn
from generation.engines.retouch.painting.sheet import Sheet
from generation.engines.retouch.painting.strokes import along, both, disc, discs, petal, stroke

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

NEEDS = ("hair",)
# Vines of one side, from the middle outwards: points and how many leaves each bears.
VINES = (
    (((0.0, -0.205), (-0.09, -0.235), (-0.20, -0.222), (-0.31, -0.165), (-0.385, -0.07), (-0.40, 0.03)), 11),
    (((-0.31, -0.165), (-0.37, -0.185), (-0.43, -0.165), (-0.465, -0.115)), 5),
    (((-0.395, -0.01), (-0.375, 0.07), (-0.325, 0.125), (-0.265, 0.135)), 6),
)


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    vine: str = "#c9a24a",
    leaf: str = "#6f9a4a",
    light: str = "#f6e7ae",
    gem: str = "#a9e8d6",
    amount: float = 0.92,
) -> Layer:
    """Paint the vines in these colours; `light` is on the leaves' upper halves. amount: 0 to 1, how opaque."""
    sheet = sheet_for(scene)
    random = np.random.default_rng(seed)
    for points, count in VINES:
        _vine(sheet, random, points, count, (vine, leaf, light))
    _gem(sheet, vine, gem)
    return worn(scene, canvas, sheet, amount)


def _vine(
    sheet: Sheet,
    random: np.random.Generator,
    points: tuple[tuple[float, float], ...],
    count: int,
    colours: tuple[str, str, str],
) -> None:
    vine, leaf, light = colours
    sheet.fill(both(stroke(points, (0.004, 0.0065, 0.0055, 0.001))), "#3a2a10", 0.35, 0.003)
    sheet.fill(both(stroke(points, (0.004, 0.0065, 0.0055, 0.001))), vine, 0.95)
    spots = along(points, count + 2)[1:]
    for number, (x, y) in enumerate(spots.tolist()):
        ahead = spots[min(number + 1, count)] - spots[max(number - 1, 0)]
        way = float(np.degrees(np.arctan2(ahead[1], ahead[0]))) + (52 if number % 2 else -52)
        length = 0.052 * random.uniform(0.75, 1.15) * (1 - 0.3 * number / count)
        sheet.fill(both(petal((x + 0.002, y + 0.003), way, length, 0.026)), "#26301a", 0.35, 0.003)
        sheet.fill(both(petal((x, y), way, length, 0.0235)), leaf if number % 3 else vine, 0.95)
        sheet.fill(both(petal((x, y), way - 6, length * 0.8, 0.007)), light, 0.65, 0.001)
    sheet.fill(both(*discs(spots[::3] + (0.004, 0.012), 0.0048)), light, 0.95)


def _gem(sheet: Sheet, vine: str, gem: str) -> None:
    """A drop on the forehead in a ring of gold, and three dots below it."""
    sheet.spot((0.0, -0.175), (0.03, 0.035), gem, 0.35)
    sheet.fill(disc((0.0, -0.178), (0.0165, 0.026)), vine, 0.97)
    sheet.fill(disc((0.0, -0.178), (0.0115, 0.020)), gem, 0.97)
    sheet.fill(disc((-0.003, -0.186), (0.0042, 0.0065)), "#ffffff", 0.9, 0.001)
    sheet.fill(discs(np.asarray([(0.0, -0.135), (0.0, -0.115), (0.0, -0.098)]), 0.0045), vine, 0.9)
