"""Brightens the whites of the eyes a little and clears the irises. Their colour stays; `iris` changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur, smoothstep
from generation.engines.retouch.effects import Skip
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.lids import Eye, eyes_in
from generation.engines.retouch.paint import box_around, lab_of, layer_of, part, places
from generation.job import Note

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, amount: float = 0.6) -> list[Layer]:
    """Brighten the eyes that are open.

    Args:
        amount: 0 to 1.
    """
    seeing = [eye for eye in eyes_in(scene) if not eye.closed]
    if not seeing:
        raise Skip(Note.EYES_CLOSED)
    return [_brighten(scene, canvas, eye, amount * eye.facing) for eye in seeing]


def _brighten(scene: Scene, canvas: np.ndarray, eye: Eye, amount: float) -> Layer:
    box = box_around(scene, eye.outline, 0.03)
    lab = lab_of(canvas, box)
    opening = part(scene, scene.eyes, box) * (1 - part(scene, scene.occluders, box))
    x, y = places(box)
    away = np.hypot(x - eye.iris[0], y - eye.iris[1]) / np.float32(max(eye.iris_px, 1))
    within = 1 - smoothstep(away, 0.96, 1.10)
    white = blur(opening * (1 - within), 0.003 * scene.face.height_px) * opening * np.float32(amount)
    lab[..., 0] += white * 0.05 * smoothstep(lab[..., 0], 0.35, 0.75)
    for channel in (1, 2):
        lab[..., channel] *= 1 - 0.5 * white
    iris = within * opening * np.float32(amount)
    lightness = np.ascontiguousarray(lab[..., 0])
    lab[..., 0] += iris * ((lightness - blur(lightness, 0.25 * eye.iris_px)) * np.float32(0.5) + np.float32(0.018))
    return layer_of(box, lab, opening * np.float32(amount > 0))
