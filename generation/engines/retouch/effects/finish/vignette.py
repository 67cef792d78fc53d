"""Dark corners around the face."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import parse_rgb
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.media import film
from generation.engines.retouch.scene import Scene


def apply(
    scene: Scene, canvas: np.ndarray, *, seed: int, amount: float = 0.4, reach: float = 1.0, colour: str = "#000000"
) -> Layer:
    """Corners fall to `colour` by `amount`; `reach` is how far out it begins."""
    kept = film.vignette(scene.height, scene.width, scene.face.points[4], amount, reach)
    flat = np.broadcast_to(parse_rgb(colour), canvas.shape)
    return Layer(Box.whole(scene.height, scene.width), flat, 1 - kept)
