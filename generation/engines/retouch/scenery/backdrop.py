"""Puts a person before another background. Knows how, not which."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import blur, resize, smoothstep, to_canvas
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.scene import Scene


def before(scene: Scene, own: np.ndarray, backdrop: np.ndarray, *, wrap: float) -> Layer:
    """The person before a backdrop.

    Args:
        own: (H, W, 3) float32 sRGB: the person's own colours; written to.
        backdrop: (H, W, 3) float32 sRGB, 0 to 1.
        wrap: how far its light reaches around the edges, 0 to 1.
    """
    alpha = person_before(scene)
    if wrap > 0:
        _wrap(own, backdrop, alpha, wrap, scene.face.height_px)
    own -= backdrop
    own *= alpha[..., None]
    own += backdrop
    return Layer(Box.whole(scene.height, scene.width), own, None)


def person_before(scene: Scene) -> np.ndarray:
    """(H, W) float32: the person's matte; where the photo had cut the head and room was added above, with a round top.

    A head that ends in a straight line is a cut-out; an ellipse over the nose, as high as the cut, is hair.
    """
    alpha, cut = scene.person, scene.added_px
    if cut <= 0 or cut + 2 >= scene.height or float(alpha[cut + 2].max()) < 0.5:
        return alpha
    nose, unit = scene.face.points[168], scene.face.height_px
    high = max(float(nose[1]) - cut, 1.0)
    row = int(np.clip(nose[1] - 0.45 * high, cut + 1, scene.height - 1))
    there = np.flatnonzero(alpha[row] > 0.5)
    if not len(there):
        return alpha
    left, right = (max(abs(float(there[at]) - float(nose[0])), 0.35 * unit) / 0.893 for at in (0, -1))
    x = np.arange(scene.width, dtype=np.float32)[None] - np.float32(nose[0])
    y = (np.arange(scene.height, dtype=np.float32)[:, None] - np.float32(nose[1])) / np.float32(high)
    far = np.hypot(x / np.where(x < 0, np.float32(left), np.float32(right)), np.minimum(y, 0))
    dome = smoothstep(far, 1.0, 0.955)
    return np.asarray(alpha * np.maximum(dome, smoothstep(y, -0.45, -0.35)), np.float32)


def person_colours(scene: Scene, canvas: np.ndarray) -> np.ndarray:
    """(H, W, 3) float32: the canvas with the old background's share taken out of the person's edges."""
    mixed = smoothstep(scene.person, 0.999, 0.9)[..., None]
    own = to_canvas(scene.foreground)
    own -= to_canvas(scene.pixels)
    own *= mixed
    own += canvas
    return np.clip(own, 0, 1, out=own)


def _wrap(own: np.ndarray, backdrop: np.ndarray, alpha: np.ndarray, wrap: float, unit: float) -> None:
    """Screens the blurred backdrop over the person's edges, in place."""
    height, width = alpha.shape
    rows, cols = max(8, height // 4), max(8, width // 4)
    light = blur(resize(backdrop, rows, cols), 0.07 * unit / 4)
    edge = 1 - blur(resize(alpha, rows, cols), 0.035 * unit / 4)
    light = resize(light * (np.float32(wrap) * edge)[..., None], height, width)
    light *= 1 - own
    light *= alpha[..., None]
    own += light
