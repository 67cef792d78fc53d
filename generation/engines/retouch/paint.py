"""What make-up effects are drawn with: boxes near the face, soft shapes in them, and pigments. Knows no recipe.

A weight is a (h, w) float32 mask of how much of a pigment lies on each pixel of a box.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, to_oklab
from generation.engines.retouch.layer import Box, Layer
from generation.face.regions import SHIFT, spline

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene


def box_around(scene: Scene, points: np.ndarray, margin: float) -> Box:
    """The box around points (N, 2) px of the picture with a margin in face heights, inside scene.near."""
    low = points.min(axis=0) - margin * scene.face.height_px
    high = points.max(axis=0) + margin * scene.face.height_px
    near = scene.near
    x0, y0 = (int(np.clip(low[0], near.x0, near.x1 - 1)), int(np.clip(low[1], near.y0, near.y1 - 1)))
    return Box(x0, y0, int(np.clip(high[0] + 1, x0 + 1, near.x1)), int(np.clip(high[1] + 1, y0 + 1, near.y1)))


def part(scene: Scene, mask: np.ndarray, box: Box) -> np.ndarray:
    """The part of a mask of scene.near that lies in `box`, as a view."""
    near = scene.near
    return mask[box.y0 - near.y0 : box.y1 - near.y0, box.x0 - near.x0 : box.x1 - near.x0]


def lab_of(canvas: np.ndarray, box: Box) -> np.ndarray:
    """A copy of the box of a canvas as OKLab."""
    return to_oklab(np.ascontiguousarray(canvas[box.rows_cols]))


def layer_of(box: Box, lab: np.ndarray, weight: np.ndarray) -> Layer:
    """A layer of what has been painted into `lab`; `weight` is 0 where it was left alone."""
    return Layer(box, from_oklab(lab), np.clip(weight * np.float32(64), 0, 1))


def places(box: Box) -> tuple[np.ndarray, np.ndarray]:
    """x (1, w) and y (h, 1) px of the box's pixels in the picture."""
    x = np.arange(box.x0, box.x1, dtype=np.float32)[None]
    y = np.arange(box.y0, box.y1, dtype=np.float32)[:, None]
    return x, y


def spot(box: Box, centre: np.ndarray, along: np.ndarray, sigmas_px: tuple[float, float]) -> np.ndarray:
    """A soft elliptic spot, 1 at its centre; sigmas along the vector `along` and across it."""
    axis = along / np.linalg.norm(along)
    x, y = places(box)
    right, down = x - np.float32(centre[0]), y - np.float32(centre[1])
    forth = (right * axis[0] + down * axis[1]) * np.float32(1 / sigmas_px[0])
    aside = (down * axis[0] - right * axis[1]) * np.float32(1 / sigmas_px[1])
    return np.asarray(np.exp(np.float32(-0.5) * (forth * forth + aside * aside)), np.float32)


def soft_line(box: Box, points: np.ndarray, width_px: float, blur_px: float) -> np.ndarray:
    """A smooth line through points (N, 2) px of the picture."""
    mask = np.zeros((box.height, box.width), np.uint8)
    curve = np.round((spline(points, closed=False) - box.origin) * (1 << SHIFT)).astype(np.int32)
    cv2.polylines(mask, [curve.reshape(-1, 1, 2)], False, (255,), max(1, round(width_px)), cv2.LINE_AA, SHIFT)
    return blur(mask.astype(np.float32) * np.float32(1 / 255), blur_px)


def sharp_shapes(box: Box, polygons: list[np.ndarray], times: int = 3) -> np.ndarray:
    """Filled polygons (N, 2) px of the picture, together, drawn `times` larger and averaged: clean thin tips."""
    mask = np.zeros((box.height * times, box.width * times), np.uint8)
    for polygon in polygons:
        corners = np.round(((polygon - box.origin + 0.5) * times - 0.5) * (1 << SHIFT)).astype(np.int32)
        cv2.fillPoly(mask, [corners.reshape(-1, 1, 2)], (255,), cv2.LINE_AA, SHIFT)
    small = cv2.resize(mask, (box.width, box.height), interpolation=cv2.INTER_AREA)
    return small.astype(np.float32) * np.float32(1 / 255)


def distance(box: Box, points: np.ndarray) -> np.ndarray:
    """From every pixel of the box to the smooth line through points (N, 2) px of the picture, in px."""
    free = np.full((box.height, box.width), 255, np.uint8)
    curve = np.round(spline(points, closed=False) - box.origin).astype(np.int32)
    cv2.polylines(free, [curve.reshape(-1, 1, 2)], False, (0,), 1)
    return cv2.distanceTransform(free, cv2.DIST_L2, 5)


def pigment(lab: np.ndarray, colour: np.ndarray, weight: np.ndarray, grain_px: float, cover: float = 0.78) -> None:
    """Lay powder or cream on skin, in place; the skin's own fine relief stays visible.

    A pigment darker than the skin takes it `cover` of the way, so shading shows through; a lighter one
    lifts it at most that far.

    Args:
        lab: (h, w, 3) OKLab.
        colour: (3,) OKLab of the pigment.
        grain_px: relief finer than this is kept.
    """
    lightness = lab[..., 0]
    relief = lightness - blur(lightness, grain_px)
    covered = lightness + (colour[0] - lightness) * np.float32(cover) + relief * np.float32(0.75)
    share = np.clip(weight, 0, 1)
    lab[..., 0] += (covered - lightness) * share
    for channel in (1, 2):
        lab[..., channel] += (colour[channel] - lab[..., channel]) * share
