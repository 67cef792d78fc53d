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

LEAST_LIFT = 0.02
MOST_LIFT = 0.08
CEILING = 0.90  # lighter than this is paper


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, amount: float = 0.8, cool: float = 0.5) -> Layer:
    """An unlimited "pale" would bleach dark skin to ash, so both changes fade out below OKLab L 0.7.

    Args:
        amount: 0 to 1, of the lift (at most 0.02 in OKLab L, and up to 0.08 more on fair skin).
        cool: 0 to 1, how much chroma fair skin loses.
    """
    tone = scene.complexion.lightness
    fair = float(smoothstep(np.asarray(tone, np.float32), 0.55, 0.75))
    lift = amount * (LEAST_LIFT * fair + MOST_LIFT * fair) * max(0.0, min(1.0, (CEILING - tone) / 0.12))
    keep = 1 - amount * cool * (0.15 + 0.6 * fair)
    box = scene.near
    lab = lab_of(canvas, box)
    # shadows keep their depth, highlights do not clip
    lightness = lab[..., 0]
    lab[..., 0] += np.float32(lift) * 4 * lightness * (1 - lightness) * np.clip(lightness / np.float32(tone), 0, 1)
    lab[..., 1] *= np.float32(keep)
    lab[..., 2] *= np.float32(keep * (1 - 0.1 * amount * cool * fair))
    return Layer(box, from_oklab(lab), bare_skin(scene))
