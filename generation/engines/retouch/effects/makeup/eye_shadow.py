"""Eye shadow in up to four colours: lid, crease, outer corner, and a shimmer. Follows the lid's own shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur, parse_colour, smoothstep
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.lids import Eye, eyes_in
from generation.engines.retouch.paint import distance, lab_of, layer_of, part, pigment
from generation.face.regions import fill_polygons, spline

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    lid: str = "#b98a5e",
    crease: str = "#8a5a44",
    outer: str = "#4a2c26",
    shimmer: str = "",
    amount: float = 0.65,
    height: float = 1.0,
    lower: float = 0.4,
    wing: float = 0.35,
    smoke: float = 0.7,
) -> list[Layer]:
    """Paint both lids, and below the lower lashes.

    Args:
        lid, crease, outer: colours of the three zones; shimmer: of the light on the lid, "" for none.
        amount: 0 to 1.
        height: how far up it goes; 1 to the crease, 1.3 nearly to the brow.
        lower: 0 to 1, along the lower lashes.
        wing: how far beyond the outer corner, in eye widths.
        smoke: 0 to 1, how dark the outer corner is.
    """
    layers = []
    for side, eye in enumerate(eyes_in(scene)):
        box = eye.box(scene)
        lab = lab_of(canvas, box)
        free = _free(scene, eye, box)
        along, above = eye.along(box), eye.above(box) / np.float32(height)
        upper = _upper_region(eye, box, wing, scene.face.height_px) * free * (eye.facing * amount)
        zones = _zones(along, above, smoke)
        weights = [
            (crease, zones[0] * upper * 0.95),
            (lid, zones[1] * upper),
            (outer, zones[2] * upper * 0.85),
            (
                outer,
                _lower_region(eye, box, along, scene.face.height_px) * free * np.float32(lower * amount * eye.facing),
            ),
        ]
        if shimmer:
            weights.append((shimmer, _shimmer(along, above, seed + side, scene.face.height_px) * upper))
        total = np.zeros_like(along)
        for text, weight in weights:
            pigment(lab, scene.complexion.lit(parse_colour(text), 0.4), weight, 0.010 * scene.face.height_px)
            total = np.maximum(total, weight)
        layers.append(layer_of(box, lab, total))
    return layers


def _free(scene: Scene, eye: Eye, box: Box) -> np.ndarray:
    """Where powder may lie: the face, not the eye itself, not the brow, not what hangs over it."""
    opening = fill_polygons((box.height, box.width), [spline(eye.outline) - box.origin])
    return np.asarray(eye.free(scene, box) * (1 - opening) * (1 - 0.9 * part(scene, scene.brows, box)), np.float32)


def _upper_region(eye: Eye, box: Box, wing: float, unit: float) -> np.ndarray:
    """From the upper lashes to the brow, drawn out to a soft wing beyond the outer corner."""
    width = eye.width_px
    tip = eye.upper[0] + eye.out * width * wing + eye.up * width * wing * 0.62
    inner = eye.upper[-1] - eye.out * width * 0.06 + eye.up * width * 0.05
    top = eye.brow[::-1] * 0.92 + eye.crease[[1, 2, 4, 6, 7]][::-1] * 0.08
    shoulder = eye.brow[0] * 0.55 + tip * 0.45
    region = np.vstack([eye.upper, inner, top, shoulder, tip])
    # a wing's lower edge is blended out wide, like with a brush
    sharp = fill_polygons((box.height, box.width), [spline(region) - box.origin])
    return blur(sharp, 0.012 * unit)


def _zones(along: np.ndarray, above: np.ndarray, smoke: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weights of crease, lid and outer corner."""
    lid = np.exp(-np.power(np.clip(above, 0, None) * np.float32(1 / 0.34), 2.2))
    fold = np.exp(-np.square((above - np.float32(0.40)) * np.float32(1 / 0.24)))
    corner = smoothstep(along, 0.45, 1.08)
    started = smoothstep(along, -0.12, 0.12)
    return (
        fold * (0.55 + 0.45 * corner) * 0.85 * smoothstep(along, 0.05, 0.35),
        lid * started,
        np.clip(corner * (lid * 0.9 + fold * 0.75), 0, 1) * np.float32(smoke),
    )


def _lower_region(eye: Eye, box: Box, along: np.ndarray, unit: float) -> np.ndarray:
    rim = np.vstack([spline(eye.lower, closed=False), spline(eye.hollow[::-1], closed=False)]) - box.origin
    below = blur(fill_polygons((box.height, box.width), [rim]), 0.006 * unit)
    close = np.exp(-np.power(distance(box, eye.lower) * np.float32(1 / (eye.width_px * 0.085)), 1.6))
    return np.asarray(close * below * smoothstep(along, -0.05, 0.55), np.float32)


def _shimmer(along: np.ndarray, above: np.ndarray, seed: int, unit: float) -> np.ndarray:
    """A light patch in the middle of the lid, made of fine glitter where the photo is fine enough to show it."""
    patch = np.exp(-np.square((along - np.float32(0.5)) / np.float32(0.26)))
    patch *= np.exp(-np.square((above - np.float32(0.16)) / np.float32(0.13)))
    noise = np.random.default_rng(seed).standard_normal(along.shape, dtype=np.float32)
    noise = blur(noise, max(0.6, 0.0016 * unit))
    glitter = smoothstep(noise / (noise.std() + np.float32(1e-6)), 0.6, 2.2)
    glitter *= smoothstep(np.asarray(unit, np.float32), 180, 420)
    return np.asarray(np.clip(patch * (0.28 + 0.5 * glitter), 0, 1), np.float32)
