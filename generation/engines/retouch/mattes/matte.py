"""Which pixels are the person, and what colour the person has where they mix with the background. Knows no style."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, box_mean, resize, smoothstep, to_canvas, to_pixels
from generation.engines.retouch.layer import Box
from generation.engines.retouch.mattes.doubt import told_by_colour, without_doubted_holes
from generation.engines.retouch.mattes.matting import carry_over, lines_of, solve

if TYPE_CHECKING:
    from generation.face.face import Face
    from generation.face.finder import FaceFinder

LIKELIHOOD_PX = 400
"""The longer side of the net's joined answer."""
WORK_PX = 400
"""The longer side that the matte is worked out at."""
ROUNDS = 18


def person_likelihood(pixels: np.ndarray, face: Face, finder: FaceFinder) -> np.ndarray:
    """The net's answer for the whole frame, sharpened around the head by its answer for a crop.

    Returns:
        (H', W') float32, 0 to 1, the longer side LIKELIHOOD_PX or the photo's own if that is smaller.
    """
    height, width = pixels.shape[:2]
    scale = min(1.0, LIKELIHOOD_PX / max(height, width))
    rows, cols = max(1, round(height * scale)), max(1, round(width * scale))
    whole = resize(finder.person(pixels), rows, cols)
    crop = head_box(face, height, width)
    part = finder.person(np.ascontiguousarray(pixels[crop.rows_cols]))
    x0, y0, x1, y1 = (round(at * scale) for at in (crop.x0, crop.y0, crop.x1, crop.y1))
    weight = np.zeros((rows, cols), np.float32)
    inset = 0.25 * face.height_px * scale
    top, left = (0 if y0 == 0 else y0 + inset), (0 if x0 == 0 else x0 + inset)
    bottom, right = (rows if y1 >= rows else y1 - inset), (cols if x1 >= cols else x1 - inset)
    weight[round(top) : round(bottom), round(left) : round(right)] = 1
    weight = blur(weight, max(1.0, inset * 0.4))
    sharp = np.zeros((rows, cols), np.float32)
    sharp[y0:y1, x0:x1] = resize(part, y1 - y0, x1 - x0)
    return np.asarray(whole + weight * (sharp - whole), np.float32)


def head_box(face: Face, height: int, width: int) -> Box:
    """Head, hair and shoulders."""
    middle, unit = face.points[:468].mean(0), face.height_px
    low, high = middle - np.asarray([2.2, 2.0]) * unit, middle + np.asarray([2.2, 2.4]) * unit
    return Box(int(low[0]), int(low[1]), int(high[0]), int(high[1])).clipped(height, width)


