"""Pixels to OKLab and back by OpenCV, float32. Knows no picture.

L is 0 to 1, a and b about -0.4 to 0.4 (Björn Ottosson, "A perceptual color space for image processing", 2020).
"""

import cv2
import numpy as np

_LINEAR_TO_LMS = np.asarray(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LMS_TO_LAB = np.asarray(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_STEPS = np.arange(256) / 255
_LINEAR = np.where(_STEPS <= 0.04045, _STEPS / 12.92, ((_STEPS + 0.055) / 1.055) ** 2.4).astype(np.float32)


def to_oklab(pixels: np.ndarray) -> np.ndarray:
    """(H, W, 3) uint8 sRGB to (H, W, 3) float32 OKLab."""
    lms = cv2.transform(cv2.LUT(pixels, _LINEAR), _LINEAR_TO_LMS)
    return np.asarray(cv2.transform(_power(lms, 1 / 3), _LMS_TO_LAB), np.float32)


def to_pixels(lab: np.ndarray) -> np.ndarray:
    """(H, W, 3) float32 OKLab to uint8 sRGB; what sRGB cannot show is clipped."""
    lms = cv2.transform(lab, np.linalg.inv(_LMS_TO_LAB))
    linear = np.clip(cv2.transform(lms * lms * lms, np.linalg.inv(_LINEAR_TO_LMS)), 0, 1)
    curve = 1.055 * _power(linear, 1 / 2.4) - 0.055
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, curve)
    return np.asarray(cv2.convertScaleAbs(encoded, alpha=255))


def _power(x: np.ndarray, exponent: float) -> np.ndarray:
    """x**exponent for x >= 0: OpenCV's logarithm and exponential are vectorised on every processor, its pow is not."""
    return np.asarray(cv2.exp(cv2.log(np.maximum(x, np.float32(1e-12))) * np.float32(exponent)))
