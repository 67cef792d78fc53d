"""The original beside the picture, for "before and after". Knows no label: the worker stamps the whole."""

from __future__ import annotations

import cv2
import numpy as np

GAP = 0.012  # of the height; white


def put_beside(original: np.ndarray, pixels: np.ndarray) -> tuple[np.ndarray, int]:
    """The original at the left, as high as the picture, a white gap, and the picture.

    Args:
        original: (h, w, 3) uint8 sRGB.
        pixels: (H, W, 3) uint8 sRGB.

    Returns:
        both: (H, .., 3) uint8.
        shift_px: how far right the picture now lies.
    """
    height = pixels.shape[0]
    width = max(1, round(original.shape[1] * height / original.shape[0]))
    if original.shape[:2] != (height, width):
        smaller = height < original.shape[0]
        original = cv2.resize(original, (width, height), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_CUBIC)
    gap = np.full((height, max(1, round(GAP * height)), 3), 255, np.uint8)
    return np.concatenate([original, gap, pixels], axis=1), width + gap.shape[1]
