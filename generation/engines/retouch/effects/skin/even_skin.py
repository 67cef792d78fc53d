"""Takes the redness off cheeks, nose and chin, and lifts grey patches, towards the face's own tone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur, resize
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.masks import forehead_top
from generation.engines.retouch.paint import box_around, lab_of, layer_of, part
from generation.face.regions import OVAL

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, amount: float = 0.5) -> Layer:
    """Low frequencies of hue and chroma are drawn to the skin's tone; lightness and fine colour stay.

    Args:
        amount: 0 to 1; at 1 the whole face has one hue, which looks like a mask.
    """
    look = scene.complexion
    box = box_around(scene, np.vstack([scene.face.points[list(OVAL)], forehead_top(scene)]), 0.02)
    skin = part(scene, scene.skin, box)
    lab = lab_of(canvas, box)
    height, width = max(8, round(box.height * look.scale)), max(8, round(box.width * look.scale))
    weight = resize(skin, height, width)
    sigma = 0.045 * scene.face.height_px * look.scale
    lying = blur(weight, sigma) + np.float32(1e-3)
    for channel in (1, 2):
        small = resize(np.ascontiguousarray(lab[..., channel]), height, width)
        broad = blur(small * weight, sigma) / lying
        change = np.clip(look.tone[channel] - broad, -0.05, 0.05) * np.float32(amount)
        lab[..., channel] += resize(change, box.height, box.width) * skin
    return layer_of(box, lab, skin)
