"""Whiskers one by one: from roots, directions and lengths to curves, and from curves to a layer. Knows no face."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from generation.engines.retouch.colour import LUMA, blur, oklab_to_linear, resize, to_linear, to_srgb
from generation.engines.retouch.layer import Box, Layer
from generation.face.regions import SHIFT

KNEES = 7
"""Points of a hair's curve."""
CHUNKS = 24
"""Hairs are laid in so many batches, one over the other."""
SEEN, DEEP = 0.75, 1.7
"""How much of stubble's colour is that of the skin over it, and how much deeper skin's colour is there: as the power
of its linear light. Grey alone would be plaster."""
FINE_PX = 520
"""A face this high has hairs of one pixel; smaller ones are drawn on a larger copy."""


@dataclass(frozen=True)
class Whiskers:
    """Hairs, the lowest first.

    Args:
        curves: (N, KNEES, 2) px of the picture, root first.
        tones: (N,) 0 (in the depth of the beard) to 1 (a hair in the light).
        thick: of a hair, in face heights.
        solid: how much of what is behind it a hair hides, 0 to 1.
    """

    curves: np.ndarray
    tones: np.ndarray
    thick: float
    solid: float = 1.0


def grow(roots: np.ndarray, ways: np.ndarray, ends: np.ndarray, reach_px: np.ndarray) -> np.ndarray:
    """Bent hairs (N, KNEES, 2). ways, ends: (N, 2) unit vectors a hair begins and ends along."""
    t = np.linspace(0, 1, KNEES, dtype=np.float32)[None, :, None]
    length = reach_px[:, None, None].astype(np.float32)
    return np.asarray(roots[:, None] + length * (t * ways[:, None] + 0.5 * t * t * (ends - ways)[:, None]), np.float32)


def scattered(mask: np.ndarray, box: Box, spacing_px: float, rng: np.random.Generator) -> np.ndarray:
    """(N, 2) px of the picture: points of a jittered grid, the more the larger the mask (h, w, 0 to 1)."""
    spacing_px = max(spacing_px, 0.4)
    rows, cols = int(box.height / spacing_px) + 1, int(box.width / spacing_px) + 1
    y, x = np.mgrid[0:rows, 0:cols].astype(np.float32)
    at = np.stack([x, y], -1).reshape(-1, 2) + rng.random((rows * cols, 2), np.float32)
    at *= np.float32(spacing_px)
    inside = (at[:, 0] < box.width - 1) & (at[:, 1] < box.height - 1)
    at = at[inside]
    whole = np.floor(at).astype(int)
    kept = rng.random(len(at), np.float32) < mask[whole[:, 1], whole[:, 0]]
    return np.asarray(at[kept] + box.origin, np.float32)


