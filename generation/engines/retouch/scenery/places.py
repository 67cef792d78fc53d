"""Paints places to stand before: light on a small frame, seen out of focus. Knows no person but where one stands."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, parse_colour, parse_rgb, to_linear, to_srgb
from generation.engines.retouch.scenery.backdrop import developed, out_of_focus

SMALL_PX = 360
"""The longer side that places are painted at; everything in them is out of focus."""


def studio(height: int, width: int, head: np.ndarray, seed: int, colour: str) -> np.ndarray:
    """A painted cloth lit from behind the head.

    Args:
        head: (2,) where the face is, as shares of width and height.

    Returns:
        (H, W, 3) float32 sRGB.
    """
    rows, cols, y, x = _frame(height, width)
    aspect = cols / rows
    away = np.hypot((x - head[0]) * aspect, (y - head[1] - 0.05) * 0.85)
    cloth = _clouds(rows, cols, seed, 2.0) - 0.5
    fall = np.exp(-((away / 0.52) ** 2)) + 0.10 * cloth
    base = parse_colour(colour)
    lightness = base[0] * (0.42 + 0.62 * fall)
    chroma = 1.0 + 0.25 * (1 - fall)
    lab = np.stack([lightness, base[1] * chroma, base[2] * chroma], -1)
    return _grown(from_oklab(lab.astype(np.float32)), height, width)


def neon_city(height: int, width: int, head: np.ndarray, seed: int, colours: list[str]) -> np.ndarray:
    """A street at night after rain: towers with lit windows, neon signs, their mirror on the ground."""
    rows, cols, y, x = _frame(height, width)
    random = np.random.default_rng(seed)
    lights = [to_linear(parse_rgb(colour)[None, None])[0, 0] for colour in colours]
    horizon = 0.70
    sky = np.stack([0.004 + 0.012 * y, 0.003 + 0.006 * y, 0.014 + 0.026 * y], -1).astype(np.float32)
    sky += _clouds(rows, cols, seed, 2.0)[..., None] * np.asarray([0.012, 0.003, 0.022], np.float32)
    far, near = sky, np.zeros_like(sky)
    for depth, count in ((0, 9), (1, 7)):
        for _ in range(count):
            _tower(far, random, depth, horizon, lights)
    for _ in range(26):
        _spark(near, random, lights, horizon)
    for number in range(7):
        _sign(near, random, lights[number % len(lights)])
    scene = out_of_focus(far, 0.012 * rows) + out_of_focus(near, 0.030 * rows)
    scene = _rain(scene, horizon, y)
    scene += 0.16 * blur(scene, 0.10 * rows)
    return _grown(to_srgb(developed(1.25 * scene)), height, width)


def _frame(height: int, width: int) -> tuple[int, int, np.ndarray, np.ndarray]:
    """Rows, columns, and each pixel's (y, x) as shares of height and width."""
    scale = min(1.0, SMALL_PX / max(height, width))
    rows, cols = max(16, round(height * scale)), max(16, round(width * scale))
    y, x = np.mgrid[0:rows, 0:cols].astype(np.float32)
    return rows, cols, (y + 0.5) / rows, (x + 0.5) / cols


def _grown(image: np.ndarray, height: int, width: int) -> np.ndarray:
    grown = cv2.resize(image, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(grown, 0, 1, out=grown)


def _clouds(rows: int, cols: int, seed: int, cells: float) -> np.ndarray:
    """Soft random clouds, about 0 to 1, `cells` of the coarsest across."""
    random, total, weights, weight = np.random.default_rng(seed), np.zeros((rows, cols), np.float32), 0.0, 1.0
    for octave in range(5):
        n = int(cells * 2**octave) + 2
        field = random.random((n, n)).astype(np.float32)
        total += np.float32(weight) * cv2.resize(field, (cols, rows), interpolation=cv2.INTER_CUBIC)
        weights, weight = weights + weight, weight * 0.5
    return total / np.float32(weights)


def _tower(
    light: np.ndarray, random: np.random.Generator, depth: int, horizon: float, colours: list[np.ndarray]
) -> None:
    rows, cols = light.shape[:2]
    wide = int(cols * random.uniform(0.10, 0.24) * (1 + 0.3 * depth))
    left, top = int(random.uniform(-0.1, 1.0) * cols), int(rows * random.uniform(0.02, 0.42))
    bottom, right = int(rows * horizon), min(cols, left + wide)
    left = max(0, left)
    if right - left < 4:
        return
    haze = np.asarray([0.010, 0.006, 0.024], np.float32) * (1.4 - 0.8 * depth)
    light[top:bottom, left:right] = haze
    warm = (
        np.asarray([1.0, 0.62, 0.28], np.float32) if random.random() < 0.6 else np.asarray([0.55, 0.8, 1.0], np.float32)
    )
    step = 6 + 2 * depth
    for row in range(top + 3, bottom - 2, step):
        for col in range(left + 2, right - 2, step - 1):
            if random.random() < 0.33:
                light[row : row + 2, col : col + 2] = warm * np.float32(random.uniform(0.3, 1.8))
    if random.random() < 0.6:  # a lit edge
        light[top:bottom, left : left + 1] = colours[int(random.integers(len(colours)))] * np.float32(1.5)


def _sign(light: np.ndarray, random: np.random.Generator, colour: np.ndarray) -> None:
    rows, cols = light.shape[:2]
    tall = random.random() < 0.7
    high, wide = (random.uniform(0.12, 0.26), random.uniform(0.03, 0.05)) if tall else (0.04, random.uniform(0.10, 0.2))
    side = random.choice([random.uniform(0.0, 0.26), random.uniform(0.74, 1.0)])
    x0, y0 = int(side * cols), int(random.uniform(0.04, 0.42) * rows)
    corner = (x0 + int(wide * cols), y0 + int(high * rows))
    shape = np.zeros((rows, cols), np.float32)
    cv2.rectangle(shape, (x0, y0), corner, (1.0,), 2)
    if tall:
        for row in range(y0 + 5, corner[1] - 3, 8):
            cv2.line(shape, (x0 + 3, row), (corner[0] - 3, row), (0.9,), 1)
    light += shape[..., None] * colour * np.float32(random.uniform(4, 8))


def _spark(light: np.ndarray, random: np.random.Generator, colours: list[np.ndarray], horizon: float) -> None:
    """A lamp: one bright point, which the lens makes a disc."""
    rows, cols = light.shape[:2]
    row = int(np.clip(random.normal(horizon - 0.12, 0.13), 0.05, 0.95) * rows)
    col = int(random.uniform(0, 1) * (cols - 1))
    colour = colours[int(random.integers(len(colours)))]
    light[row, col] += colour * np.float32(random.uniform(25, 130))


def _rain(scene: np.ndarray, horizon: float, y: np.ndarray) -> np.ndarray:
    """The wet ground: what is above the horizon, mirrored, darker and drawn out downwards."""
    rows, cols = scene.shape[:2]
    at = np.mgrid[0:rows, 0:cols].astype(np.float32)
    mirrored = cv2.remap(scene, at[1], 2 * horizon * rows - at[0], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    drawn = cv2.blur(mirrored, (3, max(3, rows // 9)))
    ground = (y > horizon)[..., None]
    return np.where(ground, drawn * np.float32(0.55) + np.float32(0.004), scene)
