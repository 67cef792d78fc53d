"""Dyes the hair. Recolours hair, not pixels: where a pixel mixes hair with skin or sky, only the hair's part changes.

Lightness keeps the hair's own lights and shadows, is lifted only as far as dye and the room's light
could lift it, and chroma falls off in deep shadow and in gloss, as it does on real hair.
"""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import (
    blur,
    chroma,
    linear_to_oklab,
    oklab_to_linear,
    parse_colour,
    resize,
    smooth,
    smoothstep,
    to_linear,
    to_oklab,
    to_srgb,
)
from generation.engines.retouch.effects import Skip
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.scene import Scene
from generation.job import Note

NEEDS = ("hair",)
LEAST = 0.004
"""Less hair than this share of the picture is none."""
SHINE = 0.93
"""The lightness that gloss may reach."""
TOE = 0.0015
"""Stray light added to hair that is nearly black throughout, in OKLab's L cubed."""
STRAND = np.asarray([0.05, 0.01, 0.01], np.float32)
"""How far, near an edge, a strand may differ from the hair around it."""
STRANDS = 2.0
"""How much the contrast between strands may grow."""
STEEP = 2.4
"""How much faster than its own the dyed hair's lightness may change."""


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    colour: str = "#d9568c",
    ends: str = "",
    lift: float = 0.44,
    roots: float = 0.35,
) -> Layer:
    """Dye it.

    Args:
        colour: of the hair in even light.
        ends: of the tips, for a dye that changes downwards; empty for one colour.
        lift: how much lighter than it is hair may become, in OKLab's L.
        roots: how much of the own colour stays along the hairline, 0 to 1.
    """
    alpha_all = scene.hair
    if float(alpha_all.mean()) < LEAST:
        raise Skip(Note.NO_HAIR)
    box = _extent(alpha_all)
    alpha = alpha_all[box.rows_cols]
    linear = to_linear(np.ascontiguousarray(canvas[box.rows_cols]))
    own = _own_colour(linear_to_oklab(linear), alpha, scene.face.height_px)
    root = _root(scene, box)
    core, light = _core(alpha, root), _light(scene)
    dyed = _dyed(own, core, parse_colour(colour), lift, light, scene.face.height_px)
    if ends:
        low = _dyed(own, core, parse_colour(ends), lift, light, scene.face.height_px)
        dyed += _towards_ends(scene, box)[..., None] * (low - dyed)
    # down along the hairline is mostly skin: no one dyes it
    share = alpha ** (1 + 1.5 * root) * (1 - roots * root)
    out = linear + share[..., None] * (oklab_to_linear(dyed) - oklab_to_linear(own))
    return Layer(box, to_srgb(out), smoothstep(alpha, 0.0, 0.02))


def _extent(alpha: np.ndarray) -> Box:
    rows, cols = np.flatnonzero(alpha.max(1) > 0.01), np.flatnonzero(alpha.max(0) > 0.01)
    return Box(int(cols[0]), int(rows[0]), int(cols[-1]) + 1, int(rows[-1]) + 1)


def _own_colour(lab: np.ndarray, alpha: np.ndarray, unit: float) -> np.ndarray:
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
    return np.asarray(lab + mixed[..., None] * (strand - lab), np.float32)


def _core(alpha: np.ndarray, root: np.ndarray) -> np.ndarray:
    """Bool: what is all hair, and not the thin hair of the hairline if there is enough besides."""
    for core in ((alpha > 0.9) & (root < 0.2), alpha > 0.9):
        if core.sum() > 200:
            return np.asarray(core)
    return np.asarray(alpha >= 0.5 * alpha.max())


def _light(scene: Scene) -> float:
    """How bright the room is, 0.6 to 1: no dye shines in the dark."""
    lightness = to_oklab(resize(scene.pixels[scene.near.rows_cols], 64, 64))[..., 0]
    return float(np.clip(np.percentile(lightness, 95) / 0.86, 0.6, 1))


