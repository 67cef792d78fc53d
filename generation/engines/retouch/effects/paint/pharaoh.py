"""Eyes drawn long with kohl over malachite lids, brows to match, gold dust on brow and cheek bones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.layer import Layer
from generation.engines.retouch.painting.pigments import sheet_for, worn
from generation.engines.retouch.painting.strokes import both, discs, smooth, stroke

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

NEEDS = ("hair",)
LID = (
    (-0.095, 0.008),
    (-0.13, -0.045),
    (-0.20, -0.075),
    (-0.27, -0.055),
    (-0.36, -0.012),
    (-0.29, 0.005),
    (-0.20, -0.02),
)
UPPER = ((-0.098, 0.030), (-0.135, -0.008), (-0.20, -0.024), (-0.262, 0.000), (-0.33, 0.012), (-0.425, 0.006))
LOWER = ((-0.082, 0.042), (-0.14, 0.056), (-0.20, 0.060), (-0.26, 0.036), (-0.33, 0.034), (-0.418, 0.030))
BROW = ((-0.075, -0.082), (-0.15, -0.118), (-0.23, -0.118), (-0.33, -0.082), (-0.425, -0.052))


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    kohl: str = "#0c0b10",
    lid: str = "#1f7f86",
    gold: str = "#e0b04a",
    amount: float = 0.95,
) -> Layer:
    """Paint the eyes; `amount` 0 to 1, how opaque."""
    sheet = sheet_for(scene)
    for sign in (-1, 1):
        sheet.spot((sign * 0.33, 0.13), (0.085, 0.030), gold, 0.42, -18 * sign)
        sheet.spot((sign * 0.20, -0.165), (0.11, 0.030), gold, 0.30)
    sheet.spot((0.0, 0.09), (0.012, 0.09), gold, 0.34)
    sheet.fill(both(smooth(LID)), lid, 0.85, 0.006)
    sheet.fill(both(smooth(np.asarray(LID, np.float32) * (1.0, 0.62) + (0.0, -0.004))), gold, 0.38, 0.007)
    sheet.fill(both(stroke(UPPER, (0.005, 0.017, 0.020, 0.019, 0.017, 0.010))), kohl, 0.97, 0.0012)
    sheet.fill(both(stroke(LOWER, (0.003, 0.010, 0.012, 0.012, 0.011, 0.006))), kohl, 0.95, 0.0012)
    sheet.fill(both(stroke(BROW, (0.010, 0.026, 0.026, 0.022, 0.012))), kohl, 0.88, 0.002)
    under = np.asarray(LOWER, np.float32)[2:] + (0.0, 0.022)
    sheet.fill(both(stroke(under, (0.001, 0.006, 0.006, 0.003))), gold, 0.9, 0.0008)
    sheet.fill(
        both(*discs(np.asarray([(-0.44, 0.058), (-0.412, 0.070), (-0.384, 0.080)], np.float32), 0.007)), gold, 0.95
    )
    return worn(scene, canvas, sheet, amount)
