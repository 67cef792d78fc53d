"""Another kind of skin on face, neck and hands: a hue and a mottling that keep its light, shade and depth of tone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, parse_colour, resize, smoothstep, to_oklab
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.masks import bare_skin
from generation.engines.retouch.paint import lab_of

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene


def blotches(scene: Scene, seed: int, size: float, octaves: int = 3) -> np.ndarray:
    """(H, W) soft noise, mean 0 and deviation about 1, that turns and grows with the face.

    Args:
        size: of the largest blotches, in face heights.
    """
    x = np.arange(scene.width, dtype=np.float32)[None]
    y = np.arange(scene.height, dtype=np.float32)[:, None]
    right, up, unit = scene.face.right, scene.face.up, scene.face.height_px
    nose = scene.face.points[168]
    across = ((x - nose[0]) * right[0] + (y - nose[1]) * right[1]) / np.float32(unit)
    down = -((x - nose[0]) * up[0] + (y - nose[1]) * up[1]) / np.float32(unit)
    step_px = max(1, int(0.02 * size * unit))  # soft: drawn smaller
    rows, cols = -(-scene.height // step_px), -(-scene.width // step_px)
    across, down = resize(across, rows, cols), resize(down, rows, cols)
    total, weight = np.zeros((rows, cols), np.float32), 1.0
    random = np.random.default_rng((seed, 5))
    for octave in range(octaves):
        tile = random.standard_normal((64, 64), np.float32)
        step = np.float32(2**octave / size)
        total += np.float32(weight) * cv2.remap(
            tile,
            across.astype(np.float32) * step + np.float32(31.5),
            down.astype(np.float32) * step + np.float32(31.5),
            cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_WRAP,
        )
        weight *= 0.6
    return resize(total / np.float32(max(float(total.std()), 1e-4)), scene.height, scene.width)


def all_skin(scene: Scene) -> np.ndarray:
    """(H, W) all skin of the person that can be seen, hands and shoulders too, told by its colour; needs hair, person.

    The likeness is exp(-max(d^2 - 3, 0) / 6), d the distance in OKLab to the face's own tone, looser in lightness.
    """
    scale = min(1.0, 420 / max(scene.height, scene.width))
    rows, cols = max(8, round(scene.height * scale)), max(8, round(scene.width * scale))
    away = to_oklab(resize(scene.pixels, rows, cols)) - scene.complexion.tone
    away *= np.asarray([1 / 0.17, 1 / 0.026, 1 / 0.028], np.float32)
    like = np.exp(-np.maximum((away * away).sum(2) - 3, 0) / 6)
    like *= smoothstep(resize(scene.person, rows, cols), 0.5, 0.95) * (1 - resize(scene.hair, rows, cols))
    like = cv2.morphologyEx(like.astype(np.float32), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    # a photo without colours cannot tell skin from cloth
    tone = scene.complexion.tone
    like *= smoothstep(np.hypot(tone[1], tone[2]), 0.012, 0.03)
    skin = resize(blur(like, 0.7), scene.height, scene.width)
    near = skin[scene.near.rows_cols]
    np.maximum(near, bare_skin(scene), out=near)
    near *= 1 - np.maximum(scene.eyes, scene.mouth)
    skin *= smoothstep(scene.person, 0.0, 0.5)
    return skin


def other_skin(
    scene: Scene, canvas: np.ndarray, hues: tuple[str, str], mottling: np.ndarray, share: float, darker: float = 0.0
) -> Layer:
    """Skin between two hues.

    Args:
        hues: where the mottling is 0 and where it is 1; their lightness tells how much one is darker than the other.
        mottling: (H, W) 0 to 1.
        share: 0 to 1, how far the hue replaces the skin's own. darker: 0 to 1, of the lightness taken away.
    """
    skin = all_skin(scene)
    box = _box_of(skin)
    lab, mottling = lab_of(canvas, box), mottling[box.rows_cols]
    first, second = (parse_colour(hue) for hue in hues)
    light = lab[..., 0]
    relief = light - blur(light, 0.02 * scene.face.height_px)
    mean = (first[0] + second[0]) / 2
    pale = (first[0] - mean) + mottling * (second[0] - first[0])
    new = light * np.float32(1 - darker) + pale * np.clip(light / 0.6, 0.35, 1.1) + np.float32(0.35) * relief
    # colour needs light to be seen: none in the blackest shade, less in the highlights
    strength = np.clip(new / 0.55, 0, 1.15) * np.clip((1.06 - new) / 0.35, 0.1, 1)
    for channel in (1, 2):
        hue = first[channel] + mottling * (second[channel] - first[channel])
        lab[..., channel] += np.float32(share) * (hue * strength - lab[..., channel])
    lab[..., 0] = np.clip(new, 0, 1)
    return Layer(box, from_oklab(lab), skin[box.rows_cols])


def _box_of(mask: np.ndarray) -> Box:
    """The rectangle around what is not 0."""
    rows, cols = np.flatnonzero(mask.max(1) > 0.004), np.flatnonzero(mask.max(0) > 0.004)
    if not len(rows):
        return Box(0, 0, 1, 1)
    return Box(int(cols[0]), int(rows[0]), int(cols[-1]) + 1, int(rows[-1]) + 1)
