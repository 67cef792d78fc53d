"""Lashes: tapered, curved hairs fanned along both lids. Drawn by polygons, thinner than a pixel at the tip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur, parse_rgb
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.lids import Eye, eyes_in, softness_px
from generation.engines.retouch.paint import part, sharp_shapes
from generation.face.regions import spline

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    colour: str = "#0c0808",
    amount: float = 0.9,
    length: float = 1.0,
    density: int = 56,
    lower: float = 0.5,
) -> list[Layer]:
    """Draw lashes; those of a closed eye lie on the cheek.

    Args:
        amount: 0 to 1.
        length: 1 is a sixth of an eye's width.
        density: hairs on an upper lid.
        lower: 0 to 1: length and number of hairs on the lower lid.
    """
    ink = parse_rgb(colour)
    layers = []
    for eye in eyes_in(scene):
        box = eye.box(scene)
        rng = np.random.default_rng(seed)
        softness = softness_px(scene, eye)
        way = -1.0 if eye.closed else 1.0
        hairs = _fan(eye, rng, way, length * (0.75 if eye.closed else 1.0), density)
        mask = blur(sharp_shapes(box, hairs), softness)
        if lower > 0 and not eye.closed:
            below = _fan(eye, rng, -1.0, length * (0.25 + 0.25 * lower), round(density * 0.6))
            mask = np.maximum(mask, blur(sharp_shapes(box, below), softness) * np.float32(0.75 * lower))
        mask *= (1 - part(scene, scene.occluders, box)) * np.float32(amount * eye.facing)
        flat = np.empty((box.height, box.width, 3), np.float32)
        flat[:] = ink
        layers.append(Layer(box, flat, np.clip(mask, 0, 1)))
    return layers


def _fan(eye: Eye, rng: np.random.Generator, way: float, length: float, count: int) -> list[np.ndarray]:
    """Hairs of the upper (way 1) or the lower lid (way -1), as polygons.

    They lean outwards at the outer corner and a little inwards at the inner one, are longest a quarter of the way in,
    and mascara draws the tips of three or four together.
    """
    curve = spline(eye.upper if way > 0 else eye.lower, 12, closed=False)
    tufts = np.repeat(np.arange(-(-count // 4)), 4)[:count]
    t = np.clip((np.arange(count) + 0.5 + rng.normal(0, 0.3, count)) / count, 0, 1) * 0.9 + 0.005
    gathered = (np.bincount(tufts, t) / np.bincount(tufts))[tufts]
    at = t * (len(curve) - 1)
    roots = np.stack([np.interp(at, np.arange(len(curve)), curve[:, axis]) for axis in (0, 1)], axis=1)
    aim = 0.3 * t + 0.7 * gathered
    lean = np.interp(aim, (0, 0.25, 0.6, 1), (1.15, 0.75, 0.05, -0.45)) + rng.normal(0, 0.06, count)
    towards = way * eye.up + lean[:, None] * eye.out
    towards /= np.linalg.norm(towards, axis=1, keepdims=True)
    reach = eye.width_px * 0.185 * length * np.interp(gathered, (0, 0.2, 0.55, 0.9), (0.8, 1.0, 0.72, 0.30))
    reach = (reach * rng.uniform(0.72, 1.08, count))[:, None]
    tips = roots + towards * reach
    # lashes leave the lid flat and turn up at their ends
    bows = roots + towards * reach * 0.5 + eye.out * np.sign(lean)[:, None] * reach * 0.10 - eye.up * way * reach * 0.09
    half_px = eye.width_px * (0.0062 if way > 0 else 0.0042) * rng.uniform(0.7, 1.1, count)
    return _hairs(roots, bows, tips, half_px)


def _hairs(roots: np.ndarray, bows: np.ndarray, tips: np.ndarray, half_px: np.ndarray) -> list[np.ndarray]:
    """Bent hairs that taper to their tips; every argument has a row for each."""
    t = np.linspace(0, 1, 7)[None, :, None]
    spines = (1 - t) ** 2 * roots[:, None] + 2 * (1 - t) * t * bows[:, None] + t**2 * tips[:, None]
    ahead = np.gradient(spines, axis=1)
    ahead /= np.linalg.norm(ahead, axis=2, keepdims=True) + 1e-9
    side = np.stack([-ahead[..., 1], ahead[..., 0]], axis=2) * half_px[:, None, None] * (1 - t) ** 0.7
    return list(np.concatenate([spines + side, (spines - side)[:, ::-1]], axis=1))
