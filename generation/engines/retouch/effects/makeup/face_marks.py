"""Small things drawn or stuck on below and beside the eyes: hearts, stars, dots, rhinestones, glitter tears."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.layer import Layer
from generation.engines.retouch.painting.pigments import sheet_for, worn
from generation.engines.retouch.painting.sheet import Sheet
from generation.engines.retouch.painting.strokes import along, both, disc, discs, heart, petal, star

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

UNDER = ((-0.305, 0.115), (-0.24, 0.150), (-0.17, 0.155))
SIDE = ((-0.115, 0.105), (-0.19, 0.125), (-0.265, 0.105), (-0.335, 0.035), (-0.375, -0.045))


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    motif: str = "hearts",
    colour: str = "#1a1014",
    accent: str = "#ff7aa8",
    amount: float = 0.95,
) -> Layer:
    """Place them on both sides.

    Args:
        motif: "hearts", "stars", "dots", "gems" or "tears".
        colour: of the marks. accent: of the smaller ones, or of the stones' light.
        amount: 0 to 1, how opaque.

    Raises:
        ValueError: there is no such motif.
    """
    if motif not in MOTIFS:
        raise ValueError(f'There is no motif "{motif}"; there are: {", ".join(sorted(MOTIFS))}.')
    sheet = sheet_for(scene)
    MOTIFS[motif](sheet, colour, accent, np.random.default_rng(seed))
    return worn(scene, canvas, sheet, amount, under_hair=False)


def _hearts(sheet: Sheet, colour: str, accent: str, rng: np.random.Generator) -> None:
    sheet.fill(both(heart((-0.205, 0.150), 0.046, -6)), colour, 1, 0.001)
    sheet.fill(both(heart((-0.270, 0.128), 0.027, -16), heart((-0.148, 0.146), 0.022, 8)), accent, 1, 0.001)


def _stars(sheet: Sheet, colour: str, accent: str, rng: np.random.Generator) -> None:
    sheet.fill(both(star((-0.215, 0.155), 0.030, 5, 0.45, -8), star((-0.33, 0.05), 0.022, 5, 0.45, 14)), colour)
    sheet.fill(both(star((-0.280, 0.120), 0.017, 5, 0.45, 20), star((-0.155, 0.150), 0.014, 5, 0.45)), accent)


def _dots(sheet: Sheet, colour: str, accent: str, rng: np.random.Generator) -> None:
    places = along(UNDER, 5)
    sheet.fill(both(*discs(places[1:4], 0.0085)), colour)
    sheet.fill(both(*discs(places[[0, 4]], 0.006)), accent)


def _gems(sheet: Sheet, colour: str, accent: str, rng: np.random.Generator) -> None:
    """Cut stones: a dark setting, four facets of which two catch the light, and a glint."""
    sizes = (0.006, 0.009, 0.013, 0.009, 0.015, 0.009, 0.006)
    for index, ((x, y), size) in enumerate(zip(along(SIDE, len(sizes)), sizes, strict=True)):
        for sign in (-1, 1):
            at = (float(-sign * x), float(y))
            tint = colour if index % 2 else accent
            sheet.fill(disc((at[0], at[1] + 0.002), size * 1.22), "#2a2030", 0.55, 0.002)
            sheet.fill(disc(at, size), tint, 0.97, 0.0005)
            for angle, shine, share in ((200, "#ffffff", 0.75), (290, "#ffffff", 0.35), (60, "#2a1838", 0.35)):
                sheet.fill(petal(at, angle, size * 0.9, size * 0.8), shine, share)
            sheet.fill(disc((at[0] - size * 0.35, at[1] - size * 0.4), size * 0.26), "#ffffff", 0.95)


def _tears(sheet: Sheet, colour: str, accent: str, rng: np.random.Generator) -> None:
    """Flakes of glitter under the eyes that run down the cheeks, finer and fewer as they go; some flash."""
    for sign in (-1, 1):
        pool = rng.normal((-0.205, 0.125), (0.060, 0.014), (110, 2))
        lane = rng.choice((-0.245, -0.185, -0.150), 130, p=(0.3, 0.45, 0.25))
        fallen = rng.power(0.75, 130)
        run = np.stack([lane + rng.normal(0, 0.006, 130) - 0.02 * fallen, 0.13 + 0.24 * fallen], 1)
        flakes = np.vstack([pool, run]) * (-sign, 1)
        sizes = rng.uniform(0.0022, 0.0062, len(flakes))
        tints = rng.choice(3, len(flakes), p=(0.45, 0.35, 0.2))
        for tint, shade in enumerate((colour, accent, "#ffffff")):
            chosen = np.flatnonzero(tints == tint)
            turned = rng.uniform(0, 90, len(flakes))
            shapes = [star((flakes[i, 0], flakes[i, 1]), float(sizes[i]), 4, 0.7, float(turned[i])) for i in chosen]
            sheet.fill(shapes, shade, 0.95)
        for i in rng.choice(len(flakes), 9, replace=False):
            at = (float(flakes[i, 0]), float(flakes[i, 1]))
            sheet.spot(at, (0.006, 0.006), "#ffffff", 0.55)
            sheet.fill(star(at, 0.019, 4, 0.10), "#ffffff", 0.9)


MOTIFS: MappingProxyType[str, Callable[[Sheet, str, str, np.random.Generator], None]] = MappingProxyType(
    {"hearts": _hearts, "stars": _stars, "dots": _dots, "gems": _gems, "tears": _tears}
)
