"""Lights a person as a place would: its ambient colour, its lamps, their edge on hair and shoulders.

Knows the place's light, not its picture. Nothing here bleaches fair skin or drowns deep skin: what is added shrinks
towards white, and the darker the skin, the less of its light a dark place takes away.
"""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import LUMA, blur, parse_rgb, resize, smoothstep, to_linear
from generation.engines.retouch.objects.head import normals_in
from generation.engines.retouch.scene import Scene
from generation.engines.retouch.scenery.places import Place

STEP = 6
"""Light has no fine detail: it is made on a copy this many times smaller."""
DIMMEST = 0.42
"""The highlights of a photo, sRGB, below which it counts as taken in the dark."""


def lit(scene: Scene, own: np.ndarray, place: Place, side: int, amount: float) -> np.ndarray:
    """The person's colours in a place's light, in place.

    Args:
        own: (H, W, 3) float32 sRGB, the person's colours.
        side: where the key light stands, -1 left, 1 right.
        amount: 0 to 1.
    """
    gains = _gains(scene, place, side) ** np.float32(amount)
    gains = resize(gains, scene.height, scene.width)
    # what is made brighter bends towards white, as film does; what is made darker stays in proportion
    more = np.maximum(gains - 1, 0)
    more *= own
    more *= 1 - own
    own *= np.minimum(gains, 1)
    own += np.float32(1.5) * more
    return own


def _gains(scene: Scene, place: Place, side: int) -> np.ndarray:
    """(h, w, 3) factors of sRGB values: the place's light over daylight."""
    small = _small(scene)
    cast = _hue(place.ambient) ** np.float32(0.45)
    # the face is what the camera exposes for: it keeps most of its light
    level = 1 + np.float32(_exposure(scene, place) - 1) * (0.72 + 0.28 * _away_from_face(scene, small.shape))
    gains = np.asarray(cast * level[..., None], np.float32)
    if place.shape > 0:
        normals = _normals(scene, small)
        for colour, towards in lamps(place, side):
            fall = normals @ towards
            fall = np.clip((fall + 0.35) / 1.35, 0, 1) - np.float32(0.42)
            hue = 1 + (np.clip(_hue(colour), 0.45, 1.7) - 1) * np.clip(fall, 0, 1)[..., None] * np.float32(0.30)
            gains = gains * (1 + np.float32(place.shape) * fall)[..., None] * hue
    return gains


def lamps(place: Place, side: int) -> list[tuple[str, np.ndarray]]:
    """Colour and unit vector at each of the place's lamps."""
    key = np.asarray([side * (1 - 0.5 * place.height), -0.15 - place.height, -0.45], np.float32)
    found = [(place.key, key / np.linalg.norm(key))]
    if place.second:
        other = key * np.asarray([-1, 1, 1], np.float32)
        found.append((place.second, other / np.linalg.norm(other)))
    return found


def edge_lit(scene: Scene, own: np.ndarray, place: Place, side: int, amount: float) -> np.ndarray:
    """Adds the lamps' light on the person's edges, in place; strands and folds break it up."""
    if place.rim <= 0 or amount <= 0:
        return own
    grey = own @ np.asarray([0.3, 0.59, 0.11], np.float32)
    around = blur(grey, 0.02 * scene.face.height_px)
    grey += np.float32(0.03)
    around += np.float32(0.03)
    relief = np.clip(grey / around, 0.25, 2.2) ** np.float32(1.3)
    # black hair and cloth shine less than fair ones
    relief *= 0.35 + 0.65 * smoothstep(around, 0.05, 0.45)
    for colour, towards in lamps(place, side):
        light = rim(scene.person, (float(towards[0]), float(towards[1])), scene.face.height_px)
        light *= relief
        light *= np.float32(place.rim * amount)
        glow = light[..., None] * parse_rgb(colour)
        glow *= 1 - own
        own += glow
    return own


