"""A pelt around neck and shoulders, under chin, hair and hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.objects.collars import around_neck, fur
from generation.engines.retouch.objects.wear import photo_light

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

NEEDS = ("person", "hair")
INNER, OUTER, LONGEST = 0.44, 1.05, 0.26


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, dark: str = "#33271d", pale: str = "#c9b192") -> list[Layer]:
    """The pelt; its hairs lie between two colours."""
    around = around_neck(scene.face, OUTER + LONGEST, scene.person)
    if around is None:
        return []
    picture, mask = fur(around, INNER, OUTER, (dark, pale), seed, scene.person[around.box.rows_cols] < 0.5)
    box, lamp = around.box, photo_light(scene)
    hidden = np.maximum(scene.hair, scene.in_front)
    hidden[scene.near.rows_cols] = np.maximum(hidden[scene.near.rows_cols], scene.face_oval)
    free = 1 - hidden[box.rows_cols]
    picture *= (lamp.colour ** np.float32(0.4) * np.float32(lamp.level**0.4))[None, None]
    shadow = blur(mask, 0.05 * around.unit_px) * scene.person[box.rows_cols] * free * np.float32(0.5)
    return [Layer(box, np.zeros_like(picture), shadow * (1 - mask)), Layer(box, picture, mask * free)]
