"""Contour and highlight: shade below cheek bones, along nose and jaw; light on what stands out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur, parse_rgb, resize
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.masks import forehead_top
from generation.engines.retouch.paint import box_around, part, soft_line, spot
from generation.face.regions import OVAL

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

# fmt: off
# Ear, jaw's corner, cheek bone, below it, hollow, mouth's side: the hollow of each cheek.
HOLLOWS = ((234, 132, 147, 213, 187, 207), (454, 361, 376, 433, 411, 427))
NOSE_SIDES = ((193, 122, 196, 198, 49), (417, 351, 419, 420, 279))
JAWS = ((172, 136, 150, 149), (397, 365, 379, 378))
HAIRLINE = (54, 103, 67, 109, 10, 338, 297, 332, 284)
BRIDGE = (6, 197, 195, 5)
BONES = ((111, 117, 118), (340, 346, 347))
# fmt: on

SHADE = np.asarray([0.70, 0.60, 0.53], np.float32)
"""What a full coat of bronzer lets through of red, green and blue (sRGB-encoded)."""


def apply(
    scene: Scene, canvas: np.ndarray, *, seed: int, shade: float = 0.5, light: float = 0.5, tint: str = "#fff2e0"
) -> Layer:
    """Shade multiplies and light screens, so both follow the skin's own colour, whatever it is.

    Args:
        shade, light: 0 to 2; 1 is an evening out, 2 the stage.
    """
    box = box_around(scene, np.vstack([scene.face.points[list(OVAL)], forehead_top(scene)]), 0.02)
    # soft shapes need few pixels
    scale = min(1.0, 220 / scene.face.height_px)
    dark, bright = _shapes(scene, scale, box)
    skin = part(scene, scene.skin, box)
    dark = np.clip(resize(dark, box.height, box.width), 0, 1) * skin * np.float32(0.62 * shade)
    bright = np.clip(resize(bright, box.height, box.width), 0, 1.2) * skin * np.float32(light)
    colour = np.array(canvas[box.rows_cols])
    # highlight catches what is already lit: pores stay visible, shadows stay dark
    grey = colour @ np.asarray([0.3, 0.6, 0.1], np.float32)
    glow = bright * np.float32(0.34) * grey + bright * 2.0 * np.clip(
        grey - blur(np.ascontiguousarray(grey), 0.02 * scene.face.height_px), 0, 0.1
    )
    colour *= 1 - dark[..., None] * (1 - _coloured(scene, SHADE))
    colour += (1 - colour) * glow[..., None] * _coloured(scene, parse_rgb(tint))
    return Layer(box, colour, np.clip((dark + bright) * np.float32(64), 0, 1))


def _coloured(scene: Scene, rgb: np.ndarray) -> np.ndarray:
    """The colour as grey as the photo is."""
    return np.asarray(rgb.mean() + (rgb - rgb.mean()) * np.float32(scene.complexion.colourful), np.float32)


def _shapes(scene: Scene, scale: float, box: Box) -> tuple[np.ndarray, np.ndarray]:
    """Where shade and light lie, on a smaller copy of the box."""
    points, unit = (scene.face.points - box.origin) * np.float32(scale), scene.face.height_px * scale
    small = Box(0, 0, max(8, round(box.width * scale)), max(8, round(box.height * scale)))
    dark = np.zeros((small.height, small.width), np.float32)
    for ear, corner, bone, below, hollow, mouth in HOLLOWS:
        line = np.stack(
            [
                points[ear] * 0.5 + points[corner] * 0.5,
                points[bone] * 0.6 + points[below] * 0.4,
                points[hollow] * 0.6 + points[mouth] * 0.4,
            ]
        )
        dark += soft_line(small, line, 0.035 * unit, 0.030 * unit)
    for side in NOSE_SIDES:
        dark += 0.55 * soft_line(small, points[list(side)], 0.01 * unit, 0.012 * unit)
    for jaw in JAWS:
        dark += 0.6 * soft_line(small, points[list(jaw)], 0.03 * unit, 0.03 * unit)
    dark += 0.5 * soft_line(small, points[list(HAIRLINE)], 0.04 * unit, 0.04 * unit)
    bright = soft_line(small, points[list(BRIDGE)], 0.014 * unit, 0.011 * unit)
    for high in BONES:
        bright += 0.9 * soft_line(small, points[list(high)], 0.02 * unit, 0.022 * unit)
    for index, across, along, share in ((0, 0.020, 0.008, 0.5), (199, 0.035, 0.025, 0.5), (9, 0.040, 0.050, 0.35)):
        bright += share * spot(small, points[index], scene.face.right, (across * unit, along * unit))
    return dark, bright
