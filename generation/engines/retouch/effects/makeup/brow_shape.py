"""Brows drawn anew: straight and soft, or high and sharp with the natural ones concealed. Knows the mesh only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur
from generation.engines.retouch.layer import Layer, lay
from generation.engines.retouch.paint import box_around, lab_of, layer_of, part
from generation.engines.retouch.painting.pigments import sheet_for, worn
from generation.engines.retouch.painting.strokes import both, stroke
from generation.face.regions import BROW_LEFT, BROW_RIGHT

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

STRAIGHT = ((-0.062, -0.075), (-0.12, -0.085), (-0.19, -0.090), (-0.25, -0.084), (-0.305, -0.066))
ARCHED = ((-0.072, -0.150), (-0.13, -0.180), (-0.205, -0.205), (-0.28, -0.196), (-0.350, -0.128))


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    colour: str = "#3a281e",
    amount: float = 0.6,
    arch: float = 0.0,
    thick: float = 1.0,
    conceal: float = 0.0,
) -> list[Layer]:
    """Draw both brows.

    Args:
        amount: 0 to 1.
        arch: 0 straight, 1 high above the natural brow.
        thick: 1 is a full brow.
        conceal: 0 to 1, how far the natural brow is covered with the skin's own tone.
    """
    path = np.asarray(STRAIGHT) * (1 - arch) + np.asarray(ARCHED) * arch
    sheet = sheet_for(scene)
    widths = np.asarray([0.014, 0.030, 0.031, 0.024, 0.003]) * thick
    sheet.fill(both(stroke(path, widths.tolist())), colour, amount, 0.005 - 0.003 * arch)
    hidden = _concealed(scene, canvas, conceal) if conceal > 0 else []
    if hidden:
        canvas = canvas.copy()
        for layer in hidden:
            lay(canvas, layer, 1.0)
    return [*hidden, worn(scene, canvas, sheet, under_hair=False)]


def _concealed(scene: Scene, canvas: np.ndarray, amount: float) -> list[Layer]:
    """Hairs are pressed flat and covered: their place takes the tone of the skin just above and below."""
    unit = scene.face.height_px
    layers = []
    for brow in (BROW_RIGHT, BROW_LEFT):
        box = box_around(scene, scene.face.points[list(brow)], 0.06)
        lab = lab_of(canvas, box)
        hidden = np.clip(1.6 * blur(part(scene, scene.brows, box), 0.008 * unit), 0, 1)
        skin = part(scene, scene.skin, box) * (1 - hidden) + np.float32(1e-4)
        around = blur(lab * skin[..., None], 0.035 * unit) / blur(skin, 0.035 * unit)[..., None]
        weight = hidden * (1 - part(scene, scene.occluders, box)) * np.float32(amount)
        relief = lab[..., 0] - blur(np.ascontiguousarray(lab[..., 0]), 0.006 * unit)
        around[..., 0] += np.float32(0.3) * relief
        lab += weight[..., None] * (around - lab)
        layers.append(layer_of(box, lab, weight))
    return layers
