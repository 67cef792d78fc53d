"""Gives a drawing the photo's broad light and colour back, most of all on skin. Knows masks, no net.

Nets learnt from landscapes and from other people's pictures: they lighten dark skin, and cast colours on plain walls.
"""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.stylenet.canvas import resized
from generation.engines.stylenet.oklab import to_oklab, to_pixels
from generation.engines.stylenet.person import Person

SKIN = (0.85, 0.65, 0.65)
BODY = (0.60, 0.25, 0.25)
"""The least share of the photo's L, a and b that skin, and the rest of a person, get back."""

WORK_PX = 320
BROAD = 0.03
"""What is broader than this share of the longer side is the photo's; what is finer, the net's."""

EDGES = 0.004
"""Variance of L, above which an edge of the photo is kept by the correction."""

ONE_HUE = (0.012, 0.035)
"""Spread of a and b of a drawing in one ink, and of one in colours."""


def mended(lab: np.ndarray, drawn: np.ndarray, person: Person, tone: float) -> np.ndarray:
    """The difference between photo and drawing, smoothed along the photo's edges, is added to the drawing in part.

    The smoothing is a guided filter (He, Sun, Tang 2013; its fast form, 2015) led by the photo's lightness.

    Args:
        lab: (H, W, 3) float32 OKLab, the photo.
        drawn: (H, W, 3) uint8 sRGB.
        tone: the share that is added everywhere, 0 to 1.

    Returns:
        (H, W, 3) uint8 sRGB.
    """
    height, width = drawn.shape[:2]
    styled = to_oklab(drawn)
    scale = min(1.0, WORK_PX / max(height, width))
    rows, columns = max(1, round(height * scale)), max(1, round(width * scale))
    small, small_styled = resized(lab, rows, columns), resized(styled, rows, columns)
    slope, offset = _led(small[..., 0], small - small_styled, max(2, round(BROAD * max(rows, columns))))
    grow = (width, height)
    broad = cv2.resize(slope, grow) * lab[..., :1] + cv2.resize(offset, grow)
    return to_pixels(styled + _shares(person, tone, _colourful(small_styled)) * broad)


def _shares(person: Person, tone: float, colourful: float) -> np.ndarray:
    """(H, W, 3): how much of the correction each place gets. A drawing in one ink keeps its ink."""
    shares = np.full((*person.skin.shape, 3), tone, np.float32)
    for mask, least in ((person.body, BODY), (person.skin, SKIN)):
        wanted = np.asarray((least[0], least[1] * colourful, least[2] * colourful), np.float32)
        shares += mask[..., None] * np.maximum(wanted - shares, 0)
    return shares


def _colourful(lab: np.ndarray) -> float:
    """0 for a drawing in one ink on one paper, 1 for one in several colours."""
    low, high = ONE_HUE
    return float(np.clip((np.hypot(lab[..., 1].std(), lab[..., 2].std()) - low) / (high - low), 0, 1))


def _led(guide: np.ndarray, image: np.ndarray, radius_px: int) -> tuple[np.ndarray, np.ndarray]:
    """(h, w, C) each: slope * guide + offset is the image smoothed, but for the edges of the guide."""
    side = (2 * radius_px + 1,) * 2

    def mean(x: np.ndarray) -> np.ndarray:
        return cv2.boxFilter(x, -1, side, borderType=cv2.BORDER_REFLECT)

    led, image_mean = mean(guide), mean(image)
    variance = mean(guide * guide) - led * led
    covariance = mean(guide[..., None] * image) - led[..., None] * image_mean
    slope = covariance / (variance + np.float32(EDGES))[..., None]
    return mean(slope), mean(image_mean - slope * led[..., None])
