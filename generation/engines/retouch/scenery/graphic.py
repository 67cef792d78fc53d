"""Places that are drawn rather than photographed: a neon sunset over a grid, a pastel dream. Knows no person."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, smoothstep
from generation.engines.retouch.scenery.frame import Frame, clouds, light_of, over, ramp, ridge
from generation.engines.retouch.scenery.vistas import stars


def synthwave(frame: Frame) -> np.ndarray:
    """A striped sun behind neon mountains, a glowing grid to the horizon: (rows, cols, 3) linear light."""
    line = frame.horizon + 0.06
    light = ramp(
        np.clip(frame.y / line, 0, 1) * np.ones_like(frame.x), (0, "#0b0428"), (0.6, "#3b0a63"), (1, "#b0187e")
    )
    stars(frame, light, 260, 0.5)
    sun = (0.5 + 0.05 * frame.open_side, line - 0.20)
    away = frame.away(*sun)
    radius = 0.36
    light += np.exp(-np.clip(away - radius, 0, 2) / 0.10)[..., None] * light_of("#ff2f9a") * np.float32(0.5)
    over(light, _stripes(frame, away, radius, sun), _sun_colours(frame, sun, radius))
    hills = ridge(frame, 3, line - 0.045, 0.13, 2.2)
    over(light, hills, light_of("#12052e"))
    rim = np.clip(hills - np.roll(hills, max(1, frame.unit // 240), 0), 0, 1)
    light += (rim + 2.0 * blur(rim, 0.008 * frame.unit))[..., None] * light_of("#28d7ff") * np.float32(0.8)
    _floor(frame, light, line)
    return light + 0.25 * blur(light, 0.03 * frame.unit)


def _sun_colours(frame: Frame, sun: tuple[float, float], radius: float) -> np.ndarray:
    down = (frame.y - sun[1]) * (frame.rows / frame.unit) / radius * np.ones_like(frame.x)
    return ramp(down, (-1, "#ffe84a"), (-0.1, "#ff8a3c"), (0.9, "#ff2b8a")) * np.float32(1.7)


def _stripes(frame: Frame, away: np.ndarray, radius: float, sun: tuple[float, float]) -> np.ndarray:
    """The sun's disc, cut by bars that grow towards its foot."""
    edge = 1.2 / frame.unit
    down = (frame.y - sun[1]) * (frame.rows / frame.unit) / radius
    cut = (down * 7.5) % 1
    bar = smoothstep(cut - np.clip(0.12 + 0.42 * down, 0, 0.7), -0.04, 0.04) * (down > 0) + (down <= 0)
    return np.asarray(smoothstep(away - radius, edge, -edge) * bar, np.float32)


def _floor(frame: Frame, light: np.ndarray, line: float) -> None:
    """A grid on the ground in perspective, its lines glowing."""
    below = np.clip((frame.y - line) / (1 - line), 1e-3, 1)
    ground = (frame.y > line) * np.ones_like(frame.x)
    across = (frame.x - 0.5) * (frame.cols / frame.unit) / below * 5.0
    along = 1.9 / below
    wide = 0.030 + 0.0 * below
    lines = np.zeros_like(ground, np.float32)
    for place, growth in ((across, 5.0 / below / frame.unit), (along, 1.9 / below**2 / (frame.rows * (1 - line)))):
        near = np.abs((place + 0.5) % 1 - 0.5)
        soft = np.clip(growth * 1.2, 0.004, 10)
        lines = np.maximum(lines, np.clip((wide + soft - near) / soft, 0, 1) * np.clip(0.12 / soft, 0, 1))
    over(light, ground, ramp(below * np.ones_like(frame.x), (0, "#5a0f6e"), (0.25, "#1c0740"), (1, "#0c0422")))
    glow = lines * ground
    light += (glow + 0.9 * blur(glow.astype(np.float32), 0.008 * frame.unit))[..., None] * light_of("#ff3fd0")


