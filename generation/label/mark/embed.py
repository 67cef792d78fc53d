"""Lays the pattern into a picture, so weakly that nobody sees it. Knows no key and no bits.

Texture hides what flat areas show (masking: Legge and Foley, 1980). SSIM (Wang, Bovik, Sheikh and Simoncelli, 2004)
puts that into a formula: noise of variance n^2 on a place of variance s^2 leaves

    SSIM = (2 s^2 + C2) / (2 s^2 + n^2 + C2),    C2 = (0.03 * 255)^2,

so an amplitude of n^2 = (1/SSIM - 1) (2 s^2 + C2) is as hard to see in one place as in another; where there is nothing
else to look at, on skin, sky and flat colour, C2 takes over, and there people are shown half of the noise that they
miss elsewhere. Beside an edge only one side is busy; there the quiet side decides. The whole is held back further in a
picture with so much texture that the sum would cost more than the promised PSNR.
"""

import cv2
import numpy as np

from generation.label.mark.canvas import luma, resize, work_size
from generation.label.mark.tile import TILE

ALIKE = 0.985  # the SSIM that is left in texture
QUIET = 0.992  # and in flat places: an amplitude of 0.7 grey levels
C2 = (0.03 * 255) ** 2
BUSY = 2.9  # grey levels, and no more than that
BLACK = 12  # grey levels: about black, half of the pattern would be cut off and the other half seen
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
    spread = cv2.GaussianBlur(np.minimum(cv2.erode(spread, np.ones((3, 3))), 1.3 * around), (0, 0), 1.5)
    strength = np.minimum(np.sqrt((1 / ALIKE - 1) * 2 * spread * spread + (1 / QUIET - 1) * C2), BUSY)
    strength *= np.clip((plane + BLACK / 2) / (2 * BLACK), 0.4, 1)
    loud = float(np.sqrt(np.mean(strength * strength)))
    out: np.ndarray = strength * np.float32(min(1, MOST / loud))
    return out