def _dyed(own: np.ndarray, core: np.ndarray, dye: np.ndarray, lift: float, light: float, unit: float) -> np.ndarray:
    """The hair's own OKLab turned into the dyed one's. core: where it is typical, bool."""
    lightness, planes_ab = np.maximum(own[..., 0], 0), [np.ascontiguousarray(own[..., at]) for at in (1, 2)]
    typical = np.flatnonzero(core)
    typical = typical[:: max(1, len(typical) // 20_000)]
    # OKLab is so steep at black that one step of uint8 shows: the toe is what stray light does in a lens
    # (a dye that lifts nothing shows no such steps, and must not turn black hair grey)
    toe = (
        0.0
        if lift <= 0
        else TOE * float(smoothstep(np.float32(np.percentile(lightness.ravel()[typical], 90)), 0.34, 0.20))
    )
    if toe > 0:
        lightness = np.cbrt(lightness**3 + np.float32(toe))
    dark, middle, bright = _levels(lightness.ravel()[typical])
    aim = float(dye[0]) * light
    if aim > middle:  # black that the camera crushed shows no strands: it may not become pale
        aim = min(aim, middle + lift * (0.1 + 0.9 * min(1.0, middle / 0.3)))
    stretch = smoothstep(np.asarray(aim / middle, np.float32), 1.3, 3.0)
    if stretch > 0:  # what is lifted far shows its noise
        calm = smooth(lightness, max(1.5, 0.006 * unit), 0.02)
        lightness = lightness + np.float32(0.75) * stretch * (calm - lightness)
    # strands keep their contrast; broad lights, which may be gloss or skin, are held down
    broad = blur(lightness, 0.025 * unit)
    strands = (lightness - broad) * np.float32(np.clip(aim / middle, 0.8, STRANDS))
    new = np.clip(_lightness(broad, middle, bright, aim) + strands, 0.01, 0.985)
    if lift <= 0:
        new = np.minimum(new, lightness)
    swing = np.clip((lightness - middle) / max(bright - dark, 0.1), -1, 1)
    strength = float(chroma(dye))
    fade = smoothstep(new, 0.0, 0.42) ** 0.7 * np.clip((1.04 - new) / 0.30, 0, 1) ** 0.8
    hue = float(np.arctan2(dye[2], dye[1])) - swing * np.float32(np.radians(12) * (strength > 0.05))
    away = [plane - blur(plane, 0.03 * unit) for plane in planes_ab]
    planes = [
        new,
        strength * fade * np.cos(hue) + 0.3 * away[0],
        strength * fade * np.sin(hue) + 0.3 * away[1],
    ]
    return np.stack(planes, -1).astype(np.float32)


def _levels(lightness: np.ndarray) -> tuple[float, float, float]:
    """The dark, the middle and the bright of hair, of its lit part: half of it may lie in the dark."""
    bright = max(float(np.percentile(lightness, 97)), 0.02)
    dark, middle = np.percentile(lightness[lightness > 0.35 * bright], [4, 50])
    return float(dark), float(middle), bright


def _lightness(own: np.ndarray, middle: float, bright: float, aim: float) -> np.ndarray:
    """Dye changes what share of the light comes back, so shadows keep their depth below the middle.

    Above it gloss is compressed to stay below SHINE. STEEP bounds the slope, or crushed blacks would break up.
    """
    lower = aim * np.power(np.maximum(own, 0.01) / middle, np.float32(0.95))
    lower = np.maximum(lower, aim - STEEP * (middle - own))
    power = np.clip(np.log(SHINE / aim) / np.log(max(bright / middle, 1.05)), 0.5, 1.0)
    upper = aim * np.power(np.maximum(own, middle) / middle, np.float32(power))
    # on black hair what is bright is gloss or the skin below, which no dye brightens
    gain = 1.0 + (STEEP - 1.0) * min(1.0, max(0.0, (middle - 0.12) / 0.28))
    upper = np.minimum(upper, aim + gain * (own - middle))
    shoulder = 1 - (1 - aim) * np.exp(-(np.maximum(upper, aim) - aim) / (1 - aim))
    return np.asarray(np.where(own > middle, shoulder, lower), np.float32)


def _root(scene: Scene, box: Box) -> np.ndarray:
    """1 along the forehead's hairline, 0 from a tenth of a face height on; 0 where a fringe hides the hairline."""
    cells, share = scene.hair_cells.cells, scene.hair_cells.share
    outside = (cells.oval(0.98, 1.12, 1.0) < 0.5).astype(np.uint8)
    away = cv2.distanceTransform(outside, cv2.DIST_L2, 3) / np.float32(cells.scale * scene.face.height_px)
    near = smoothstep(away, 0.12, 0.0) * smoothstep(cells.up, -0.2, 0.2)
    unit = cells.scale * scene.face.height_px
    inside = cv2.distanceTransform((cells.oval(0.95, 1.0, 1.0) > 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    fringe = ((share > 0.6) & (inside > 0.05 * unit) & (cells.up > 0.05)).astype(np.float32)
    if fringe.sum() > 0.015 * unit * unit:
        side = 2 * max(1, round(0.16 * unit)) + 1
        near = near * (1 - blur(cv2.dilate(fringe, np.ones((side, side), np.uint8)), 0.04 * unit))
    return _placed(near, cells.box, box)


def _towards_ends(scene: Scene, box: Box) -> np.ndarray:
    """0 beside the eyes and above, 1 at the shoulders."""
    cells = scene.hair_cells.cells
    return _placed(smoothstep(cells.up, 0.05, -0.9), cells.box, box)


def _placed(plane: np.ndarray, of: Box, box: Box) -> np.ndarray:
    """A plane over the head's grid, seen at the picture's px of `box`, which lies within it."""
    whole = resize(plane.astype(np.float32), of.height, of.width)
    at = np.ix_(
        np.clip(np.arange(box.y0, box.y1) - of.y0, 0, of.height - 1),
        np.clip(np.arange(box.x0, box.x1) - of.x0, 0, of.width - 1),
    )
    return np.asarray(whole[at], np.float32)
