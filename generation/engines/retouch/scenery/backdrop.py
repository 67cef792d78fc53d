"""Puts a person before another background. Knows how, not which."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import blur, resize, smoothstep, to_canvas
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.scene import Scene


def before(scene: Scene, own: np.ndarray, backdrop: np.ndarray, *, wrap: float) -> Layer:
    """The person before a backdrop.

    Args:
        own: (H, W, 3) float32 sRGB: the person's own colours; written to.
        backdrop: (H, W, 3) float32 sRGB, 0 to 1.
        wrap: how far its light reaches around the edges, 0 to 1.
    """
    if wrap > 0:
        _wrap(own, backdrop, scene.person, wrap, scene.face.height_px)
    own -= backdrop
    own *= scene.person[..., None]
    own += backdrop
    return Layer(Box.whole(scene.height, scene.width), own, None)


def person_colours(scene: Scene, canvas: np.ndarray) -> np.ndarray:
    """(H, W, 3) float32: the canvas with the old background's share taken out of the person's edges."""
    mixed = smoothstep(scene.person, 0.999, 0.9)[..., None]
    own = to_canvas(scene.foreground)
    own -= to_canvas(scene.pixels)
    own *= mixed
    own += canvas
    return np.clip(own, 0, 1, out=own)


def _wrap(own: np.ndarray, backdrop: np.ndarray, alpha: np.ndarray, wrap: float, unit: float) -> None:
    """Screens the blurred backdrop over the person's edges, in place."""
    height, width = alpha.shape
    rows, cols = max(8, height // 4), max(8, width // 4)
    light = blur(resize(backdrop, rows, cols), 0.07 * unit / 4)
    edge = 1 - blur(resize(alpha, rows, cols), 0.035 * unit / 4)
    light = resize(light * (np.float32(wrap) * edge)[..., None], height, width)
    light *= 1 - own
    light *= alpha[..., None]
    own += light
