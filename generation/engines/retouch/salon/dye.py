"""What dyes do to hair: own colours into dyed ones, several dyes side by side. Knows hair's lightness, no style.

Lightness keeps the hair's own lights and shadows, is lifted only as far as dye and the room's light
could lift it, and chroma falls off in deep shadow and in gloss, as it does on real hair.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, chroma, resize, smooth, smoothstep, to_oklab
from generation.engines.retouch.layer import Box
from generation.engines.retouch.scene import Scene

SHINE, GLOSS = 0.93, 0.30
"""The lightness that gloss may reach, and how much lighter than the middle of the hair it may be."""
TOE = 0.0015
"""Stray light added to hair that is nearly black throughout, in OKLab's L cubed."""
STRAND = np.asarray([0.05, 0.01, 0.01], np.float32)
"""How far, near an edge, a strand may differ from the hair around it."""
RIM, SPARK, BLACKISH = 0.03, 0.015, (0.36, 0.24)
"""Within so many face heights of its edge, hair this dark is no lighter than the hair within by more than SPARK: from
the lightness that is left alone to the one that is not."""
STRANDS = 2.0
"""How much the contrast between strands may grow."""
STEEP = 2.4
"""How much faster than its own the dyed hair's lightness may change."""
STEPS = 256
"""Of the curve from own to dyed lightness."""
DULL, WARMER, VIVID = 0.7, 0.45, 0.12
"""How fast a fair dye loses chroma with light, 1 is a shadow's way; and how far its hue turns to red, in radians.
More chroma than the last is no colour that hair is born with."""
GREY, GOLDEN, COLD = 0.05, 16.0, 12.0
"""Less chroma than this turns no way; how far red and brown lights turn to yellow, others the other way, degrees."""
BETWEEN = 32
"""Steps from one dye to the next."""


@dataclass(frozen=True)
class Dyes:
    """One dye, or several that run into each other.

    Args:
        colours: (n, 3) OKLab of the hair in even light.
        place: (h, w) float32: 0 where the first dye is, 1 where the second is, half of each at 0.5. None: the first.
    """

    colours: np.ndarray
    place: np.ndarray | None = None


@dataclass(frozen=True)
class Hair:
    """The hair's own colours in a box.

    Args:
        lab: (h, w, 3) OKLab, free of what is behind it.
        core: (h, w) bool: where it is typical.
        light: how bright the room is, 0.6 to 1.
        unit: the face's height in px.
        drawn: (h, w) how much lighter or darker than its surroundings a strand is made, as a share; None: not at all.
    """

    lab: np.ndarray
    core: np.ndarray
    light: float
    unit: float
    drawn: np.ndarray | None = None


