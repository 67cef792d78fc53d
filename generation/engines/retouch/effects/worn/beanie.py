"""A knitted cap, close on the head: hair falls out below it."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import parse_rgb, to_linear
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.objects.dress import dress
from generation.engines.retouch.objects.headwear import Seat, seat, wanted_room
from generation.engines.retouch.objects.knitwear import BODY, CUFF, POMPON, beanie
from generation.engines.retouch.objects.materials import cloth, knit
from generation.engines.retouch.objects.solid import Solid
from generation.engines.retouch.scene import Scene

NEEDS = ("person",)


def apply(
    scene: Scene, canvas: np.ndarray, *, seed: int, wool: str = "#a8402f", cuff: str = "", pompon: str = ""
) -> Layer | None:
    """The cap.

    Args:
        wool: "#rrggbb". cuff: its cuff's colour, wool's own if empty. pompon: a pompon's colour; empty: none.
    """
    seated = _seat(scene)
    own = to_linear(parse_rgb(wool))
    turned = to_linear(parse_rgb(cuff)) if cuff else own
    paints = {BODY: knit(own, 62, 34), CUFF: knit(turned, 84, 16, ribs=True)}
    paints[POMPON] = cloth(to_linear(parse_rgb(pompon)) if pompon else own, nap=0.6)
    return dress(scene, canvas, seated, _cap(seated, bool(pompon)), paints, seed, reach=1.7, shade=0.6, overhang=0.045)


def check(cuff: str = "", pompon: str = "", **_: object) -> None:
    """Raises ValueError if a recipe asks for a colour that is none."""
    for colour in filter(None, (cuff, pompon)):
        parse_rgb(colour)


def headroom(scene: Scene, pompon: str = "", **_: object) -> float:
    """px the cap needs above the picture's upper edge."""
    seated = _seat(scene, cut=False)
    return wanted_room(_cap(seated, bool(pompon)), seated.unit_px)


def _seat(scene: Scene, cut: bool = True) -> Seat:
    return seat(scene, above=-0.075, tilt_deg=2.0, widest=0.56, cut=cut)


def _cap(seated: Seat, pompon: bool) -> Solid:
    unit = seated.unit_px
    return seated.placed(
        beanie(seated.across_px, seated.deep_px, 0.52 * unit, 0.19 * unit, 0.13 * unit if pompon else 0.0)
    )
