"""Places among trees: a sunlit forest, autumn, cherry blossom, snow. Knows no person but where one stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from generation.engines.retouch.colour import blur, smoothstep
from generation.engines.retouch.scenery.frame import (
    Frame,
    clouds,
    light_of,
    over,
    ramp,
    ridge,
    shafts,
    spread,
    strewn,
)
from generation.engines.retouch.scenery.lens import out_of_focus


@dataclass(frozen=True, slots=True)
class _Leaves:
    """The colours of a wood, dark to bright, and of its sun.

    Args:
        gaps: how much light comes between the leaves, 1 by day. moon: its radius in shorter sides, 0 by day.
    """

    deep: str
    shade: str
    leaf: str
    lit: str
    sun: str
    ground: str
    bark: str
    shine: float
    trunks: int
    gaps: float = 1.0
    moon: float = 0.0


SUMMER = _Leaves("#0a1a09", "#2a4a17", "#5e8f24", "#cfe35a", "#fff0b8", "#5a6a28", "#1c1710", 1.0, 8)
AUTUMN = _Leaves("#2a1208", "#7a3410", "#d0731a", "#ffc04a", "#ffe0a8", "#8a4c1c", "#22140d", 0.95, 8)
BLOSSOM = _Leaves("#a3607c", "#d993ae", "#f2bccd", "#fff0f3", "#fffaf2", "#9db07a", "#4a2f31", 0.9, 4)

NIGHT = _Leaves("#03070a", "#08161b", "#122b34", "#3a6a74", "#7fb2bb", "#0f1f24", "#04070a", 0.42, 11, 0.30, 0.052)


def forest(frame: Frame) -> np.ndarray:
    """A summer wood against the sun: (rows, cols, 3) linear light."""
    return _wood(frame, SUMMER)


def autumn(frame: Frame) -> np.ndarray:
    """A wood in October."""
    return _wood(frame, AUTUMN)


def blossom(frame: Frame) -> np.ndarray:
    """Under cherry trees in flower, a pale sky behind them."""
    light = _wood(frame, BLOSSOM)
    gaps = smoothstep(clouds(frame, 60, 2.2), 0.62, 0.86) * (frame.y < frame.horizon)
    over(light, blur(gaps.astype(np.float32), 0.03 * frame.unit) * 0.75, light_of("#cfe4f5") * np.float32(1.1))
    return light


def night_wood(frame: Frame) -> np.ndarray:
    """A misty wood by moonlight."""
    light = _wood(frame, NIGHT) * np.float32(0.8)
    mist = smoothstep(clouds(frame, 61, 1.6, 3.5), 0.3, 0.9) * np.exp(-(((frame.y - frame.horizon - 0.12) / 0.20) ** 2))
    return np.asarray(light + (0.6 * mist)[..., None] * light_of("#7fa3ad"), np.float32)


def _wood(frame: Frame, leaves: _Leaves) -> np.ndarray:
    side = 0.5 + 0.36 * frame.open_side
    sun = (side, 0.10)
    near_sun = np.exp(-((frame.away(*sun) / 0.62) ** 2))
    tone = 0.62 * clouds(frame, 1, 3.0) + 0.75 * near_sun - 0.10
    light = ramp(tone, (0.0, leaves.deep), (0.35, leaves.shade), (0.75, leaves.leaf), (1.15, leaves.lit))
    light += near_sun[..., None] * light_of(leaves.sun) * np.float32(0.75 * leaves.shine)
    _ground(frame, light, leaves)
    light = out_of_focus(light, 0.02 * frame.unit)
    light += _foliage(frame, leaves, near_sun, 900, 0.011, 10, 0.55)
    _trunks(frame, light, leaves, side)
    light += _foliage(frame, leaves, near_sun, 300, 0.024, 11, 0.55)
    _boughs(frame, light, leaves)
    if leaves.moon > 0:
        _moon(frame, light, (side, 0.15), leaves.moon)
    light += _foliage(frame, leaves, near_sun, 46, 0.046, 12, 0.42)
    beams = shafts(frame, (sun[0], -0.08), 20)[..., None]
    light += beams * light_of(leaves.sun) * np.float32(0.55 * leaves.shine)
    return light + 0.22 * blur(light, 0.11 * frame.unit)


def _moon(frame: Frame, light: np.ndarray, at: tuple[float, float], radius: float) -> None:
    """A full moon with its seas, a little out of focus, and the haze around it."""
    away = frame.away(*at)
    haze = np.exp(-away / (1.6 * radius)) + 0.35 * np.exp(-away / (5 * radius))
    light += haze[..., None].astype(np.float32) * light_of("#8fc3cc") * np.float32(0.9)
    seas = 1 - 0.35 * smoothstep(clouds(frame, 62, 0.7 / radius), 0.45, 0.75)
    over(light, smoothstep(away, 1.16 * radius, 0.84 * radius), light_of("#eef6ff") * (1.8 * seas)[..., None])


def _ground(frame: Frame, light: np.ndarray, leaves: _Leaves) -> None:
    """A clearing's floor, darker towards the camera, with patches of sun."""
    floor = frame.horizon + 0.10
    patches = 0.35 + 1.1 * smoothstep(clouds(frame, 2, 2.0, 4.0), 0.5, 0.75)
    mask = smoothstep(np.broadcast_to(frame.y, light.shape[:2]), floor - 0.05, floor + 0.05)
    near = 1 - 0.5 * smoothstep(np.broadcast_to(frame.y, light.shape[:2]), floor, 1.0)
    over(light, mask * np.float32(0.9), light_of(leaves.ground) * (patches * near)[..., None])


