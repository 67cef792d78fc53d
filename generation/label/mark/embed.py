"""Lays the pattern into a picture, so weakly that nobody sees it. Knows no key and no bits.

Texture hides what flat areas show (masking: Legge and Foley, 1980), so the amplitude follows the spread of the fine
detail around each px. Beside an edge only one side is busy; there the quiet side decides. The whole is held back
further wherever a picture has so much texture that the sum would cost more than the promised PSNR.
"""

import cv2
import numpy as np

from generation.label.mark.canvas import luma, resize, work_size
from generation.label.mark.tile import TILE

QUIET = 0.68  # amplitude in flat areas, in grey levels of 255: under the just noticeable one on skin and sky
GAIN = 0.104  # of the spread of fine detail
BUSY = 2.9  # and no more than that
MOST = 2.0  # of the whole picture, root mean square: a PSNR of 42 dB


def lay_tile(pixels: np.ndarray, tile: np.ndarray) -> np.ndarray:
    """The picture with the pattern in it, added equally to red, green and blue: it lives in the luma alone.

    Args:
        pixels: (H, W, 3 or 4) uint8 sRGB; not changed. Alpha is kept as it is.
        tile: (128, 128) float32 of standard deviation 1.
    """
    height, width = pixels.shape[:2]
    high, wide = work_size(height, width)
    amplitude = strength_map(resize(luma(pixels), high, wide))
    pattern = np.tile(tile, (-(-high // TILE), -(-wide // TILE)))[:high, :wide] * amplitude
    levels = np.rint(resize(pattern, height, width)).astype(np.int16)
    out = pixels.copy()
    out[..., :3] = cv2.add(pixels[..., :3], cv2.merge([levels] * 3), dtype=cv2.CV_8U)
    return out


def strength_map(plane: np.ndarray) -> np.ndarray:
    """(h, w) float32, grey levels: how strong the pattern may be at each px.

    Args:
        plane: (h, w) float32, 0 to 255, the luma in work space.
    """
    fine = plane - cv2.GaussianBlur(plane, (0, 0), 4)
    mean = cv2.blur(fine, (7, 7))
    spread = np.sqrt(np.maximum(cv2.blur(fine * fine, (7, 7)) - mean * mean, 0))
    around = cv2.GaussianBlur(spread, (0, 0), 4)
    spread = cv2.GaussianBlur(np.minimum(spread, 1.3 * around), (0, 0), 2)
    strength = np.clip(QUIET + GAIN * spread, QUIET, BUSY)
    loud = float(np.sqrt(np.mean(strength * strength)))
    out: np.ndarray = strength * np.float32(min(1, MOST / loud))
    return out
