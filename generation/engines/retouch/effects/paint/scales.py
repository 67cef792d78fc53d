"""Mermaid scales over temples and cheek bones, as painted through a net: they shimmer from one colour to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import parse_colour, smoothstep
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.painting.pigments import sheet_for, worn
from generation.engines.retouch.painting.sheet import Sheet

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

NEEDS = ("hair",)
STEP = 0.044
"""From one scale to the next, in face heights."""
# Middles and sigmas of where the scales are thick, on the right side: temple, cheek bone, towards the nose, forehead.
PATCHES = (
    ((-0.47, -0.02), (0.11, 0.14)),
    ((-0.40, 0.15), (0.12, 0.062)),
    ((-0.22, 0.185), (0.085, 0.036)),
    ((-0.36, -0.24), (0.10, 0.07)),
)
BOTTOM = 0.34
"""Below this nothing is drawn."""
THICK, THIN = 0.42, 0.24
"""Above the first density every scale is drawn, below the second none."""


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    first: str = "#18c7b4",
    second: str = "#7a48e8",
    light: str = "#e6fff6",
    ink: str = "#0c2238",
    amount: float = 0.9,
) -> Layer:
    """Paint the scales.

    Args:
        first, second: colours they run between, from the middle of the face outwards. light: of their shine.
        ink: of the gaps.
        amount: 0 to 1, how opaque.
    """
    sheet = sheet_for(scene)
    x, y = sheet.places(BOTTOM)
    across = np.broadcast_to(-x, (len(y), x.shape[1]))
    density = _density(across, y)
    row, column, inside = _cells(across, y)
    noise = np.random.default_rng(seed).random(4096).astype(np.float32)
    luck = noise[(row * 61 + column * 17) % 4096]
    centre = _density((column + (row % 2) * 0.5) * STEP, row * STEP * 0.5)
    drawn = smoothstep(centre + (luck - np.float32(0.5)) * np.float32(0.16), THIN, THICK)
    far = np.clip((across - 0.12) / 0.42 + (luck - 0.5) * 0.5, 0, 1)[..., None]
    body = parse_colour(first) * (1 - far) + parse_colour(second) * far
    shine = np.exp(-np.square((inside - np.float32(0.52)) / np.float32(0.20)))[..., None] * np.float32(0.65)
    body = body + shine * (parse_colour(light) - body)
    edge = smoothstep(inside, 0.80, 0.97)[..., None]
    sheet.tint(np.broadcast_to(parse_colour(first), body.shape), np.clip(0.5 * density, 0, 0.4))
    sheet.tint((body + edge * (parse_colour(ink) - body)).astype(np.float32), drawn * (1 - 0.25 * edge[..., 0]))
    _pearls(sheet, light)
    return worn(scene, canvas, sheet, amount)


def _density(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """0 to 1: how thick the scales are at each place."""
    fields = [np.exp(-0.5 * (np.square((x - (-cx)) / sx) + np.square((y - cy) / sy))) for (cx, cy), (sx, sy) in PATCHES]
    return np.asarray(np.maximum.reduce(fields), np.float32)


def _cells(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which scale each place belongs to, and 0 at that scale's root to 1 at its rim.

    Scales are discs in rows half a step apart that hang over the row below: the lowest row whose disc
    reaches a place is the one behind, the highest the one in front.
    """
    half = np.float32(STEP * 0.5)
    shape = np.broadcast_shapes(x.shape, y.shape)
    best_row, best_column = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    best = np.full(shape, 2, np.float32)
    base = np.floor(y / half).astype(np.int32) + np.zeros(shape, np.int32)
    for step in (1, 0, -1):
        row = base + step
        shift = (row % 2) * np.float32(0.5)
        column = np.round(x / np.float32(STEP) - shift).astype(np.int32)
        away = np.hypot(x - (column + shift) * np.float32(STEP), y - row * half) / (half * np.float32(1.06))
        covers = away <= 1
        best_row, best_column = np.where(covers, row, best_row), np.where(covers, column, best_column)
        best = np.where(covers, away, best)
    return best_row, best_column, np.clip(best, 0, 1)


def _pearls(sheet: Sheet, light: str) -> None:
    """Three pearls at each inner corner of the band."""
    for sign in (-1, 1):
        for x, y, size in ((0.128, 0.155, 0.006), (0.112, 0.132, 0.0045), (0.10, 0.110, 0.0035)):
            sheet.spot((sign * x, y), (size, size), light, 0.95)
