"""Cuts a picture into numbered pieces: nearest points, tiles laid along a flow, seams, means. Knows no face."""

from __future__ import annotations

import cv2
import numpy as np

ROUNDS = 5
"""Times the points of a tiling are moved to the middles of their pieces."""
STRIP_PX = 1 << 14
"""Tiles are told apart in strips of about so many pixels, which stay in the processor's cache."""


def scattered(density: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """About `count` points (N, 2) px, as dense as `density` (H, W) asks."""
    chance = density * np.float32(count / max(float(density.sum()), 1e-6))
    rows, columns = np.nonzero(rng.random(density.shape, np.float32) < chance)
    points = np.stack([columns, rows], 1) + rng.uniform(0, 1, (len(rows), 2))
    if len(points) < 4:
        points = rng.uniform(0, 1, (4, 2)) * (density.shape[1] - 1, density.shape[0] - 1)
    return np.asarray(points, np.float32)


def nearest(points: np.ndarray, height: int, width: int) -> np.ndarray:
    """Which point is nearest to each pixel: (H, W) int32, its row in points (N, 2)."""
    free = np.full((height, width), 255, np.uint8)
    x = np.clip(points[:, 0].astype(int), 0, width - 1)
    y = np.clip(points[:, 1].astype(int), 0, height - 1)
    free[y, x] = 0
    _, labels = cv2.distanceTransformWithLabels(free, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    of_label = np.zeros(int(labels.max()) + 1, np.int32)
    of_label[labels[y, x]] = np.arange(len(points))
    return np.asarray(of_label[labels])


def middles(numbers: np.ndarray, count: int, weight: np.ndarray, old: np.ndarray) -> np.ndarray:
    """The weighted middle of every piece (count, 2) px; a piece without pixels keeps its old one."""
    flat, mass = numbers.ravel(), weight.ravel()
    total = np.bincount(flat, mass, count)
    y, x = np.mgrid[0 : numbers.shape[0], 0 : numbers.shape[1]]
    moved = np.stack([np.bincount(flat, mass * each.ravel(), count) for each in (x, y)], 1)
    return np.where(total[:, None] > 1e-6, moved / np.maximum(total, 1e-6)[:, None], old).astype(np.float32)


def spread(density: np.ndarray, count: int, rng: np.random.Generator, rounds: int = ROUNDS) -> np.ndarray:
    """Points (N, 2) px spread evenly by a density: Lloyd's rounds of a centroidal Voronoi tessellation."""
    points = scattered(density, count, rng)
    for _ in range(rounds):
        numbers = nearest(points, *density.shape)
        points = middles(numbers, len(points), density, points)
    return points


def tiled(points: np.ndarray, way: np.ndarray, size_px: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Square tiles that stand along a flow: pieces in the maximum norm of each point's own axes (after Hausner, 2001).

    Args:
        points: (N, 2) px. way: (H, W, 2) unit vectors. size_px: (H, W), the tiles' side.

    Returns:
        numbers: (H, W) int32. gap: (H, W) float32, how far each pixel is from the seam, in tile sides; 0 on it.
    """
    height, width = way.shape[:2]
    base = nearest(points, height, width).astype(np.intp)
    columns = np.clip(points[:, 0].astype(int), 0, width - 1)
    rows = np.clip(points[:, 1].astype(int), 0, height - 1)
    cosine, sine = way[rows, columns].T / size_px[rows, columns]
    right = points[:, 0] * cosine + points[:, 1] * sine
    down = points[:, 1] * cosine - points[:, 0] * sine
    frames = np.asarray([cosine, sine, right, down], np.float32)
    numbers = np.empty((height, width), np.int32)
    gap = np.empty((height, width), np.float32)
    step = max(1, STRIP_PX // width)
    for top in range(0, height, step):
        strip = slice(top, top + step)
        numbers[strip], gap[strip] = _nearest_tiles(frames, base, size_px[strip], top)
    return numbers, gap


def _nearest_tiles(
    frames: np.ndarray, base: np.ndarray, size_px: np.ndarray, top: int
) -> tuple[np.ndarray, np.ndarray]:
    """`tiled` for the rows from `top` that `size_px` (h, W) has.

    Args:
        frames: (4, N), each point's axis x and y over its tile's side, and where it lies on both its axes.
        base: (H, W) intp, which point is nearest: those of a pixel and of eight places a tile away are tried.
    """
    height, width = base.shape
    mine = base[top : top + len(size_px)]
    y, x = np.mgrid[top : top + len(size_px), 0:width].astype(np.float32)
    best = np.full(size_px.shape, 1e9, np.float32)
    second, numbers = best.copy(), mine.copy()
    for turn in range(9):
        candidate = mine
        if turn < 8:
            angle = turn * np.pi / 4 + 0.2
            there_x = np.clip(x + size_px * np.float32(np.cos(angle)), 0, width - 1).astype(np.intp)
            there_y = np.clip(y + size_px * np.float32(np.sin(angle)), 0, height - 1).astype(np.intp)
            candidate = base.take(there_y * width + there_x)
        cosine, sine, right, down = (each.take(candidate) for each in frames)
        far = np.maximum(np.abs(x * cosine + y * sine - right), np.abs(y * cosine - x * sine - down))
        other = np.maximum(best, far)
        other[candidate == numbers] = 1e9
        np.minimum(second, other, out=second)
        np.copyto(numbers, candidate, where=far < best)
        np.minimum(best, far, out=best)
    return numbers, np.clip(second - best, 0, 1)


def seams(numbers: np.ndarray) -> np.ndarray:
    """(H, W) bool: pixels whose right or lower neighbour belongs to another piece."""
    at = np.zeros(numbers.shape, bool)
    at[:, :-1] |= numbers[:, :-1] != numbers[:, 1:]
    at[:-1] |= numbers[:-1] != numbers[1:]
    return at


def seam_distance(numbers: np.ndarray) -> np.ndarray:
    """(H, W) float32 px to the nearest seam."""
    return cv2.distanceTransform((~seams(numbers)).astype(np.uint8), cv2.DIST_L2, 5)


def means(numbers: np.ndarray, image: np.ndarray, count: int, weight: np.ndarray | None = None) -> np.ndarray:
    """The (weighted) mean of an image (H, W, C) over every piece: (count, C) float32."""
    flat = numbers.ravel()
    mass = np.ones(flat.shape) if weight is None else weight.ravel().astype(np.float64) + 1e-9
    total = np.maximum(np.bincount(flat, mass, count), 1e-9)
    sums = [np.bincount(flat, mass * image[..., channel].ravel(), count) for channel in range(image.shape[2])]
    return (np.stack(sums, 1) / total[:, None]).astype(np.float32)
