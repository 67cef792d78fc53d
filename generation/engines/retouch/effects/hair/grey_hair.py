"""Greys the hair as years do: colour goes, lit strands turn silver, shadows between them stay dark.

Changes pixels by what they are, so it forgives a hair matte that takes in some skin, or the dark behind the head.
"""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import (
    blur,
    linear_to_oklab,
    oklab_to_linear,
    resize,
    smoothstep,
    to_linear,
    to_srgb,
)
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.lids import eyes_of, softness_px
from generation.engines.retouch.masks import forehead_top
from generation.engines.retouch.salon.chair import look_for_hair
from generation.engines.retouch.salon.dye import own_colour, room_light
from generation.engines.retouch.salon.hairdo import strands
from generation.engines.retouch.scene import Scene
from generation.face.regions import fill_polygons, spline

NEEDS = ("hair",)
WHITEST = 0.86
DARKEST = (0.15, 0.24)
"""Least lightness that counts as the middle and as the light of hair."""

DARK = (0.36, 0.24)
"""From the lightness of hair that hides what a lens spreads over its rim to the one that does not."""
FINE = 220
"""px of a face height on the copy that silver strands are drawn at."""
BLACK, STREAK = (0.26, 0.10), 0.42
"""From the lightness of hair that shows its strands to the one that shows none; how much lighter a silver strand is."""


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, amount: float = 0.9, lift: float = 0.26) -> Layer:
    """Lightness grows most in lit strands, and the more the darker the hair is, for black hair greys as far as fair.

    Args:
        amount: 0 to 1, of the colour that goes and the silver that comes.
        lift: of lit strands of black hair, in OKLab's L.
    """
    look_for_hair(scene)
    rows, cols = np.flatnonzero(scene.hair.max(1) > 0.02), np.flatnonzero(scene.hair.max(0) > 0.02)
    box = Box(int(cols[0]), int(rows[0]), int(cols[-1]) + 1, int(rows[-1]) + 1)
    alpha = scene.hair[box.rows_cols]
    linear = to_linear(np.ascontiguousarray(canvas[box.rows_cols]))
    seen = linear_to_oklab(linear)
    core = alpha > 0.8 * float(alpha.max())
    middle, bright = (
        max(float(each), least)
        for each, least in zip(np.percentile(seen[..., 0][core], (50, 92)), DARKEST, strict=True)
    )
    chroma = np.hypot(seen[..., 1], seen[..., 2])
    share = alpha * (1 - np.float32(0.92) * _skin_like(scene, box)) * np.float32(amount)
    share *= 1 - _shines_through(scene, chroma, float(np.median(chroma[core])), middle)
    dark = np.float32(smoothstep(np.float32(middle), *DARK))
    # what is bright at the rim of dark hair is what lies behind it
    own = seen if dark == 0 else seen + dark * (own_colour(seen, alpha, scene.face.height_px) - seen)
    room = lift * float(np.clip((WHITEST - middle) / 0.55, 0.3, 1.2))
    grey = _greyed(own, (middle, bright), room, scene.face.height_px)
    grey[..., 0] += _streaks(scene, np.ascontiguousarray(own[..., 0]), alpha, box, seed)
    change = oklab_to_linear(grey) - oklab_to_linear(own)
    return Layer(box, to_srgb(linear + change), np.clip(share, 0, 1))


def _greyed(own: np.ndarray, levels: tuple[float, float], room: float, unit: float) -> np.ndarray:
    """OKLab of hair gone grey. levels: its middle and its bright lightness. room: how far lit strands are lifted."""
    middle, bright = levels
    lightness = np.ascontiguousarray(own[..., 0])
    single = np.clip(lightness - blur(lightness, 0.010 * unit), -0.05, 0.05)
    # blacks that the camera crushed are not lifted: only its noise and the blocks of its file would turn silver
    calm = blur(lightness, 0.004 * unit)
    lit = smoothstep(calm, 0.35 * middle, 0.5 * (middle + bright)) * (1 - smoothstep(lightness, 0.72, 0.92))
    silver = lightness + np.float32(room) * lit * (1 + 8 * single) + np.float32(0.3) * single
    silver = np.where(lightness > WHITEST, lightness, np.minimum(silver, WHITEST))
    blue = own[..., 2] * np.float32(0.18) - np.float32(0.002) * lit
    return np.stack([silver, own[..., 1] * np.float32(0.12), blue], -1).astype(np.float32)


def _streaks(scene: Scene, lightness: np.ndarray, alpha: np.ndarray, box: Box, seed: int) -> np.ndarray:
    """How much lighter single silver strands are, (h, w): salt and pepper where the camera showed nothing but black."""
    unit = scene.face.height_px
    black = smoothstep(blur(lightness, 0.01 * unit), *BLACK)
    if float((black * alpha).sum()) < 0.1 * float(alpha.sum()):
        return np.zeros_like(black)
    drawn = smoothstep(strands(scene, lightness, alpha, box, seed, 0.008, per_face=FINE), -1.2, 2.0)
    drawn = blur(drawn, 0.5 * softness_px(scene, *eyes_of(scene.face)))
    return np.asarray(black * drawn * np.float32(STREAK * room_light(scene)))


def _shines_through(scene: Scene, chroma: np.ndarray, own: float, middle: float) -> np.ndarray:
    """How much of each pixel is skin between dark strands, by its chroma: silver there would be frost."""
    skin = float(np.hypot(*scene.complexion.tone[1:]))
    tells = float(smoothstep(np.asarray([skin - own], np.float32), 0.02, 0.04)[0]) * (middle < 0.42)
    return np.asarray(smoothstep(chroma, own + 0.35 * (skin - own), own + 0.8 * (skin - own)) * np.float32(tells))


def _skin_like(scene: Scene, box: Box) -> np.ndarray:
    """How much each pixel of the box is plain skin of the face by its colour. Fair hair beside it may look the same."""
    look, near = scene.complexion, scene.near
    rough = np.abs(look.lab[..., 0] - blur(np.ascontiguousarray(look.lab[..., 0]), 2.0))
    plain = 1 - smoothstep(blur(rough, 2.5), 0.012, 0.030)
    outline = spline((forehead_top(scene) - near.origin) * np.float32(look.scale))
    face = blur(fill_polygons(look.likeness.shape, [outline]), 0.02 * scene.face.height_px * look.scale)
    like = smoothstep(look.likeness, 0.35, 0.85) * plain * face
    whole = resize(blur(like, 0.8), near.height, near.width)
    found = np.zeros((box.height, box.width), np.float32)
    x0, y0 = max(box.x0, near.x0), max(box.y0, near.y0)
    x1, y1 = min(box.x1, near.x1), min(box.y1, near.y1)
    if x1 > x0 and y1 > y0:
        found[y0 - box.y0 : y1 - box.y0, x0 - box.x0 : x1 - box.x0] = whole[
            y0 - near.y0 : y1 - near.y0, x0 - near.x0 : x1 - near.x0
        ]
    return found
