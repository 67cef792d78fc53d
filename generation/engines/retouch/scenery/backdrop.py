"""Puts a person before another background, lit by it. Knows how, not which."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import LUMA, blur, resize, smoothstep, to_canvas, to_linear
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.scene import Scene


def before(
    scene: Scene, canvas: np.ndarray, backdrop: np.ndarray, *, wrap: float, match: float, dim: float = 0.0
) -> Layer:
    """The person as drawn so far, before a backdrop.

    Args:
        backdrop: (H, W, 3) float32 sRGB, 0 to 1.
        wrap: how far its light reaches around the edges, 0 to 1.
        match: how far the person takes on the colour of its light, 0 to 1.
        dim: how far the person is darkened to suit it, 0 to 1; the face least.
    """
    alpha = scene.person
    own = person_colours(scene, canvas)
    if match > 0:
        own *= _tint(backdrop, match)
    if dim > 0:
        own *= (1 - np.float32(dim) * _away_from_face(scene))[..., None]
    if wrap > 0:
        own = _wrapped(own, backdrop, alpha, wrap, scene.face.height_px)
    share = alpha[..., None]
    own -= backdrop
    own *= share
    own += backdrop
    return Layer(Box.whole(scene.height, scene.width), own, None)


def person_colours(scene: Scene, canvas: np.ndarray) -> np.ndarray:
    """(H, W, 3) float32: the canvas with the old background's share taken out of the person's edges."""
    mixed = smoothstep(scene.person, 0.999, 0.9)[..., None]
    own = to_canvas(scene.foreground)
    own -= to_canvas(scene.pixels)
    own *= mixed
    own += canvas
    return np.clip(own, 0, 1, out=own)


def _tint(backdrop: np.ndarray, match: float) -> np.ndarray:
    """(3,) factors for sRGB values: the backdrop's mean light with its brightness taken out."""
    mean = to_linear(resize(backdrop, 16, 16)).mean((0, 1)) + np.float32(0.02)
    hue = mean / float(mean @ LUMA)
    return np.asarray(np.clip(hue, 0.4, 2.5) ** np.float32(match * 0.4), np.float32)


def _away_from_face(scene: Scene) -> np.ndarray:
    """(H, W) float32: 0.35 on the face, 1 from a face height away."""
    height, width, unit = scene.height, scene.width, scene.face.height_px
    rows, cols = max(8, height // 8), max(8, width // 8)
    y, x = np.mgrid[0:rows, 0:cols].astype(np.float32)
    middle = scene.face.points[:468].mean(0) * np.asarray([cols / width, rows / height], np.float32)
    away = np.hypot(x - middle[0], y - middle[1]) * np.float32(width / cols / unit)
    return resize(0.35 + 0.65 * smoothstep(away, 0.3, 1.6), height, width)


def _wrapped(own: np.ndarray, backdrop: np.ndarray, alpha: np.ndarray, wrap: float, unit: float) -> np.ndarray:
    """Screens the blurred backdrop over the person's edges."""
    height, width = alpha.shape
    rows, cols = max(8, height // 4), max(8, width // 4)
    light = blur(resize(backdrop, rows, cols), 0.07 * unit / 4)
    edge = 1 - blur(resize(alpha, rows, cols), 0.04 * unit / 4)
    light = resize(light * edge[..., None], height, width) * alpha[..., None]
    return np.asarray(own + np.float32(wrap) * light * (1 - own), np.float32)


def rim(alpha: np.ndarray, towards: tuple[float, float], unit: float) -> np.ndarray:
    """(H, W) float32: how much a light from that side (right, down) catches the person's edge."""
    height, width = alpha.shape
    rows, cols = max(8, height // 3), max(8, width // 3)
    small = resize(alpha, rows, cols)
    thick = blur(small, 0.035 * unit / 3)
    slope_x, slope_y = (cv2.Sobel(thick, cv2.CV_32F, *way, ksize=3) for way in ((1, 0), (0, 1)))
    lit = -(slope_x * towards[0] + slope_y * towards[1]) * np.float32(0.035 * unit / 3)
    return np.asarray(resize(np.clip(lit, 0, 1) * small, height, width) * alpha, np.float32)


def disc(radius: float, sides: int = 7) -> np.ndarray:
    """A lens's opening with that many blades: a kernel whose sum is 1."""
    reach = max(1, round(radius))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    wedge = 2 * np.pi / sides
    angle = (np.arctan2(y, x) + 0.3) % wedge - wedge / 2
    edge = max(1.0, radius) * np.cos(wedge / 2) / np.cos(angle)
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
    noise = np.random.default_rng(seed).normal(0, amount, (shape[0], shape[1], 1))
    return noise.astype(np.float32)
