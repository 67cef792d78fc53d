"""Lightens shadows and rings under the eyes towards the cheek below. Knows nothing of the eyes themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.lids import Eye, eyes_in
from generation.engines.retouch.paint import box_around, lab_of, layer_of, part
from generation.face.regions import CHEEK_LEFT, CHEEK_RIGHT, fill_polygons, spline

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, amount: float = 0.5) -> list[Layer]:
    """Lighten both sides, each towards its own cheek.

    Args:
        amount: 0 to 1; 1 takes the whole difference to the cheek away, which looks flat.
    """
    sides = zip(eyes_in(scene), (CHEEK_RIGHT, CHEEK_LEFT), strict=True)
    return [_lighten(scene, canvas, eye, cheek, amount) for eye, cheek in sides]


def _lighten(scene: Scene, canvas: np.ndarray, eye: Eye, cheek: tuple[int, ...], amount: float) -> Layer:
    unit = scene.face.height_px
    patch = scene.face.points[list(cheek)]
    box = box_around(scene, np.vstack([eye.hollow, eye.lower, patch]), 0.03)
    lab = lab_of(canvas, box)
    shape = (box.height, box.width)
    skin = part(scene, scene.skin, box)
    below = fill_polygons(shape, [patch - box.origin])
    plain = lab[(below > 0.9) & (skin > 0.6)]
    goal = np.median(plain, axis=0) if len(plain) > 8 else scene.complexion.tone
    bag = fill_polygons(
        shape, [np.vstack([spline(eye.lower, closed=False), spline(eye.hollow[::-1], closed=False)]) - box.origin]
    )
    weight = blur(bag, 0.016 * unit) * skin * (1 - part(scene, scene.occluders, box))
    broad = blur(lab, 0.02 * unit)
    limits = ((-0.01, 0.16), (-0.03, 0.03), (-0.02, 0.05))
    for channel, (least, most) in enumerate(limits):
        change = np.clip(goal[channel] - broad[..., channel], least, most)
        lab[..., channel] += change * weight * np.float32(amount)
    return layer_of(box, lab, weight)
