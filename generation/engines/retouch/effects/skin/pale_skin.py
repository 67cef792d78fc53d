"""Paler, cooler skin for dark looks. Fair skin gets a little lighter; deep skin keeps its depth and its warmth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import from_oklab, smoothstep
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.masks import bare_skin
from generation.engines.retouch.paint import lab_of

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

MOST_LIFT = 0.10
"""In OKLab L, on fair skin; deep skin is not lifted at all."""
CEILING = 0.92  # lighter than this is paper


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, amount: float = 0.8, cool: float = 0.5) -> Layer:
    """An unlimited "pale" would bleach dark skin to ash, so both changes fade out with the skin's depth.

    Depth is seen in lightness less 1.5 times chroma: in bright light deep skin may be as light as fair skin, but it
    stays more colourful.

    Args:
        amount: 0 to 1, of the lift.
        cool: 0 to 1, how much chroma fair skin loses.
    """
    tone = scene.complexion.tone
    depth = float(tone[0] - 1.5 * np.hypot(tone[1], tone[2]))
    fair = float(smoothstep(np.asarray(depth, np.float32), 0.67, 0.83))
    lift = amount * MOST_LIFT * fair * float(np.clip((CEILING - tone[0]) / 0.12, 0, 1))
    keep = 1 - amount * cool * (0.10 + 0.45 * fair)
    box = scene.near
    lab = lab_of(canvas, box)
    lightness = lab[..., 0]
    # most in the middle tones: shadows keep their depth, highlights do not clip
    lab[..., 0] += np.float32(4 * lift) * lightness * (1 - lightness)
    lab[..., 1] *= np.float32(keep)
    lab[..., 2] *= np.float32(keep)
    return Layer(box, from_oklab(lab), bare_skin(scene))
