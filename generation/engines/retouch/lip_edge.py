"""Where the lips really end in this photo: the mesh's outline corrected by the lips' own colour. Draws nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, smoothstep
from generation.engines.retouch.layer import Box
from generation.engines.retouch.paint import part
from generation.face.regions import spline

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

BAND = 0.012
"""The mesh's outline may be this far off, in face heights."""

HIDDEN = 1.0
"""Lips and skin closer than this (squared Mahalanobis distance), with no line between the lips: a hand hides them."""

FEWEST = 24  # pixels to learn a colour from


def lip_mask(scene: Scene, lab: np.ndarray, box: Box) -> np.ndarray:
    """The lips inside `box`, (h, w) float32: without teeth, hairs of a beard and the skin around.

    Within a band along the mesh's outline each pixel is lip or skin by linear discriminant analysis of their
    colours in this photo. Where the two look alike, the outline alone decides.

    Args:
        lab: (h, w, 3) OKLab of the box.
    """
    unit = scene.face.height_px
    lips, mouth = part(scene, scene.lips, box), part(scene, scene.mouth, box)
    band = max(1, round(BAND * unit))
    inner, outer = _eroded(lips + mouth, band), _dilated(lips + mouth, max(1, band // 2))
    core = (inner > 0.9) & (mouth < 0.05)
    mask = blur(np.ascontiguousarray(lips), 0.004 * unit)
    if core.sum() < FEWEST:
        return np.asarray(mask * (1 - mouth), np.float32)
    calm = blur(lab, 0.006 * unit)
    ring = (_dilated(outer, 3 * band) - outer > 0.9) & (part(scene, scene.skin, box) > 0.5)
    if ring.sum() >= FEWEST:
        likeness, apart = _lip_likeness(calm, calm[core], calm[ring])
        hidden = HIDDEN * scene.complexion.colourful  # in grey, lips look like skin anyway
        if apart < hidden and _line_depth(scene, lab, box, float(np.median(lab[core][:, 0]))) < 0.05:
            return np.zeros_like(mask)
        trust = float(smoothstep(np.asarray(apart, np.float32), 2.5, 8.0))
        sought = np.clip(inner + np.clip(outer - inner, 0, 1) * likeness, 0, 1)
        # a pencilled edge is a smooth curve: blurring and steepening takes small bays out of it
        sought = blur(smoothstep(blur(sought, 0.009 * unit), 0.3, 0.7), 0.002 * unit)
        mask += (sought - mask) * np.float32(0.85 * trust)
    middle = np.median(lab[core], axis=0)
    mask *= 1 - 0.9 * _hairs(lab, middle)
    if mouth.any():
        mask *= 1 - _teeth(lab, middle) * np.clip(_dilated(mouth, 2 * band), 0, 1)
        rim = _rolled_in(lab, middle, mask, mouth, band)
        return np.asarray(np.clip(mask * (1 - mouth) + rim, 0, 1), np.float32)
    return np.asarray(mask * (1 - mouth), np.float32)


def _lip_likeness(lab: np.ndarray, lip: np.ndarray, skin: np.ndarray) -> tuple[np.ndarray, float]:
    """How much like the lip each pixel is, 0 to 1, and the squared Mahalanobis distance of lip and skin (Fisher)."""
    lip_mean, skin_mean = lip.mean(axis=0), skin.mean(axis=0)
    spread = (np.cov(lip.T) + np.cov(skin.T)) / 2 + np.diag([4e-4, 3e-5, 3e-5])
    direction = np.linalg.solve(spread, lip_mean - skin_mean)
    apart = float((lip_mean - skin_mean) @ direction)
    score = (lab - ((lip_mean + skin_mean) / 2).astype(np.float32)) @ direction.astype(np.float32)
    return smoothstep(score / np.float32(max(apart, 1e-3)), -0.25, 0.25), apart


def _line_depth(scene: Scene, lab: np.ndarray, box: Box, lightness: float) -> float:
    """How much darker than the lips the line or the gap between them is, in OKLab L: every mouth has one."""
    upper, lower = (78, 81, 13, 311, 308), (78, 178, 14, 402, 308)
    middle = (scene.face.points[list(upper)] + scene.face.points[list(lower)]) / 2 - box.origin
    reach = max(1, round(BAND * scene.face.height_px / 2))
    darkest = cv2.erode(np.ascontiguousarray(lab[..., 0]), np.ones((2 * reach + 1, 1), np.uint8))
    x, y = np.clip(np.round(spline(middle, closed=False)).astype(int), 0, (box.width - 1, box.height - 1)).T
    return lightness - float(np.median(darkest[y, x]))


def _hairs(lab: np.ndarray, lip: np.ndarray) -> np.ndarray:
    """Hairs of a moustache or beard over the lip: much darker than it, and not red."""
    dark = smoothstep(lip[0] - lab[..., 0], 0.10, 0.20)
    dim = np.clip(lab[..., 0] / lip[0], 0.4, 1)  # lips in the shade are less red, too
    red = smoothstep(lab[..., 1], (0.6 * lip[1] + 0.01) * dim, (0.9 * lip[1] + 0.02) * dim)
    return np.asarray(dark * (1 - red), np.float32)


def _rolled_in(lab: np.ndarray, lip: np.ndarray, mask: np.ndarray, mouth: np.ndarray, band: int) -> np.ndarray:
    """The lip's own rim inside the mesh's inner outline: as light as the lip, and less red than gums."""
    near = blur(np.clip(_dilated(mask * (1 - mouth), band), 0, 1), 0.4 * band) * mouth
    calm = blur(lab, 0.25 * band)
    red = calm[..., 1] / np.float32(max(float(lip[1]), 1e-3))
    like = 1 - smoothstep(np.abs(calm[..., 0] - lip[0]), 0.10, 0.18)
    like *= smoothstep(red, 0.35, 0.55) * (1 - smoothstep(red, 0.95, 1.15))
    return np.asarray(near * blur(like, 0.2 * band), np.float32)


def _teeth(lab: np.ndarray, lip: np.ndarray) -> np.ndarray:
    """Teeth just beyond the mesh's inner outline: lighter than the lip and not red."""
    light = smoothstep(lab[..., 0] - lip[0], 0.03, 0.12)
    return np.asarray(light * (1 - smoothstep(lab[..., 1], 0.35 * lip[1], 0.75 * lip[1])), np.float32)


def _eroded(mask: np.ndarray, radius_px: int) -> np.ndarray:
    return cv2.erode(mask, _disc(radius_px))


def _dilated(mask: np.ndarray, radius_px: int) -> np.ndarray:
    return cv2.dilate(mask, _disc(radius_px))


def _disc(radius_px: int) -> np.ndarray:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius_px + 1, 2 * radius_px + 1))
