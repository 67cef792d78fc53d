"""Furry ears: a curved sheet and the hairs on it, as far as a shape makes them. Knows no photo.

An ear stands at the origin of its own space: x away from the head's middle, y up, z to the front, px. Over its
sheet u runs across from -1 to 1, v from the root to the tip, 0 to 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from generation.engines.retouch.colour import smoothstep, to_srgb
from generation.engines.retouch.light import Light
from generation.engines.retouch.objects.draw import Paint
from generation.engines.retouch.objects.fur import Hairs
from generation.engines.retouch.objects.materials import diffuse
from generation.engines.retouch.objects.solid import Sight, Solid, sheet

SKIN = 0
INNER = 0.80
"""How far up the hollow its pale hairs grow: at the tip they would stick out over the dark rim."""


@dataclass(frozen=True, slots=True)
class Shape:
    """An ear's outline.

    Args:
        half_px, height_px: of the root's width, and of the ear. belly: where it is widest, as a share of its height;
            0 is a triangle. hollow: how deep, in half widths. fur: how long its hairs are, px.
    """

    half_px: float
    height_px: float
    belly: float
    hollow: float
    fur_px: float


def width_at(shape: Shape, v: np.ndarray) -> np.ndarray:
    """Half the width at v, in half widths of the root."""
    if shape.belly <= 0:
        return np.asarray(np.clip(1 - v, 0, 1) ** 0.80 * (1 + 0.16 * np.sin(np.pi * v)))
    bulge = 0.62 + 0.55 * np.sin(np.pi * np.clip(v / (2 * shape.belly), 0, 1) * 0.9 + 0.15)
    return np.asarray(bulge * np.sqrt(np.clip(1 - np.clip((v - shape.belly) / (1 - shape.belly), 0, 1) ** 2.4, 0, 1)))


def surface(shape: Shape, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """(..., 3) px: points of the sheet."""
    half = width_at(shape, v) * shape.half_px
    x = half * u
    z = -shape.hollow * half * (1 - u * u) * (1 - 0.5 * v) - 0.10 * shape.height_px * v * v
    return np.stack(np.broadcast_arrays(x, v * shape.height_px, z), -1)


def ear(shape: Shape, axes: np.ndarray, origin: np.ndarray) -> Solid:
    """The sheet in picture space; axes: (3, 3), the ear's own directions there."""
    u, v = np.linspace(-1, 1, 19)[None], np.linspace(0, 1, 23)[:, None]
    return sheet(surface(shape, u, v), SKIN).placed(axes, origin)


def lining(outer: np.ndarray, hollow: np.ndarray) -> Paint:
    """What shows between the hairs: bare skin in the hollow, the coat's colour towards the rim, dark at the root."""

    def paint(sight: Sight, light: Light) -> np.ndarray:
        aside, v = np.abs(2 * sight.uv[:, 0] - 1), sight.uv[:, 1]
        rim = smoothstep(aside + 0.25 * v, 0.40, 0.72)[:, None]
        deep = (0.40 + 0.60 * smoothstep(v, 0.0, 0.55)) * (0.70 + 0.30 * aside)
        lit = diffuse(sight.normals, light, wrap=0.5) * deep
        return np.asarray((hollow + rim * (0.8 * outer - hollow)) * lit[:, None] * light.level * light.colour)

    return paint


def coat(
    shape: Shape,
    axes: np.ndarray,
    origin: np.ndarray,
    light: Light,
    outer: np.ndarray,
    inner: np.ndarray,
    rng: np.random.Generator,
    density: float = 1.0,
) -> Hairs:
    """Its hairs, shaded: long pale ones into the hollow, short ones of the coat along the rim, fringing the outline.

    Args:
        outer, inner: (3,) linear. density: 1 is for an ear that is seen from near.
    """
    count = int(2600 * density)
    v = rng.uniform(0.0, 0.99, count) ** 0.9
    rim = rng.random(count) < 0.74
    v = np.where(rim, v, INNER * v)
    side = np.where(rng.random(count) < 0.5, -1.0, 1.0)
    u = np.where(
        rim,
        side * (1 - np.abs(rng.normal(0, 0.21, count))),
        rng.choice([-1.0, 1.0], count) * rng.uniform(0.15, 0.85, count) ** 0.6,
    )
    order = np.argsort(-v, kind="stable")  # lower hairs lie over the roots of higher ones
    order = np.concatenate([order[~rim[order]], order[rim[order]]])
    u, v, rim = u[order], v[order], rim[order]
    at = surface(shape, u, v)
    step = 0.02
    rise = surface(shape, u, v + step) - surface(shape, u, v - step)
    spread = surface(shape, np.clip(u + step, -1.2, 1.2), v) - surface(shape, np.clip(u - step, -1.2, 1.2), v)
    normal = _unit(np.cross(spread, rise))
    outward = _unit(spread) * np.sign(u)[:, None]
    rise = _unit(rise)
    lean = np.where(rim, 0.30 + 0.25 * rng.random(len(u)), -0.45 * np.abs(u))[:, None]
    way = _unit(rise + outward * lean + normal * 0.25 + rng.normal(0, 0.16, (len(u), 3)))
    length = shape.fur_px * np.where(rim, rng.uniform(0.55, 1.15, len(u)), rng.uniform(0.9, 2.0, len(u)))
    length *= 1 - np.where(rim, 0.35, 0.60) * np.clip(v, 0, 1)
    tips = at + way * length[:, None]
    place = axes.T
    lit = diffuse(_facing(np.asarray(normal @ np.linalg.inv(axes), np.float32)), light, wrap=0.5)
    deep = np.where(rim, 1.0, 0.70 + 0.30 * np.abs(u))
    tint = np.where(rim[:, None], outer, inner) * (lit * deep * rng.uniform(0.62, 1.32, len(u)))[:, None]
    colour = to_srgb((tint * light.level * light.colour).astype(np.float32)[:, None])[:, 0]
    width = shape.fur_px * rng.uniform(0.045, 0.085, len(u))
    return Hairs((at @ place + origin)[:, :2], (tips @ place + origin)[:, :2], width, colour)


def _facing(normals: np.ndarray) -> np.ndarray:
    """Unit normals turned to the camera."""
    unit = _unit(normals)
    return np.asarray(np.where(unit[:, 2:] > 0, -unit, unit), np.float32)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))
