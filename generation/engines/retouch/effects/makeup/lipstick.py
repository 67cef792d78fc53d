"""Lipstick: from a tinted balm to opaque, matte to glossy. Keeps the lips' creases and the teeth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, parse_colour, smoothstep
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.lip_edge import lip_mask
from generation.engines.retouch.paint import box_around, lab_of, soft_line
from generation.face.regions import LIPS_OUTER

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

LOWER_LIGHT = ((181, 84, 17, 314, 405), (178, 87, 14, 317, 402))  # outer and inner edge of the lower lip
UPPER_LIGHT = (((40, 39, 37), (80, 81, 82)), ((267, 269, 270), (312, 311, 310)))


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    colour: str = "#b0203a",
    amount: float = 0.85,
    gloss: float = 0.5,
    liner: float = 0.25,
) -> Layer | None:
    """The lips' lightness is moved to the pigment's, their relief is kept.

    Args:
        amount: 0 to 1: how opaque.
        gloss: 0 matte, 1 wet.
        liner: 0 to 1: darker towards the edge.
    """
    unit = scene.face.height_px
    box = box_around(scene, scene.face.points[list(LIPS_OUTER)], 0.07)
    lab = lab_of(canvas, box)
    mask = lip_mask(scene, lab, box)
    core = mask > 0.9
    if core.sum() < 8:
        return None
    middle = np.median(lab[core], axis=0)
    goal = scene.complexion.lit(parse_colour(colour), 0.6)
    lightness = np.ascontiguousarray(lab[..., 0])
    broad = blur(lightness, 0.012 * unit)
    relief = lightness - broad
    painted = goal[0] + (broad - middle[0]) * np.float32(0.80 if goal[0] > 0.35 else 0.62)
    painted += relief * np.float32(0.6 + 0.35 * gloss)
    shine = smoothstep(lightness - middle[0], 0.07, 0.22) * np.float32(gloss)
    painted += shine * 0.30 * (1 - painted)
    if gloss > 0:
        painted += _light(scene, box) * gloss * 0.20 * (0.6 + 0.8 * smoothstep(relief, -0.01, 0.03))
    if liner > 0:
        painted -= (1 - smoothstep(blur(mask, 0.016 * unit), 0.35, 0.78)) * np.float32(0.10 * liner)
    # colours are dull in the mouth's own shadow, and pale where light is mirrored
    vivid = (1 - 0.55 * shine) * np.clip(painted / goal[0], 0.1, 1) * (1 - np.clip(painted - goal[0] - 0.04, 0, 0.4))
    for channel in (1, 2):
        lab[..., channel] = goal[channel] * vivid + (lab[..., channel] - middle[channel]) * 0.45 * (1 - 0.55 * shine)
    lab[..., 0] = np.clip(painted, 0.03, 0.98)
    return Layer(box, from_oklab(lab), np.clip(mask * np.float32(amount), 0, 1))


def _light(scene: Scene, box: Box) -> np.ndarray:
    """Where wet lips catch the light: along the lower lip and on both sides of the upper lip's bow."""
    points, unit = scene.face.points, scene.face.height_px
    outer, inner = LOWER_LIGHT
    light = 0.55 * soft_line(box, points[list(outer)] * 0.45 + points[list(inner)] * 0.55, 0.012 * unit, 0.008 * unit)
    for edge, opening in UPPER_LIGHT:
        line = points[list(edge)] * 0.5 + points[list(opening)] * 0.5
        light += 0.3 * soft_line(box, line, 0.006 * unit, 0.006 * unit)
    return light
