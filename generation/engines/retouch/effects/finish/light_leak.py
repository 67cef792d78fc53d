"""Warm light that got into the camera from the side, as on old film."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import parse_rgb, resize
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.media.film import clouds, screen
from generation.engines.retouch.scene import Scene


def apply(
    scene: Scene, canvas: np.ndarray, *, seed: int, amount: float = 0.5, hot: str = "#ffb45e", deep: str = "#e0442a"
) -> Layer:
    """Light from one edge, the one farther from the face: `hot` at its heart, `deep` further in."""
    height, width = scene.height, scene.width
    rows, columns = max(8, height // 8), max(8, width // 8)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    from_edge = x / columns if scene.face.points[4][0] > width / 2 else 1 - x / columns
    swell = 0.55 + 0.45 * np.sin(y / rows * 4.2 + seed % 7) + 0.5 * (clouds(rows, columns, 3, seed) - 0.5)
    reach = np.clip(swell, 0.1, 1.2) * 0.24
    strength = np.exp(-((from_edge / reach) ** 2)) * np.float32(amount)
    heart = np.exp(-((from_edge / (0.55 * reach)) ** 2))[..., None]
    tint = parse_rgb(deep) + heart * (parse_rgb(hot) - parse_rgb(deep))
    leak = resize((strength[..., None] * tint).astype(np.float32), height, width)
    return Layer(Box.whole(height, width), screen(canvas, leak), None)
