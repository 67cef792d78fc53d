"""A pencil drawing on paper: contours, hatching that gets denser in the dark, the edges left unfinished."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, parse_rgb, resize, smooth, smoothstep
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.media.abstraction import along, flow, ink
from generation.engines.retouch.media.film import clouds, grain
from generation.engines.retouch.scene import Scene

NEEDS = ("person",)
WORK_PX = 1000
HATCHES: tuple[tuple[float | None, float, float], ...] = (
    (52.0, 0.90, 0.15),
    (None, 0.66, 0.26),
    (-34.0, 0.46, 0.22),
    (None, 0.30, 0.30),
)
"""Layers of strokes: angle in degrees (None: along the forms), the tone below which they begin, how dark they are."""


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    lead: str = "#2b2a2e",
    paper: str = "#f6f2ea",
    hatching: float = 0.8,
    background: float = 0.25,
) -> Layer:
    """The whole picture redrawn.

    Args:
        lead, paper: their colours. hatching: how dense. background: how much of what is behind the person is drawn.
    """
    height, width = canvas.shape[:2]
    scale = min(1.0, WORK_PX / max(height, width))
    small = resize(canvas, round(height * scale), round(width * scale))
    unit_px = scene.face.height_px * scale
    grey = _toned(scene, cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), unit_px)
    drawn = _drawn_part(scene, grey.shape, unit_px, seed, background)
    dark = 1 - (1 - _lines(small, grey, unit_px)) * (1 - _hatched(small, grey, unit_px, seed, hatching))
    dark = np.clip(dark * drawn, 0, 1)
    full = np.clip(cv2.resize(dark, (width, height), interpolation=cv2.INTER_CUBIC), 0, 1)
    tooth = grain(height, width, 1.2, seed + 1)
    full *= 1 + np.float32(0.22) * tooth * (1 - full)  # graphite catches on the paper's tooth
    sheet = parse_rgb(paper) * (1 + np.float32(0.010) * tooth[..., None])
    picture = sheet + np.clip(full, 0, 1)[..., None] * (parse_rgb(lead) - sheet)
    return Layer(Box.whole(height, width), picture, None)


def _toned(scene: Scene, grey: np.ndarray, unit_px: float) -> np.ndarray:
    """Tones for a drawing: fine texture gone, the whole range used; each skin keeps its place in it."""
    flat = smooth(grey, 0.02 * unit_px, 0.05, step=2)
    person = resize(scene.person, *grey.shape) > 0.5
    inside = flat[person] if person.any() else flat.ravel()
    low, high = np.percentile(inside[::7], (2, 97))
    return np.asarray(np.clip((flat - low) / max(float(high - low), 0.2), 0, 1), np.float32) ** np.float32(1.05)


def _lines(small: np.ndarray, grey: np.ndarray, unit_px: float) -> np.ndarray:
    """Contours: firm where edges are strong, faint where they are not."""
    even = grey / (blur(grey, 0.10 * unit_px) + np.float32(0.12)) * np.float32(0.66)
    way = flow(small, max(1.5, unit_px / 150))
    firm = ink(even, way, float(np.clip(unit_px / 130, 1.2, 3.2)), floor=0.020)
    faint = ink(even, way, float(np.clip(unit_px / 220, 0.9, 2.0)), floor=0.008)
    return np.asarray(np.clip(0.78 * firm + 0.38 * faint, 0, 0.95), np.float32)


def _hatched(small: np.ndarray, grey: np.ndarray, unit_px: float, seed: int, amount: float) -> np.ndarray:
    """Three layers of strokes and a breath of smudged graphite under them."""
    height, width = grey.shape
    dark = np.float32(0.30) * (1 - grey) ** np.float32(1.4)
    length = max(6.0, unit_px / 28)
    noises = [grain(height, width, max(1.0, unit_px / 330), seed + 10 + number) for number in range(len(HATCHES))]
    formed = [number for number, (angle, _, _) in enumerate(HATCHES) if angle is None]
    bent = along(np.dstack([noises[number] for number in formed]), flow(small, max(2.0, unit_px / 90)), length, 1.8)
    for number, (angle, below, weight) in enumerate(HATCHES):
        if angle is None:
            strokes = bent[..., formed.index(number)]
        else:
            strokes = cv2.filter2D(noises[number], -1, _stroke(angle, length), borderType=cv2.BORDER_REFLECT)
        strokes = smoothstep(strokes / np.float32(strokes.std() + 1e-6), -0.5, 1.1)
        dark += np.float32(weight * amount * 1.5) * strokes * smoothstep(grey, below, below - 0.42)
    return np.asarray(np.clip(dark, 0, 0.93), np.float32)


def _stroke(angle_deg: float, length_px: float) -> np.ndarray:
    """A kernel that smears along one direction, fading towards its ends."""
    half = int(np.ceil(length_px))
    y, x = np.mgrid[-half : half + 1, -half : half + 1].astype(np.float32)
    turn = np.radians(angle_deg)
    ahead, aside = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    kernel = np.exp(-2.0 * (ahead / length_px) ** 2) * np.clip(1.2 - np.abs(aside), 0, 1)
    return np.asarray(kernel / kernel.sum(), np.float32)


def _drawn_part(scene: Scene, shape: tuple[int, ...], unit_px: float, seed: int, background: float) -> np.ndarray:
    """Where the pencil went: all of the head, less and less of the rest, ending in loose strokes."""
    height, width = shape[0], shape[1]
    person = resize(scene.person, height, width)
    centre = scene.face.points[4] * (height / scene.height)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    far = np.hypot((x - centre[0]) * 1.05, (y - centre[1]) * 0.85) / np.float32(unit_px)
    ragged = far + np.float32(0.55) * (clouds(height, width, 14, seed) - 0.5)
    near = smoothstep(ragged, 2.1, 1.25)
    part: np.ndarray = near * (person + (1 - person) * np.float32(background) * smoothstep(ragged, 1.45, 0.95))
    return part
