"""Colour and smoothing by numpy and OpenCV alone, float32 throughout. Knows no face and no effect.

sRGB-encoded and linear values are 0 to 1. OKLab is (L, a, b): L 0 to 1, a and b about -0.4 to 0.4
(Björn Ottosson, "A perceptual color space for image processing", 2020).
"""

import functools
import math
import re
from collections.abc import Callable

import cv2
import numpy as np

LINEAR_TO_LMS = np.asarray(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float32,
)
LMS_TO_LAB = np.asarray(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)
LMS_TO_LINEAR = np.linalg.inv(LINEAR_TO_LMS.astype(np.float64)).astype(np.float32)
LAB_TO_LMS = np.linalg.inv(LMS_TO_LAB.astype(np.float64)).astype(np.float32)
LUMA = np.asarray([0.2126, 0.7152, 0.0722], np.float32)
"""Shares of linear red, green and blue in luminance (ITU-R BT.709)."""

_STEPS = np.arange(256) / 255
_U8_LINEAR = np.where(_STEPS <= 0.04045, _STEPS / 12.92, ((_STEPS + 0.055) / 1.055) ** 2.4).astype(np.float32)
STRIP_PX = 1 << 16
"""Whole pictures are converted in strips of about so many pixels, which stay in the processor's cache."""
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


Conversion = Callable[[np.ndarray], np.ndarray]


def _in_strips(convert: Conversion) -> Conversion:
    """The same conversion of (H, W, 3), strip by strip: 3 times faster on large pictures, and little memory."""

    @functools.wraps(convert)
    def whole(image: np.ndarray) -> np.ndarray:
        if image.ndim != 3 or image.shape[0] * image.shape[1] <= STRIP_PX:
            return convert(image)
        out = np.empty(image.shape, np.float32)
        rows = max(1, STRIP_PX // image.shape[1])
        for top in range(0, image.shape[0], rows):
            out[top : top + rows] = convert(image[top : top + rows])
        return out

    return whole


def to_canvas(pixels: np.ndarray) -> np.ndarray:
    """(H, W, 3) uint8 to float32, 0 to 1."""
    canvas: np.ndarray = pixels.astype(np.float32)
    canvas *= np.float32(1 / 255)
    return canvas


def to_pixels(canvas: np.ndarray) -> np.ndarray:
    """float32 0 to 1 to the nearest uint8; to_pixels(to_canvas(x)) is x."""
    return np.asarray(cv2.convertScaleAbs(np.clip(canvas, 0, 1), alpha=255))


@_in_strips
def to_linear(rgb: np.ndarray) -> np.ndarray:
    """sRGB, uint8 or float32 0 to 1, to linear light (IEC 61966-2-1)."""
    if rgb.dtype == np.uint8:
        return np.asarray(cv2.LUT(rgb, _U8_LINEAR))
    x = np.clip(rgb, 0, 1).astype(np.float32, copy=False)
    curve = _power((x + np.float32(0.055)) * np.float32(1 / 1.055), 2.4)
    line = x * np.float32(1 / 12.92)
    # the line lies below the curve on both sides of the joint, so it must be steepened above it
    return np.asarray(np.minimum(curve, line + np.maximum(x - np.float32(0.04045), 0) * np.float32(1e4)), np.float32)


@_in_strips
def to_srgb(linear: np.ndarray) -> np.ndarray:
    """Linear light to sRGB float32, clipped to 0 to 1."""
    x = np.clip(linear, 0, 1)
    curve = _power(x, 1 / 2.4)
    curve *= np.float32(1.055)
    curve -= np.float32(0.055)
    return np.asarray(np.maximum(curve, np.minimum(x * np.float32(12.92), np.float32(0.04045))))


@_in_strips
def linear_to_oklab(linear: np.ndarray) -> np.ndarray:
    """(..., 3) linear light to OKLab."""
    lms = _transform(linear, LINEAR_TO_LMS)
    return _transform(_power(np.maximum(lms, 0), 1 / 3), LMS_TO_LAB)


@_in_strips
def oklab_to_linear(lab: np.ndarray) -> np.ndarray:
    """(..., 3) OKLab to linear light, not clipped."""
    lms = _transform(lab, LAB_TO_LMS)
    return _transform(lms * lms * lms, LMS_TO_LINEAR)


@_in_strips
def to_oklab(rgb: np.ndarray) -> np.ndarray:
    """(..., 3) sRGB, uint8 or float32 0 to 1, to OKLab."""
    return linear_to_oklab(to_linear(rgb))


@_in_strips
def from_oklab(lab: np.ndarray) -> np.ndarray:
    """(..., 3) OKLab to sRGB float32, clipped to 0 to 1."""
    return to_srgb(oklab_to_linear(lab))


def luminance(rgb: np.ndarray) -> np.ndarray:
    """(..., 3) sRGB to linear luminance (...,)."""
    linear = to_linear(rgb)
    return np.asarray(linear @ LUMA)


def parse_rgb(text: str) -> np.ndarray:
    """ "#rrggbb" to (3,) sRGB float32.

    Raises:
        ValueError: it is not a colour; the text says what to write.
    """
    if not _HEX.fullmatch(text):
        raise ValueError(f'"{text}" is not a colour; write it like "#d9427e".')
    return np.asarray([int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)], np.float32)


