"""A butterfly whose wings open around the eyes, its body along the nose. Veins, a dark rim and light dots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.layer import Layer
from generation.engines.retouch.painting.pigments import sheet_for, worn
from generation.engines.retouch.painting.sheet import Sheet
from generation.engines.retouch.painting.strokes import along, both, disc, smooth, stroke

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

NEEDS = ("hair",)
FORE = (
    (-0.025, 0.02), (-0.07, -0.09), (-0.17, -0.20), (-0.31, -0.285), (-0.44, -0.295), (-0.485, -0.22),
    (-0.475, -0.10), (-0.44, 0.0), (-0.385, 0.055), (-0.28, 0.075), (-0.15, 0.085), (-0.055, 0.07),
)  # fmt: skip
HIND = (
    (-0.045, 0.075), (-0.15, 0.085), (-0.28, 0.075), (-0.385, 0.085), (-0.435, 0.15), (-0.425, 0.235),
    (-0.36, 0.30), (-0.29, 0.315), (-0.245, 0.285), (-0.20, 0.255), (-0.145, 0.235), (-0.085, 0.155),
)  # fmt: skip
ROOT = (-0.035, 0.06)


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    inner: str = "#35c9e8",
    middle: str = "#3a5bdc",
    rim: str = "#7b2fbf",
    lower: str = "#ff6fb5",
    ink: str = "#120d1a",
    amount: float = 0.93,
) -> Layer:
    """Paint the butterfly.

    Args:
        inner, middle, rim: the fore wings' colours from the nose outwards. lower: of the hind wings.
        ink: of veins and rim.
        amount: 0 to 1, how opaque.
    """
    sheet = sheet_for(scene)
    _wing(sheet, FORE, (inner, middle, rim), ink)
    _wing(sheet, HIND, (inner, lower, rim), ink)
    _dots(sheet, ink)
    body = stroke([(0, -0.055), (0, 0.0), (0, 0.10), (0, 0.185)], (0.012, 0.030, 0.024, 0.004))
    feeler = stroke([(-0.005, -0.05), (-0.02, -0.12), (-0.06, -0.185), (-0.085, -0.175)], (0.006, 0.006, 0.006, 0.012))
    sheet.fill([body, *both(feeler)], ink, 0.95, 0.001)
    sheet.fill(stroke([(-0.003, 0.0), (-0.003, 0.08), (0, 0.15)], (0.002, 0.007, 0.001)), inner, 0.6, 0.002)
    return worn(scene, canvas, sheet, amount)


def _wing(sheet: Sheet, outline: tuple[tuple[float, float], ...], colours: tuple[str, str, str], ink: str) -> None:
    """Colour runs from the root to the rim; the rim is dark and veins lead to it."""
    shape = smooth(outline)
    sheet.fill(both(_grown(shape, 1.045)), ink, 0.95, 0.0015)
    inner, middle, rim = colours
    sheet.fill(both(_grown(shape, 0.965)), rim, 0.97, 0.003)
    sheet.fill(both(_grown(shape, 0.80)), middle, 0.95, 0.022)
    sheet.fill(both(_grown(shape, 0.50)), inner, 0.9, 0.030)
    ends = np.asarray(outline)[2:-2]
    veins = []
    for end in ends:
        root = np.asarray(ROOT)
        bow = (root + end) / 2 + np.asarray([0.0, 0.012])
        veins.append(stroke([root + (end - root) * 0.30, bow + (end - bow) * 0.2, end], (0.002, 0.005, 0.010)))
    sheet.fill(both(*veins), ink, 0.85, 0.001)


def _grown(shape: np.ndarray, times: float) -> np.ndarray:
    middle = np.asarray(ROOT) * 0.35 + shape.mean(0) * 0.65
    return np.asarray((shape - middle) * times + middle, np.float32)


def _dots(sheet: Sheet, ink: str) -> None:
    """White dots along the rims, larger towards the tips."""
    for rim, count in (((FORE[2:8]), 11), ((HIND[3:9]), 9)):
        places = along(rim, count)
        middle = np.asarray(rim).mean(0)
        for index, place in enumerate(places):
            x, y = place + (middle - place) / (np.linalg.norm(middle - place) + 1e-6) * 0.006
            radius = 0.010 if index % 2 else 0.006
            sheet.fill(both(disc((float(x), float(y)), radius)), "#ffffff", 0.93)
