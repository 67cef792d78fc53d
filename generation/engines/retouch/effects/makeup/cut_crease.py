"""A cut crease: a light lid with a clean edge, and a dark sweep above it that is drawn out to the temple."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur, parse_colour, smoothstep
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.lids import Eye, eyes_in, softness_px
from generation.engines.retouch.paint import lab_of, layer_of, part, pigment, sharp_shapes
from generation.face.regions import fill_polygons, spline

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    lid: str = "#f4d9e6",
    dark: str = "#3a1238",
    amount: float = 0.9,
    height: float = 0.5,
) -> list[Layer]:
    """Paint both lids.

    Args:
        lid: the colour below the cut. dark: of the sweep above it.
        amount: 0 to 1.
        height: where the cut is, 0 on the fold of the lid, 1 half-way from there to the brow.
    """
    unit = scene.face.height_px
    layers = []
    for eye in eyes_in(scene):
        box = eye.box(scene)
        lab = lab_of(canvas, box)
        cut = _cut(eye, height)
        opening = fill_polygons((box.height, box.width), [spline(eye.outline) - box.origin])
        free = eye.free(scene, box) * (1 - opening) * (1 - 0.9 * part(scene, scene.brows, box))
        below = sharp_shapes(box, [np.vstack([spline(eye.upper, closed=False), cut[::-1]])])
        below = blur(below, max(softness_px(scene, eye), 0.0016 * unit))
        sweep = sharp_shapes(box, [_sweep(eye, cut)]) * (1 - below)
        sweep = blur(sweep, 0.014 * unit) * (1 - below)
        share = np.float32(amount * eye.facing)
        sweep = sweep * free * share * smoothstep(eye.along(box), 0.0, 0.25)
        bright = below * free * share * (1 - 0.75 * smoothstep(eye.along(box), 0.72, 1.0))
        pigment(lab, scene.complexion.lit(parse_colour(dark), 0.4), sweep, 0.010 * unit, 0.85)
        pigment(lab, scene.complexion.lit(parse_colour(lid), 0.6), bright, 0.010 * unit, 0.8)
        layers.append(layer_of(box, lab, np.maximum(sweep, bright)))
    return layers


def _cut(eye: Eye, height: float) -> np.ndarray:
    """The edge, from the outer corner to the inner: highest over the middle of the eye."""
    t = np.linspace(0, 1, 9)[:, None]
    brow = np.stack([np.interp(t[:, 0], np.linspace(0, 1, 5), eye.brow[:, axis]) for axis in (0, 1)], 1)
    rise = 0.5 * height * np.sin(np.pi * np.clip(t * 0.9 + 0.08, 0, 1)) ** 0.7
    edge = eye.crease + (brow - eye.crease) * rise
    edge[0] = eye.upper[0] + eye.out * 0.10 * eye.width_px + eye.up * 0.06 * eye.width_px
    edge[-1] = eye.upper[-1] + eye.up * 0.03 * eye.width_px
    return spline(edge, closed=False)


def _sweep(eye: Eye, cut: np.ndarray) -> np.ndarray:
    """From the cut up towards the brow, to a point beyond the outer corner."""
    tip = eye.upper[0] + eye.out * eye.width_px * 0.50 + eye.up * eye.width_px * 0.36
    corner = eye.upper[0] + eye.out * eye.width_px * 0.02
    rise = np.sin(np.linspace(0.25, 1.0, len(cut)) * np.pi)[:, None] * eye.width_px * 0.17
    above = cut + eye.up * rise + eye.out * eye.width_px * 0.02
    return np.vstack([corner, cut[:6], cut[6:], above[::-1], tip])
