"""A riveted iron helmet with bronze bands and two horns."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import parse_rgb, to_linear
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.objects.dress import dress
from generation.engines.retouch.objects.headwear import Seat, seat, wanted_room
from generation.engines.retouch.objects.helmets import BRONZE, RIVET, SOCKET, STEEL, TUSK, viking_helmet
from generation.engines.retouch.objects.materials import keratin, metal
from generation.engines.retouch.objects.solid import Solid
from generation.engines.retouch.scene import Scene

NEEDS = ("person",)


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    steel: str = "#8d9094",
    bronze: str = "#b98a4e",
    horns: str = "#e6d8bd",
    tips: str = "#3a2c22",
) -> Layer | None:
    """The helmet, in these colours."""
    seated = _seat(scene)
    bands = to_linear(parse_rgb(bronze))
    paints = {
        STEEL: metal(to_linear(parse_rgb(steel)), polish=0.55),
        BRONZE: metal(bands, polish=0.6),
        RIVET: metal(bands * 1.15, polish=0.7),
        SOCKET: metal(bands, polish=0.7),
        TUSK: keratin(to_linear(parse_rgb(horns)), to_linear(parse_rgb(tips))),
    }
    return dress(scene, canvas, seated, _helmet(seated), paints, seed, shade=0.6, overhang=0.06)


def headroom(scene: Scene, **_: object) -> float:
    """px the helmet needs above the picture's upper edge."""
    seated = _seat(scene, cut=False)
    return wanted_room(_helmet(seated), seated.unit_px)


def _seat(scene: Scene, cut: bool = True) -> Seat:
    return seat(scene, above=0.03, tilt_deg=5.0, widest=0.585, cut=cut)


def _helmet(seated: Seat) -> Solid:
    return seated.placed(viking_helmet(seated.across_px, seated.deep_px, 0.46 * seated.unit_px))
