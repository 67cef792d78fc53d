"""A top hat: black silk, a brim rolled up at the sides, a ribbon."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import parse_rgb, to_linear
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.objects.dress import dress
from generation.engines.retouch.objects.hats import BAND, BRIM, FELT, top_hat
from generation.engines.retouch.objects.headwear import Seat, seat, wanted_room
from generation.engines.retouch.objects.materials import satin
from generation.engines.retouch.objects.solid import Solid
from generation.engines.retouch.scene import Scene

NEEDS = ("person",)


def apply(
    scene: Scene, canvas: np.ndarray, *, seed: int, silk: str = "#1c1b20", ribbon: str = "#5a1420"
) -> Layer | None:
    """The hat, in these colours."""
    seated = _seat(scene)
    plush = to_linear(parse_rgb(silk))
    paints = {BRIM: satin(plush, 0.3), FELT: satin(plush, 0.4), BAND: satin(to_linear(parse_rgb(ribbon)), 0.5)}
    return dress(scene, canvas, seated, _hat(seated), paints, seed, overhang=0.13)


def headroom(scene: Scene, **_: object) -> float:
    """px the hat needs above the picture's upper edge."""
    seated = _seat(scene, cut=False)
    return wanted_room(_hat(seated), seated.unit_px)


def _seat(scene: Scene, cut: bool = True) -> Seat:
    return seat(scene, above=0.08, tilt_deg=7.0, widest=0.60, cut=cut)


def _hat(seated: Seat) -> Solid:
    """Lower where there is little room, so that the face need not shrink."""
    height = float(np.clip(seated.room_px - 0.26 * seated.unit_px, 0.55 * seated.unit_px, 0.72 * seated.unit_px))
    return seated.placed(top_hat(seated.across_px, seated.deep_px, 0.24 * seated.head.width_px, height))
