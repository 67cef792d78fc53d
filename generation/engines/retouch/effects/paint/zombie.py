"""The walking dead, as film make-up does it: grey-green skin, veins, sunken eyes, cracked lips, one torn cheek."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import smoothstep
from generation.engines.retouch.layer import Layer, lay
from generation.engines.retouch.painting.other_skin import blotches, other_skin
from generation.engines.retouch.painting.pigments import sheet_for, worn
from generation.engines.retouch.painting.sheet import Sheet
from generation.engines.retouch.painting.strokes import smooth, stroke

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

NEEDS = ("person", "hair")
# Where veins begin, which way they run (degrees, 0 to the right, 90 down) and how far, in face heights.
VEINS = (
    ((-0.50, -0.20), 20, 0.34),
    ((-0.53, 0.05), -20, 0.22),
    ((-0.46, 0.40), -35, 0.30),
    ((-0.20, -0.42), 75, 0.26),
    ((-0.28, 0.64), -80, 0.24),
    ((0.50, -0.16), 165, 0.32),
    ((0.53, 0.12), 200, 0.22),
    ((0.44, 0.44), 215, 0.30),
    ((0.15, -0.43), 110, 0.26),
    ((0.24, 0.66), -105, 0.22),
)
TEAR = ((0.285, 0.215), (0.335, 0.19), (0.40, 0.215), (0.425, 0.27), (0.41, 0.335), (0.355, 0.375), (0.30, 0.345))


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    skin: str = "#8f9a7c",
    rot: str = "#5d6a52",
    vein: str = "#3d3357",
    blood: str = "#5c0a0c",
    amount: float = 0.9,
    wound: float = 1.0,
) -> list[Layer]:
    """Paint the dead.

    Args:
        skin, rot: the two tones of its skin, which go as deep as the person's own.
        amount: 0 to 1. wound: 0 none, 1 the whole tear.
    """
    mottling = smoothstep(blotches(scene, seed, 0.20, 4), -0.6, 1.5)
    dead = other_skin(scene, canvas, (skin, rot), mottling, 0.82 * amount, 0.06 * amount)
    under = canvas.copy()
    lay(under, dead, 1.0)
    sheet, random = sheet_for(scene), np.random.default_rng((seed, 9))
    _hollows(sheet)
    for start, way, length in VEINS:
        _vein(sheet, random, start, way, (length, 0.0065), vein)
    _lips(sheet, random)
    if wound > 0:
        _tear(sheet, random, blood, wound)
    return [dead, worn(scene, under, sheet, amount)]


def _hollows(sheet: Sheet) -> None:
    """Eyes deep in their sockets, cheeks and temples fallen in."""
    for sign in (-1, 1):
        sheet.spot((sign * 0.19, 0.015), (0.115, 0.080), "#2b1620", 0.66)
        sheet.spot((sign * 0.185, 0.075), (0.095, 0.032), "#5b1f2a", 0.50, 6 * sign)
        sheet.spot((sign * 0.10, 0.02), (0.030, 0.050), "#22131a", 0.45)
        sheet.spot((sign * 0.37, 0.36), (0.060, 0.130), "#25261f", 0.52, 24 * sign)
        sheet.spot((sign * 0.50, -0.10), (0.055, 0.120), "#25261f", 0.50, 10 * sign)
        sheet.spot((sign * 0.065, 0.20), (0.022, 0.075), "#2f2f26", 0.35)
        sheet.spot((sign * 0.16, 0.385), (0.026, 0.045), "#2a2420", 0.40, 20 * sign)
        sheet.spot((sign * 0.30, 0.16), (0.085, 0.026), "#cfd3b4", 0.22, -14 * sign)
    sheet.spot((0, 0.545), (0.10, 0.018), "#25261f", 0.45)


def _vein(
    sheet: Sheet,
    random: np.random.Generator,
    start: tuple[float, float],
    way: float,
    size: tuple[float, float],
    colour: str,
    depth: int = 0,
) -> None:
    """A vein that wanders and forks; thin branches fade."""
    length, width = size
    count = 6
    turns = np.radians(way + np.cumsum(random.normal(0, 16, count)))
    steps = np.stack([np.cos(turns), np.sin(turns)], 1) * (length / count)
    path = np.vstack([start, start + np.cumsum(steps, 0)])
    share = (0.42 - 0.09 * depth) * float(np.clip(sheet.unit_px / 420, 0.55, 1.0))  # a line on a small face is too much
    sheet.fill(stroke(path, (width * 2.2, width * 0.9), 5), colour, 0.35 * share, 0.004)
    sheet.fill(stroke(path, (width, width * 0.25), 5), colour, share, 0.0012)
    if depth < 2:
        for at in (2, 4):
            side = float(random.choice([-1, 1]) * random.uniform(25, 55))
            fork = (float(path[at][0]), float(path[at][1]))
            turned = float(np.degrees(turns[at])) + side
            _vein(sheet, random, fork, turned, (length * 0.5, width * 0.6), colour, depth + 1)


def _lips(sheet: Sheet, random: np.random.Generator) -> None:
    """Bloodless lips with dry cracks."""
    sheet.spot((0, 0.415), (0.115, 0.034), "#5a4a52", 0.70)
    sheet.fill(stroke(((-0.14, 0.415), (0, 0.408), (0.14, 0.415)), (0.002, 0.012, 0.002)), "#1c0d10", 0.6, 0.003)
    for x in np.linspace(-0.115, 0.115, 15):
        at = float(x + random.normal(0, 0.004))
        rise, fall = random.uniform(0.012, 0.03, 2) * (1 - 3 * abs(at))
        middle, foot = at + random.normal(0, 0.004), at + random.normal(0, 0.006)
        crack = ((at, 0.410 - rise), (middle, 0.412), (foot, 0.416 + fall))
        sheet.fill(stroke(crack, (0.0005, 0.0045, 0.0005), 4), "#2b0d12", 0.75)


def _tear(sheet: Sheet, random: np.random.Generator, blood: str, wound: float) -> None:
    """Skin torn open over the cheek bone: a bruise, a ragged rim that lifts, wet flesh with fibres, a few drips."""
    middle = np.asarray(TEAR).mean(0)
    sheet.spot((float(middle[0]), float(middle[1])), (0.105, 0.105), "#4a1a2c", 0.60 * wound)
    rim = smooth(TEAR)
    ragged = rim + (rim - middle) * random.normal(0, 0.05, (len(rim), 1))
    sheet.fill((ragged - middle) * 1.16 + middle + (0.004, 0.007), "#1d0a0a", 0.65 * wound, 0.006)
    sheet.fill((ragged - middle) * 1.12 + middle, "#8a8468", 0.8 * wound, 0.004)
    sheet.fill((ragged - middle) * 1.02 + middle + (0.0, 0.003), "#7d2a26", 0.95 * wound, 0.002)
    sheet.fill((ragged - middle) * 0.92 + middle + (0.003, 0.006), blood, 0.95 * wound, 0.003)
    sheet.fill((ragged - middle) * 0.66 + middle + (0.006, 0.008), "#240306", 0.90 * wound, 0.010)
    for _ in range(16):
        start = middle + random.normal(0, 0.034, 2)
        end = start + np.asarray([0.030, 0.046]) * random.normal(1, 0.3) * random.choice([-0.6, 0.6])
        path = np.stack([start, (start + end) / 2 + random.normal(0, 0.006, 2), end])
        fibre = str(random.choice(["#8e2420", "#a3403a", "#6b1414"]))
        sheet.fill(stroke(path, (0.001, 0.0085, 0.001), 5), fibre, 0.75 * wound, 0.001)
    for x, y in (middle + random.normal(0, 0.032, (12, 2))).tolist():
        sheet.spot((x, y), (0.0042, 0.0022), "#f6d9d2", 0.75 * wound, float(random.uniform(0, 90)))
    for x, tall in ((0.325, 0.19), (0.365, 0.30), (0.392, 0.14)):
        drip = ((x, 0.345), (x - 0.005, 0.345 + 0.5 * tall), (x - 0.014, 0.345 + tall))
        sheet.fill(stroke(drip, (0.013, 0.007, 0.011)), blood, 0.85 * wound, 0.0012)
