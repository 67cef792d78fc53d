"""What a lens and a sensor make of light: discs out of focus, soft highlights, fine grain. Knows no place."""

from __future__ import annotations

import cv2
import numpy as np


def disc(radius: float, sides: int = 7) -> np.ndarray:
    """A lens's opening with that many blades, whose edges are bent outwards: a kernel whose sum is 1."""
    reach = max(1, round(radius))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    wedge = 2 * np.pi / sides
    angle = (np.arctan2(y, x) + 0.3) % wedge - wedge / 2
    straight = np.cos(wedge / 2) / np.cos(angle)
    edge = max(1.0, radius) * (0.35 * straight + 0.65 * np.cos(wedge / 4))
    kernel = np.clip(edge - np.hypot(x, y) + 0.5, 0, 1)
    return np.asarray(kernel / kernel.sum(), np.float32)


def out_of_focus(light: np.ndarray, radius: float) -> np.ndarray:
    """Linear light seen through a lens that is focused elsewhere."""
    return cv2.filter2D(light, -1, disc(radius), borderType=cv2.BORDER_REFLECT_101)


def developed(light: np.ndarray) -> np.ndarray:
    """Linear light of any height bent softly below 1, as film does: colours stay colours in bright lights."""
    return np.asarray(1 - np.exp(-np.maximum(light, 0)), np.float32)


def fine_grain(shape: tuple[int, ...], seed: int, amount: float = 0.006) -> np.ndarray:
    """(H, W, 1) noise around 0 that keeps smooth gradients from banding."""
    noise: np.ndarray = np.random.default_rng(seed).standard_normal((shape[0], shape[1], 1), np.float32)
    noise *= np.float32(amount)
    return noise
