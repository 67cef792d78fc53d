"""Spectacle lenses: what they let through and what they mirror. Knows no frame's construction and no face."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, smoothstep, to_linear, to_srgb
from generation.engines.retouch.layer import Box
from generation.face.regions import fill_polygons


@dataclass(frozen=True, slots=True)
class Glass:
    """What a lens is made of.

    Args:
        top, bottom: (3,) linear, what it lets through of each colour at its upper and lower edge.
        mirror: how strongly it mirrors, 0 to 1.
        sheen: (3,) linear, the colour of its coating's reflection.
    """

    top: np.ndarray
    bottom: np.ndarray
    mirror: float
    sheen: np.ndarray


def through(
    picture: np.ndarray, box: Box, rim: np.ndarray, centre: np.ndarray, axes: np.ndarray, size_px: float, glass: Glass
) -> tuple[np.ndarray, np.ndarray]:
    """A photo seen through a lens.

    Args:
        picture: (h, w, 3) sRGB under the lens, of `box`.
        rim: (N, 2) px, the lens's edge in the picture.
        centre: (2,) px. axes: (2, 2), columns: one px right and one px up in the lens's plane, in the picture.
        size_px: half the lens's height.

    Returns:
        colour: (h, w, 3) sRGB. mask: (h, w).
    """
    mask = fill_polygons((box.height, box.width), [rim - box.origin])
    y, x = np.mgrid[box.y0 : box.y1, box.x0 : box.x1].astype(np.float32)
    away = np.stack([x - centre[0], y - centre[1]], -1) @ np.linalg.inv(axes).T.astype(np.float32) / np.float32(size_px)
    across, up = away[..., 0], away[..., 1]
    fall = smoothstep(up, 0.9, -0.9)[..., None]
    passed = to_linear(picture) * (glass.top + fall * (glass.bottom - glass.top))
    shown = passed + _reflection(across, up)[..., None] * (glass.sheen * np.float32(glass.mirror))
    shown *= 1 - np.float32(0.25 * min(1.0, 3 * glass.mirror)) * _edge(mask, size_px)[..., None]
    return to_srgb(shown), mask


def _reflection(across: np.ndarray, up: np.ndarray) -> np.ndarray:
    """A bright sky above a soft horizon, and one slanting window, on a curved lens: (h, w), 0 to about 1."""
    bent = up + 0.22 * across * across + 0.10 * across
    sky = 0.55 * smoothstep(bent, 0.05, 0.95) + 0.05 * smoothstep(bent, -0.35, -0.95)
    slant = across * 0.80 + up * 0.60
    reach = smoothstep(up, -0.62, -0.25) * smoothstep(up + 0.12 * across, 0.84, 0.62)
    window = smoothstep(slant, 0.06, 0.22) * smoothstep(slant, 0.56, 0.46)
    window += 0.5 * smoothstep(slant, 0.64, 0.70) * smoothstep(slant, 0.84, 0.76)
    return np.asarray(sky + 0.55 * window * reach * (0.55 + 0.45 * up), np.float32)


def _edge(mask: np.ndarray, size_px: float) -> np.ndarray:
    """The darker border a thick lens has."""
    inner = cv2.erode(mask, np.ones((3, 3), np.uint8))
    return np.asarray(mask * smoothstep(blur(1 - inner, 0.09 * size_px), 0.05, 0.6), np.float32)
