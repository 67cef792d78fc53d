"""A mosaic: small stones laid along the forms, each tilted a little, with grout between them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, parse_rgb, resize, smoothstep
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.media.abstraction import flow
from generation.engines.retouch.media.cells import means, middles, spread, tiled
from generation.engines.retouch.media.film import grain
from generation.engines.retouch.media.sheet import Sheet, exposed, grown, sheet_of
from generation.engines.retouch.scene import Scene

NEEDS = ("person",)
WORK_PX = 1080
LAYING_PX = 420
"""The stones are laid out on a smaller copy: their places need no finer grid."""
LAMP = (-0.45, -0.70)


@dataclass(frozen=True, slots=True)
class _Stones:
    """colours: (N, 3) sRGB. numbers, edge: see cells.tiled. side: (H, W) px."""

    colours: np.ndarray
    numbers: np.ndarray
    edge: np.ndarray
    side: np.ndarray


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    stone: float = 0.034,
    grout: str = "#8c8172",
    gap: float = 0.11,
    tilt: float = 0.6,
    gold: float = 0.0,
) -> Layer:
    """The whole picture laid in stones along the edges' flow (after Hausner, "Simulating decorative mosaics", 2001).

    Args:
        stone: a stone's side in face heights; on eyes and mouth they are half as large.
        grout: its colour. gap: its width in stones. tilt: how differently stones catch the light, 0 to 1.
        gold: how much of the background is gold leaf under glass, 0 to 1.
    """
    sheet = sheet_of(scene, canvas, WORK_PX)
    rng = np.random.default_rng(seed)
    side = _sides(sheet, stone)
    way = _ways(sheet)
    numbers, edge = _laid(sheet, side, way, rng)
    count = int(numbers.max()) + 1
    lab = exposed(sheet, scene, 0.4)
    # a stone takes the colour of its middle, so that thin dark forms are not averaged away
    colours = means(numbers, lab, count, smoothstep(edge, 0.05, 0.5))
    colours[:, 1:] *= 1.25
    colours[:, 0] = 0.5 + (colours[:, 0] - 0.5) * 1.08 + rng.normal(0, 0.016, count)
    colours[:, 1:] += rng.normal(0, 0.005, (count, 2))
    if gold > 0:
        _gild(colours, means(numbers, sheet.person[..., None], count)[:, 0], gold, rng)
    # the bed is darker than the stones around it: one light grout everywhere would veil dark hair and dark skin
    bed = (
        parse_rgb(grout)
        * (np.float32(0.35) + blur(cv2.cvtColor(sheet.pixels, cv2.COLOR_RGB2GRAY), side.mean()))[..., None]
    )
    stones = _Stones(from_oklab(colours[None])[0], numbers, edge, side)
    picture = _set(stones, bed, rng, tilt, gap, seed)
    return Layer(Box.whole(scene.height, scene.width), grown(picture, scene), None)


def _sides(sheet: Sheet, stone: float) -> np.ndarray:
    """How large the stones are: small on the features, larger on what is not the person."""
    unit = float(np.clip(sheet.unit_px, 0.25 * sheet.height, 0.6 * sheet.height))
    side = np.float32(stone * unit) * (1 - np.float32(0.56) * blur(sheet.detail, 0.02 * sheet.unit_px))
    side *= 1 + np.float32(0.25) * (1 - blur(sheet.person, 0.05 * sheet.unit_px))
    return np.asarray(np.maximum(side, 4.5), np.float32)


def _ways(sheet: Sheet) -> np.ndarray:
    """Along the edges; where there are none, along the contour of the person, as borders of mosaics run."""
    grey = cv2.cvtColor(sheet.pixels, cv2.COLOR_RGB2GRAY) + np.float32(0.25) * blur(sheet.person, 0.05 * sheet.unit_px)
    return flow(blur(grey, 0.006 * sheet.unit_px), max(2.0, 0.03 * sheet.unit_px))


def _laid(sheet: Sheet, side: np.ndarray, way: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    scale = min(1.0, LAYING_PX / max(side.shape))
    rows, columns = round(sheet.height * scale), round(sheet.width * scale)
    small_side = resize(side, rows, columns) * np.float32(scale)
    small_way = resize(way, rows, columns)
    small_way /= np.linalg.norm(small_way, axis=2, keepdims=True) + 1e-6
    density = 1 / small_side**2
    points = spread(density, round(float(density.sum())), rng, rounds=3)
    for _ in range(4):
        numbers, _ = tiled(points, small_way, small_side)
        points = middles(numbers, len(points), density, points)
    return tiled((points + 0.5) / np.float32(scale) - 0.5, way, side)


def _gild(colours: np.ndarray, person: np.ndarray, amount: float, rng: np.random.Generator) -> None:
    """Paint stones of the background gold, in place."""
    leaf = (person < 0.5) & (rng.random(len(person)) < amount)
    lightness = 0.70 + 0.13 * rng.standard_normal(len(person)).clip(-1.6, 1.6)
    gilded = np.stack([lightness, np.full_like(lightness, 0.025), 0.13 + 0.02 * lightness], 1)
    colours[leaf] = gilded[leaf]


def _set(stones: _Stones, bed: np.ndarray, rng: np.random.Generator, tilt: float, gap: float, seed: int) -> np.ndarray:
    """Stones with bevelled edges in their bed of grout (H, W, 3), lit from the upper left."""
    numbers, edge, side = stones.numbers, stones.edge, stones.side
    facing = rng.normal(0, 0.055 * tilt, len(stones.colours)).astype(np.float32)
    soft = cv2.GaussianBlur(np.minimum(edge, 0.55), (0, 0), 1.0)
    slope = LAMP[0] * cv2.Sobel(soft, cv2.CV_32F, 1, 0) + LAMP[1] * cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    bevel = np.clip(-slope * side * np.float32(0.035 * tilt), -0.16, 0.16)
    rough = grain(numbers.shape[0], numbers.shape[1], 1.6, seed)
    light = 1 + facing[numbers] + bevel + np.float32(0.018) * rough
    faces = stones.colours[numbers] * light[..., None]
    cover = smoothstep((edge - np.float32(gap)) * side, -0.9, 0.9)
    ground = bed * (1 + np.float32(0.06) * rough)[..., None]
    return np.asarray(np.clip(ground + cover[..., None] * (faces - ground), 0, 1), np.float32)
