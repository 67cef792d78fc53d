"""Two coloured lamps from the sides and a lit edge around head and shoulders, in place of the photo's own light."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import LUMA, blur, parse_rgb, resize, to_linear, to_srgb
from generation.engines.retouch.lamps import body_box, lit_edges, near_of, own_light, surface
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.light import lambert
from generation.engines.retouch.scene import Scene

NEEDS = ("person",)
KNEE = 0.75
"""Linear light above this is bent down towards white."""


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    left: str = "#ff2fb4",
    right: str = "#16b4ff",
    amount: float = 0.85,
    rim: float = 1.0,
    dim: float = 0.35,
) -> Layer:
    """Relight the person.

    Args:
        left, right: the lamps' colours, by side of the picture. amount: how much of the photo's own light they replace.
        rim: how bright the lit edge is. dim: how far the middle of the face falls between the lamps.
    """
    box = body_box(scene)
    lamps = (to_linear(parse_rgb(left)), to_linear(parse_rgb(right)))
    linear = to_linear(canvas[box.rows_cols])
    luminance = cv2.transform(linear, LUMA[None])
    colours, front = _lamps(scene, box, lamps, amount, dim)
    # skin answers coloured light with its own lightness, and keeps a share of its own hue
    lit = linear * np.float32(0.45) + (luminance * np.float32(0.55))[..., None]
    lit *= colours
    lit += linear * front[..., None]
    lit += np.float32(1 - amount) * linear
    edge_left, edge_right = lit_edges(scene, box)
    shine = np.float32(rim) * (np.float32(0.42) + np.float32(1.3) * luminance)
    lit += (shine * edge_left)[..., None] * lamps[0]
    lit += (shine * edge_right)[..., None] * lamps[1]
    over = np.maximum(lit - np.float32(KNEE), 0)
    lit -= over * over / (over + np.float32(1 - KNEE))
    return Layer(box, to_srgb(lit), blur(scene.person[box.rows_cols], max(0.8, 0.004 * scene.face.height_px)))


def _lamps(
    scene: Scene, box: Box, lamps: tuple[np.ndarray, np.ndarray], amount: float, dim: float
) -> tuple[np.ndarray, np.ndarray]:
    """What falls on each px: the lamps' light (h, w, 3), and white light from the front (h, w)."""
    close = near_of(scene)
    normals = surface(scene, box, close)
    strength = np.float32(amount) / own_light(scene, box, close) ** np.float32(0.6 * amount)
    # fair skin would burn out under three lamps, deep skin needs them all
    paleness = max(scene.complexion.lightness - 0.45, 0) / 0.45
    strength = strength * np.float32(np.clip(1.15 - 0.45 * paleness, 0.72, 1.15))
    from_left = lambert(normals, (-0.94, -0.12, -0.30), wrap=0.06) * strength
    from_right = lambert(normals, (0.94, -0.20, -0.30), wrap=0.06) * strength
    front = lambert(normals, (0.05, -0.35, -0.95), wrap=0.2) * strength * np.float32(0.52 * (1 - dim))
    colours = np.float32(2.3) * (from_left[..., None] * lamps[0] + from_right[..., None] * lamps[1])
    return resize(colours, box.height, box.width), resize(front, box.height, box.width)
