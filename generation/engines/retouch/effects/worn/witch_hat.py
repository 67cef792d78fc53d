"""A witch's hat: felt, a wide brim, a bent tip, a ribbon with a buckle."""

from __future__ import annotations

from functools import partial

import numpy as np

from generation.engines.retouch.colour import parse_rgb, to_linear
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.objects.draw import draw
from generation.engines.retouch.objects.hats import BAND, BRIM, BUCKLE, FELT, witch_hat
from generation.engines.retouch.objects.headwear import (
    Seat,
    put_on,
    seat,
    tuck_hair,
    unless_cut,
    wanted_room,
    work_box,
)
from generation.engines.retouch.objects.materials import cloth, metal
from generation.engines.retouch.objects.solid import Solid
from generation.engines.retouch.objects.wear import Fitting, hands, photo_light
from generation.engines.retouch.scene import Scene

NEEDS = ("person",)


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    felt: str = "#2a2233",
    ribbon: str = "#6d2f9c",
    buckle: str = "#e2b45a",
) -> Layer | None:
    """The hat, in these colours."""
    seated = _seat(scene)
    solid = unless_cut(seated, partial(_hat, seated), _high(seated), lowest=0.85)
    light = photo_light(scene)
    paints = {
        BRIM: cloth(to_linear(parse_rgb(felt)), sheen=0.5, nap=0.10, sunk=0.75),
        FELT: cloth(to_linear(parse_rgb(felt)), sheen=0.5, nap=0.10),
        BAND: cloth(to_linear(parse_rgb(ribbon)), sheen=0.9, nap=0.03),
        BUCKLE: metal(to_linear(parse_rgb(buckle))),
    }
    front = draw(solid, paints, light, scene.height, scene.width)
    if front is None:
        return None
    fitting = Fitting(canvas, work_box(scene, solid, seated.unit_px), hands(scene))
    gone = tuck_hair(scene, fitting, seated, seed)
    put_on(scene, fitting, seated, None, front, light, seed, overhang=0.22, gone=gone)
    return fitting.layer()


def headroom(scene: Scene, **_: object) -> float:
    """px the hat needs above the picture's upper edge."""
    seated = _seat(scene, cut=False)
    return wanted_room(seated.placed(_hat(seated, _high(seated))), seated.unit_px)


def _seat(scene: Scene, cut: bool = True) -> Seat:
    return seat(scene, above=0.12, tilt_deg=9.0, widest=0.66, cut=cut)


def _high(seated: Seat) -> float:
    """px: lower where there is little room, so that the face need not shrink."""
    return float(np.clip(seated.room_px - 0.10 * seated.unit_px, 0.75 * seated.unit_px, 1.10 * seated.unit_px))


def _hat(seated: Seat, height_px: float) -> Solid:
    return witch_hat(seated.across_px, seated.deep_px, 0.52 * seated.head.width_px, height_px)
