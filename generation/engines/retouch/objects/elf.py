"""A pointed ear as a solid that stands on the side of the face's mesh, and skin to cover it. Knows no photo.

Its shape is a sheet over (u, v): u from the cheek to the rear rim, v from the lobe to the tip, both 0 to 1. Lengths
are in face heights, across (away from the head, in the ear's plane) and up from the tragus.
"""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import smoothstep
from generation.engines.retouch.light import Light
from generation.engines.retouch.objects.draw import Paint
from generation.engines.retouch.objects.head import Head
from generation.engines.retouch.objects.materials import diffuse, mirrored, room, spot
from generation.engines.retouch.objects.solid import Sight, Solid, sheet
from generation.face.face import Face
from generation.face.regions import spline

SKIN = 0
TRAGUS = (234, 454)
"""Of the ear at the picture's left, and at its right."""
FLARE_DEG = 38.0
"""How far an ear turns back from the plane of the face."""
# fmt: off
FRONT = ((.040, -.150), (-.02, -.110), (-.04, -.040), (-.04, .040), (-.03, .100), (.02, .135), (.085, .180),
         (.165, .245), (.245, .312))
REAR = ((.048, -.156), (.088, -.140), (.118, -.080), (.148, .000), (.172, .070), (.192, .130), (.212, .190),
        (.232, .255), (.250, .316))
# fmt: on


def elf_ear(face: Face, head: Head, side: int, length: float, broad: float, out: float = 0.0) -> Solid:
    """One ear in picture space.

    Args:
        side: 0 at the picture's left, 1 at its right. length: 1 is that of FRONT and REAR, above the tragus.
        broad: how much wider than drawn, so that the person's own ear is covered. out: how far hair holds it off, in
            face heights.
    """
    unit = head.height_px
    sign = 1.0 if side else -1.0
    grid, height = _sheet(length, broad)
    flare = np.radians(FLARE_DEG)
    away = np.asarray([sign * np.cos(flare), 0, -np.sin(flare)])
    up = np.asarray([0.0, 1.0, 0.0])
    front = np.asarray([sign * np.sin(flare), 0, np.cos(flare)])
    points = grid[..., :1] * away + grid[..., 1:] * up + height[..., None] * front
    points[..., 2] -= 0.10 * np.clip(grid[..., 1], 0, 1) ** 1.5  # the tip swings back a little
    points[..., 0] += sign * out
    tragus = face.landmarks[TRAGUS[side]].astype(np.float64)
    return sheet(points * unit, SKIN).placed(head.axes, tragus)


def _sheet(length: float, broad: float) -> tuple[np.ndarray, np.ndarray]:
    """(rows, columns, 2) across and up, and (rows, columns) how far the relief stands out."""
    front, rear = (spline(np.asarray(line, np.float32), 6, closed=False).astype(np.float64) for line in (FRONT, REAR))
    u = np.linspace(0, 1, 44)[None, :, None]
    grid = front[:, None] + (rear - front)[:, None] * u
    upper = np.clip(0.5 + grid[..., 1] / 0.2, 0, 1)
    grid[..., 0] *= broad + (max(broad, 1.0) - broad) * upper
    grid[..., 1] = np.where(grid[..., 1] > 0, grid[..., 1] * length, grid[..., 1])
    v = np.linspace(0, 1, len(front))[:, None]
    return grid, relief(u[..., 0], v)


def relief(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """How far the ear's surface stands out: rim, fold, hollow, tragus, lobe."""
    upper = smoothstep(v.astype(np.float32), 0.30, 0.62)
    lobe = smoothstep(v.astype(np.float32), 0.20, 0.06)
    taper = np.clip(1.15 - v, 0.12, 1)
    rim = 0.030 * _bump(u, 0.88, 0.085) * (1 - 0.8 * lobe)
    front_rim = 0.026 * _bump(u, 0.08, 0.10) * upper
    fold = 0.020 * _bump(u, 0.56 - 0.10 * upper, 0.12) * (1 - lobe) * (1 - 0.45 * upper)
    hollow = -0.046 * _bump(u, 0.34, 0.17) * _bump(v, 0.30, 0.16)
    groove = -0.016 * _bump(u, 0.73, 0.08) * (1 - lobe)
    scoop = -0.030 * _bump(u, 0.42, 0.26) * upper
    tragus = 0.026 * _bump(u, 0.16, 0.09) * _bump(v, 0.27, 0.07)
    pad = 0.026 * np.sin(np.pi * np.clip(u, 0, 1)) * lobe
    edge = -0.030 * np.clip((u - 0.90) / 0.10, 0, 1) ** 2  # the rim rolls back
    return np.asarray((rim + front_rim + fold + hollow + groove + scoop + tragus + pad + edge) * taper)


def open_to_light(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """How much of the surroundings' light reaches a place of the relief, 0 to 1."""
    upper = smoothstep(v.astype(np.float32), 0.30, 0.62)
    lobe = smoothstep(v.astype(np.float32), 0.20, 0.06)
    deep = 0.62 * _bump(u, 0.34, 0.19) * _bump(v, 0.30, 0.17)
    deep += 0.34 * _bump(u, 0.73, 0.075) * (1 - lobe) * (1 - 0.35 * v)
    deep += 0.42 * _bump(u, 0.36, 0.26) * upper * (1 - 0.55 * v)
    deep += 0.30 * np.clip(1 - u / 0.12, 0, 1) * (1 - upper)
    return np.asarray(np.clip(1 - deep, 0.2, 1))


def skin(tone: np.ndarray) -> Paint:
    """Skin of an ear: light comes redder out of hollows and thin rims; its middle tone is `tone` (3,) linear."""
    vivid = float(np.clip(np.ptp(tone) / max(float(tone.max()), 1e-4) / 0.3, 0, 1))  # none in black and white
    deepening = 1.10 + vivid * np.asarray([-0.25, 0.15, 0.25])
    blush = vivid * np.asarray([0.5, -0.35, -0.30])

    def paint(sight: Sight, light: Light) -> np.ndarray:
        u, v = sight.uv[:, 0], sight.uv[:, 1]
        lit = diffuse(sight.normals, light, wrap=0.45)
        lit = lit / max(float(np.median(lit)), 0.05)
        shade = np.clip(0.25 + 0.75 * lit, 0.35, 1.7)[:, None]
        shadow = open_to_light(u, v)[:, None] ** deepening
        thin = (0.10 * _bump(u, 0.93, 0.07) + 0.10 * np.clip(v - 0.5, 0, 1))[:, None]
        flush = 1 + thin * blush
        shine = 0.05 * spot(sight.normals, light, 16) + 0.012 * room(mirrored(sight.normals), light)
        return np.asarray(tone * shade * shadow * flush * 1.06 + shine[:, None] * light.level * light.colour)

    return paint


def _bump(x: np.ndarray, middle: float | np.ndarray, width: float) -> np.ndarray:
    return np.asarray(np.exp(-(((x - middle) / width) ** 2)))
