"""A superhero's mask over brow and cheek bones, with a rolled edge and pointed sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.layer import Layer
from generation.engines.retouch.painting.pigments import sheet_for, worn
from generation.engines.retouch.painting.sheet import Sheet
from generation.engines.retouch.painting.strokes import along, both, discs, mirrored, smooth, stroke
from generation.face.regions import spline

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

NEEDS = ("hair",)
UPPER = ((0.0, -0.075), (-0.06, -0.105), (-0.16, -0.175), (-0.28, -0.165), (-0.40, -0.135), (-0.545, -0.215))
LOWER = ((-0.50, -0.06), (-0.43, 0.075), (-0.33, 0.155), (-0.20, 0.170), (-0.105, 0.130), (-0.055, 0.165), (0.0, 0.205))
EYE = (
    (-0.082, 0.040),
    (-0.115, -0.022),
    (-0.195, -0.052),
    (-0.275, -0.030),
    (-0.335, -0.022),
    (-0.285, 0.052),
    (-0.19, 0.076),
)


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    colour: str = "#b3131f",
    edge: str = "#2a0508",
    trim: str = "#f0c24a",
    amount: float = 0.98,
) -> Layer:
    """Draw the mask.

    Args:
        colour: of the leather. edge: of its shade. trim: of the piping. amount: 0 to 1, how opaque.
    """
    sheet = sheet_for(scene)
    half = np.vstack([UPPER, LOWER]).astype(np.float32)
    side = np.asarray(half, np.float32)
    outline = np.vstack([_curve(side), mirrored(_curve(side))[::-1]])
    sheet.fill(outline + (0.004, 0.018), "#120808", 0.60, 0.012)
    sheet.fill(outline, edge, 1.0, 0.0008)
    sheet.fill((outline - (0, 0.02)) * (0.975, 0.955) + (0, 0.02), colour, 1.0, 0.004)
    _relief(sheet, edge, seed)
    for sign in (-1, 1):
        sheet.spot((sign * 0.21, -0.115), (0.105, 0.020), "#ffffff", 0.26, -4 * sign)
        sheet.spot((sign * 0.33, 0.105), (0.075, 0.022), "#ffffff", 0.22, -24 * sign)
        sheet.spot((sign * 0.46, -0.05), (0.04, 0.07), edge, 0.55, 20 * sign)
        sheet.spot((sign * 0.075, 0.02), (0.022, 0.06), edge, 0.45)
    sheet.spot((0.0, 0.06), (0.013, 0.07), "#ffffff", 0.22)
    holes = both(smooth(EYE))
    middles = [hole.mean(0) for hole in holes]
    sheet.fill([(hole - at) * 1.13 + at for hole, at in zip(holes, middles, strict=True)], trim, 0.95, 0.001)
    sheet.fill([(hole - at) * 1.05 + at for hole, at in zip(holes, middles, strict=True)], "#0b0a0c", 0.96, 0.001)
    rim = _curve(side) * (0.985, 0.97)
    sheet.fill(both(stroke(rim[::4], (0.007, 0.007))), trim, 0.85, 0.0008)
    return worn(scene, canvas, sheet, amount)


def _relief(sheet: Sheet, edge: str, seed: int) -> None:
    """Thick leather: its grain, a lit upper rim, a lower one in shade, a row of stitches inside the edge."""
    random = np.random.default_rng((seed, 21))
    grains = random.uniform((-0.53, -0.19), (0.53, 0.19), (900, 2)).astype(np.float32)
    lines = [_smooth(np.asarray(UPPER, np.float32)), _smooth(np.asarray(LOWER, np.float32))]
    upper, lower = (line * (0.93, 0.86) + (0.0, 0.004) for line in lines)
    low, high = (np.interp(np.abs(grains[:, 0]), *_inner(line)) for line in lines)
    inside = grains[(grains[:, 1] > low + 0.02) & (grains[:, 1] < high - 0.02)]
    sheet.fill(discs(inside, 0.0034), edge, 0.30, 0.0014)
    sheet.fill(discs(inside - np.float32(0.0022), 0.0024), "#ffffff", 0.10, 0.0012)
    sheet.fill(both(stroke(upper[::4], (0.016, 0.018, 0.010))), "#ffffff", 0.34, 0.007)
    sheet.fill(both(stroke(lower[::4], (0.016, 0.030, 0.034, 0.030))), edge, 0.62, 0.011)
    for line in (upper * (0.985, 0.95), lower * (0.985, 0.95)):
        dashes = along(line, 46)
        stitches = [stroke(dashes[at : at + 2], (0.004, 0.004), 3) for at in range(1, 44, 2)]
        sheet.fill(both(*(stitch + (0.0, 0.0022) for stitch in stitches)), "#160304", 0.75, 0.0014)
        sheet.fill(both(*stitches), "#e9b24a", 0.80, 0.0006)


def _inner(line: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far aside, rising, and at what height a half outline runs."""
    order = np.argsort(-line[:, 0])
    return -line[order, 0], line[order, 1]


def _curve(points: np.ndarray) -> np.ndarray:
    """The half outline, smooth but for the point at the temple."""
    upper, lower = points[: len(UPPER)], points[len(UPPER) - 1 :]
    return np.vstack([_smooth(upper), _smooth(lower)])


def _smooth(points: np.ndarray) -> np.ndarray:
    """A fine curve through points, which keeps its ends."""
    return np.asarray(spline(points, 8, closed=False), np.float32)
