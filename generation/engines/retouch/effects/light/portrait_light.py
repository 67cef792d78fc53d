"""One large lamp in place of the photo's own light, a weaker fill from the front, and a darker room if wished.

Knows the head's shape from the mesh. The middle of the skin keeps its brightness, whatever its tone: light is moved
over the face, not added.
"""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import LUMA, blur, parse_rgb, resize, smoothstep, to_linear, to_srgb
from generation.engines.retouch.lamps import (
    STEP,
    Near,
    body_box,
    lamp_side,
    lit_edges,
    near_of,
    own_light,
    skin_in,
    surface,
)
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.light import lambert, read_light
from generation.engines.retouch.scene import Scene

NEEDS = ("person",)
KNEE = 0.72
"""Linear light above this is bent down towards white."""
DARKEST, BRIGHTEST = 0.10, 1.9
"""How far a place may be dimmed and brightened."""


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    key: str = "#fff4e8",
    fill: str = "#eaf0ff",
    amount: float = 0.8,
    contrast: float = 0.5,
    side: float = 0.6,
    height: float = 0.5,
    even: float = 0.6,
    lift: float = 1.0,
    rim: float = 0.0,
    room: float = 0.0,
) -> list[Layer]:
    """Ratio image relighting: new shading over the fitted own (nine spherical harmonics), on the person.

    The lamp stands on the side the photo's own light comes from, so that nose and chin shadows agree with it.

    Args:
        key, fill: colours of the lamp and of the rest.
        amount: 0 to 1, how much of the new light replaces the old.
        contrast: 0 to 1, the lamp's share of the light.
        side: 0 the lamp stands in front, 1 beside. height: 0 at eye level, 1 far up.
        even: 0 to 1, how much of the own shading is taken off before.
        lift: brightness of the middle of the skin, of its own.
        rim: 0 to 1, a lit edge on the lamp's side.
        room: 0 to 1, how far the background is dimmed.
    """
    box = body_box(scene)
    close = near_of(scene)
    sign = lamp_side(read_light(close.pixels, close.skin, close.normals))
    ratio = _ratio(scene, box, close, (parse_rgb(key), parse_rgb(fill)), (contrast, sign * side, height, even))
    linear = to_linear(canvas[box.rows_cols])
    luminance = cv2.transform(linear, LUMA[None])
    ratio = resize(1 + np.float32(amount) * (ratio * np.float32(lift) - 1), box.height, box.width)
    # what the camera clipped has no form left to light: it takes only part of it
    hard = np.float32(0.4) * smoothstep(luminance, 0.62, 1.0)[..., None]
    lit = linear * (ratio + hard * (1 - ratio))
    if rim:
        edges = lit_edges(scene, box, 0.99)
        shine = np.float32(rim) * (0.06 + 1.1 * np.sqrt(luminance)) * edges[0 if sign < 0 else 1]
        lit += np.clip(shine, 0, 0.6)[..., None] * to_linear(parse_rgb(key)[None, None])
    over = np.maximum(lit - np.float32(KNEE), 0)
    lit -= over * over / (over + np.float32(1 - KNEE))
    person = Layer(box, to_srgb(lit), blur(scene.person[box.rows_cols], max(0.8, 0.004 * scene.face.height_px)))
    return [_dimmed(scene, canvas, room), person] if room else [person]


def _ratio(
    scene: Scene, box: Box, close: Near, colours: tuple[np.ndarray, np.ndarray], how: tuple[float, ...]
) -> np.ndarray:
    """New light over old, small, (rows, columns, 3); its median over the skin is 1."""
    contrast, side, height, even = how
    normals = blur(surface(scene, box, close), 0.03 * scene.face.height_px / STEP)
    lamp = np.asarray([side, -0.75 * height, -1.05 + 0.75 * abs(side)], np.float32)
    facing = lambert(normals, lamp, wrap=0.50 - 0.42 * contrast)
    front = lambert(normals, (0.0, -0.15, -1.0), wrap=0.7)
    warm, cool = (to_linear(colour[None, None])[0, 0] for colour in colours)
    light = np.float32(contrast * 1.5) * facing[..., None] * warm / warm.mean()
    light += np.float32(1 - contrast) * front[..., None] * cool / cool.mean()
    ratio = light / np.power(own_light(scene, box, close), np.float32(even))[..., None]
    skin = skin_in(scene, box)
    sure = skin > 0.6 * max(float(skin.max()), 1e-3)
    middle = float(np.median(ratio.mean(axis=2)[sure])) if sure.any() else float(np.median(ratio))
    return np.asarray(np.clip(ratio / np.float32(max(middle, 0.05)), DARKEST, BRIGHTEST))


def _dimmed(scene: Scene, canvas: np.ndarray, room: float) -> Layer:
    """The background with less light on it, least far from the person."""
    height, width = scene.height, scene.width
    rows, columns = max(8, height // 8), max(8, width // 8)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    at = scene.face.points[4] / 8
    away = np.hypot(x - at[0], y - at[1]) / np.float32(scene.face.height_px / 8)
    beside = np.float32(0.35 + 0.5 * room)
    kept = 1 - np.float32(room) * (beside + (1 - beside) * smoothstep(away, 0.5, 2.2))
    # encoded values fall as light to the power of 1 / 2.2, near enough
    share = resize(np.power(kept, np.float32(1 / 2.2)), height, width)
    return Layer(Box.whole(height, width), canvas * share[..., None], 1 - scene.person)
