"""Blush on the cheeks: a soft spot drawn out towards the temple. Knows the skin mask only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import parse_colour
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.paint import box_around, lab_of, layer_of, part, spot

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

# Middle of the cheek, below it, above it, and the ear.
CHEEKS = ((50, 205, 116, 234), (280, 425, 345, 454))


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    colour: str = "#e0556a",
    amount: float = 0.45,
    height: float = 0.0,
    nose: float = 0.0,
) -> list[Layer]:
    """Dab both cheeks.

    Args:
        amount: 0 to 1.
        height: 0 on the apples of the cheeks, 1 high on the cheek bones.
        nose: as much again across the bridge of the nose, like after a day in the sun.
    """
    face = scene.face
    layers = []
    for cheek in CHEEKS:
        apple, low, high, ear = face.points[list(cheek)]
        centre = (apple * 0.6 + low * 0.15 + high * 0.25) * (1 - height) + (high * 0.7 + apple * 0.3) * height
        along = (ear - low) / np.linalg.norm(ear - low) + face.up * 0.35
        # a cheek that is turned away is foreshortened, and so is the spot
        shown = float(np.clip(np.linalg.norm(apple - ear) / (0.16 * face.height_px), 0.35, 1.1))
        layers.append(_dab(scene, canvas, centre, along, (0.105 * shown, 0.062), colour, amount))
    if nose:
        layers.append(_dab(scene, canvas, face.points[195], face.right, (0.12, 0.045), colour, amount * nose))
    return layers


def _dab(
    scene: Scene,
    canvas: np.ndarray,
    centre: np.ndarray,
    along: np.ndarray,
    sigmas: tuple[float, float],
    colour: str,
    amount: float,
) -> Layer:
    """A spot of rouge; sigmas in face heights. Rouge is sheer: it tints and hardly darkens."""
    unit = scene.face.height_px
    box = box_around(scene, centre[None], 2.7 * max(sigmas))
    lab = lab_of(canvas, box)
    weight = spot(box, centre, along, (sigmas[0] * unit, sigmas[1] * unit))
    # the spot must be gone at the box's edge
    weight = np.clip((weight - 0.03) / 0.97, 0, 1) * part(scene, scene.skin, box)
    weight *= (1 - part(scene, scene.occluders, box)) * np.float32(amount)
    goal = scene.complexion.lit(parse_colour(colour), 0.35)
    lab[..., 1] += (goal[1] - lab[..., 1]) * weight
    lab[..., 2] += (goal[2] - lab[..., 2]) * weight * np.float32(0.8)
    lab[..., 0] += (np.minimum(goal[0], lab[..., 0]) - lab[..., 0]) * weight * np.float32(0.3)
    return layer_of(box, lab, weight)
