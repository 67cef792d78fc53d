"""Draws the folds of age into the skin, lit as the photo lights the face, and deepens the lines that are there.

Knows where faces fold (creases), not how old this one is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, smooth
from generation.engines.retouch.creases import BROAD, colourful, creases
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.masks import forehead_top
from generation.engines.retouch.paint import box_around, lab_of, part
from generation.engines.retouch.relief import less_where_clipped, relief, tenderness
from generation.face.regions import OVAL

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

HALF, THIN = 0.45, 0.62
"""Of the tenderest face: how much flatter folds are, and how deep a narrow one must be to be drawn at all."""


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, amount: float = 1.0, own: float = 0.6) -> Layer:
    """A fold is a valley between two soft banks: dark at its bottom, and one bank catches the light.

    Shading multiplies lightness, so it is as strong on every complexion; folds are as soft as the photo. Skin that
    shows little of its own, for it is young, blurred or far away, gets fewer and flatter ones.

    Args:
        amount: 0 to 1, the depth of the folds.
        own: 0 to 1, how far the skin's own lines and pores are deepened.
    """
    face = scene.face
    box = box_around(scene, np.vstack([face.points[list(OVAL)], forehead_top(scene)]), 0.02)
    lab = lab_of(canvas, box)
    free = part(scene, scene.skin, box) * (1 - part(scene, scene.occluders, box))
    rng = np.random.default_rng(seed)
    unit = face.height_px
    lightness = np.ascontiguousarray(lab[..., 0])
    tender = tenderness(lightness, free, unit)
    folds = [fold for fold in creases(face, rng) if fold.width >= BROAD or fold.depth >= THIN * tender]
    shade = relief(scene, box, folds, rng, 0.11 * (1 - 0.6 * tender)) * np.float32(amount * (1 - HALF * tender))
    base = smooth(lightness, 0.03 * unit, 0.02, max(1, round(unit / 180)))
    fine = blur(lightness, max(0.6, 0.002 * unit))
    lines = np.clip(fine - base, -0.08, 0.05)
    shade = less_where_clipped(shade, lightness, unit)
    lab[..., 0] = (lightness + lines * np.float32(own)) * np.exp(shade)
    for channel, share in ((1, 0.020), (2, 0.006)):  # blood shows in a fold
        lab[..., channel] += np.clip(-shade, 0, 0.5) * np.float32(share * colourful(scene))
    return Layer(box, from_oklab(lab), free)
