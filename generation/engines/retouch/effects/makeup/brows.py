"""Fills and darkens brows along their own hairs. Knows the brows' outline only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur, parse_colour, smoothstep
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.paint import box_around, lab_of, layer_of, part
from generation.face.regions import BROW_LEFT, BROW_RIGHT

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, colour: str = "#2a1c16", amount: float = 0.5) -> list[Layer]:
    """Hairs take most of the colour, the skin between them a third, so a brow stays made of hairs.

    Args:
        amount: 0 to 1.
    """
    unit = scene.face.height_px
    goal = parse_colour(colour)
    layers = []
    for brow in (BROW_RIGHT, BROW_LEFT):
        box = box_around(scene, scene.face.points[list(brow)], 0.04)
        lab = lab_of(canvas, box)
        lightness = np.ascontiguousarray(lab[..., 0])
        hairs = smoothstep(blur(lightness, 0.03 * unit) - lightness, -0.02, 0.08)
        weight = part(scene, scene.brows, box) * (0.3 + 0.7 * hairs) * (1 - part(scene, scene.occluders, box))
        weight = np.asarray(weight * np.float32(amount), np.float32)
        lab[..., 0] += (np.minimum(lightness, goal[0] + (lightness - goal[0]) * 0.45) - lightness) * weight
        for channel in (1, 2):
            lab[..., channel] += (goal[channel] - lab[..., channel]) * weight
        layers.append(layer_of(box, lab, weight))
    return layers
