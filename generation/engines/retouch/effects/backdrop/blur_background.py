"""Throws the photo's own background out of focus, as a fast lens would."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import LUMA, blur, resize, smoothstep, to_linear, to_srgb
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.scene import Scene
from generation.engines.retouch.scenery.backdrop import before, person_colours
from generation.engines.retouch.scenery.lens import disc, fine_grain

NEEDS = ("person", "foreground")
REACH = 7
"""The blur's radius on the small copy it is made on, px."""


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, radius: float = 0.075, sparkle: float = 2.5) -> Layer:
    """Blur it.

    Args:
        radius: of the blur, in face heights.
        sparkle: how much brighter bright lights were than the photo could hold.
    """
    height, width = scene.height, scene.width
    step = max(1, int(scene.face.height_px * radius / REACH))
    rows, cols = max(8, height // step), max(8, width // step)
    light = to_linear(resize(scene.pixels, rows, cols))
    # only the background spreads; nothing of the person bleeds into it
    weight = smoothstep(resize(scene.person, rows, cols), 0.4, 0.02) + np.float32(1e-4)
    shine = light @ LUMA
    # lamps, not walls: what is brighter than all the background around it
    around = blur(shine * weight, 2.5 * REACH) / blur(weight, 2.5 * REACH)
    light *= (1 + np.float32(sparkle) * smoothstep(shine, 0.5, 1.0) * smoothstep(shine - around, 0.05, 0.3))[..., None]
    kernel = disc(scene.face.height_px * radius / step)
    total = cv2.filter2D(light * weight[..., None], -1, kernel, borderType=cv2.BORDER_REFLECT_101)
    weights = cv2.filter2D(weight, -1, kernel, borderType=cv2.BORDER_REFLECT_101)
    soft = total / np.maximum(weights, 1e-4)[..., None]
    soft = np.where(soft > 0.75, 0.75 + 0.25 * np.tanh((soft - 0.75) * 3), soft).astype(np.float32)
    backdrop = cv2.resize(to_srgb(soft), (width, height), interpolation=cv2.INTER_CUBIC)
    backdrop += fine_grain(backdrop.shape, seed, 0.004)
    np.clip(backdrop, 0, 1, out=backdrop)
    return before(scene, person_colours(scene, canvas), backdrop, wrap=0.12)
