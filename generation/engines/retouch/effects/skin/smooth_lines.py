"""Fills the folds of the face: shade in a fold is lifted to the skin beside it. Never lightens the face as a whole.

Works where faces fold (creases), on what is darker there than its surroundings; pores stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, resize
from generation.engines.retouch.creases import creases
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.masks import forehead_top
from generation.engines.retouch.paint import box_around, lab_of, layer_of, part
from generation.face.regions import OVAL

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

WORK_HEIGHT_PX = 220


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, amount: float = 0.8) -> Layer:
    """The bands between 0.01 and 0.06 face heights are taken down near the folds: dark ones all, bright ones half.

    Args:
        amount: 0 to 1.
    """
    box = box_around(scene, np.vstack([scene.face.points[list(OVAL)], forehead_top(scene)]), 0.02)
    scale = min(1.0, WORK_HEIGHT_PX / scene.face.height_px)
    shape = (max(8, round(box.height * scale)), max(8, round(box.width * scale)))
    unit = scene.face.height_px * scale
    folds = np.zeros(shape, np.uint8)
    for fold in creases(scene.face, np.random.default_rng(0)):
        path = np.round((fold.path - box.origin) * scale * 16).astype(np.int32)
        cv2.polylines(folds, [path.reshape(-1, 1, 2)], False, (255,), max(1, round(0.035 * unit)), cv2.LINE_AA, 4)
    near = blur(folds.astype(np.float32) / np.float32(255), 0.014 * unit)
    lab = lab_of(canvas, box)
    skin = part(scene, scene.skin, box) * (1 - part(scene, scene.occluders, box))
    small, free = resize(np.ascontiguousarray(lab[..., 0]), *shape), resize(skin, *shape)
    fine = blur(small, 0.006 * unit)
    # the surroundings, of skin alone: lips and nostrils must not darken them
    sigma = 0.055 * unit
    around = blur(small * free, sigma) / np.maximum(blur(free, sigma), 0.05)
    change = np.clip(around - fine, -0.03, 0.12)
    change = blur(np.where(change > 0, change, 0.5 * change) * near, 0.006 * unit)
    lab[..., 0] += resize(change, box.height, box.width) * skin * np.float32(0.85 * amount)
    return layer_of(box, lab, skin)
