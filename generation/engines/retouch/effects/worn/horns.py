"""A pair of ridged horns that grow out of the hair."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import parse_rgb, to_linear
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.objects.crest import Crest, crest, grown_crest
from generation.engines.retouch.objects.draw import draw
from generation.engines.retouch.objects.dress import check_room, grow, growing_room, growth_box
from generation.engines.retouch.objects.horns import HORN, horn
from generation.engines.retouch.objects.materials import keratin
from generation.engines.retouch.objects.solid import Solid, join
from generation.engines.retouch.objects.wear import Fitting, hands, photo_light
from generation.engines.retouch.scene import Scene

NEEDS = ("person",)
ANGLE_DEG = 31.0
SHARE = 0.90


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    base: str = "#4a2f28",
    tip: str = "#17110f",
    length: float = 0.62,
    thickness: float = 0.085,
) -> Layer | None:
    """The horns.

    Raises:
        Skip: the picture does not show where the head ends.

    Args:
        base, tip: colours. length, thickness (radius at the root): in face heights.
    """
    head = grown_crest(scene)
    paint = keratin(to_linear(parse_rgb(base)), to_linear(parse_rgb(tip)))
    light = photo_light(scene)
    solids = {sign: _horn(head, sign, length, thickness) for sign in (-1.0, 1.0)}
    check_room(head, join(*solids.values()))
    fitting = Fitting(canvas, growth_box(scene, join(*solids.values()), head.unit_px), hands(scene))
    for sign, solid in solids.items():
        drawing = draw(solid, {HORN: paint}, light, scene.height, scene.width)
        if drawing is not None:
            grow(scene, fitting, head, drawing, head.at(sign * ANGLE_DEG, SHARE), sign * ANGLE_DEG, light, seed)
    return fitting.layer()


def headroom(scene: Scene, length: float = 0.62, thickness: float = 0.085, **_: object) -> float:
    """px the horns need above the picture's upper edge."""
    head = crest(scene)
    solid = join(*(_horn(head, sign, length, thickness) for sign in (-1.0, 1.0)))
    return growing_room(scene, head, solid)


def _horn(head: Crest, sign: float, length: float, thickness: float) -> Solid:
    unit = head.unit_px
    root = head.at(sign * ANGLE_DEG, SHARE - 0.05, towards=0.10 * unit)
    return horn(root, sign, length * unit, thickness * unit).placed(head.head.axes, head.middle)
