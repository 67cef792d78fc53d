"""Work space: the size in which a mark is laid and looked for, whatever the picture's own. Knows no key and no mark.

Chats bound a picture's long side (Telegram 1280 px, Discord's preview 550), so work space is counted from it: 640 work
px, and 384 across at least, so that there is room for tiles in a wide picture too (but no more than 1280 along).
"""

import cv2
import numpy as np

LONG_SIDE = 640
LEAST_ACROSS = 384
MOST_ALONG = 1280
EDGE = 14.0  # grey levels: what differs more is another thing


def luma(pixels: np.ndarray) -> np.ndarray:
    """(H, W) float32, 0 to 255, of (H, W, 3 or 4) uint8 sRGB: BT.601, as JPEG has it; transparent parts count too."""
    return cv2.cvtColor(np.ascontiguousarray(pixels[..., :3]), cv2.COLOR_RGB2GRAY).astype(np.float32)


def work_size(height: int, width: int) -> tuple[int, int]:
    """Height and width in work px of a picture of that size in px."""
    long, short = max(height, width), min(height, width)
    scale = max(LONG_SIDE / long, min(LEAST_ACROSS / short, MOST_ALONG / long))
    return max(round(height * scale), 1), max(round(width * scale), 1)


def resize(plane: np.ndarray, height: int, width: int) -> np.ndarray:
    """The best of OpenCV's ways for either direction."""
    smaller = height * width < plane.shape[0] * plane.shape[1]
    return cv2.resize(plane, (width, height), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC)


def detail(plane: np.ndarray) -> np.ndarray:
    """(H, W) float32: what is finer than some 5 px and no edge, evened out so that a lawn does not drown out a sky.

    An edge-preserving filter (bilateral: Tomasi and Manduchi, 1998) says what the picture would be without its fine
    detail; what is left over is the mark and little else, for edges are the filter's to keep. Each px of it is divided
    by the spread around it and cut at 2.5 spreads: a mark is a small thing everywhere, an outlier is no mark.
    """
    fine = plane - cv2.bilateralFilter(plane, 0, EDGE, 2.5)
    spread = np.sqrt(cv2.GaussianBlur(fine * fine, (0, 0), 4))
    out: np.ndarray = np.clip(fine / (spread + 1), -2.5, 2.5)
    return out
