"""Brush strokes by the thousand: traced along the flow, drawn as numbered shapes, textured at once. Knows no face."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from generation.engines.retouch.colour import smoothstep

STEPS = 4
"""A stroke is tested for a change of colour at so many places on each side of its middle."""
SHIFT = 3
BRISTLES_PX = 256


@dataclass(frozen=True, slots=True)
class Strokes:
    """N strokes: bent strips.

    Args:
        at: (N, 2) px, the middles. way: (N, 2) unit vectors. bend: (N,) 1/px, curvature.
        back, ahead: (N,) px, how far they reach on each side. colours: (N, 3) sRGB.
        half_px: half their width.
    """

    at: np.ndarray
    way: np.ndarray
    bend: np.ndarray
    back: np.ndarray
    ahead: np.ndarray
    colours: np.ndarray
    half_px: float


def strewn(height: int, width: int, step_px: float, rng: np.random.Generator) -> np.ndarray:
    """Points (N, 2) px on a jittered grid, in random order."""
    ys, xs = np.mgrid[step_px / 2 : height : step_px, step_px / 2 : width : step_px]
    points = np.stack([xs.ravel(), ys.ravel()], 1) + rng.uniform(-0.5, 0.5, (xs.size, 2)) * step_px
    points = np.clip(points, 0, (width - 1, height - 1))
    return np.asarray(rng.permutation(points), np.float32)


def trace(
    picture: np.ndarray, way: np.ndarray, at: np.ndarray, half_px: float, longest: float, tolerance: float
) -> Strokes:
    """Strokes through points, along the flow, as long as the picture keeps its colour (after Hertzmann, 1998).

    Args:
        picture: (H, W, 3) sRGB, already blurred to the brush's size. way: (H, W, 2), see abstraction.flow.
        longest: half a stroke's length, in half widths. tolerance: how much the colour may change, sRGB.
    """
    own = _sample(picture, at)
    along = _sample(way, at)
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-6
    step = half_px * longest / STEPS
    reach, turned = [], []
    for sign in (-1.0, 1.0):
        far = np.full(len(at), 0.35 * step, np.float32)
        going = np.ones(len(at), bool)
        there, ahead = at.copy(), along * np.float32(sign)
        for number in range(1, STEPS + 1):
            there = there + ahead * np.float32(step)
            new = _sample(way, there)
            ahead = new * np.where((new * ahead).sum(1, keepdims=True) < 0, -1, 1).astype(np.float32)
            going &= np.abs(_sample(picture, there) - own).sum(1) < tolerance
            far = np.where(going, np.float32(number * step), far)
        reach.append(far)
        turned.append(ahead * np.float32(sign))
    before, after = turned
    bend = (before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]) / np.float32(2 * STEPS * step)
    limit = 0.5 / (half_px * longest)
    return Strokes(at, along, np.clip(bend, -limit, limit), reach[0], reach[1], own, half_px)


def numbered(strokes: Strokes, height: int, width: int) -> np.ndarray:
    """Which stroke lies on top: (H, W) int32, -1 where there is none."""
    t = np.linspace(-1, 1, 5, dtype=np.float32)[None]
    along = np.where(t < 0, t * strokes.back[:, None], t * strokes.ahead[:, None])
    across = strokes.bend[:, None] * along * along / 2
    side = np.stack([-strokes.way[:, 1], strokes.way[:, 0]], 1)
    paths = strokes.at[:, None] + along[..., None] * strokes.way[:, None] + across[..., None] * side[:, None]
    fixed = np.round(paths * (1 << SHIFT)).astype(np.int32)
    # numbers travel as 24-bit colours
    codes = np.arange(1, len(fixed) + 1)
    red, green, blue = codes & 255, (codes >> 8) & 255, codes >> 16
    board = np.zeros((height, width, 3), np.uint8)
    thick = max(1, round(2 * strokes.half_px))
    for path, r, g, b in zip(fixed, red.tolist(), green.tolist(), blue.tolist(), strict=True):
        cv2.polylines(board, [path], False, (r, g, b), thick, cv2.LINE_8, SHIFT)
    return (cv2.transform(board.astype(np.float32), np.asarray([[1, 256, 65536]], np.float32)) - 1).astype(np.int32)


def bristles(rng: np.random.Generator) -> np.ndarray:
    """The marks of a brush, (BRISTLES_PX, BRISTLES_PX) float32, deviation 1: streaks along x, a hair each along y."""
    noise = rng.standard_normal((BRISTLES_PX, BRISTLES_PX), np.float32)
    fine = cv2.GaussianBlur(noise, (0, 0), sigmaX=14, sigmaY=0.9, borderType=cv2.BORDER_REFLECT_101)
    broad = cv2.GaussianBlur(noise, (0, 0), sigmaX=22, sigmaY=3.0, borderType=cv2.BORDER_REFLECT_101)
    both = fine / fine.std() + np.float32(0.7) * broad / broad.std()
    return np.asarray(both / both.std(), np.float32)


def painted(
    strokes: Strokes, numbers: np.ndarray, marks: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Colour (n, 3), height (n,) and cover (n,) of the pixels that have a stroke: numbers >= 0, in their order."""
    rows, columns = np.nonzero(numbers >= 0)
    which = numbers[rows, columns]
    away = np.stack([columns, rows], 1).astype(np.float32) - strokes.at[which]
    way, half = strokes.way[which], np.float32(strokes.half_px)
    along = away[:, 0] * way[:, 0] + away[:, 1] * way[:, 1]
    across = away[:, 1] * way[:, 0] - away[:, 0] * way[:, 1] - strokes.bend[which] * along * along / 2
    across /= half
    offsets = rng.integers(0, BRISTLES_PX, (2, len(strokes.at)))
    hairs = np.float32(22)  # rows of the marks over a stroke's width
    u = (along * np.float32(24 / half) / 4 + offsets[0][which]).astype(np.int32) % BRISTLES_PX
    v = (across * hairs / 2 + offsets[1][which]).astype(np.int32) % BRISTLES_PX
    mark = marks[v, u]
    end = np.where(
        along > 0, along / np.maximum(strokes.ahead[which], half), -along / np.maximum(strokes.back[which], half)
    )
    cover = smoothstep(1.12 - np.abs(across) + 0.16 * mark, 0.0, 0.30) * smoothstep(1.35 - end + 0.22 * mark, 0.0, 0.35)
    ridge = np.float32(0.5) * np.exp(-np.square((np.abs(across) - 0.82) / 0.14))  # paint is pushed to the sides
    height = np.float32(0.34) * mark + ridge + np.float32(0.5)
    colour = strokes.colours[which] * (1 + np.float32(0.030) * mark[:, None])
    return colour, height * cover, cover


def _sample(image: np.ndarray, at: np.ndarray) -> np.ndarray:
    """(N, C) of an image (H, W, C) at points (N, 2) px, the nearest pixel's."""
    x = np.clip(np.round(at[:, 0]).astype(int), 0, image.shape[1] - 1)
    y = np.clip(np.round(at[:, 1]).astype(int), 0, image.shape[0] - 1)
    return np.asarray(image[y, x], np.float32)
