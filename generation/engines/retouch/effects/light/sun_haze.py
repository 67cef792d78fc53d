"""A low sun just outside an upper corner: warm light veils that side of the picture and thins out across it.

The sun stands on the side the photo's own light comes from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engines.retouch.colour import parse_rgb
from generation.engines.retouch.lamps import lamp_side, photo_light
from generation.engines.retouch.layer import Box, Layer

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

STEP = 8
"""The veil is drawn this many times smaller: it has no edges."""


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, colour: str = "#ffb258", amount: float = 0.5) -> Layer:
    """Lay the veil.

    Args:
        amount: 0 to 1, of the veil at the corner.
    """
    rows, cols = -(-scene.height // STEP), -(-scene.width // STEP)
    y, x = np.mgrid[0:rows, 0:cols].astype(np.float32)
    right = lamp_side(photo_light(scene)) > 0
    across = (cols - 1 - x if right else x) / np.float32(cols)
    down = y / np.float32(rows)
    # the sun stands a little outside, a fifth of the way down
    away = np.sqrt(np.square(across + 0.08) + np.square((down - 0.2) * 0.8))
    veil = np.exp(-np.square(away / 0.62)) * np.float32(amount)
    veil = cv2.resize(veil.astype(np.float32), (scene.width, scene.height), interpolation=cv2.INTER_LINEAR)
    light = np.empty_like(canvas)
    light[:] = parse_rgb(colour)
    # screen: 1 - (1 - a)(1 - b); light adds most where the picture is dark
    screened = canvas + light * (1 - canvas)
    return Layer(Box.whole(scene.height, scene.width), screened, veil)