def parse_colour(text: str) -> np.ndarray:
    """ "#rrggbb" to (3,) OKLab.

    Raises:
        ValueError: it is not a colour; the text says what to write.
    """
    lab: np.ndarray = to_oklab(parse_rgb(text)[None, None])[0, 0]
    return lab


def chroma(lab: np.ndarray) -> np.ndarray:
    """(..., 3) OKLab to chroma (...,)."""
    return np.asarray(np.hypot(lab[..., 1], lab[..., 2]))


def smoothstep(x: np.ndarray | np.float32, low: float, high: float) -> np.ndarray:
    """0 below `low`, 1 above `high`, 3t^2 - 2t^3 between; `low` may be the larger."""
    t = np.clip((x - np.float32(low)) * np.float32(1 / (high - low)), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def blur(image: np.ndarray, sigma_px: float) -> np.ndarray:
    """A Gaussian blur; large ones are done on a smaller copy. Edges are reflected."""
    if sigma_px <= 0.15:
        return image.copy()
    height, width = image.shape[:2]
    step = min(int(sigma_px / 2.2), height // 8, width // 8)
    if step < 2:
        return cv2.GaussianBlur(image, (0, 0), sigma_px, borderType=cv2.BORDER_REFLECT_101)
    small = resize(image, math.ceil(height / step), math.ceil(width / step))
    # the shrinking and the growing back blur too: their variance (in small pixels) is taken off
    sigma = math.sqrt(max((sigma_px / step) ** 2 - 0.35, 0.2))
    small = cv2.GaussianBlur(small, (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101)
    return resize(small, height, width)


def resize(image: np.ndarray, height: int, width: int) -> np.ndarray:
    """To another size: averaging when it shrinks, linear when it grows."""
    if image.shape[:2] == (height, width):
        return image
    shrinks = height * width < image.shape[0] * image.shape[1]
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def box_mean(image: np.ndarray, radius_px: int) -> np.ndarray:
    """The mean over a square of 2 radius + 1 px; edges are reflected."""
    side = 2 * radius_px + 1
    return cv2.boxFilter(image, -1, (side, side), borderType=cv2.BORDER_REFLECT)


def smooth(image: np.ndarray, radius_px: float, tolerance: float, step: int = 1) -> np.ndarray:
    """Edge-keeping smoothing of one channel: a guided filter by itself (He, Sun, Tang 2013).

    Args:
        image: (H, W) float32.
        tolerance: variations below this (in the image's unit) are flattened.
        step: do the statistics on a copy this many times smaller.
    """
    height, width = image.shape
    small = resize(image, max(1, height // step), max(1, width // step))
    radius = max(1, round(radius_px / step))
    mean = box_mean(small, radius)
    variance = box_mean(small * small, radius) - mean * mean
    slope = variance / (variance + np.float32(tolerance * tolerance))
    offset = box_mean(mean - slope * mean, radius)
    slope = box_mean(slope, radius)
    return np.asarray(resize(slope, height, width) * image + resize(offset, height, width))


def _power(x: np.ndarray, exponent: float) -> np.ndarray:
    """x**exponent for x >= 0: OpenCV's logarithm and exponential are vectorised on every processor, its pow is not."""
    shape = x.shape
    logs = cv2.log(np.maximum(x, np.float32(1e-12)).reshape(-1, 1))
    logs *= np.float32(exponent)
    return np.asarray(cv2.exp(logs, logs)).reshape(shape)


def _transform(image: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    flat = np.ascontiguousarray(image, np.float32).reshape(-1, 1, 3)
    return cv2.transform(flat, matrix).reshape(image.shape)
