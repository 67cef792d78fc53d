"""A soft glow from the bright parts of the picture."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.media import film
from generation.engines.retouch.scene import Scene


def apply(
    scene: Scene, canvas: np.ndarray, *, seed: int, amount: float = 0.35, threshold: float = 0.65, radius: float = 0.06
) -> Layer:
    """Light above `threshold` spreads `radius` face heights around."""
    spread = film.bloom(canvas, threshold, radius * scene.face.height_px)
    return Layer(Box.whole(scene.height, scene.width), film.screen(canvas, spread * np.float32(amount)), None)