def vaporwave(frame: Frame) -> np.ndarray:
    """Pink and mint: a pale sun, soft clouds, palms, a chequered floor."""
    line = frame.horizon + 0.10
    light = ramp(
        np.clip(frame.y / line, 0, 1) * np.ones_like(frame.x), (0, "#7fd8e8"), (0.5, "#c9b4f2"), (1, "#ffb3d2")
    )
    sun = (0.5 + 0.22 * frame.open_side, line - 0.24)
    away = frame.away(*sun)
    light += np.exp(-np.clip(away - 0.22, 0, 2) / 0.12)[..., None] * light_of("#ffd9e8") * np.float32(0.4)
    down = (frame.y - sun[1]) * np.ones_like(frame.x)
    over(
        light,
        smoothstep(away - 0.22, 0.004, -0.004),
        ramp(down, (-0.2, "#fff3c4"), (0.05, "#ffb0a8"), (0.2, "#ff7fbf")),
    )
    puffs = smoothstep(clouds(frame, 2, 2.0, 2.2), 0.52, 0.82) * smoothstep(frame.y, line, line - 0.35)
    over(light, puffs.astype(np.float32) * np.float32(0.8), light_of("#fff0f7"))
    _chequers(frame, light, line)
    for number, side in enumerate((-1, 1)):
        _palm(frame, light, 0.5 + side * (0.40 - 0.04 * number), line + 0.05, 0.62 - 0.14 * number, number)
    return light + 0.08 * blur(light, 0.03 * frame.unit)


def _chequers(frame: Frame, light: np.ndarray, line: float) -> None:
    below = np.clip((frame.y - line) / (1 - line), 1e-3, 1)
    across = (frame.x - 0.5) * (frame.cols / frame.unit) / below * 3.2
    wave = np.sin(np.pi * across) * np.sin(np.pi * 1.7 / below)
    soft = np.clip(3.2 * 3 / below / frame.unit + 1.7 * 3 / below**2 / frame.rows, 0.02, 50)
    tile = 0.5 + np.clip(wave / soft, -0.5, 0.5)
    haze = smoothstep(below, 0.0, 0.5)[..., None]
    tiles = light_of("#f7c9e6") + tile[..., None] * (light_of("#6fcfd2") - light_of("#f7c9e6"))
    tiles = light_of("#ffb3d2") * (1 - haze) + tiles * haze
    over(light, np.clip((frame.y - line) * frame.rows + 0.5, 0, 1) * np.ones_like(frame.x), tiles.astype(np.float32))


def _palm(frame: Frame, light: np.ndarray, x: float, foot: float, tall: float, number: int) -> None:
    """A palm's outline: a bent stem and a crown of fronds."""
    mask = np.zeros((frame.rows, frame.cols), np.uint8)
    scale, lean = tall * frame.rows, (0.10 if number else -0.10) * frame.unit
    t = np.linspace(0, 1, 20)
    stem = np.stack([x * frame.cols + lean * t**2, foot * frame.rows - scale * t], 1)
    for at in range(19):
        wide = max(1, int(0.018 * scale * (1.25 - 0.7 * t[at])))
        cv2.line(mask, _whole(stem[at]), _whole(stem[at + 1]), (255,), wide, cv2.LINE_AA)
    for frond in range(9):
        angle = np.pi * (0.02 + 0.96 * frond / 8) + 0.08 * np.sin(5.0 * frond)
        reach = scale * (0.34 + 0.05 * np.cos(3.0 * frond))
        along = np.linspace(0, 1, 14)
        spine = stem[-1] + reach * np.stack(
            [np.cos(angle) * along, -np.sin(angle) * along * 0.75 + 0.62 * along**2.2], 1
        )
        for at in range(1, 14):
            for side in (-1.0, 1.0):
                blade = 0.30 * reach * np.sin(np.pi * along[at] ** 0.7) * 0.6
                tip = spine[at] + np.asarray([0.25 * blade * np.cos(angle) + side * 0.35 * blade, 0.95 * blade])
                cv2.line(mask, _whole(spine[at]), _whole(tip), (255,), max(1, int(0.008 * scale)), cv2.LINE_AA)
            cv2.line(mask, _whole(spine[at - 1]), _whole(spine[at]), (255,), max(1, int(0.010 * scale)), cv2.LINE_AA)
    over(light, mask.astype(np.float32) / np.float32(255) * np.float32(0.9), light_of("#6a3f8f"))


def _whole(point: np.ndarray) -> tuple[int, int]:
    return int(round(float(point[0]))), int(round(float(point[1])))
