"""Uneven skin as it gets with the years: a few brown spots, and patches that are redder or paler."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur, resize
from generation.engines.retouch.creases import colourful
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.masks import forehead_top
from generation.engines.retouch.paint import box_around, lab_of, layer_of, part
from generation.engines.retouch.relief import less_where_clipped, tenderness
from generation.face.regions import OVAL

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

SIDE_PX = 240
"""Spots are drawn on a copy whose face is so high."""


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, amount: float = 0.6, count: int = 34) -> Layer:
    """Spots multiply lightness, so they show on every complexion; patches average to nothing.

    Args:
        amount: 0 to 1. count: of spots.
    """
    box = box_around(scene, np.vstack([scene.face.points[list(OVAL)], forehead_top(scene)]), 0.02)
    scale = min(1.0, SIDE_PX / scene.face.height_px)
    shape = (max(8, round(box.height * scale)), max(8, round(box.width * scale)))
    rng = np.random.default_rng(seed)
    spots = resize(_spots(shape, SIDE_PX, count, rng), box.height, box.width)
    patches, blood = (_patches(shape, SIDE_PX * size, rng) for size in (0.035, 0.06))
    lab = lab_of(canvas, box)
    free = part(scene, scene.skin, box) * (1 - part(scene, scene.occluders, box))
    lightness = np.ascontiguousarray(lab[..., 0])
    plain = tenderness(lightness, free, scene.face.height_px)
    skin = less_where_clipped(free, lightness, scene.face.height_px) * np.float32(amount * (1 - 0.5 * plain))
    lab[..., 0] *= 1 + skin * (resize(patches, box.height, box.width) * np.float32(0.022) - spots * np.float32(0.16))
    tinted = skin * np.float32(colourful(scene))
    lab[..., 1] += tinted * (resize(blood, box.height, box.width) * np.float32(0.009) + spots * np.float32(0.006))
    lab[..., 2] += tinted * (spots * np.float32(0.014) - np.float32(0.002))
    return layer_of(box, lab, skin)


def _spots(shape: tuple[int, int], unit: float, count: int, rng: np.random.Generator) -> np.ndarray:
    """Irregular soft spots, few of them large; fewer in the middle of the face."""
    ragged = blur(rng.normal(size=shape).astype(np.float32), 1.2) * np.float32(1.2)
    found = np.zeros(shape, np.float32)
    for _ in range(count):
        across = rng.uniform(-1, 1)
        across = np.sign(across) * abs(across) ** 0.6  # temples and cheeks rather than the nose
        radius = unit * (0.006 + 0.012 * rng.uniform() ** 3)
        reach = math.ceil(3 * radius)
        column, row = round((0.5 + 0.5 * across) * shape[1]), round(rng.uniform(0.05, 0.9) * shape[0])
        top, left = max(0, row - reach), max(0, column - reach)
        crop = found[top : row + reach, left : column + reach]
        y, x = np.mgrid[top : top + crop.shape[0], left : left + crop.shape[1]].astype(np.float32)
        away = np.hypot(x - np.float32(column), (y - np.float32(row)) * np.float32(rng.uniform(0.8, 1.3)))
        edge = (away - np.float32(radius)) / np.float32(0.22 * radius + 0.5)
        spot = 1 / (1 + np.exp(edge + ragged[top : row + reach, left : column + reach]))
        np.maximum(crop, np.float32(rng.uniform(0.35, 1.0)) * spot, out=crop)
    return found


def _patches(shape: tuple[int, int], sigma: float, rng: np.random.Generator) -> np.ndarray:
    noise = blur(rng.normal(size=shape).astype(np.float32), sigma)
    return np.asarray((noise - noise.mean()) / max(float(noise.std()), 1e-6), np.float32)
