"""Mermaid scales over temples and cheek bones, as through a net: they shimmer from one colour to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import parse_rgb
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.painting.pigments import sheet_for, worn
from generation.engines.retouch.painting.sheet import Sheet
from generation.engines.retouch.painting.strokes import disc

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

NEEDS = ("hair",)
STEP = 0.038
"""From one scale to the next, in face heights."""
# Middles and sigmas of where the scales are thick: temple, cheek bone, forehead's corner, bridge of the nose.
PATCHES = (
    ((-0.40, -0.06), (0.085, 0.11)),
    ((-0.35, 0.15), (0.095, 0.055)),
    ((-0.27, -0.27), (0.09, 0.06)),
)


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    first: str = "#1fb7b0",
    second: str = "#7a5be0",
    light: str = "#d9fff2",
    amount: float = 0.85,
) -> Layer:
    """Paint the scales.

    Args:
        first, second: colours they run between, from the middle of the face outwards. light: of their shine.
        amount: 0 to 1, how opaque.
    """
    sheet = sheet_for(scene)
    rng = np.random.default_rng(seed)
    for (x, y), (wide, tall) in PATCHES:
        for sign in (-1, 1) if x else (1,):
            sheet.spot((sign * x, y), (wide * 0.95, tall * 0.95), first, 0.38)
    rows = np.arange(-0.46, 0.36, STEP * 0.5)
    for row, y in enumerate(rows):
        for x in np.arange(-0.62, 0.001, STEP) + (STEP / 2 if row % 2 else 0):
            density = max(_density(np.asarray((x, y))), 0.0)
            if density > 0.26 and rng.random() < density * 2.2 - 0.35:
                _scale(sheet, (float(x), float(y)), min(1.0, 0.25 + 0.9 * density), (first, second, light), rng)
    return worn(scene, canvas, sheet, amount)


def _density(at: np.ndarray) -> float:
    """0 to 1: how thick the scales are there."""
    return max(float(np.exp(-0.5 * np.square((at - middle) / sigmas).sum())) for middle, sigmas in PATCHES)


def _scale(
    sheet: Sheet,
    at: tuple[float, float],
    share: float,
    colours: tuple[str, str, str],
    rng: np.random.Generator,
) -> None:
    """One scale and its mirror image: a darker edge, a body between two colours, light on its upper half."""
    first, second, light = colours
    body = _mixed(first, second, float(np.clip(-at[0] / 0.45 + rng.normal(0, 0.16), 0, 1)))
    edge = _mixed(body, "#0a1430", 0.6)
    size = STEP * (0.30 + 0.16 * share)
    for sign in (-1.0, 1.0) if at[0] else (1.0,):
        x = -sign * at[0]
        sheet.fill(disc((x, at[1]), (size, size * 0.98)), edge, 0.85 * share)
        sheet.fill(disc((x, at[1] + size * 0.10), (size * 0.84, size * 0.80)), body, 0.92 * share)
        sheet.fill(disc((x - size * 0.15, at[1] + size * 0.30), (size * 0.42, size * 0.30)), light, 0.55 * share, 0.002)


def _mixed(one: str, other: str, share: float) -> str:
    values = parse_rgb(one) * (1 - share) + parse_rgb(other) * share
    return "#" + "".join(f"{round(float(value) * 255):02x}" for value in values)
