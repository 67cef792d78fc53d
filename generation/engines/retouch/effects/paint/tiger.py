"""A tiger: orange and white fur tones, stripes along the face's curves, a cat's nose and whisker pads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.layer import Layer
from generation.engines.retouch.painting.pigments import sheet_for, worn
from generation.engines.retouch.painting.sheet import Sheet
from generation.engines.retouch.painting.strokes import both, discs, mirrored, smooth, stroke

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

NEEDS = ("hair",)
FACE = ((0, -0.47), (-0.24, -0.44), (-0.46, -0.29), (-0.56, -0.06), (-0.57, 0.18), (-0.50, 0.38), (-0.38, 0.56))
CHIN = ((-0.2, 0.69), (0, 0.74))
ABOVE_EYE = ((-0.045, -0.03), (-0.08, -0.13), (-0.19, -0.195), (-0.30, -0.15), (-0.335, -0.05), (-0.22, -0.06))
BELOW_EYE = ((-0.10, 0.10), (-0.20, 0.12), (-0.315, 0.075), (-0.33, 0.125), (-0.22, 0.185), (-0.11, 0.15))
MUZZLE = ((0, 0.285), (-0.10, 0.275), (-0.20, 0.33), (-0.225, 0.41), (-0.16, 0.475), (-0.20, 0.58), (-0.10, 0.68))
RUFF = ((-0.53, 0.12), (-0.40, 0.26), (-0.30, 0.45), (-0.28, 0.62), (-0.40, 0.56), (-0.50, 0.40), (-0.56, 0.22))
NOSE = ((0, 0.165), (-0.045, 0.175), (-0.092, 0.225), (-0.085, 0.270), (-0.03, 0.305), (0, 0.315))
# Right side: points of each stripe and its widths.
STRIPES = (
    (((-0.02, -0.43), (-0.035, -0.35), (-0.012, -0.27)), (0.030, 0.026, 0.0)),
    (((-0.10, -0.43), (-0.105, -0.35), (-0.055, -0.26), (-0.020, -0.225)), (0.034, 0.036, 0.022, 0.0)),
    (((-0.22, -0.41), (-0.20, -0.33), (-0.115, -0.255), (-0.055, -0.19)), (0.036, 0.040, 0.024, 0.0)),
    (((-0.34, -0.36), (-0.30, -0.29), (-0.21, -0.245), (-0.13, -0.215)), (0.036, 0.038, 0.022, 0.0)),
    (((-0.47, -0.25), (-0.42, -0.215), (-0.35, -0.205), (-0.29, -0.185)), (0.036, 0.034, 0.020, 0.0)),
    (((-0.56, -0.10), (-0.49, -0.115), (-0.42, -0.105), (-0.365, -0.075)), (0.036, 0.034, 0.020, 0.0)),
    (((-0.60, 0.02), (-0.52, 0.02), (-0.45, 0.045), (-0.385, 0.035)), (0.036, 0.032, 0.020, 0.0)),
    (((-0.61, 0.13), (-0.53, 0.155), (-0.44, 0.165), (-0.335, 0.135)), (0.036, 0.038, 0.024, 0.0)),
    (((-0.58, 0.25), (-0.50, 0.28), (-0.40, 0.275), (-0.30, 0.225)), (0.036, 0.040, 0.026, 0.0)),
    (((-0.54, 0.37), (-0.46, 0.385), (-0.37, 0.375), (-0.29, 0.335)), (0.036, 0.038, 0.024, 0.0)),
    (((-0.47, 0.50), (-0.41, 0.49), (-0.34, 0.465), (-0.28, 0.43)), (0.034, 0.034, 0.022, 0.0)),
    (((-0.37, 0.61), (-0.33, 0.575), (-0.28, 0.545), (-0.235, 0.53)), (0.030, 0.030, 0.018, 0.0)),
)
WHISKERS = ((-0.095, 0.335), (-0.145, 0.345), (-0.190, 0.365), (-0.110, 0.368), (-0.160, 0.385), (-0.085, 0.305))


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    fur: str = "#ee8421",
    pale: str = "#fdf6ea",
    ink: str = "#17100c",
    nose: str = "#d98079",
    amount: float = 0.92,
) -> Layer:
    """Paint the tiger.

    Args:
        fur, pale: the two tones of the coat. ink: of the stripes.
        amount: 0 to 1, how opaque.
    """
    sheet = sheet_for(scene)
    _coat(sheet, fur, pale, np.random.default_rng(seed))
    for points, widths in STRIPES:
        sheet.fill(both(stroke(points, widths)), ink, 0.95, 0.0015)
    _eyes(sheet, ink)
    _muzzle(sheet, ink, nose)
    return worn(scene, canvas, sheet, amount)


def _coat(sheet: Sheet, fur: str, pale: str, rng: np.random.Generator) -> None:
    """Orange, deeper at the sides; white over the eyes, on muzzle, chin and ruff, its edges brushed into hairs."""
    side = np.asarray([*FACE, *CHIN], np.float32)
    sheet.fill(smooth(np.vstack([side, mirrored(side[1:-1][::-1])])), fur, 0.88, 0.022)
    for sign in (-1, 1):
        sheet.spot((sign * 0.46, 0.05), (0.10, 0.30), "#a8480c", 0.45)
        sheet.spot((sign * 0.07, 0.10), (0.03, 0.10), "#b8540e", 0.35)
    sheet.spot((0, -0.02), (0.03, 0.16), "#ffb45c", 0.5)
    muzzle = np.asarray([*MUZZLE, (0, 0.725)], np.float32)
    whole = smooth(np.vstack([muzzle, mirrored(muzzle[1:-1][::-1])]))
    whites = [whole, *both(*(smooth(shape) for shape in (ABOVE_EYE, BELOW_EYE, RUFF)))]
    sheet.fill(whites, pale, 0.93, 0.008)
    hairs = []
    for shape in whites:
        middle = shape.mean(0)
        for point in shape[rng.permutation(len(shape))[:44]]:
            away = (point - middle) / (np.linalg.norm(point - middle) + 1e-6) + rng.normal(0, 0.25, 2)
            hairs.append(
                stroke([point - away * 0.012, point + away * 0.012, point + away * 0.030], (0.006, 0.005, 0.0), 3)
            )
    sheet.fill(hairs, pale, 0.85, 0.001)


def _eyes(sheet: Sheet, ink: str) -> None:
    """A cat's eyes: the line goes on from both corners, down along the nose and up to the temple."""
    inner = stroke([(-0.125, 0.025), (-0.088, 0.052), (-0.062, 0.105), (-0.055, 0.15)], (0.008, 0.030, 0.022, 0.0))
    upper = stroke(
        [(-0.10, 0.040), (-0.135, 0.0), (-0.19, -0.022), (-0.25, -0.002), (-0.345, -0.035)],
        (0.012, 0.022, 0.026, 0.032, 0.0),
    )
    lower = stroke([(-0.10, 0.055), (-0.18, 0.072), (-0.26, 0.052), (-0.31, 0.015)], (0.010, 0.014, 0.018, 0.0))
    sheet.fill(both(inner, upper, lower), ink, 0.95, 0.0015)


def _muzzle(sheet: Sheet, ink: str, nose: str) -> None:
    half = np.asarray(NOSE, np.float32)
    shape = smooth(np.vstack([half, mirrored(half[1:-1][::-1])]))
    sheet.fill((shape - (0, 0.24)) * (1.10, 1.12) + (0, 0.24), ink, 0.95, 0.0015)
    sheet.fill((shape - (0, 0.235)) * (0.90, 0.86) + (0, 0.235), nose, 0.95, 0.004)
    sheet.spot((0.0, 0.19), (0.03, 0.010), "#ffffff", 0.35)
    sheet.fill(stroke([(0, 0.30), (0, 0.345), (0, 0.375)], (0.016, 0.012, 0.014)), ink, 0.95)
    lip = smooth(
        [(0, 0.362), (-0.06, 0.372), (-0.135, 0.418), (-0.20, 0.408), (-0.135, 0.440), (-0.05, 0.412), (0, 0.408)]
    )
    sheet.fill(both(lip), ink, 0.95, 0.0015)
    sheet.fill(both(*discs(np.asarray(WHISKERS), 0.0075)), ink, 0.93)
