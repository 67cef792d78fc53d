"""A circus clown: a thin white base, diamonds through the eyes, high brows, a red nose and a wide red mouth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.layer import Layer
from generation.engines.retouch.painting.pigments import sheet_for, worn
from generation.engines.retouch.painting.sheet import Sheet
from generation.engines.retouch.painting.strokes import both, diamond, disc, mirrored, smooth, stroke

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

NEEDS = ("hair",)
BASE = ((0, -0.42), (-0.22, -0.39), (-0.38, -0.24), (-0.44, -0.02), (-0.45, 0.18), (-0.41, 0.38), (-0.30, 0.56))
BASE_CHIN = ((0, 0.71),)
EYE = (-0.19, 0.015)
# The painted mouth's right half: from the middle of the upper edge round the corner to the middle of the lower one.
MOUTH = ((0, 0.375), (-0.055, 0.350), (-0.12, 0.375), (-0.20, 0.372), (-0.275, 0.322))
MOUTH_BELOW = ((-0.250, 0.420), (-0.170, 0.505), (-0.08, 0.545), (0, 0.552))


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    base: str = "#fbf7f0",
    red: str = "#d3202a",
    eyes: str = "#1c6fc4",
    ink: str = "#15100f",
    white: float = 0.8,
    amount: float = 0.95,
) -> Layer:
    """Paint the clown.

    Args:
        red: of nose, mouth and cheeks. eyes: of the diamonds.
        white: 0 to 1, how opaque the base is.
        amount: 0 to 1, of everything.
    """
    sheet = sheet_for(scene)
    side = np.asarray(BASE, np.float32)
    sheet.fill(smooth(np.vstack([side, BASE_CHIN, mirrored(side[1:][::-1])])), base, white, 0.035)
    for sign in (-1, 1):
        sheet.spot((sign * 0.275, 0.235), (0.070, 0.062), red, 0.5)
    _eyes(sheet, eyes, base, ink)
    _mouth(sheet, red, ink)
    _nose(sheet, red)
    return worn(scene, canvas, sheet, amount)


def _eyes(sheet: Sheet, colour: str, base: str, ink: str) -> None:
    """A diamond behind each eye, its points far up on the forehead and down on the cheek; a thin brow above."""
    lid = smooth([(-0.30, 0.035), (-0.25, -0.055), (-0.19, -0.085), (-0.12, -0.055), (-0.075, 0.045), (-0.19, 0.10)])
    sheet.fill(both(lid), base, 0.85, 0.012)
    sheet.fill(both(diamond(EYE, 0.080, 0.265, 0.215, 5.0)), ink, 0.92, 0.001)
    sheet.fill(both(diamond(EYE, 0.067, 0.238, 0.192, 5.0)), colour, 0.96, 0.001)
    for sign in (-1, 1):
        sheet.spot((sign * 0.19, -0.06), (0.028, 0.07), "#ffffff", 0.16)
        sheet.spot((sign * 0.19, 0.03), (0.075, 0.028), ink, 0.55)
    brow = stroke([(-0.325, -0.195), (-0.27, -0.285), (-0.18, -0.315), (-0.10, -0.275)], (0.001, 0.016, 0.018, 0.006))
    sheet.fill(both(brow), ink, 0.93, 0.001)


def _mouth(sheet: Sheet, red: str, ink: str) -> None:
    side = np.asarray([*MOUTH, *MOUTH_BELOW], np.float32)
    shape = smooth(np.vstack([side, mirrored(side[1:-1][::-1])]))
    sheet.fill((shape - (0, 0.44)) * (1.035, 1.07) + (0, 0.44), ink, 0.93, 0.001)
    sheet.fill(shape, red, 0.97, 0.001)
    sheet.fill(stroke([(-0.115, 0.500), (0.0, 0.522), (0.115, 0.500)], (0.0, 0.014, 0.0)), "#ffffff", 0.30, 0.006)
    line = stroke([(-0.262, 0.338), (-0.19, 0.402), (-0.125, 0.429)], (0.001, 0.009, 0.004))
    sheet.fill(both(line), ink, 0.8, 0.001)


def _nose(sheet: Sheet, red: str) -> None:
    """A red ball, lit from above."""
    sheet.fill(disc((0.0, 0.235), (0.098, 0.088)), "#6d0f14", 0.55, 0.012)
    sheet.fill(disc((0.0, 0.230), (0.094, 0.084)), red, 0.97, 0.002)
    sheet.spot((0.0, 0.295), (0.055, 0.020), "#5d0a10", 0.45)
    sheet.spot((-0.028, 0.195), (0.018, 0.013), "#ffffff", 0.75, -25)
