"""Turns photographs into flat shapes and ink: edge-keeping smoothing, flowing lines, tones. Knows no face.

Everything takes and gives float32, 0 to 1, at whatever size it is handed; it is meant for about 800 px.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from generation.engines.retouch.colour import smoothstep

SECTORS = 8


def kuwahara(image: np.ndarray, radius_px: int) -> np.ndarray:
    """Generalised Kuwahara filter (Papari et al. 2007; Kyprianidis et al. 2009), isotropic.

    Each pixel becomes the mean of eight overlapping sectors around it, the calm ones counting most: texture goes,
    edges stay, and shapes get the look of brushwork.

    Args:
        image: (H, W, 3) float32.
    """
    squares = cv2.transform(cv2.multiply(image, image), np.ones((1, 3), np.float32))
    stacked = cv2.merge([image, squares])
    to_square = np.asarray([[1, 1, 1, 0]], np.float32)
    total = np.zeros_like(stacked)
    weights = np.full(image.shape[:2], 1e-12, np.float32)
    for kernel in _sectors(radius_px):
        mean = cv2.filter2D(stacked, -1, kernel, borderType=cv2.BORDER_REFLECT)
        variance = mean[..., 3] - cv2.transform(cv2.multiply(mean, mean), to_square)
        calm = np.maximum(variance * np.float32(3e3), 0)
        weight = 1 / (1 + calm * calm)
        total += np.asarray(cv2.multiply(mean, cv2.merge([weight] * 4)), np.float32)
        weights += weight
    return np.asarray(total[..., :3] / weights[..., None], np.float32)


@lru_cache(maxsize=8)
def _sectors(radius_px: int) -> tuple[np.ndarray, ...]:
    y, x = np.mgrid[-radius_px : radius_px + 1, -radius_px : radius_px + 1].astype(np.float32)
    far = np.hypot(x, y) / (radius_px + 0.5)
    angle = np.arctan2(y, x)
    disc = np.exp(-2.0 * far**2) * (far <= 1)
    kernels = []
    for sector in range(SECTORS):
        off = np.angle(np.exp(1j * (angle - 2 * np.pi * sector / SECTORS)))
        kernel = disc * np.exp(-((off / 0.55) ** 2))
        kernel[radius_px, radius_px] = disc[radius_px, radius_px] / 2
        kernels.append((kernel / kernel.sum()).astype(np.float32))
    return tuple(kernels)


def flow(image: np.ndarray, sigma_px: float) -> np.ndarray:
    """Along which way the picture's edges run: (H, W, 2) float32 unit vectors, sign arbitrary.

    The smoothed structure tensor's lesser eigenvector.
    """
    grey = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    gx, gy = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    xx, xy, yy = (cv2.GaussianBlur(product, (0, 0), sigma_px) for product in (gx * gx, gx * gy, gy * gy))
    angle = cv2.phase(xx - yy, 2 * xy) * np.float32(0.5) + np.float32(np.pi / 2)
    cosine, sine = cv2.polarToCart(np.ones_like(angle), angle)
    return np.dstack([cosine, sine])


def along(values: np.ndarray, directions: np.ndarray, reach_px: float, step_px: float = 1.0) -> np.ndarray:
    """Blur along the flow (line integral convolution), following its bends; Gaussian with sigma reach_px / 2.

    values: (H, W) or (H, W, C) float32.
    """
    height, width = values.shape[:2]
    grid_x, grid_y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    total = values.copy()
    steps = max(1, round(reach_px / step_px))
    for sign in (1, -1):
        x, y = grid_x.copy(), grid_y.copy()
        right, down = cv2.split(directions * np.float32(sign))
        for step in range(1, steps + 1):
            x += right * np.float32(step_px)
            y += down * np.float32(step_px)
            weight = float(np.exp(-2.0 * (step / steps) ** 2))
            total += np.float32(weight) * cv2.remap(values, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            if step < steps:
                there = cv2.remap(directions, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
                right, down = _onward(there, right, down)
    return total / np.float32(_mass(steps))


def _onward(there: np.ndarray, right: np.ndarray, down: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The flow at the next place, its sign so that it goes on and not back."""
    next_right, next_down = cv2.split(there)
    back = next_right * right + next_down * down < 0
    return np.negative(next_right, out=next_right, where=back), np.negative(next_down, out=next_down, where=back)


def _mass(steps: int) -> float:
    return 1.0 + 2.0 * sum(float(np.exp(-2.0 * (step / steps) ** 2)) for step in range(1, steps + 1))


def ink(
    grey: np.ndarray, directions: np.ndarray, width_px: float, amount: float = 1.0, floor: float = 0.012
) -> np.ndarray:
    """Where a pen would draw: (H, W) float32, 1 is ink.

    A difference of Gaussians, smoothed along the flow so that lines hold together (after Winnemöller, Kyprianidis,
    Olsen, "XDoG", 2012, and Kang's flow-based lines, 2007).

    Args:
        width_px: of a line. floor: how faint an edge may be.
    """
    return smoothstep(edges(grey, directions, width_px) * np.float32(amount), floor, 2.6 * floor)


def edges(grey: np.ndarray, directions: np.ndarray, width_px: float) -> np.ndarray:
    """What `ink` draws where it is strong: (H, W) float32, how much darker a line is than what lies beside it."""
    fine = cv2.GaussianBlur(grey, (0, 0), width_px * 0.5)
    coarse = cv2.GaussianBlur(grey, (0, 0), width_px * 0.5 * 1.8)
    return along(coarse - fine, directions, 3.0 * width_px, max(1.0, width_px * 0.6))


def dots(height: int, width: int, pitch_px: float, angle_deg: float = 27.0) -> np.ndarray:
    """A halftone screen: (H, W) float32, each px's distance to the nearest dot's centre, in pitches (0 to 0.71)."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    turn = np.radians(angle_deg)
    u = (x * np.float32(np.cos(turn)) + y * np.float32(np.sin(turn))) / np.float32(pitch_px)
    v = (y * np.float32(np.cos(turn)) - x * np.float32(np.sin(turn))) / np.float32(pitch_px)
    return length(u - np.round(u), v - np.round(v))


def length(across: np.ndarray, down: np.ndarray) -> np.ndarray:
    """Of vectors, float32. cv2.magnitude rounds by where in memory its arrays lie: the same picture came out twice."""
    return np.asarray(np.sqrt(across * across + down * down), np.float32)


def tones(values: np.ndarray, edges: tuple[float, ...], levels: tuple[float, ...], soft: float) -> np.ndarray:
    """Flat tones: below edges[0] it is levels[0], and so on; `soft` is the half width of each step."""
    result = np.full(values.shape, levels[0], np.float32)
    for edge, lower, upper in zip(edges, levels, levels[1:], strict=False):
        result += np.float32(upper - lower) * smoothstep(values, edge - soft, edge + soft)
    return result
