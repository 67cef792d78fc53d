"""A felt cowboy hat: a creased crown, a brim rolled up at the sides."""

from __future__ import annotations

from functools import partial

import numpy as np

from generation.engines.retouch.colour import parse_rgb, to_linear
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.objects.dress import dress
from generation.engines.retouch.objects.festive import BAND, BRIM, CLOTH, cowboy_hat
from generation.engines.retouch.objects.headwear import Seat, seat, unless_cut, wanted_room
from generation.engines.retouch.objects.materials import cloth
from generation.engines.retouch.objects.solid import Solid
from generation.engines.retouch.scene import Scene

HIGH = 0.50
"""In face heights."""
NEEDS = ("person",)


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, felt: str = "#8a5a36", band: str = "#3a2114") -> Layer | None:
    """The hat, in these colours."""
    seated = _seat(scene)
    paints = {
        CLOTH: cloth(to_linear(parse_rgb(felt)), sheen=0.4, nap=0.06),
        BRIM: cloth(to_linear(parse_rgb(felt)), sheen=0.4, nap=0.06, sunk=0.7),
        BAND: cloth(to_linear(parse_rgb(band)), sheen=0.6),
    }
    return dress(
        scene,
        canvas,
        seated,
        unless_cut(seated, partial(_hat, seated), HIGH * seated.unit_px),
        paints,
        seed,
        overhang=0.20,
    )


def headroom(scene: Scene, **_: object) -> float:
    """px the hat needs above the picture's upper edge."""
    seated = _seat(scene, cut=False)
    return wanted_room(seated.placed(_hat(seated, HIGH * seated.unit_px)), seated.unit_px)


def _seat(scene: Scene, cut: bool = True) -> Seat:
    return seat(scene, above=0.09, tilt_deg=6.0, widest=0.58, cut=cut)


def _hat(seated: Seat, height_px: float) -> Solid:
    return cowboy_hat(seated.across_px, seated.deep_px, 0.46 * seated.head.width_px, height_px)
