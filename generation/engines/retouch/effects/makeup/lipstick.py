"""Lipstick: from a tinted balm to opaque, matte to glossy. Keeps the lips' creases and the teeth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, parse_colour, smoothstep
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.lip_edge import lip_mask
from generation.engines.retouch.paint import box_around, distance, lab_of, part, soft_line
from generation.face.regions import LIPS_OUTER

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

LOWER_LIGHT = ((181, 84, 17, 314, 405), (178, 87, 14, 317, 402))  # outer and inner edge of the lower lip
INNER_LINES = ((78, 81, 13, 311, 308), (78, 178, 14, 402, 308))
OUTER_LINES = ((61, 40, 37, 0, 267, 270, 291), (61, 91, 84, 17, 314, 321, 291))
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
    gradient: float = 0.0,
    over: float = 0.0,
) -> Layer | None:
    """The lips' lightness is moved to the pigment's, their relief is kept.

    Args:
        amount: 0 to 1: how opaque.
        gloss: 0 matte, 1 wet.
        liner: 0 to 1: darker towards the edge.
        gradient: 0 to 1: how far the colour fades from the middle of the mouth to its edge.
        over: 0 to 1: how far beyond their edge the lips are drawn; 1 is a hundredth of the face's height.
    """
    unit = scene.face.height_px
    box = box_around(scene, scene.face.points[list(LIPS_OUTER)], 0.07)
    lab = lab_of(canvas, box)
    mask = lip_mask(scene, lab, box)
    core = mask > 0.9
    if core.sum() < 8:
        return None
    middle = np.median(lab[core], axis=0)
    if over > 0:
        mask = _overdrawn(scene, mask, box, over)
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
    coloured = np.float32(scene.complexion.colourful)  # in a grey photo no lipstick is lighter than the lips
    painted = painted * coloured + np.minimum(painted, lightness) * (1 - coloured)
    # colours are dull in the mouth's own shadow, and pale where light is mirrored
    vivid = (1 - 0.55 * shine) * np.clip(painted / goal[0], 0.1, 1) * (1 - np.clip(painted - goal[0] - 0.04, 0, 0.4))
    for channel in (1, 2):
        lab[..., channel] = goal[channel] * vivid + (lab[..., channel] - middle[channel]) * 0.45 * (1 - 0.55 * shine)
    lab[..., 0] = np.clip(painted, 0.03, 0.98)
    if gradient > 0:
        mask = mask * (1 - np.float32(gradient) * _outwards(scene, box))
    return Layer(box, from_oklab(lab), np.clip(mask * np.float32(amount), 0, 1))


def _overdrawn(scene: Scene, mask: np.ndarray, box: Box, over: float) -> np.ndarray:
    """The lips grown beyond their edge, not into the mouth and not over what lies in front."""
    radius = max(1, round(0.010 * over * scene.face.height_px))
    grown = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)))
    ring = blur(grown, 0.0016 * scene.face.height_px) * np.clip(1.4 * part(scene, scene.skin, box), 0, 1)
    ring *= (1 - part(scene, scene.occluders, box)) * (1 - part(scene, scene.mouth, box))
    return np.asarray(np.maximum(mask, ring), np.float32)


def _outwards(scene: Scene, box: Box) -> np.ndarray:
    """0 where the lips meet, 1 at their outer edge."""
    points = scene.face.points
    inner = np.minimum(*(distance(box, points[list(line)]) for line in INNER_LINES))
    outer = np.minimum(*(distance(box, points[list(line)]) for line in OUTER_LINES))
    return smoothstep(inner / (inner + outer + np.float32(1e-3)), 0.15, 0.95)


def _light(scene: Scene, box: Box) -> np.ndarray:
    """Where wet lips catch the light: along the lower lip and on both sides of the upper lip's bow."""
    points, unit = scene.face.points, scene.face.height_px
    outer, inner = LOWER_LIGHT
    light = 0.55 * soft_line(box, points[list(outer)] * 0.45 + points[list(inner)] * 0.55, 0.012 * unit, 0.008 * unit)
    for edge, opening in UPPER_LIGHT:
        line = points[list(edge)] * 0.5 + points[list(opening)] * 0.5
        light += 0.3 * soft_line(box, line, 0.006 * unit, 0.006 * unit)
    return light