def rim(alpha: np.ndarray, towards: tuple[float, float], unit: float) -> np.ndarray:
    """(H, W) float32: how much a light from that side (right, down) catches the person's edge.

    A thin bright line and a faint wide one: an edge, not an aura.
    """
    height, width = alpha.shape
    step = max(1, round(unit / 160))
    rows, cols = max(8, height // step), max(8, width // step)
    small = resize(alpha, rows, cols)
    # beyond the frame the person goes on: no edge there
    total = np.zeros((rows, cols), np.float32)
    for reach, weight in ((0.010, 0.85), (0.030, 0.4)):
        sigma = max(0.8, reach * unit / step)
        soft = cv2.GaussianBlur(small, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
        slope_x, slope_y = (cv2.Sobel(soft, cv2.CV_32F, *way, ksize=3) for way in ((1, 0), (0, 1)))
        facing = -(slope_x * towards[0] + slope_y * towards[1]) * np.float32(sigma / 3.2)
        total += np.float32(weight) * np.clip(facing, 0, 1)
    return np.asarray(np.clip(resize(total, height, width), 0, 1) * alpha, np.float32)


def _small(scene: Scene) -> np.ndarray:
    return resize(scene.person, max(8, scene.height // STEP), max(8, scene.width // STEP))


def _hue(colour: str) -> np.ndarray:
    """(3,) linear light of a colour with its brightness taken out."""
    light = to_linear(parse_rgb(colour)[None, None])[0, 0] + np.float32(0.02)
    return np.asarray(light / float(light @ LUMA), np.float32)


def _exposure(scene: Scene, place: Place) -> float:
    """The factor of the person's sRGB values: the place's own, kinder to deep skin, and more for a dim photo."""
    level = place.exposure
    deep = float(np.clip((0.62 - scene.complexion.lightness) / 0.25, 0, 1))
    if level < 1:
        level = 1 - (1 - level) * (1 - 0.5 * deep)
    near = scene.pixels[scene.near.rows_cols].max(2)
    brightest = float(np.percentile(near[::4, ::4], 99)) / 255
    if place.exposure > 0.9 and brightest < DIMMEST + 0.2:
        level *= 1 + 0.7 * float(np.clip((DIMMEST + 0.2 - brightest) / 0.3, 0, 1))
    return level


def _away_from_face(scene: Scene, shape: tuple[int, ...]) -> np.ndarray:
    """(h, w) float32: 0 on the face, 1 from a face height away."""
    rows, cols = shape
    scale = np.asarray([cols / scene.width, rows / scene.height], np.float32)
    y, x = np.mgrid[0:rows, 0:cols].astype(np.float32)
    middle = scene.face.points[:468].mean(0) * scale
    away = np.hypot(x - middle[0], y - middle[1]) / np.float32(scale[0] * scene.face.height_px)
    return smoothstep(away, 0.35, 1.4)


def _normals(scene: Scene, small: np.ndarray) -> np.ndarray:
    """(h, w, 3) unit normals: the head's from its mesh, the body's as a cushion inside its own outline."""
    unit_px = scene.face.height_px / STEP
    cushion = np.zeros_like(small)
    for sigma, weight in ((0.08, 0.25), (0.25, 0.6), (0.5, 1.0)):
        cushion += blur(small, unit_px * sigma) * np.float32(weight)
    slope = np.float32(unit_px * 0.07)
    across, down = cv2.Sobel(cushion, cv2.CV_32F, 1, 0), cv2.Sobel(cushion, cv2.CV_32F, 0, 1)
    body = np.dstack([-across * slope, -down * slope, np.full_like(small, -0.6)])
    near, rows, cols = scene.near, *small.shape
    down_by, across_by = rows / scene.height, cols / scene.width
    y0, y1 = round(near.y0 * down_by), max(round(near.y1 * down_by), round(near.y0 * down_by) + 2)
    x0, x1 = round(near.x0 * across_by), max(round(near.x1 * across_by), round(near.x0 * across_by) + 2)
    y1, x1 = min(y1, rows), min(x1, cols)
    head = resize(normals_in(scene.face, near), y1 - y0, x1 - x0)
    share = resize(blur(scene.face_oval, 0.08 * scene.face.height_px), y1 - y0, x1 - x0)[..., None]
    body[y0:y1, x0:x1] += share * (head - body[y0:y1, x0:x1])
    return np.asarray(body / np.linalg.norm(body, axis=2, keepdims=True), np.float32)