def person_matte(pixels: np.ndarray, face: Face, likelihood: np.ndarray, hair: np.ndarray) -> np.ndarray:
    """How much of each pixel is the person.

    Args:
        hair: float32, where hair is, of any size: the undecided band is wide only where hair meets the background.

    Returns:
        (H, W) float32.
    """
    height, width = pixels.shape[:2]
    scale = min(1.0, WORK_PX / max(height, width))
    rows, cols = max(8, round(height * scale)), max(8, round(width * scale))
    small = resize(pixels, rows, cols)
    likely = cv2.resize(likelihood, (cols, rows), interpolation=cv2.INTER_LINEAR)
    likely = told_by_colour(likely, small, max(1.0, 0.015 * face.height_px * scale))
    likely, small_hair = _of_this_person(likely, face, scale), resize(hair, rows, cols)
    likely = without_doubted_holes(likely, likely, small_hair)
    likely = np.maximum(likely, smoothstep(small_hair, 0.6, 0.95))
    unknown = _undecided(likely, small_hair, face.height_px * scale)
    hint = np.where(unknown, likely, likely > 0.5).astype(np.float32)
    weight = np.where(unknown, 0.004, 20).astype(np.float32)
    image = blur(to_canvas(small), 0.5) - np.float32(0.5)
    lines = lines_of(image, 1, 0.008)
    alpha = np.where(unknown, np.clip(solve(lines, hint, weight, ROUNDS), 0, 1), hint).astype(np.float32)
    alpha = without_doubted_holes(alpha, likely, small_hair)
    if scale < 1:
        alpha = carry_over(lines, alpha, to_canvas(pixels) - np.float32(0.5))
    return _decided(
        resize(alpha, height, width), resize(image, rows // 2, cols // 2), resize(likely, rows // 2, cols // 2)
    )


def _decided(alpha: np.ndarray, image: np.ndarray, likely: np.ndarray) -> np.ndarray:
    """Alpha with its soft ends cut off; cut harder where person and background look the same, as dark hair at night.

    There the colours could not tell, and a soft edge would carry the old background along as a halo.
    """
    radius = max(3, round(max(image.shape[:2]) * 0.035))
    inside, outside = smoothstep(likely, 0.7, 0.97), smoothstep(likely, 0.3, 0.03)
    difference = np.zeros_like(likely)
    for channel in range(3):
        plane = np.ascontiguousarray(image[..., channel])
        own = box_mean(plane * inside, radius) / (box_mean(inside, radius) + np.float32(1e-3))
        other = box_mean(plane * outside, radius) / (box_mean(outside, radius) + np.float32(1e-3))
        difference += (own - other) ** 2
    told = resize(smoothstep(np.sqrt(difference), 0.05, 0.18), *alpha.shape)
    low = np.float32(0.42) - np.float32(0.37) * told
    high = np.float32(0.85) + np.float32(0.10) * told
    t = np.clip((alpha - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def _of_this_person(likely: np.ndarray, face: Face, scale: float) -> np.ndarray:
    """Without islands that do not hang together with the face."""
    _, labels = cv2.connectedComponents((likely > 0.4).astype(np.uint8))
    rows, cols = likely.shape
    x, y = np.clip((face.points[:468].mean(0) * scale).astype(int), 0, [cols - 1, rows - 1])
    if labels[y, x] == 0:
        return likely
    mine = cv2.dilate((labels == labels[y, x]).astype(np.float32), np.ones((9, 9), np.uint8))
    return np.asarray(likely * blur(mine, 1.5))


def _undecided(likely: np.ndarray, hair: np.ndarray, unit: float) -> np.ndarray:
    """The band around the silhouette that is left to the colours: unit is the face's height in px."""
    edge = _grown(likely > 0.5, 1) & ~_shrunk(likely > 0.5, 1)
    hairy = _grown(edge & _grown(hair > 0.3, 0.03 * unit), 0.075 * unit)
    body = _grown(edge, max(2.0, 0.02 * unit))
    near = _grown(edge, 0.1 * unit)
    return np.asarray(hairy | body | ((likely > 0.06) & (likely < 0.94) & near))


def _disc(radius: float) -> np.ndarray:
    side = 2 * max(1, round(radius)) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))


def _grown(where: np.ndarray, radius: float) -> np.ndarray:
    return np.asarray(cv2.dilate(where.astype(np.uint8), _disc(radius)) > 0)


def _shrunk(where: np.ndarray, radius: float) -> np.ndarray:
    return np.asarray(cv2.erode(where.astype(np.uint8), _disc(radius), borderValue=1) > 0)


def foreground(pixels: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """The person's own colours, without the old background where they mix; the photo well inside.

    Forte 2021 ("Approximate fast foreground colour estimation"): blur-fusion, first wide, then narrow.

    Returns:
        (H, W, 3) uint8, sRGB.
    """
    height, width = alpha.shape
    image = to_canvas(pixels)
    step = max(1, max(height, width) // 640)
    rows, cols = height // step, width // step
    small, share = resize(image, rows, cols), resize(alpha, rows, cols)
    front, back = _means(small, share, max(rows, cols) // 12)
    for radius in (max(rows, cols) // 12, max(2, max(rows, cols) // 160)):
        own = _solved(small, share, front, back)
        front, back = _means_of(own, small, share, radius)
    full = alpha[..., None]
    front, back = resize(front, height, width), resize(back, height, width)
    own = np.clip(front + full * (image - full * front - (1 - full) * back), 0, 1)
    inside = smoothstep(alpha, 0.9, 0.995)[..., None]
    return to_pixels(own + inside * (image - own))


def _means(image: np.ndarray, alpha: np.ndarray, radius: int) -> tuple[np.ndarray, np.ndarray]:
    return _means_of(image, image, alpha, radius)


def _means_of(own: np.ndarray, image: np.ndarray, alpha: np.ndarray, radius: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean colour of the person and of the background around each pixel."""
    there = box_mean(alpha, radius)[..., None]
    front = box_mean(own * alpha[..., None], radius) / (there + np.float32(1e-5))
    back = box_mean(image * (1 - alpha[..., None]), radius) / (1 - there + np.float32(1e-5))
    return front, back


def _solved(image: np.ndarray, alpha: np.ndarray, front: np.ndarray, back: np.ndarray) -> np.ndarray:
    share = alpha[..., None]
    return np.asarray(np.clip(front + share * (image - share * front - (1 - share) * back), 0, 1), np.float32)
