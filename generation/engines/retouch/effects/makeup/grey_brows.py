"""Greys brows, beard and moustache: hairs on the face lose their colour and most of their darkness.

Knows the skin's own colour: a hair is what is darker than skin, or unlike it where beards grow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, resize, smoothstep
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.paint import box_around, lab_of, part, places
from generation.face.regions import LIPS_OUTER, OVAL, fill_polygons, spline

if TYPE_CHECKING:
    from generation.engines.retouch.layer import Box
    from generation.engines.retouch.scene import Scene

SILVER = (0.80, 0.0, 0.004)
"""OKLab of a grey hair in good light."""
HANGS = 0.24
"""How far a full beard is followed below jaw and chin, in face heights."""
CHIN = (199, 175, 208, 428)


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, amount: float = 0.7) -> Layer:
    """Lightness is lifted from a hair's own towards grey, never above the skin it lies on by much.

    Args:
        amount: 0 to 1.
    """
    box = box_around(scene, scene.face.points[list(OVAL)], HANGS + 0.04)
    lab = lab_of(canvas, box)
    skin = scene.complexion.lightness
    brows = blur(part(scene, scene.brows, box), 0.004 * scene.face.height_px)
    where = np.maximum(brows, _beard(scene, box))
    hairy = smoothstep(lab[..., 0], 0.93 * skin, 0.62 * skin) * where
    aim = min(SILVER[0], skin + 0.10)
    relief = lab[..., 0] - blur(np.ascontiguousarray(lab[..., 0]), 0.012 * scene.face.height_px)
    goal = np.clip(lab[..., 0] + np.float32(0.55) * (aim - lab[..., 0]) + np.float32(0.8) * relief, 0, 1)
    share = hairy * np.float32(amount)
    lab[..., 0] += (goal - lab[..., 0]) * share
    for channel in (1, 2):
        lab[..., channel] += (SILVER[channel] - lab[..., channel]) * share * np.float32(0.8)
    return Layer(box, from_oklab(lab), np.clip(where * (1 - part(scene, scene.occluders, box)), 0, 1))


def _beard(scene: Scene, box: Box) -> np.ndarray:
    """Where a beard grows and what is there does not look like skin."""
    points, unit = scene.face.points, scene.face.height_px
    shape = (box.height, box.width)
    x, y = places(box)
    below = ((points[2][0] - x) * scene.face.up[0] + (points[2][1] - y) * scene.face.up[1]) / np.float32(unit)
    outline = spline(points[list(OVAL)])
    oval = blur(fill_polygons(shape, [outline - box.origin]), 0.015 * unit)
    lips = blur(fill_polygons(shape, [spline(points[list(LIPS_OUTER)]) - box.origin]), 0.008 * unit)
    likeness = resize(scene.complexion.likeness, scene.near.height, scene.near.width)
    unlike = 1 - smoothstep(part(scene, likeness, box), 0.25, 0.75)
    grown = np.clip(1 - 1.6 * lips, 0, 1) * smoothstep(below, 0.0, 0.06) * unlike * _hairy(scene, box)
    at = np.clip(np.round(points[list(CHIN)] - box.origin).astype(int), 0, (box.width - 1, box.height - 1))
    full = float(smoothstep(np.median(grown[at[:, 1], at[:, 0]])[None], 0.35, 0.75)[0])
    # whiskers along the jaw come with a beard on the chin: without one it is the jaw's shade
    aside = np.abs((x - points[2][0]) * scene.face.right[0] + (y - points[2][1]) * scene.face.right[1])
    grown *= 1 - (1 - full) * smoothstep(aside / np.float32(unit), 0.12, 0.2)
    if full:
        lower = np.clip((points[2] - outline) @ scene.face.up / (0.4 * unit), 0, 1)[:, None]
        longer = outline - lower**2 * scene.face.up * (HANGS - 0.04) * unit
        oval = np.maximum(oval, blur(fill_polygons(shape, [longer - box.origin]), 0.03 * unit) * full)
    return np.asarray(oval * grown, np.float32)


def _hairy(scene: Scene, box: Box) -> np.ndarray:
    """1 where there is the texture of hairs, 0 on a chin that only lies in the shade."""
    look = scene.complexion
    unit = scene.face.height_px * look.scale
    lightness = np.ascontiguousarray(look.lab[..., 0])
    # on a dark beard hairs differ little, but by much of what light there is
    rough = blur(np.abs(lightness - blur(lightness, 0.012 * unit)), 0.03 * unit) / np.maximum(blur(lightness, 3), 0.05)
    return part(scene, resize(smoothstep(rough, 0.022, 0.05), scene.near.height, scene.near.width), box)
