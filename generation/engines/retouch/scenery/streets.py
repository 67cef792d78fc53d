"""A street at night after rain. Knows no person but where one stands."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur
from generation.engines.retouch.scenery.frame import Frame, clouds, light_of
from generation.engines.retouch.scenery.lens import out_of_focus

NEON = ("#ff2bd6", "#22d3ff", "#8a4dff", "#ff7a3c")
HORIZON = 0.70


def neon_city(frame: Frame) -> np.ndarray:
    """Towers with lit windows, neon signs, their mirror on the ground: (rows, cols, 3) linear light."""
    random = frame.random(0)
    lights = [light_of(colour) for colour in NEON]
    y = frame.y * np.ones_like(frame.x)
    sky = np.stack([0.004 + 0.012 * y, 0.003 + 0.006 * y, 0.014 + 0.026 * y], -1).astype(np.float32)
    sky += clouds(frame, 1, 2.0)[..., None] * np.asarray([0.012, 0.003, 0.022], np.float32)
    far, near = sky, np.zeros_like(sky)
    for depth, count in ((0, 9), (1, 7)):
        for _ in range(count):
            _tower(far, random, depth, lights)
    for _ in range(18):
        _spark(near, random, lights)
    for number in range(7):
        _sign(near, random, lights[number % len(lights)])
    scene = out_of_focus(far, 0.0080 * frame.unit) + out_of_focus(near, 0.034 * frame.unit)
    scene = _rain(scene, y)
    return 1.25 * (scene + 0.16 * blur(scene, 0.10 * frame.unit))


def _tower(light: np.ndarray, random: np.random.Generator, depth: int, colours: list[np.ndarray]) -> None:
    rows, cols = light.shape[:2]
    wide = int(cols * random.uniform(0.10, 0.24) * (1 + 0.3 * depth))
    left, top = int(random.uniform(-0.1, 1.0) * cols), int(rows * random.uniform(0.02, 0.42))
    bottom, right = int(rows * HORIZON), min(cols, left + wide)
    left = max(0, left)
    if right - left < 4:
        return
    haze = np.asarray([0.010, 0.006, 0.024], np.float32) * (1.4 - 0.8 * depth)
    light[top:bottom, left:right] = haze
    warm = (
        np.asarray([1.0, 0.62, 0.28], np.float32) if random.random() < 0.6 else np.asarray([0.55, 0.8, 1.0], np.float32)
    )
    high, broad = 4 + 2 * depth, 3 + depth
    for row in range(top + 3, bottom - high, 2 * high):
        storey = random.random() < 0.2  # a lit floor of offices
        for col in range(left + 2, right - broad, 2 * broad - 1):
            if storey or random.random() < 0.30:
                pane = light[row : row + high, col : min(col + broad, right)]
                pane[:] = warm * np.float32(random.uniform(0.10, 0.55))
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


def _spark(light: np.ndarray, random: np.random.Generator, colours: list[np.ndarray]) -> None:
    """A lamp: one bright point, which the lens makes a disc."""
    rows, cols = light.shape[:2]
    row = int(np.clip(random.normal(HORIZON - 0.12, 0.13), 0.05, 0.95) * rows)
    col = int(random.uniform(0, 1) * (cols - 1))
    colour = colours[int(random.integers(len(colours)))]
    light[row, col] += colour * np.float32(random.uniform(25, 130))


def _rain(scene: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The wet ground: what is above the horizon, mirrored, darker and drawn out downwards."""
    rows, cols = scene.shape[:2]
    at = np.mgrid[0:rows, 0:cols].astype(np.float32)
    mirrored = cv2.remap(scene, at[1], 2 * HORIZON * rows - at[0], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    drawn = cv2.blur(mirrored, (3, max(3, rows // 9)))
    ground = (y > HORIZON)[..., None]
    return np.where(ground, drawn * np.float32(0.55) + np.float32(0.004), scene)
