"""How a painted sheet looks on this skin, in this light. Knows the mesh and the skin, no design.

Grease paint hides the skin's colour and keeps its relief: what is painted is the paint's own colour, darkened where
the skin lies in shade, lightened where it shines. In the shade some of the skin's own warmth comes through, as it does
under real paint: a pale colour that fades to grey there looks like ash on deep skin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, smoothstep
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.lids import eyes_of, softness_px
from generation.engines.retouch.masks import paintable
from generation.engines.retouch.paint import lab_of, part
from generation.engines.retouch.painting.sheet import LEFT, TOP, Sheet
from generation.engines.retouch.painting.surface import Surface, surface_of

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

FINER = 1.2
"""Pixels of the sheet to one of the photo."""


def sheet_for(scene: Scene) -> Sheet:
    """An empty sheet, fine enough for this photo."""
    return Sheet(float(np.clip(FINER * scene.face.height_px, 260, 1100)))


def worn(scene: Scene, canvas: np.ndarray, sheet: Sheet, amount: float = 1.0, under_hair: bool = True) -> Layer:
    """The sheet laid on the face.

    Args:
        amount: 0 to 1, how opaque the paint is.
        under_hair: as for masks.paintable; True needs the hair matte.
    """
    surface = surface_of(scene).within(sheet.extent())
    colour, opacity = bent(sheet, surface, softness_px(scene, *eyes_of(scene.face)))
    box = surface.box
    lab = lab_of(canvas, box)
    weight = opacity * surface.facing * part(scene, paintable(scene, under_hair), box) * np.float32(amount)
    colour[..., 1:] *= np.float32(scene.complexion.colourful)
    painted = shaded(lab, colour, scene.complexion.tone)
    lab += weight[..., None] * (painted - lab)
    return Layer(box, from_oklab(lab), np.clip(weight * np.float32(64), 0, 1))


def bent(sheet: Sheet, surface: Surface, soft_px: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """The sheet as it lies in the picture: OKLab (h, w, 3), and how much of it there is (h, w).

    Args:
        soft_px: softness of the photo's own finest lines: what is painted sharper looks pasted on.
    """
    unit = np.float32(sheet.unit_px)
    at_x, at_y = (surface.x - np.float32(LEFT)) * unit - 0.5, (surface.y - np.float32(TOP)) * unit - 0.5
    layers = cv2.remap(sheet.layers, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    layers = blur(layers, soft_px)
    opacity = np.ascontiguousarray(layers[..., 3])
    return layers[..., :3] / np.maximum(opacity, np.float32(1e-3))[..., None], np.clip(opacity, 0, 1)


def lightest(tone: np.ndarray) -> float:
    """OKLab L of white paint on well lit skin of a tone: a photo of deep skin shows white less bright than paper."""
    return float(np.clip(0.66 + 0.42 * tone[0], 0.6, 0.985))


def shaded(lab: np.ndarray, colour: np.ndarray, tone: np.ndarray) -> np.ndarray:
    """Opaque paint of a colour (h, w, 3) on skin `lab` (h, w, 3), both OKLab; the skin's own tone is lit skin."""
    own = max(float(tone[0]), 0.15)
    lightness = lab[..., 0]
    bright = np.float32(1.06 * own)
    lit = np.minimum(lightness, bright) * np.float32(1 / own)
    shine = np.maximum(lightness - bright, 0)
    top = np.float32((lightest(tone) - 0.5) / 0.5)
    goal = np.where(colour[..., 0] > 0.5, 0.5 + (colour[..., 0] - 0.5) * top, colour[..., 0])
    out = np.empty_like(lab)
    painted = goal * (0.10 + 0.90 * lit) + shine * (0.25 + 0.5 * (1 - goal))
    out[..., 0] = np.minimum(painted, 0.90 + (painted - 0.90) * 0.4)
    shade = np.clip(1 - lit, 0, 0.6) * smoothstep(goal, 0.25, 0.6)
    for channel in (1, 2):
        out[..., channel] = colour[..., channel] * np.clip(lit, 0.3, 1) + tone[channel] * shade * 1.3
    return out
