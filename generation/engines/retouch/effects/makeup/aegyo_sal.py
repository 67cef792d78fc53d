"""The small pillow below the eye that Korean make-up draws: light on it, a soft shadow under it. Knows the lids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur, parse_colour, smoothstep
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.lids import Eye, eyes_in
from generation.engines.retouch.paint import box_around, distance, lab_of, layer_of, part
from generation.face.regions import fill_polygons, spline

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

PILLOW = 0.17
"""How far below the lashes the pillow ends, in eye widths."""


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, colour: str = "#f6d3c4", amount: float = 0.6) -> list[Layer]:
    """Draw both pillows.

    Args:
        colour: of the light on them.
        amount: 0 to 1.
    """
    light = scene.complexion.lit(parse_colour(colour), 0.4)
    layers = []
    for eye in eyes_in(scene):
        box = box_around(scene, np.vstack([eye.lower, eye.hollow]), 0.04)
        lab = lab_of(canvas, box)
        free = part(scene, scene.face_oval, box) * (1 - part(scene, scene.occluders, box))
        pillow, crease = _shapes(scene, eye, box)
        share = np.float32(amount * eye.facing)
        bright, dark = pillow * free * share, crease * free * share
        # never lighter than a well lit cheek of this face would be
        rise = np.float32(np.clip(light[0] - scene.complexion.lightness, 0.02, 0.07))
        lab[..., 0] += rise * bright - np.float32(0.075) * dark
        lab[..., 1] += (light[1] - lab[..., 1]) * bright * np.float32(0.25) + np.float32(0.008) * dark
        layers.append(layer_of(box, lab, np.maximum(bright, dark)))
    return layers


def _shapes(scene: Scene, eye: Eye, box: Box) -> tuple[np.ndarray, np.ndarray]:
    rim = np.vstack([spline(eye.lower, closed=False), spline(eye.hollow[::-1], closed=False)]) - box.origin
    below = blur(fill_polygons((box.height, box.width), [rim]), 0.004 * scene.face.height_px)
    away = distance(box, eye.lower) / np.float32(PILLOW * eye.width_px)
    ends = smoothstep(eye.along(box), 0.08, 0.3) * (1 - smoothstep(eye.along(box), 0.75, 0.98))
    pillow = np.exp(-np.square((away - np.float32(0.5)) / np.float32(0.34))) * below * ends
    crease = np.exp(-np.square((away - np.float32(1.12)) / np.float32(0.17))) * below * ends
    return np.asarray(pillow, np.float32), np.asarray(crease, np.float32)
