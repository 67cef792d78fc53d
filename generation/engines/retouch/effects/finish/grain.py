"""Film grain over the whole picture."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.media import film
from generation.engines.retouch.scene import Scene


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, amount: float = 0.4, size: float = 1.0) -> Layer:
    """Strongest in the middle tones. `size` 1 is a grain that suits the picture's own size."""
    grain_px = max(0.8, size * max(scene.height, scene.width) / 900)
    noise = film.grain(scene.height, scene.width, grain_px, seed)
    tone = canvas.mean(2)
    noise = noise * (np.float32(0.05 * amount) * (0.3 + 2.4 * tone * (1 - tone)))
    return Layer(Box.whole(scene.height, scene.width), canvas + noise[..., None], None)
