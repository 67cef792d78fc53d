"""Inks instead of all colours: shadows in one, lights in another, a third between. Tones keep their order."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, parse_colour, smooth, smoothstep, to_oklab
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.scene import Scene


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    shadow: str = "#1b0b4b",
    middle: str = "#d62a9c",
    light: str = "#7ff6ff",
    amount: float = 0.85,
    contrast: float = 0.4,
    skin: float = 0.15,
) -> Layer:
    """Hue and chroma by lightness alone; lightness itself is the photo's, so that every skin stays as dark as it is.

    Args:
        shadow, middle, light: the inks. amount: 0 to 1. contrast: of fine forms, 0 to 1.
        skin: how much of their own colour eyes, lips and skin keep, 0 to 1.
    """
    lab = to_oklab(canvas)
    tone = np.ascontiguousarray(lab[..., 0])
    base = smooth(tone, 0.05 * scene.face.height_px, 0.08, step=4)
    crisp = tone + (tone - base) * np.float32(contrast)
    inks = [parse_colour(text) for text in (shadow, middle, light)]
    levels = np.linspace(0, 1, 257, dtype=np.float32)
    # the middle ink stands at the face's own lightness: on every skin both other inks show beside it
    own = float(np.clip(scene.complexion.lightness, 0.38, 0.70))
    place = np.where(levels < own, levels / (2 * own), 0.5 + (levels - own) / (2 * (1 - own)))
    ramp = np.stack([np.interp(place, (0.1, 0.5, 0.95), [ink[at] for ink in inks]) for at in range(3)], 1)
    looked_up = ramp[np.clip(crisp * 256, 0, 256).astype(np.int32)].astype(np.float32)
    keep = np.full(tone.shape, amount, np.float32)
    face = blur(scene.face_oval, 0.02 * scene.face.height_px)
    keep[scene.near.rows_cols] *= 1 - np.float32(skin) * face
    drawn = lab.copy()
    deep = smoothstep(crisp, 0.0, 0.10)
    drawn[..., 0] = np.float32(0.05) + np.float32(0.95) * crisp
    for channel in (1, 2):
        drawn[..., channel] += keep * (looked_up[..., channel] * (0.5 + 0.5 * deep) - lab[..., channel])
    return Layer(Box.whole(scene.height, scene.width), from_oklab(drawn), None)