def _foliage(
    frame: Frame, leaves: _Leaves, near_sun: np.ndarray, count: int, radius: float, what: int, bright: float
) -> np.ndarray:
    """Sky and sun between the leaves: discs, brighter and yellower towards the sun."""
    random = frame.random(what)
    at = spread(random, count, (0, -0.02), (1, frame.horizon + 0.16))
    at[:, 1] = at[:, 1] * (0.35 + 0.65 * random.random(count))
    row = np.clip(at[:, 1] * frame.rows, 0, frame.rows - 1).astype(int)
    column = np.clip(at[:, 0] * frame.cols, 0, frame.cols - 1).astype(int)
    sunny = np.clip(near_sun[row, column] + 0.25 * random.random(count), 0, 1)
    colours = ramp(sunny[None], (0, leaves.shade), (0.35, leaves.leaf), (0.75, leaves.lit), (1, leaves.sun))[0]
    strength = bright * leaves.gaps * random.gamma(1.2, 0.6, count) * (0.25 + 1.2 * sunny)
    return strewn(frame, at, colours * strength[:, None].astype(np.float32), radius)


def _trunks(frame: Frame, light: np.ndarray, leaves: _Leaves, sun_x: float) -> None:
    """Stems between the camera and the light, lit along the edge that faces it."""
    random = frame.random(30)
    bark, edge = light_of(leaves.bark), light_of(leaves.sun)
    for number in range(leaves.trunks):
        middle = (number + random.uniform(0.1, 0.9)) / leaves.trunks
        wide = random.uniform(0.008, 0.034) * frame.unit / frame.cols
        lean = random.uniform(-0.05, 0.05)
        foot = frame.horizon + random.uniform(0.08, 0.2)
        at = middle + lean * (frame.y - 0.5)
        soft = max(0.004, 0.25 * wide)
        across = frame.x - at
        stem = np.clip((wide - np.abs(across)) / soft, 0, 1) * smoothstep(frame.y, foot, foot - 0.03)
        stem = blur(stem.astype(np.float32), 0.006 * frame.unit)
        over(light, stem * np.float32(random.uniform(0.5, 0.9)), bark)
        towards = np.sign(sun_x - middle)
        glint = np.exp(-(((across - towards * wide) / (1.2 * soft)) ** 2)) * stem
        light += glint[..., None] * edge * np.float32(0.25 * leaves.shine)


def _boughs(frame: Frame, light: np.ndarray, leaves: _Leaves) -> None:
    """Leaves close to the camera in the upper corners, dark and far out of focus."""
    corners = np.minimum(frame.away(0.0, 0.0), frame.away(1.0, 0.0))
    mask = smoothstep(clouds(frame, 31, 4.0) + 0.55 - 1.5 * corners, 0.45, 0.75)
    over(light, blur(mask, 0.02 * frame.unit) * np.float32(0.7), light_of(leaves.shade) * np.float32(0.8))


def snow(frame: Frame) -> np.ndarray:
    """A snowy clearing before firs on a bright grey day; flakes in the air."""
    horizon = frame.horizon + 0.08
    light = ramp(frame.y * np.ones_like(frame.x), (0, "#a9c4e0"), (0.5, "#e6eef5"), (1, "#f2f5f8"))
    for depth, (colour, count) in enumerate((("#9db4c8", 15), ("#6c889c", 11), ("#3c5767", 8))):
        firs, snowy = _firs(frame, horizon - 0.015 + 0.035 * depth, 0.30 + 0.17 * depth, count, 40 + depth)
        soft = (0.010 - 0.002 * depth) * frame.unit
        firs, white = blur(firs, soft), blur(snowy, soft)[..., None] * np.float32(0.75)
        over(light, firs * np.float32(0.92), light_of(colour) * (1 - white) + light_of("#f6fafd") * white)
    hills = blur(ridge(frame, 44, horizon + 0.05, 0.05, 1.2), 0.012 * frame.unit)
    drifts = 0.80 + 0.28 * clouds(frame, 45, 1.5, 4.0)
    over(light, hills, light_of("#e6eff8") * drifts[..., None])
    light = out_of_focus(light * np.float32(1.6), 0.013 * frame.unit)
    random = frame.random(46)
    for count, radius, bright in ((220, 0.005, 0.40), (70, 0.011, 0.30), (16, 0.026, 0.18)):
        at = spread(random, count, (0, 0), (1, 1))
        light += strewn(frame, at, np.full((count, 3), bright, np.float32), radius)
    return light


def _firs(frame: Frame, foot: float, tall: float, count: int, what: int) -> tuple[np.ndarray, np.ndarray]:
    """(rows, cols) masks of a row of fir trees, and of the snow on their boughs."""
    random = frame.random(what)
    trees, snowy = np.zeros((frame.rows, frame.cols), np.float32), np.zeros((frame.rows, frame.cols), np.float32)
    for number in range(count):
        middle = (number + random.uniform(-0.4, 1.4)) / count
        high = tall * random.uniform(0.55, 1.1)
        down = (frame.y - (foot - high)) / high  # 0 at the tip, 1 at the foot
        across = (frame.x - middle) * frame.cols / (0.30 * high * frame.rows)
        bough = (down * 7 + random.uniform(0, 1) + 0.5 * np.abs(across)) % 1
        wide = np.clip(down, 0, 1) * (1 - 0.40 * bough)
        tree = smoothstep(np.abs(across) - wide, 0.05, -0.05) * ((down > 0) & (down < 1.15))
        np.maximum(trees, tree, out=trees)
        white = tree * smoothstep(bough, 0.45, 0.1) * smoothstep(np.abs(across), 0.0, 0.25)
        snowy = snowy * (1 - tree) + white
    return trees, snowy
