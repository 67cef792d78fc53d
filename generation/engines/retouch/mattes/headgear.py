"""Whether what covers a head is cloth: a scarf, a hijab, a coloured hat. Knows hair from nearby, not where it ends.

Measured over 250 photos: in a photo as sharp as its eyes, cloth is far smoother than any lit hair.
"""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, resize, to_oklab
from generation.engines.retouch.mattes.headcells import LAB_UNIT, HeadCells

FACE_PX = 240
"""Larger faces are looked at on a copy this high."""
FINE = 0.006
"""The finest structure looked at, in face heights."""
SMOOTH = 0.093
"""Less fine structure than this share of what the eyes have is cloth; hair has 0.1 to 0.8."""
LIT = 0.24
"""Below this lightness a camera shows no hair in hair."""
AROUND = 0.95
"""More of the throat than this in the colour of what covers the head is a scarf around both."""
UNDYED = 0.45
"""Less fine structure than this, in a dull blue: a scarf. No hair is born so, and dyes are stronger."""
CROWN, TEMPLES = 0.38, (-0.5, 0.15)
"""Above the first, in face heights over the point between the eyes, a hat covers a head; between the others hair
hangs out from under it."""
VIVID, OTHER, KNITTED = 0.055, 0.045, 0.30
"""A light crown, or one of more chroma than this, so far in hue from the hair below and with less fine structure than
the last, is wool or cotton; such hair is at most 0.03 from its own ends."""
FELT, BRIGHT = 0.11, 0.55
"""Less fine structure than this in a crown of some chroma, or so light, is felt or cotton: fair, red and grey hair have
0.17 or more."""
EVEN = 1.7
"""`HeadCells.texture` of hats' crowns is 0.7 to 1.6; fair hair that the camera smoothed has 1.9 or more."""
EYES = (33, 133, 159, 145, 263, 362, 386, 374, 105, 334)


def is_cloth(pixels: np.ndarray, cells: HeadCells, share: np.ndarray) -> bool:
    """Whether what was taken for hair is none. share: (rows, cols) of the cells, how likely hair."""
    sure = share > 0.6
    if sure.sum() < 30:
        return False
    colour = np.median(cells.lab[sure], 0) / LAB_UNIT
    smooth = _smoothness(pixels, cells, share)
    if smooth < SMOOTH and colour[0] > LIT:
        return True
    if smooth < 1.4 * SMOOTH and _around_the_throat(cells, colour) > AROUND:
        return True
    if _hat(pixels, cells, share):
        return True
    dull_blue = 0.024 < float(np.hypot(colour[1], colour[2])) < 0.05 and colour[2] < -1.2 * abs(colour[1])
    return dull_blue and smooth < UNDYED


def _hat(pixels: np.ndarray, cells: HeadCells, share: np.ndarray) -> bool:
    """Whether a hat covers the crown, whatever hangs out from under it. A dark cap is not told from hair."""
    top = (share > 0.6) & (cells.up > CROWN)
    if top.sum() < 60:
        return False
    colour = np.median(cells.lab[top], 0) / LAB_UNIT
    vivid = np.hypot(colour[1], colour[2]) > VIVID
    if (not vivid and colour[0] < BRIGHT) or float(np.median(cells.texture[top])) > EVEN:
        return False
    smooth = _smoothness(pixels, cells, share * (cells.up > CROWN))
    below = (share > 0.6) & (cells.up < TEMPLES[1]) & (cells.up > TEMPLES[0])
    if smooth < FELT or below.sum() < 40:
        return smooth < FELT
    ends = np.median(cells.lab[below], 0) / LAB_UNIT
    return smooth < KNITTED and float(np.hypot(*(ends - colour)[1:])) > OTHER


def _smoothness(pixels: np.ndarray, cells: HeadCells, share: np.ndarray) -> float:
    """The fine structure in the hair as a share of that around the eyes, which is as sharp as the photo is."""
    scale = min(1.0, FACE_PX / cells.face.height_px)
    crop = pixels[cells.box.rows_cols]
    small = resize(crop, max(8, round(crop.shape[0] * scale)), max(8, round(crop.shape[1] * scale)))
    light = np.ascontiguousarray(to_oklab(small)[..., 0])
    fine = np.abs(light - blur(light, FINE * scale * cells.face.height_px))
    inside = cv2.erode((resize(share, *light.shape) > 0.7).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    at = (cells.face.points[list(EYES)] - cells.box.origin) * np.float32(scale)
    (x0, y0), (x1, y1) = np.maximum(at.min(0).astype(int) - 3, 0), at.max(0).astype(int) + 3
    eyes = fine[y0:y1, x0:x1]
    if inside.sum() < 30 or not eyes.size:
        return 1.0
    return float(np.median(fine[inside]) / max(float(np.percentile(eyes, 90)), 1e-3))


def _around_the_throat(cells: HeadCells, colour: np.ndarray) -> float:
    """How much of the throat has that colour."""
    throat = (np.abs(cells.sideways) < 0.22) & (cells.up < -0.72) & (cells.up > -0.95) & (cells.person > 0.7)
    if throat.sum() < 20:
        return 0.0
    away = np.linalg.norm(cells.soft[throat] / LAB_UNIT - colour, axis=-1)
    return float((away < 0.10).mean())