def uneven(points: np.ndarray, wave_px: float, rng: np.random.Generator) -> np.ndarray:
    """(N,) smooth noise at points (N, 2), mean 0, deviation about 1: hair grows in tufts. wave_px: a tuft's width."""
    if not len(points):
        return np.zeros(0, np.float32)
    at = ((points - points.min(0)) / np.float32(wave_px)).astype(np.float32)[None]
    rows, cols = (int(at[..., axis].max()) + 3 for axis in (1, 0))
    grid = rng.normal(0, 1.5, (rows, cols)).astype(np.float32)
    return np.asarray(cv2.remap(grid, at[..., 0], at[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)[0])


def paint(
    canvas: np.ndarray,
    box: Box,
    whiskers: Whiskers,
    colour: np.ndarray,
    *,
    unit: float,
    under: np.ndarray,
    keep: np.ndarray,
    softness_px: float,
) -> Layer:
    """The hairs, lit as what lies under them is.

    Args:
        colour: (3,) OKLab of a hair in even light on a face of middling brightness.
        unit: the face's height in px.
        under: (h, w) how much the hairs together darken the ground they grow on, 0 to 1.
        keep: (h, w) where hair may show.
        softness_px: of the photo's own finest lines.
    """
    tone, cover = _drawn(box, whiskers, unit)
    tone, cover = blur(tone, softness_px), blur(cover, softness_px) * keep
    linear = to_linear(np.ascontiguousarray(canvas[box.rows_cols]))
    shade = _shade(linear, under > 0.15, unit)[..., None]
    base = np.maximum(oklab_to_linear(colour[None, None])[0, 0], 0.002)
    depth = tone[..., None]
    hair = base * shade * (np.float32(0.22) + np.float32(1.15) * depth**2)
    hair = hair + np.float32(0.035) * shade * np.maximum(depth - np.float32(0.7), 0)  # gloss is of the lamp's colour
    if whiskers.solid < 1:  # stubble lies in the skin: it is seen through it, shadows dark skin and never lights it
        deep = linear ** np.float32(DEEP)
        seen = deep * ((hair @ LUMA) / np.maximum(deep @ LUMA, 0.002))[..., None]
        hair = np.minimum(hair + np.float32(SEEN) * (seen - hair), np.float32(0.8) * linear)
    dark = (under * keep)[..., None]
    depth_below = np.float32(0.35) * shade * (linear * linear if whiskers.solid < 1 else base)
    ground = linear + dark * (np.minimum(linear, depth_below) - linear)
    cast = _cast(cover, unit) * keep
    ground *= (1 - cast)[..., None]
    out = ground + (cover * np.float32(whiskers.solid))[..., None] * (hair - ground)
    return Layer(box, to_srgb(out), np.clip(np.maximum(np.maximum(cover, dark[..., 0]), cast) * 32, 0, 1))


def _cast(cover: np.ndarray, unit: float) -> np.ndarray:
    """The shadow that hair throws on what is below it."""
    down = np.asarray([[1, 0, 0], [0, 1, 0.022 * unit]], np.float32)
    moved = cv2.warpAffine(cover, down, (cover.shape[1], cover.shape[0]), borderMode=cv2.BORDER_REPLICATE)
    soft = blur(moved, 0.018 * unit)
    return np.asarray(np.float32(0.42) * soft * (soft > 0.004), np.float32)


def _drawn(box: Box, whiskers: Whiskers, unit: float) -> tuple[np.ndarray, np.ndarray]:
    """Tone and cover (h, w): every hair drawn over those before it, thinner towards its tip."""
    times = int(np.clip(np.ceil(FINE_PX / unit), 1, 4))
    size = (box.height * times, box.width * times)
    tone, cover = np.full(size, 60, np.uint8), np.zeros(size, np.uint8)
    corners = ((whiskers.curves - box.origin + 0.5) * times - 0.5) * (1 << SHIFT)
    corners = np.round(corners).astype(np.int32)
    width = max(1, round(whiskers.thick * unit * times))
    for chunk in np.array_split(np.arange(len(corners)), CHUNKS):
        for level in range(4):
            of = corners[chunk[(whiskers.tones[chunk] * 3.999).astype(int) == level]]
            shade = int(45 + 65 * level + 10 * (level == 3))
            cv2.polylines(tone, list(of), False, (min(shade, 255),), width, cv2.LINE_AA, SHIFT)
    cv2.polylines(cover, list(corners), False, (130,), width, cv2.LINE_AA, SHIFT)
    cv2.polylines(cover, list(corners[:, : KNEES - 2]), False, (235,), width, cv2.LINE_AA, SHIFT)
    both = (resize(plane, box.height, box.width).astype(np.float32) * np.float32(1 / 255) for plane in (tone, cover))
    tone_small, cover_small = both
    return tone_small, cover_small


def _shade(linear: np.ndarray, where: np.ndarray, unit: float) -> np.ndarray:
    """(h, w) how much light falls on each place, 1 in the middle of `where`."""
    light = blur(linear @ LUMA, 0.045 * unit)
    middle = max(float(np.median(light[where])) if where.any() else 0.2, 0.02)
    return np.clip(light / np.float32(middle), 0.3, 1.3)
