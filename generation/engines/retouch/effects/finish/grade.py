"""Colour grading of the whole picture: shadows and lights tinted, contrast, saturation. Knows no face."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import parse_rgb
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.scene import Scene

STEPS = np.linspace(0, 1, 256, dtype=np.float32)


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    shadows: str = "#808080",
    lights: str = "#808080",
    contrast: float = 0.0,
    saturation: float = 1.0,
    exposure: float = 0.0,
    fade: float = 0.0,
) -> Layer:
    """Grade.

    Args:
        shadows, lights: a colour to push the dark and the bright parts to; grey pushes nowhere.
        contrast: -1 to 1. saturation: 1 changes nothing. exposure: in stops of the encoded values.
        fade: lifts the black, 0 to 1.
    """
    push_dark, push_light = (_push(parse_rgb(colour)) for colour in (shadows, lights))
    graded = np.clip(canvas * np.float32(2.0 ** (exposure * 0.6)), 0, 1)
    for channel in range(3):
        curve = _curve(float(push_dark[channel]), float(push_light[channel]), contrast, fade)
        place = graded[..., channel] * np.float32(254.999)
        low = place.astype(np.int32)
        graded[..., channel] = curve[low] + (place - low) * (curve[low + 1] - curve[low])
    if saturation != 1:
        grey = (graded @ np.asarray([0.30, 0.59, 0.11], np.float32))[..., None]
        graded = grey + (graded - grey) * np.float32(saturation)
    return Layer(Box.whole(scene.height, scene.width), graded, None)


def _push(colour: np.ndarray) -> np.ndarray:
    """How far each channel is pushed: the colour's own departure from its grey."""
    return np.asarray(colour - colour.mean(), np.float32)


def _curve(dark: float, light: float, contrast: float, fade: float) -> np.ndarray:
    x = STEPS
    middle = x + contrast * 0.9 * (x - 0.5) * 4 * x * (1 - x) * 0.5
    tinted = middle + dark * 0.45 * (1 - x) ** 2 * np.sqrt(x + 0.02) + light * 0.45 * x**1.2 * (1 - 0.75 * x**3)
    return np.asarray(np.clip(fade * 0.14 + tinted * (1 - fade * 0.18), 0, 1), np.float32)
