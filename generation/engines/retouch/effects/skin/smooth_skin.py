"""Smooths skin and evens its colour, keeping pores and the face's relief. Knows the skin mask only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, smooth
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.masks import forehead_top
from generation.engines.retouch.paint import box_around, lab_of, part
from generation.face.regions import OVAL

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, amount: float = 0.7, even: float = 0.6) -> Layer:
    """Lightness is split into a base that keeps edges, a middle band of blotches, and pores.

    The middle band is taken down, dark spots more than light ones; pores stay. Hue and chroma are drawn towards
    their edge-keeping mean.

    Args:
        amount: of the smoothing, 0 to 1.
        even: how far colour is drawn to its mean, 0 to 1.
    """
    unit = scene.face.height_px
    box = box_around(scene, np.vstack([scene.face.points[list(OVAL)], forehead_top(scene)]), 0.02)
    lab = lab_of(canvas, box)
    step = max(1, round(unit / 180))
    lightness = np.ascontiguousarray(lab[..., 0])
    base = smooth(lightness, 0.035 * unit, 0.04, step)
    soft = blur(lightness, max(0.6, 0.0028 * unit))
    middle = soft - base
    kept = np.where(middle < 0, np.float32(1 - 0.95 * amount), np.float32(1 - 0.6 * amount))
    pores = (lightness - soft) * np.float32(1 - 0.07 * amount)
    lab[..., 0] = base + middle * kept + pores
    for channel in (1, 2):
        colour = np.ascontiguousarray(lab[..., channel])
        lab[..., channel] += (smooth(colour, 0.06 * unit, 0.014, step) - colour) * np.float32(even)
    return Layer(box, from_oklab(lab), part(scene, scene.skin, box))
