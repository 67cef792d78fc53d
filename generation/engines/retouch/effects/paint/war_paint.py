"""A warrior's face: soot smeared across the eyes by four fingers, lines down the chin, dirt and a healed cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.layer import Layer
from generation.engines.retouch.painting.pigments import sheet_for, worn
from generation.engines.retouch.painting.sheet import Sheet
from generation.engines.retouch.painting.strokes import stroke

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

NEEDS = ("hair",)


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    soot: str = "#14161a",
    woad: str = "#2b4a7d",
    amount: float = 0.9,
    scar: bool = True,
) -> Layer:
    """Paint for battle.

    Args:
        soot: around the eyes. woad: of the lines on forehead and chin.
        amount: 0 to 1, how opaque. scar: a healed cut through one brow.
    """
    sheet, random = sheet_for(scene), np.random.default_rng((seed, 21))
    for sign in (-1, 1):
        sheet.spot((sign * 0.20, 0.015), (0.115, 0.055), soot, 0.80, 4 * sign)
        sheet.spot((sign * 0.11, 0.02), (0.06, 0.045), soot, 0.55)
    for number, y in enumerate((-0.045, 0.000, 0.045, 0.085)):
        for sign in (-1, 1):
            _finger(sheet, random, sign, y, 0.36 + 0.045 * (number % 3), soot)
    for x, tall in ((0.0, 0.18), (-0.045, 0.13), (0.045, 0.13)):
        line = ((x, 0.50), (x * 1.05, 0.50 + 0.5 * tall), (x * 1.1, 0.50 + tall))
        _dry(sheet, random, stroke(line, (0.017, 0.016, 0.008)), woad)
    for x in (-0.055, 0.0, 0.055):
        line = ((x, -0.40), (x * 0.95, -0.29), (x * 0.9, -0.16 - abs(x)))
        _dry(sheet, random, stroke(line, (0.012, 0.018, 0.007)), woad)
    for x, y in random.uniform((-0.45, -0.35), (0.45, 0.6), (26, 2)).tolist():
        sheet.spot((x, y), (0.010 + 0.02 * random.random(), 0.008), "#2a2018", 0.22, float(random.uniform(0, 180)))
    if scar:
        cut = ((0.205, -0.19), (0.232, -0.10), (0.246, -0.05))
        below = ((0.262, 0.085), (0.275, 0.14), (0.272, 0.19))
        for path in (cut, below):
            sheet.fill(stroke(path, (0.002, 0.013, 0.002)), "#7a3a34", 0.55, 0.004)
            sheet.fill(stroke(path, (0.001, 0.006, 0.001)), "#d9a898", 0.75, 0.001)
    return worn(scene, canvas, sheet, amount)


def _finger(sheet: Sheet, random: np.random.Generator, sign: int, y: float, reach: float, soot: str) -> None:
    """One finger's smear from the nose outwards, which runs dry."""
    for _ in range(9):
        at = y + random.normal(0, 0.010)
        end = reach * random.uniform(0.72, 1.12)
        path = ((sign * 0.035, at + 0.004), (sign * 0.5 * end, at), (sign * end, at + 0.03 * random.uniform(0.2, 1.2)))
        sheet.fill(stroke(path, (0.010, 0.009, 0.001)), soot, 0.42, 0.0015)


def _dry(sheet: Sheet, random: np.random.Generator, shape: np.ndarray, colour: str) -> None:
    """A line that a finger drew: dense in the middle, ragged at its edge."""
    sheet.fill(shape, colour, 0.70, 0.003)
    for _ in range(4):
        sheet.fill(shape + random.normal(0, 0.0025, (1, 2)), colour, 0.25, 0.001)
