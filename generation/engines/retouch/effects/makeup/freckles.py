"""Freckles over nose and cheeks, scattered on the mesh so that they turn with the face."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engines.retouch.colour import blur
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.lids import eyes_in, softness_px
from generation.engines.retouch.paint import box_around, lab_of, layer_of, part
from generation.face.regions import SHIFT

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

# fmt: off
# The mesh over nose and cheeks, from the lower lids to the mouth.
FIELD = (111, 117, 118, 119, 120, 121, 128, 6, 357, 350, 349, 348, 347, 346, 340, 352, 411, 425, 426, 423, 331, 279, 4,
         49, 102, 203, 206, 205, 187, 123)
# fmt: on


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, amount: float = 0.7, count: int = 420) -> Layer:
    """Scatter freckles.

    Args:
        amount: 0 to 1, how dark.
        count: of the freckles.
    """
    unit, face = scene.face.height_px, scene.face
    box = box_around(scene, face.points[list(FIELD)], 0.06)
    times = 2 if unit < 700 else 1
    spots = np.zeros((box.height * times, box.width * times), np.uint8)
    rng = np.random.default_rng(seed)
    for place in _scattered(scene, rng, count):
        at = ((place - box.origin + 0.5) * times - 0.5) * (1 << SHIFT)
        radius = max(0.5, 0.0017 * unit * rng.lognormal(0, 0.42)) * times * (1 << SHIFT)
        axes = (round(radius * rng.uniform(0.85, 1.35)), round(radius))
        shade = round(255 * (0.15 + 0.85 * rng.random() ** 1.8))
        centre = (round(float(at[0])), round(float(at[1])))
        cv2.ellipse(spots, centre, axes, rng.uniform(0, 180), 0, 360, (shade,), -1, cv2.LINE_AA, SHIFT)
    small = cv2.resize(spots, (box.width, box.height), interpolation=cv2.INTER_AREA).astype(np.float32)
    softness = max(softness_px(scene, *eyes_in(scene)), 0.0012 * unit)
    weight = blur(small * np.float32(amount / 255), softness) * part(scene, scene.skin, box)
    lab = lab_of(canvas, box)
    # melanin: darker and a little more orange; on deep skin there is less room to go
    lab[..., 0] *= 1 - weight * 0.26
    lab[..., 1] += weight * 0.022
    lab[..., 2] += weight * 0.030
    return layer_of(box, lab, weight)


def _scattered(scene: Scene, rng: np.random.Generator, count: int) -> np.ndarray:
    """(count, 2) px: a third over the bridge of the nose, the rest over the cheeks' upper halves, thinning out."""
    face = scene.face
    left, right = face.points[[234, 127]].mean(axis=0), face.points[[454, 356]].mean(axis=0)
    middle = face.points[195]
    nose = rng.random(count) < 0.34
    side = rng.choice((-1.0, 1.0), count)
    across = np.where(nose, rng.normal(0, 0.16, count), side * np.abs(rng.normal(0.42, 0.20, count)))
    down = np.where(nose, rng.normal(-0.005, 0.050, count), rng.normal(0.030, 0.050, count))
    across = np.clip(across, -0.95, 0.95)[:, None]
    # towards each side as far as that side of a turned face is seen
    reach = np.where(across < 0, (middle - left) * across, (right - middle) * across) * 0.9
    return np.asarray(middle + reach - face.up * down[:, None] * face.height_px)
