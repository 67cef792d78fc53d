"""A small striped paper cone on top of the hair, a little askew."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import parse_rgb, to_linear
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.objects.crest import Crest, crest, grown_crest
from generation.engines.retouch.objects.draw import draw
from generation.engines.retouch.objects.dress import check_room, grow, growing_room, growth_box
from generation.engines.retouch.objects.festive import BALL, CLOTH, TRIM, party_hat
from generation.engines.retouch.objects.materials import fleece, striped
from generation.engines.retouch.objects.solid import Solid
from generation.engines.retouch.objects.wear import Fitting, hands, photo_light
from generation.engines.retouch.scene import Scene

NEEDS = ("person",)
ANGLE_DEG = 14.0
SHARE = 0.86


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    paper: str = "#2f74c9",
    stripes: str = "#f6c945",
    tuft: str = "#e2466f",
) -> Layer | None:
    """The hat, in these colours.

    Raises:
        Skip: the picture does not show where the head ends.
    """
    head = grown_crest(scene)
    solid = _hat(head)
    check_room(head, solid)
    light = photo_light(scene)
    trim = to_linear(parse_rgb(tuft))
    paints = {
        CLOTH: striped(to_linear(parse_rgb(paper)), to_linear(parse_rgb(stripes)), 5),
        TRIM: fleece(trim),
        BALL: fleece(trim),
    }
    drawing = draw(solid, paints, light, scene.height, scene.width)
    if drawing is None:
        return None
    fitting = Fitting(canvas, growth_box(scene, solid, head.unit_px), hands(scene))
    grow(scene, fitting, head, drawing, head.at(ANGLE_DEG, SHARE - 0.12), ANGLE_DEG, light, seed)
    return fitting.layer()


def headroom(scene: Scene, **_: object) -> float:
    """px the hat needs above the picture's upper edge."""
    head = crest(scene)
    return growing_room(scene, head, _hat(head))


def _hat(head: Crest) -> Solid:
    unit = head.unit_px
    turn = np.radians(ANGLE_DEG)
    lean = np.asarray([[np.cos(turn), np.sin(turn), 0], [-np.sin(turn), np.cos(turn), 0], [0, 0, 1.0]])
    tip = np.radians(10.0)
    forward = np.asarray([[1, 0, 0], [0, np.cos(tip), -np.sin(tip)], [0, np.sin(tip), np.cos(tip)]])
    cone = party_hat(0.215 * unit, 0.215 * unit, 0.58 * unit)
    return cone.placed(head.head.axes @ lean @ forward, head.picture(head.at(ANGLE_DEG, SHARE)[None])[0])
