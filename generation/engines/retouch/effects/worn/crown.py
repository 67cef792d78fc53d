"""A golden crown with gems and pearls, set on the hair; the back of it stands behind the head."""

from __future__ import annotations

from functools import partial

import numpy as np

from generation.engines.retouch.colour import parse_rgb, to_linear
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.objects.crowns import GEM, METAL, PEARL, SECOND_GEM, crown
from generation.engines.retouch.objects.draw import draw
from generation.engines.retouch.objects.headwear import Seat, put_on, seat, unless_cut, wanted_room, work_box
from generation.engines.retouch.objects.materials import metal, pearl, stone
from generation.engines.retouch.objects.solid import Solid
from generation.engines.retouch.objects.wear import Fitting, hands, photo_light
from generation.engines.retouch.scene import Scene

HIGH = 0.36
"""In face heights."""
NEEDS = ("person",)


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    gold: str = "#e9bf62",
    gems: str = "#b3123c",
    small_gems: str = "#1d4fa8",
) -> Layer | None:
    """The crown, in these colours."""
    seated = _seat(scene)
    solid = unless_cut(seated, partial(_crown, seated), HIGH * seated.unit_px)
    light = photo_light(scene)
    paints = {
        METAL: metal(to_linear(parse_rgb(gold))),
        GEM: stone(to_linear(parse_rgb(gems))),
        SECOND_GEM: stone(to_linear(parse_rgb(small_gems))),
        PEARL: pearl(np.asarray([0.86, 0.80, 0.72], np.float32)),
    }
    front, back = solid.split(float(seated.origin[2]))
    before = draw(front, paints, light, scene.height, scene.width)
    if before is None:
        return None
    behind = draw(back, paints, light, scene.height, scene.width)
    fitting = Fitting(canvas, work_box(scene, solid, seated.unit_px), hands(scene))
    put_on(scene, fitting, seated, behind, before, light, seed, shade=0.5, overhang=0.05)
    return fitting.layer()


def headroom(scene: Scene, **_: object) -> float:
    """px the crown needs above the picture's upper edge."""
    seated = _seat(scene, cut=False)
    return wanted_room(seated.placed(_crown(seated, HIGH * seated.unit_px)), seated.unit_px)


def _seat(scene: Scene, cut: bool = True) -> Seat:
    return seat(scene, above=0.13, tilt_deg=6.0, widest=0.56, cut=cut)


def _crown(seated: Seat, height_px: float) -> Solid:
    return crown(seated.across_px, seated.deep_px, height_px)
