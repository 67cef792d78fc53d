"""Cuts a picture into numbered pieces: nearest points, tiles laid along a flow, seams, means. Knows no face."""

from __future__ import annotations

import cv2
import numpy as np

ROUNDS = 5
"""Times the points of a tiling are moved to the middles of their pieces."""


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
    base = nearest(points, height, width)
    columns = np.clip(points[:, 0].astype(int), 0, width - 1)
    rows = np.clip(points[:, 1].astype(int), 0, height - 1)
    own, side = way[rows, columns], size_px[rows, columns]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    numbers = base.copy()
    best = np.full((height, width), 1e9, np.float32)
    second = best.copy()
    for turn in range(9):
        if turn < 8:
            angle = turn * np.pi / 4 + 0.2
            there_x = np.clip(x + size_px * np.float32(np.cos(angle)), 0, width - 1)
            there_y = np.clip(y + size_px * np.float32(np.sin(angle)), 0, height - 1)
            candidate = base[there_y.astype(np.int32), there_x.astype(np.int32)]
        else:
            candidate = base
        right, down = x - points[candidate, 0], y - points[candidate, 1]
        cosine, sine = own[candidate, 0], own[candidate, 1]
        far = np.maximum(np.abs(right * cosine + down * sine), np.abs(down * cosine - right * sine)) / side[candidate]
        same = candidate == numbers
        closer = (far < best) & ~same
        second = np.where(closer, best, np.where(same, second, np.minimum(second, far)))
        numbers = np.where(closer, candidate, numbers)
        best = np.where(same, np.minimum(best, far), np.where(closer, far, best))
    return numbers, np.asarray(np.clip(second - best, 0, 1), np.float32)


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
