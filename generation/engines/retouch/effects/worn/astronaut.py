"""Puts the person into a space suit before the stars: shell, ring and glass around the head, cloth over the body.

What the suit hides is not shown: hair beyond the helmet, raised arms, the old clothes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import parse_rgb, resize, smoothstep, to_srgb
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.objects import spacesuit
from generation.engines.retouch.objects.spacesuit import SHELL, Suit, edge
from generation.engines.retouch.objects.spacesuit_body import cloth
from generation.engines.retouch.scenery.backdrop import person_colours
from generation.engines.retouch.scenery.daylight import lit
from generation.engines.retouch.scenery.lens import fine_grain
from generation.engines.retouch.scenery.places import PLACES, paint

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

NEEDS = ("person", "foreground")
SIDE_PX = 760
"""The longer side the suit is shaded at; only its outlines are finer."""
WIDE, TALL, MIDDLE = 0.80, 0.92, -0.06
"""Half axes of the opening and where its centre is, down from the face's, in face heights."""
LEAST = 0.60
"""A frame that cuts the head close gets an opening as narrow as this, so that the helmet can be seen."""


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    suit: str = "#e9eaec",
    stripe: str = "#d6502a",
    reflections: float = 1.0,
) -> Layer:
    """Dress the person.

    Args:
        suit: colour of the cloth. stripe: on shoulders and badge. reflections: of the glass, 0 to 1.
    """
    nose, chin = scene.face.points[168], scene.face.points[152]
    head = (float(nose[0]) / scene.width, float(nose[1]) / scene.height)
    side = 1 if head[0] <= 0.5 else -1
    sky = paint("space", (scene.height, scene.width), head, float(chin[1]) / scene.height, seed)
    own = lit(scene, person_colours(scene, canvas), PLACES["space"], side, 0.6)
    fitted = _fitted(scene, 1.0)
    scale = min(1.0, SIDE_PX / max(scene.height, scene.width))
    small = _fitted(scene, scale)
    picture = sky
    for light, mask in (cloth(small, seed, suit, stripe), spacesuit.shell(small), spacesuit.collar(small)):
        _over(picture, _encoded(light, scene), _sharp(mask, scene))
    opening = edge(fitted.rim, fitted.soft)
    hollow = _encoded(spacesuit.inside(small), scene)
    hollow += scene.person[..., None] * (own - hollow)
    mirrored = _reflected(sky, small, scene)
    glow = resize(spacesuit.glass(small), scene.height, scene.width)[..., None] * np.float32(reflections)
    hollow += glow * (parse_rgb("#e8f3ff") - hollow) + np.float32(0.10 * reflections) * mirrored * (1 - hollow)
    _over(picture, hollow, opening)
    light, _ = spacesuit.ring(small)
    _over(picture, _encoded(light, scene), edge(np.abs(fitted.rim - 0.0305) - 0.097, fitted.soft))
    picture += fine_grain(picture.shape, seed, 0.008)
    return Layer(Box.whole(scene.height, scene.width), np.clip(picture, 0, 1), None)


def headroom(scene: Scene, **_: object) -> float:
    """px the helmet needs above the picture's upper edge."""
    top = scene.face.points[10, 1] - (TALL - 0.44 + 0.6 * SHELL) * scene.face.height_px
    return float(max(0.0, -top))


def _fitted(scene: Scene, scale: float) -> Suit:
    """The suit on a picture so many times the photo's size."""
    face = scene.face
    unit = face.height_px
    rows, cols = max(8, round(scene.height * scale)), max(8, round(scene.width * scale))
    middle = (face.points[10] + face.points[152]) / 2
    x = (np.arange(cols, dtype=np.float32)[None] + 0.5) * np.float32(scene.width / cols) - np.float32(middle[0])
    y = (np.arange(rows, dtype=np.float32)[:, None] + 0.5) * np.float32(scene.height / rows) - np.float32(middle[1])
    room = min(float(middle[0]), scene.width - float(middle[0])) / unit
    shrink = float(np.clip((room - 0.04) / WIDE, LEAST / WIDE, 1))
    helmet = _turned(x, y, float(np.arctan2(face.right[1], face.right[0])), unit)
    body = _turned(x, y, 0.3 * float(np.arctan2(face.right[1], face.right[0])), unit)
    high = TALL * max(shrink, 0.86)
    top, foot = MIDDLE - high, MIDDLE + high
    if _head_is_cut(scene):  # the ring lies over where the photo ended
        top = max(top, min((scene.added_px - float(middle[1])) / unit + 0.015, -0.45))
    return Suit(*helmet, *body, WIDE * shrink, (foot - top) / 2, (foot + top) / 2, unit * cols / scene.width)


def _head_is_cut(scene: Scene) -> bool:
    """The photo ended below the top of the head."""
    row = scene.person[min(scene.added_px + 2, scene.height - 1)]
    return bool(row.max() > 0.5)


def _turned(x: np.ndarray, y: np.ndarray, angle: float, unit: float) -> tuple[np.ndarray, np.ndarray]:
    across, down = np.float32(np.cos(angle) / unit), np.float32(np.sin(angle) / unit)
    return np.asarray(x * across + y * down, np.float32), np.asarray(y * across - x * down, np.float32)


def _encoded(light: np.ndarray, scene: Scene) -> np.ndarray:
    return resize(to_srgb(light), scene.height, scene.width)


def _sharp(mask: np.ndarray, scene: Scene) -> np.ndarray:
    """A mask grown to the photo's size with its edge as sharp as before."""
    grown = resize(mask.astype(np.float32), scene.height, scene.width)
    return grown if grown.shape == mask.shape else smoothstep(grown, 0.2, 0.8)


def _over(picture: np.ndarray, colour: np.ndarray, mask: np.ndarray) -> None:
    """Lay a colour over the rows and columns where the mask is."""
    rows, cols = np.flatnonzero(mask.max(1) > 0), np.flatnonzero(mask.max(0) > 0)
    if not len(rows):
        return
    part = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(cols[0]), int(cols[-1]) + 1)
    under = picture[part]
    above = colour[part] - under
    above *= mask[part][..., None]
    under += above


def _reflected(sky: np.ndarray, suit: Suit, scene: Scene) -> np.ndarray:
    """The sky as the glass throws it back: mirrored, and strongest near its edge."""
    rows, cols = suit.rim.shape
    share = np.clip(1 + suit.rim / 0.6, 0, 1)[..., None]
    return resize(resize(sky[::-1, ::-1], rows, cols) * share, scene.height, scene.width)
