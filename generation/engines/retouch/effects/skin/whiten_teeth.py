"""Takes the yellow out of teeth and lightens them a little. Does nothing when the mouth is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur, smoothstep
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.paint import box_around, lab_of, layer_of, part
from generation.face.regions import LIPS_INNER

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, amount: float = 0.6) -> Layer | None:
    """Teeth are what is light and not red between the lips, so gums and tongue stay.

    Args:
        amount: 0 to 1.
    """
    if not scene.mouth.any():
        return None
    box = box_around(scene, scene.face.points[list(LIPS_INNER)], 0.02)
    lab = lab_of(canvas, box)
    light = scene.complexion.lightness
    bright = smoothstep(lab[..., 0], 0.50 * light + 0.12, 0.60 * light + 0.22)
    pale = 1 - smoothstep(lab[..., 1], 0.045, 0.09)
    teeth = blur(part(scene, scene.mouth, box) * bright * pale, 0.003 * scene.face.height_px)
    teeth *= part(scene, scene.mouth, box) * np.float32(amount)
    lab[..., 2] -= teeth * np.clip(lab[..., 2] - 0.008, 0, 0.1) * 0.8
    lab[..., 1] *= 1 - teeth * 0.4
    lab[..., 0] += teeth * 0.03
    return layer_of(box, lab, teeth)
