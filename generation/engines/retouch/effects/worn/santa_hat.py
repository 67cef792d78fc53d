"""A red felt cap with a fluffy white trim, its tip fallen over."""

from __future__ import annotations

from functools import partial

import numpy as np

from generation.engines.retouch.colour import parse_rgb, to_linear
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.objects.dress import dress
from generation.engines.retouch.objects.festive import BALL, CLOTH, TRIM, santa_hat
from generation.engines.retouch.objects.headwear import Seat, seat, unless_cut, wanted_room
from generation.engines.retouch.objects.materials import cloth, fleece
from generation.engines.retouch.objects.solid import Solid
from generation.engines.retouch.scene import Scene

HIGH = 1.05
"""In face heights, along its middle."""
NEEDS = ("person",)


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, felt: str = "#b3161d", trim: str = "#f1ece6") -> Layer | None:
    """The hat, in these colours."""
    seated = _seat(scene)
    paints = {
        CLOTH: cloth(to_linear(parse_rgb(felt)), sheen=0.6, nap=0.05),
        TRIM: fleece(to_linear(parse_rgb(trim))),
        BALL: fleece(to_linear(parse_rgb(trim))),
    }
    return dress(
        scene,
        canvas,
        seated,
        unless_cut(seated, partial(_hat, seated), HIGH * seated.unit_px),
        paints,
        seed,
        shade=0.6,
        overhang=0.07,
    )


def headroom(scene: Scene, **_: object) -> float:
    """px the hat needs above the picture's upper edge."""
    seated = _seat(scene, cut=False)
    return wanted_room(seated.placed(_hat(seated, HIGH * seated.unit_px)), seated.unit_px)


def _seat(scene: Scene, cut: bool = True) -> Seat:
    return seat(scene, above=0.02, tilt_deg=4.0, widest=0.58, cut=cut)


def _hat(seated: Seat, height_px: float) -> Solid:
    return santa_hat(seated.across_px, seated.deep_px, height_px, 0.085 * seated.unit_px)
