"""What a lens and a film do to a whole picture: grain, dark corners, bloom, curves. Knows no face."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, resize, smoothstep

GRAIN_TILE_PX = 512


def grain(height: int, width: int, size_px: float, seed: int) -> np.ndarray:
    """Film grain: (H, W) float32, mean 0, deviation 1, grains about size_px across.

    One tile is made and laid out mirrored, which nobody sees in grain and which takes a tenth of the time.
    """
    noise: np.ndarray = np.random.default_rng(seed).standard_normal((GRAIN_TILE_PX, GRAIN_TILE_PX), np.float32)
    if size_px > 0.5:
        noise = cv2.GaussianBlur(noise, (0, 0), size_px * 0.5, borderType=cv2.BORDER_REFLECT)
    noise /= noise.std()
    down = max(0, height - GRAIN_TILE_PX)
    right = max(0, width - GRAIN_TILE_PX)
    tiled = cv2.copyMakeBorder(noise, 0, down, 0, right, cv2.BORDER_REFLECT) if down or right else noise
    return tiled[:height, :width]


def clouds(height: int, width: int, cells: int, seed: int, octaves: int = 4) -> np.ndarray:
    """Smooth noise (H, W) float32, about 0 to 1; `cells` across the longer side in the first octave."""
    rng = np.random.default_rng(seed)
    total = np.zeros((height, width), np.float32)
    weight, sum_of_weights = 1.0, 0.0
    for octave in range(octaves):
        across = cells * 2**octave
        rows = max(2, round(across * height / max(height, width)))
        columns = max(2, round(across * width / max(height, width)))
        points = rng.random((rows, columns), np.float32)
        total += weight * cv2.resize(points, (width, height), interpolation=cv2.INTER_CUBIC)
        sum_of_weights += weight
        weight *= 0.5
    return np.asarray(np.clip(total / sum_of_weights, 0, 1), np.float32)


def vignette(height: int, width: int, centre: np.ndarray, amount: float, reach: float = 1.0) -> np.ndarray:
    """What the corners keep of their light: (H, W) float32, 1 around `centre` (2,) px.

    Args:
        reach: where it begins, in half diagonals of the picture.
    """
    step = 8
    y, x = np.mgrid[0 : height + step : step, 0 : width + step : step].astype(np.float32)
    far = np.hypot((x - centre[0]) / (width / 2), (y - centre[1]) / (height / 2)) / np.sqrt(2)
    small = 1 - amount * smoothstep(far, 0.35 * reach, 1.15 * reach)
    grown = cv2.resize(small, (small.shape[1] * step, small.shape[0] * step), interpolation=cv2.INTER_LINEAR)
    return grown[:height, :width]


def bloom(image: np.ndarray, threshold: float, radius_px: float) -> np.ndarray:
    """The light that bright parts spread around them; screen it over the image. Done on a quarter-size copy."""
    height, width = image.shape[:2]
    small = resize(image, max(8, height // 4), max(8, width // 4))
    peak = small if small.ndim == 2 else small.max(2)
    gate = smoothstep(peak, threshold, 1.0)
    return resize(blur(small * (gate if small.ndim == 2 else gate[..., None]), radius_px / 4), height, width)


def screen(under: np.ndarray, over: np.ndarray) -> np.ndarray:
    """1 - (1 - under)(1 - over)."""
    return np.asarray(1 - (1 - under) * (1 - over))


def curve(values: np.ndarray, points: tuple[tuple[float, float], ...]) -> np.ndarray:
    """A tone curve through points (in, out) from 0 to 1, straight between them, looked up in 1024 steps."""
    xs, ys = zip(*points, strict=True)
    steps = np.interp(np.linspace(0, 1, 1025), xs, ys).astype(np.float32)
    steps = np.convolve(np.pad(steps, 40, mode="edge"), np.hanning(81) / np.hanning(81).sum(), "valid")
    steps = steps.astype(np.float32)
    scaled = np.clip(values, 0, 1) * np.float32(1023.999)
    low = scaled.astype(np.int32)
    share = scaled - low
    return np.asarray(steps[low] + share * (steps[low + 1] - steps[low]), np.float32)