def own_colour(lab: np.ndarray, alpha: np.ndarray, unit: float) -> np.ndarray:
    """The hair's own OKLab: the pixel's well inside, near the edges bounded by what the hair beside it has."""
    height, width = alpha.shape
    step = max(1, round(unit / 120))
    rows, cols = max(2, height // step), max(2, width // step)
    radius = max(1, round(0.012 * unit / step))
    inner = cv2.erode(resize(alpha, rows, cols), np.ones((2 * radius + 1,) * 2, np.uint8), borderValue=1.0)
    weight = smoothstep(inner, 0.8, 0.98)
    small = resize(lab, rows, cols) * weight[..., None]
    total, weights = np.zeros_like(small), np.full_like(weight, 1e-6)
    for sigma, share in ((0.025, 1.0), (0.07, 0.05), (0.25, 0.002)):
        total += share * blur(small, sigma * unit / step)
        weights += share * blur(weight, sigma * unit / step)
    near = resize(total / weights[..., None], height, width)
    mixed = np.maximum(1 - smoothstep(alpha, 0.55, 0.97), 0.7 * (1 - resize(weight, height, width)))
    strand = near + np.clip(lab - near, -STRAND, STRAND)
    own = np.asarray(lab + mixed[..., None] * (strand - lab), np.float32)
    own[..., 0] -= _glow(np.ascontiguousarray(small[..., 0]), np.ascontiguousarray(own[..., 0]), inner, unit / step)
    return own


def _glow(weighted: np.ndarray, lightness: np.ndarray, inner: np.ndarray, unit: float) -> np.ndarray:
    """How much lighter than the dark hair within its rim is: skin or sky that a lens spread, which dye must not lift.

    Args:
        weighted: (rows, cols) small lightness times how surely it is hair. lightness: (h, w). inner: (rows, cols).
        unit: the face's height in px of the small copy.
    """
    side = 2 * max(1, round(RIM * unit)) + 1
    deep = smoothstep(cv2.erode(inner, np.ones((side, side), np.uint8), borderValue=1.0), 0.8, 0.98)
    surely = deep * smoothstep(inner, 0.8, 0.98)
    total, weights = np.zeros_like(deep), np.full_like(deep, 1e-6)
    for sigma, share in ((0.04, 1.0), (0.12, 0.02)):
        total += share * blur(weighted * deep, sigma * unit)
        weights += share * blur(surely, sigma * unit)
    within, known = total / weights, smoothstep(weights, 1e-4, 1e-3)
    rim = known * (1 - deep) * smoothstep(within, *BLACKISH)
    broad = blur(resize(lightness, *deep.shape), 0.012 * unit)  # strands within the rim keep what they differ by
    excess = rim * np.maximum(broad - within - np.float32(SPARK), 0)
    return np.asarray(
        np.minimum(resize(excess, *lightness.shape), np.float32(0.9) * np.maximum(lightness, 0)), np.float32
    )


def room_light(scene: Scene) -> float:
    """How bright the room is, 0.6 to 1: no dye shines in the dark."""
    lightness = to_oklab(resize(scene.pixels[scene.near.rows_cols], 64, 64))[..., 0]
    return float(np.clip(np.percentile(lightness, 95) / 0.86, 0.6, 1))


def dyed(hair: Hair, dyes: Dyes, lift: float) -> np.ndarray:
    """The hair's own OKLab turned into the dyed one's. lift: how much lighter it may become, in L."""
    own, unit, colours = hair.lab, hair.unit, dyes.colours
    lightness, planes_ab = np.maximum(own[..., 0], 0), [np.ascontiguousarray(own[..., at]) for at in (1, 2)]
    typical = np.flatnonzero(hair.core)
    typical = typical[:: max(1, len(typical) // 20_000)]
    # OKLab is so steep at black that one step of uint8 shows: the toe is what stray light does in a lens
    # (a dye that lifts nothing shows no such steps, and must not turn black hair grey)
    brightest = np.float32(np.percentile(lightness.ravel()[typical], 90))
    toe = 0.0 if lift <= 0 else TOE * float(smoothstep(brightest, 0.34, 0.20))
    if toe > 0:
        lightness = np.cbrt(lightness**3 + np.float32(toe))
    levels = _levels(lightness.ravel()[typical])
    aims = [_aim(float(colour[0]) * hair.light, levels.middle, lift) for colour in colours]
    stretch = smoothstep(np.asarray(max(aims) / levels.middle, np.float32), 1.3, 3.0)
    if stretch > 0:  # what is lifted far shows its noise
        calm = smooth(lightness, max(1.5, 0.006 * unit), 0.02)
        lightness = lightness + np.float32(0.75) * stretch * (calm - lightness)
    # strands keep their contrast; broad lights, which may be gloss or skin, are held down
    broad = blur(lightness, 0.025 * unit)
    gain = _mixed(np.clip(np.asarray(aims) / levels.middle, 0.8, STRANDS), dyes.place)
    new = np.clip(_curve(broad, levels, aims, dyes.place) + (lightness - broad) * gain, 0.01, 0.985)
    if lift <= 0:
        new = np.minimum(new, lightness)
    elif hair.drawn is not None:
        new = new * (1 + hair.drawn)
    fade = smoothstep(new, 0.0, 0.42) ** np.float32(0.7) * np.clip((1.04 - new) / 0.30, 0, 1) ** np.float32(0.8)
    hues = np.stack([browned(colour, aim) for colour, aim in zip(colours, aims, strict=True)])
    a, b = (_mixed(hues[:, at], dyes.place) for at in (0, 1))
    turned = _mixed(np.stack([towards_light(colour) for colour in colours]), dyes.place)
    angle = np.clip((lightness - levels.middle) / max(levels.bright - levels.dark, 0.1), -1, 1) * turned
    cosine, sine = np.cos(angle), np.sin(angle)
    away = [plane - blur(plane, 0.03 * unit) for plane in planes_ab]
    planes = [new, fade * (a * cosine - b * sine) + 0.3 * away[0], fade * (a * sine + b * cosine) + 0.3 * away[1]]
    return np.stack(planes, -1).astype(np.float32)


def _mixed(values: np.ndarray, place: np.ndarray | None) -> np.ndarray:
    """One value a dye, mixed by place."""
    if place is None:
        return np.asarray(values[0], np.float32)
    table = _between(np.asarray(values, np.float32)[:, None])
    # remap counts in 32nds: the table is long, so that no step shows
    return np.asarray(cv2.remap(table, np.zeros_like(place), place * np.float32(BETWEEN), cv2.INTER_LINEAR), np.float32)


def _between(rows: np.ndarray) -> np.ndarray:
    """Rows (n, m), one a dye, with BETWEEN steps from each to the next."""
    height = (len(rows) - 1) * BETWEEN + 1
    at = np.arange(height) / BETWEEN
    low = np.minimum(at.astype(int), max(0, len(rows) - 2))
    share = (at - low)[:, None]
    high = np.minimum(low + 1, len(rows) - 1)
    return np.asarray(rows[low] * (1 - share) + rows[high] * share, np.float32)


def _aim(lightness: float, middle: float, lift: float) -> float:
    """Black that the camera crushed shows no strands: it may not become pale."""
    if lightness <= middle:
        return lightness
    return min(lightness, middle + lift * (0.1 + 0.9 * min(1.0, middle / 0.3)))


def browned(colour: np.ndarray, aim: float) -> np.ndarray:
    """(2,) a, b of a fair dye on hair that it cannot lift so far: blonde at half its light is brown, not mustard."""
    a, b = float(colour[1]), float(colour[2])
    natural = float(smoothstep(colour[0], 0.58, 0.70)) * (b > 0.6 * abs(a) and np.hypot(a, b) < VIVID)
    share = min(1.0, aim / float(colour[0]))
    left, turn = share ** (DULL * natural), -WARMER * natural * (1 - share)
    cosine, sine = np.cos(turn), np.sin(turn)
    return np.asarray([left * (a * cosine - b * sine), left * (a * sine + b * cosine)], np.float32)


def towards_light(colour: np.ndarray) -> np.float32:
    """How far a dye's hue turns in its lights, and back in its shadows, in radians: copper to gold, blue to the sky."""
    if float(chroma(colour)) <= GREY:
        return np.float32(0)
    hue = np.degrees(np.arctan2(colour[2], colour[1]))
    warm = float(smoothstep(hue, 5, 35) * smoothstep(hue, 112, 100))
    return np.float32(np.radians(warm * GOLDEN - (1 - warm) * COLD))


@dataclass(frozen=True)
class _Levels:
    """Lightness of hair's lit part."""

    dark: float
    middle: float
    bright: float


def _levels(lightness: np.ndarray) -> _Levels:
    """The dark, the middle and the bright of hair, of its lit part: half of it may lie in the dark."""
    bright = max(float(np.percentile(lightness, 97)), 0.02)
    dark, middle = np.percentile(lightness[lightness > 0.35 * bright], [4, 50])
    return _Levels(float(dark), float(middle), bright)


def _curve(own: np.ndarray, levels: _Levels, aims: list[float], place: np.ndarray | None) -> np.ndarray:
    """Dyed lightness of hair's own, by tables of `_lightness`, one a dye."""
    steps = np.linspace(0, 1, STEPS + 1, dtype=np.float32)
    rows = np.stack([_lightness(steps, levels.middle, levels.bright, aim) for aim in aims])
    table = rows if place is None else _between(rows)
    down = np.zeros_like(own) if place is None else place * np.float32(BETWEEN)
    across = np.clip(own, 0, 1) * np.float32(STEPS)
    return np.asarray(cv2.remap(table, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _lightness(own: np.ndarray, middle: float, bright: float, aim: float) -> np.ndarray:
    """Dye changes what share of the light comes back, so shadows keep their depth below the middle.

    Above it gloss is compressed to stay below SHINE. STEEP bounds the slope, or crushed blacks would break up.
    """
    lower = aim * np.power(np.maximum(own, 0.01) / middle, np.float32(0.95))
    lower = np.maximum(lower, aim - STEEP * (middle - own))
    power = np.clip(np.log(min(SHINE, aim + GLOSS) / aim) / np.log(max(bright / middle, 1.05)), 0.5, 1.0)
    upper = aim * np.power(np.maximum(own, middle) / middle, np.float32(power))
    # on black hair what is bright is gloss or the skin below, which no dye brightens
    gain = 1.0 + (STEEP - 1.0) * min(1.0, max(0.0, (middle - 0.12) / 0.28))
    upper = np.minimum(upper, aim + gain * (own - middle))
    shoulder = 1 - (1 - aim) * np.exp(-(np.maximum(upper, aim) - aim) / (1 - aim))
    return np.asarray(np.where(own > middle, shoulder, lower), np.float32)


def extent(alpha: np.ndarray) -> Box:
    """The box of all hair; there must be some."""
    rows, cols = np.flatnonzero(alpha.max(1) > 0.01), np.flatnonzero(alpha.max(0) > 0.01)
    return Box(int(cols[0]), int(rows[0]), int(cols[-1]) + 1, int(rows[-1]) + 1)
