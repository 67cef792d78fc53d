"""Fluorescent paint under black light: glowing lines and dots around the eyes, on nose, cheeks and lips."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import LUMA, blur, oklab_to_linear, smoothstep, to_linear, to_srgb
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.lids import eyes_of, softness_px
from generation.engines.retouch.masks import paintable
from generation.engines.retouch.paint import part
from generation.engines.retouch.painting.pigments import bent, sheet_for
from generation.engines.retouch.painting.sheet import Sheet
from generation.engines.retouch.painting.strokes import along, both, discs, stroke
from generation.engines.retouch.painting.surface import surface_of

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

NEEDS = ("hair",)
BLACK_LIGHT = np.asarray([0.95, 0.40, 2.2], np.float32)
"""The colour of the room when only black light is on, linear."""
SKIN_LIGHT = 0.085
"""How bright skin is in it, linear; deep skin keeps more of its light, for it has none to spare."""
UPPER = ((-0.085, 0.055), (-0.13, -0.005), (-0.19, -0.028), (-0.255, -0.005), (-0.39, -0.10))
CREASE = ((-0.075, 0.0), (-0.12, -0.055), (-0.19, -0.078), (-0.27, -0.060), (-0.41, -0.155))
LOWER = ((-0.125, 0.085), (-0.19, 0.098), (-0.26, 0.080), (-0.37, 0.02))
CHEEK = ((-0.44, 0.16), (-0.36, 0.20), (-0.27, 0.205), (-0.17, 0.175))
CHEEK_TWO = ((-0.42, 0.22), (-0.34, 0.255), (-0.26, 0.26))
LIPS = (
    ((-0.135, 0.430), (-0.08, 0.386), (-0.03, 0.366), (0, 0.374), (0.03, 0.366), (0.08, 0.386), (0.135, 0.430)),
    ((-0.135, 0.434), (-0.08, 0.478), (0, 0.494), (0.08, 0.478), (0.135, 0.434)),
)


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    first: str = "#ff2fb2",
    second: str = "#22e6ff",
    third: str = "#c6ff2e",
    glow: float = 0.75,
    dark: float = 0.95,
    amount: float = 1.0,
) -> list[Layer]:
    """Draw with light: the paint gives off its own, however dark the room.

    Args:
        first: of the upper lines and the lips. second: of the lower ones. third: of the dots.
        glow: 0 to 1, how far the light spreads on the skin.
        dark: 0 to 1, how far the room's own light gives way to violet black light.
        amount: 0 to 1.
    """
    surface = surface_of(scene)
    box, unit = surface.box, scene.face.height_px
    holds = surface.facing * part(scene, paintable(scene), box)
    sheet = sheet_for(scene)
    _draw(sheet, first, second, third)
    colour, opacity = bent(sheet, surface, softness_px(scene, *eyes_of(scene.face)))
    opacity = opacity * holds * np.float32(amount)
    light = np.clip(oklab_to_linear(np.ascontiguousarray(colour)), 0, 1) * opacity[..., None]
    core = smoothstep(blur(opacity, 0.0015 * unit), 0.75, 1.0)
    around = 0.9 * blur(light, 0.012 * unit) + 1.1 * blur(light, 0.035 * unit)
    # light that falls on skin takes the skin's colour a little; outside the face it ends with the box
    fading = _fading(box.height, box.width, 0.05 * unit)
    room = np.array(canvas)
    if dark > 0:
        room = _black_light(scene, room, dark)
    linear = to_linear(np.ascontiguousarray(room[box.rows_cols]))
    lit = linear + around * (np.float32(glow) * (0.35 + linear)) * fading[..., None]
    glowing = light * 1.05 + core[..., None] * np.float32(0.30)
    lit += opacity[..., None] * (glowing - lit)
    changed = np.clip((around.max(2) * fading + opacity) * np.float32(64), 0, 1)
    lines = Layer(box, to_srgb(lit), changed)
    return [Layer(Box.whole(*canvas.shape[:2]), room, None), lines] if dark > 0 else [lines]


def _black_light(scene: Scene, canvas: np.ndarray, dark: float) -> np.ndarray:
    """The picture as black light shows it: violet, and about equally dim however bright the room was."""
    own = float(oklab_to_linear(scene.complexion.tone[None, None])[0, 0] @ LUMA)
    level = np.float32(np.clip(SKIN_LIGHT / max(own, 1e-3), 0.14, 0.75))
    linear = to_linear(canvas)
    dimmed = linear * (level * BLACK_LIGHT)
    dimmed /= 1 + np.float32(1.2) * linear.max(axis=2, keepdims=True)
    linear += np.float32(dark) * (dimmed - linear)
    return to_srgb(linear)


def _draw(sheet: Sheet, first: str, second: str, third: str) -> None:
    sheet.fill(both(stroke(UPPER, (0.004, 0.012, 0.012, 0.014, 0.002))), first)
    sheet.fill(both(stroke(CREASE, (0.002, 0.008, 0.010, 0.010, 0.002))), second)
    sheet.fill(both(stroke(LOWER, (0.002, 0.009, 0.010, 0.002))), second)
    sheet.fill([stroke(line, (0.004, 0.012, 0.012, 0.004)) for line in LIPS], first)
    sheet.fill(both(*_shrinking(along(CHEEK, 9), 0.013, 0.004)), third)
    sheet.fill(both(*_shrinking(along(CHEEK_TWO, 6), 0.010, 0.003)), second)
    sheet.fill(
        both(*_shrinking(along(((-0.05, -0.09), (-0.11, -0.145), (-0.20, -0.175), (-0.31, -0.15)), 9), 0.010, 0.004)),
        third,
    )
    sheet.fill(
        _shrinking(np.asarray([(0, -0.34), (0, -0.29), (0, -0.245), (0, -0.205), (0, -0.17)]), 0.014, 0.005), first
    )
    sheet.fill(stroke([(0, -0.08), (0, 0.06), (0, 0.185)], (0.0, 0.007, 0.0)), third)
    sheet.fill(discs(np.asarray([(0, 0.545), (0, 0.585), (0, 0.62)]), 0.009), third)


def _shrinking(centres: np.ndarray, first: float, last: float) -> list[np.ndarray]:
    radii = np.linspace(first, last, len(centres))
    return [
        shape for centre, radius in zip(centres, radii, strict=True) for shape in discs(centre[None], float(radius))
    ]


def _fading(height: int, width: int, margin_px: float) -> np.ndarray:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    inside = np.minimum(np.minimum(x, width - 1 - x), np.minimum(y, height - 1 - y))
    return smoothstep(inside / np.float32(margin_px), 0, 1)
