"""Brings a photo to the size a net can take, and its answer back to the photo's. Knows no net."""

from __future__ import annotations

import cv2
import numpy as np

DETAIL = 0.5
"""The share of the photo's finest detail, which the net was never shown, that the picture gets back."""

NOISE = 6.0
"""Detail below about this many grey values is grain of the photo, and left out."""


def bounded(pixels: np.ndarray, side_px: int) -> np.ndarray:
    """(H, W, 3) uint8 made smaller so that its longer side is at most `side_px`; itself if it is small enough."""
    height, width = pixels.shape[:2]
    share = side_px / max(height, width)
    return pixels if share >= 1 else resized(pixels, max(1, round(height * share)), max(1, round(width * share)))


def padded(pixels: np.ndarray, multiple: int) -> np.ndarray:
    """The picture continued, mirrored, at the right and below until both sides are multiples."""
    height, width = pixels.shape[:2]
    return cv2.copyMakeBorder(pixels, 0, -height % multiple, 0, -width % multiple, cv2.BORDER_REFLECT_101)


def resized(image: np.ndarray, height: int, width: int) -> np.ndarray:
    """To another size: averaging when it shrinks, cubic when it grows."""
    if image.shape[:2] == (height, width):
        return image
    shrinks = height * width < image.shape[0] * image.shape[1]
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)


def brought_back(photo: np.ndarray, small: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """A small drawing in the photo's size, with the photo's finest lines.

    Args:
        photo: (H, W, 3) uint8.
        small: (h, w, 3) uint8, the photo as the net saw it.
        drawn: (h, w, 3) uint8, what came of it.

    Returns:
        (H, W, 3) uint8.
    """
    height, width = photo.shape[:2]
    if small.shape == photo.shape:
        return drawn
    lost = _grey(photo) - _grey(resized(small, height, width))
    lost *= np.abs(lost) / (np.abs(lost) + np.float32(NOISE))
    large = resized(drawn, height, width).astype(np.float32) + np.float32(DETAIL) * lost[..., None]
    return np.asarray(np.clip(np.round(large), 0, 255), np.uint8)


def blended(photo: np.ndarray, picture: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Both (H, W, 3) uint8; share: (H, W) float32, how much of the picture is seen, 0 to 1."""
    below = photo.astype(np.float32)
    below += share[..., None] * (picture.astype(np.float32) - below)
    return np.asarray(np.clip(np.round(below), 0, 255), np.uint8)


def _grey(pixels: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
