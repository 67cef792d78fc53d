"""Folds of skin as a surface with light on it: valleys, banks, and the fine crepe between them. Knows no age.

Everything is drawn on a small copy of a box and given back as a change of the logarithm of lightness.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, resize, smoothstep
from generation.engines.retouch.lamps import photo_light
from generation.engines.retouch.lids import eyes_of, softness_px

if TYPE_CHECKING:
    from generation.engines.retouch.creases import Crease
    from generation.engines.retouch.layer import Box
    from generation.engines.retouch.scene import Scene

WORK_HEIGHT_PX = 520
"""Folds are drawn on a copy whose face is at most so high: they have no finer detail."""
CREPE_STEPS = 4
PLAIN = (0.0095, 0.003)
"""From the median relief of skin with pores and lines, as a share of its lightness, to the one of plain skin."""
SMALL = (110.0, 60.0)
"""From the height of a face, in px, that shows lines well, to the one that shows few."""


def less_where_clipped(shade: np.ndarray, lightness: np.ndarray, unit_px: float) -> np.ndarray:
    """Where the camera nearly clipped, no relief is left to see."""
    return np.asarray(shade * (1 - np.float32(0.7) * smoothstep(blur(lightness, 0.01 * unit_px), 0.83, 0.96)))


def tenderness(lightness: np.ndarray, skin: np.ndarray, unit: float) -> float:
    """0 for a face whose skin shows pores and lines, 1 for one that is plain, soft or small.

    Args:
        lightness: (h, w) of a box, OKLab's L.
        skin: (h, w) 0 to 1. unit: the face's height, px.
    """
    sure = skin > 0.9
    if sure.sum() < 50:
        return 1.0
    fine = blur(lightness, max(0.6, 0.002 * unit)) - blur(lightness, 0.012 * unit)
    relative = np.abs(fine[sure]) / np.maximum(lightness[sure], 0.1)
    plain = float(smoothstep(np.float32(np.median(relative)), *PLAIN))
    return max(plain, float(smoothstep(np.float32(unit), *SMALL)))


def relief(scene: Scene, box: Box, folds: list[Crease], rng: np.random.Generator, crepe: float) -> np.ndarray:
    """What the folds, and the crepe between them, do to the logarithm of lightness, (h, w)."""
    face = scene.face
    scale = min(1.0, WORK_HEIGHT_PX / face.height_px)
    shape = (max(8, round(box.height * scale)), max(8, round(box.width * scale)))
    soft = softness_px(scene, *eyes_of(face)) * scale
    unit = face.height_px * scale
    lit = _light_across(scene)
    planes = {
        size: _drawn([fold for fold in folds if fold.width == size], box, scale, shape, rng)
        for size in sorted({fold.width for fold in folds})
    }
    shade = np.zeros(shape, np.float32)
    if crepe:
        shade += _shaded(_crepe(folds, box, scale, shape, rng, soft), lit, max(1.0, soft), (0.0, crepe))
    for size, deep in planes.items():
        sigma = max(size * unit, 0.6)
        # a fold thinner than a pixel, or than the photo is sharp, shows by its share of it
        shown = np.float32(min(1.0, size * unit / max(0.6, 0.5 * soft)))
        shade += shown * _shaded(_surface(deep, sigma, soft), lit, sigma, (0.16, 0.30))
    return resize(np.clip(shade, -0.5, 0.13), box.height, box.width)


def _surface(deep: np.ndarray, sigma: float, soft: float) -> np.ndarray:
    """Height: a valley along the lines, and the soft banks beside it."""
    valley = blur(deep, float(np.hypot(0.55 * sigma, 0.7 * soft)))
    banks = blur(deep, float(np.hypot(2.2 * sigma, soft)))
    return np.asarray(np.float32(2.6) * banks - np.float32(2.2) * valley, np.float32)


def _shaded(surface: np.ndarray, lit: np.ndarray, sigma: float, how: tuple[float, float]) -> np.ndarray:
    """Light on a surface whose forms are about sigma px: what lies low is dark, what faces the lamp is bright."""
    across = cv2.Sobel(surface, cv2.CV_32F, 1, 0) * np.float32(lit[0] / 8)
    down = cv2.Sobel(surface, cv2.CV_32F, 0, 1) * np.float32(lit[1] / 8)
    low, facing = how
    return np.asarray(np.float32(low) * np.minimum(surface, 0.15) - (across + down) * np.float32(facing * sigma))


def _crepe(
    folds: list[Crease], box: Box, scale: float, shape: tuple[int, int], rng: np.random.Generator, soft: float
) -> np.ndarray:
    """Thin skin's fine net: noise drawn out along the folds around it (line integral convolution)."""
    flow = np.zeros((*shape, 3), np.float32)
    for fold in folds:
        at = (fold.path - box.origin) * np.float32(scale)
        for start, end in zip(at[:-1], at[1:], strict=True):
            twice = 2 * float(np.arctan2(end[1] - start[1], end[0] - start[0]))  # a line has no head
            ends = [tuple(int(round(float(each))) for each in point) for point in (start, end)]
            cv2.line(flow, ends[0], ends[1], (float(np.cos(twice)), float(np.sin(twice)), 1.0), 2)
    unit = shape[0]
    near = blur(flow, 0.02 * unit) + np.float32(0.15) * blur(flow, 0.09 * unit)
    turn = np.arctan2(near[..., 1], near[..., 0]) / 2
    right, down = np.cos(turn).astype(np.float32), np.sin(turn).astype(np.float32)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    noise = blur(rng.normal(size=shape).astype(np.float32), 0.7)
    drawn = np.zeros(shape, np.float32)
    for step in range(-CREPE_STEPS, CREPE_STEPS + 1):
        away = np.float32(2.3 * step)
        drawn += cv2.remap(noise, x + away * right, y + away * down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    drawn = blur(drawn, max(0.6, 0.8 * soft))
    drawn -= blur(drawn, 6.0)
    drawn /= max(float(drawn.std()), 1e-3)
    close = np.clip(near[..., 2] / max(float(np.percentile(near[..., 2], 95)), 1e-3), 0.25, 1)
    return np.asarray(drawn * close, np.float32)


def _light_across(scene: Scene) -> np.ndarray:
    """(2,) where the lamp stands seen in the picture, never quite in the middle."""
    towards = photo_light(scene).towards[:2] + np.asarray([0, -0.35], np.float32)
    return np.asarray(towards / max(float(np.linalg.norm(towards)), 1e-3), np.float32)


def _drawn(folds: list[Crease], box: Box, scale: float, shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Lines as deep as they are bright, uneven along their way and thinning out to their ends."""
    deep = np.zeros(shape, np.float32)
    thick = max(1, round(folds[0].width * 140))
    for fold in folds:
        at = (fold.path - box.origin) * np.float32(scale)
        share = np.linspace(0, 1, len(at) - 1)
        swell = np.maximum(np.sin(np.pi * share) ** 0.7, fold.tail[0] * (1 - 2 * share))
        uneven = np.interp(share, np.linspace(0, 1, 6), rng.uniform(0.55, 1.1, 6))
        low = np.clip(np.floor(at.min(axis=0)) - thick - 1, 0, (shape[1] - 1, shape[0] - 1)).astype(int)
        high = np.clip(np.ceil(at.max(axis=0)) + thick + 2, low + 1, (shape[1], shape[0])).astype(int)
        crop = deep[low[1] : high[1], low[0] : high[0]]
        line = np.zeros(crop.shape, np.float32)
        for start, end, value in zip(at[:-1] - low, at[1:] - low, fold.depth * swell * uneven, strict=True):
            ends = [tuple(int(round(float(each) * 16)) for each in point) for point in (start, end)]
            cv2.line(line, ends[0], ends[1], (float(value),), thick, cv2.LINE_AA, 4)
        np.maximum(crop, line, out=crop)
    return deep
