"""A velvet ribbon around the neck with a pendant. Collar, hair, hands and beard before the neck stay before it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from generation.engines.retouch.colour import parse_rgb, to_linear
from generation.engines.retouch.effects import Skip
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.objects.draw import Paint, draw
from generation.engines.retouch.objects.gems import faceted
from generation.engines.retouch.objects.head import head_of
from generation.engines.retouch.objects.jewels import METAL, STONE, pendant
from generation.engines.retouch.objects.materials import cloth, metal
from generation.engines.retouch.objects.neck import Neck, lay_on, neck_of
from generation.engines.retouch.objects.solid import Solid, join, sheet, tube
from generation.engines.retouch.objects.wear import Fitting, hands, photo_light
from generation.engines.retouch.scene import Scene
from generation.job import Note

NEEDS = ("hair", "person")
RIBBON = 3
SAG, DEPTH = 0.20, 0.85
"""How much lower the ribbon is before than at the sides, and how deep a neck is, in half necks."""
LEAST_SHOWN = 0.4
"""How much of the ribbon must show."""
LEAST_BELOW = 0.55
"""How bare the strip below the ribbon's front must be: a ribbon along a neckline would be the collar's hem."""
STRAIGHT_DEG, MOST_ASIDE = 8.0, 0.12
"""Below a head turned and tilted less than this the neck's middle lies so near its own, in face heights."""
HIGHER = (0.0, 0.03, 0.06, 0.09)
"""A ribbon sits so much higher above a high collar, in face heights."""


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    ribbon: str = "#15131a",
    width: float = 0.065,
    gold: str = "#e0b565",
    stone: str = "#7d0f2b",
    drop: float = 0.030,
) -> Layer | None:
    """The ribbon.

    Args:
        width: of the ribbon, in face heights. drop: how large the pendant's stone is, in face heights; 0 for none.

    Raises:
        Skip: too little of the neck shows.
    """
    neck = neck_of(scene)
    if neck is None or _is_half_seen(scene, neck):
        raise Skip(Note.NECK_HIDDEN)
    light = photo_light(scene)
    paints: dict[int, Paint] = {
        RIBBON: cloth(to_linear(parse_rgb(ribbon)), sheen=0.8, nap=0.12),
        METAL: metal(to_linear(parse_rgb(gold))),
        STONE: faceted(to_linear(parse_rgb(stone))),
    }
    neck = _above_collar(scene, neck, width)
    band = _band(neck, width * neck.unit_px)
    drawing = draw(band, paints, light, scene.height, scene.width)
    if drawing is None or float((drawing.alpha * neck.shown(drawing)).sum()) < LEAST_SHOWN * float(drawing.alpha.sum()):
        raise Skip(Note.NECK_HIDDEN)
    fitting = Fitting(
        canvas, Box.around(band.points[:, :2], 0.30 * neck.unit_px, scene.height, scene.width), hands(scene)
    )
    lay_on(scene, fitting, neck, drawing, light, seed, over=0.012)
    if drop > 0:
        jewel = draw(_pendant(neck, width, drop), paints, light, scene.height, scene.width)
        if jewel is not None:
            lay_on(scene, fitting, neck, jewel, light, seed)
    return fitting.layer()


def _is_half_seen(scene: Scene, neck: Neck) -> bool:
    """Whether only one side of the neck was found, without a hand before the other: a ribbon would hang on it askew."""
    straight = max(abs(head_of(scene.face).yaw_deg), abs(scene.face.roll_deg)) < STRAIGHT_DEG
    return straight and not scene.face.hands and neck.aside > MOST_ASIDE


def _above_collar(scene: Scene, neck: Neck, width: float) -> Neck:
    """The neck with its middle where skin shows below a ribbon, too.

    Raises:
        Skip: the collar leaves no such place.
    """
    for higher in HIGHER:
        placed = replace(neck, centre_px=neck.centre_px - [0, higher * neck.unit_px])
        front = _around(placed, 0.02 * neck.unit_px, np.linspace(-45, 45, 41))[:, :2]
        strip = np.concatenate([front + [0, share * width * neck.unit_px] for share in (0.75, 1.0)])
        if placed.bare_at(scene, strip) > LEAST_BELOW:
            return placed
    raise Skip(Note.NECK_HIDDEN)


def _around(neck: Neck, outset_px: float, degrees: np.ndarray) -> np.ndarray:
    """(N, 3) px: points around the front of the neck; 0 degrees is its middle."""
    turn, half = np.radians(degrees), 1.02 * neck.half_px + outset_px
    x = half * np.sin(turn)
    y = SAG * half * (np.cos(turn) - 0.5) - neck.lean * x
    return np.stack([neck.centre_px[0] + x, neck.centre_px[1] + y, -DEPTH * half * np.cos(turn)], 1)


def _band(neck: Neck, width_px: float) -> Solid:
    degrees = np.linspace(-92, 92, 70)
    across = np.linspace(-0.5, 0.5, 6)
    rows = []
    for share in across:
        line = _around(neck, (0.012 + 0.006 * (1 - (2 * share) ** 2)) * neck.unit_px, degrees)
        line[:, 1] += share * width_px
        rows.append(line)
    surface = sheet(np.stack(rows), RIBBON)
    hems = [tube(row, 0.045 * width_px, RIBBON, sides=6).lifted(0.05 * width_px) for row in (rows[0], rows[-1])]
    return join(surface, *hems)


def _pendant(neck: Neck, width: float, drop: float) -> Solid:
    at = _around(neck, 0.022 * neck.unit_px, np.zeros(1))[0]
    at[1] += 0.5 * width * neck.unit_px
    return pendant(drop * neck.unit_px).placed(np.eye(3), at)
