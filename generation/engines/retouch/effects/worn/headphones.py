"""Headphones: a padded band over the hair, cups over the ears."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import parse_rgb, smoothstep, to_linear
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.objects.crest import crest, grown_crest
from generation.engines.retouch.objects.draw import Drawing, draw
from generation.engines.retouch.objects.dress import check_room, growing_room
from generation.engines.retouch.objects.head import depth_in
from generation.engines.retouch.objects.headphones import BAND, CUSHION, METAL, SHELL, headphones
from generation.engines.retouch.objects.materials import cloth, plastic, satin
from generation.engines.retouch.objects.materials import metal as polished
from generation.engines.retouch.objects.wear import Fitting, grained, hands, photo_light, thrown
from generation.engines.retouch.scene import Scene

NEEDS = ("person",)


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    shell: str = "#22242a",
    cushion: str = "#17171a",
    band: str = "#26282e",
    metal: str = "#c9ccd2",
) -> Layer | None:
    """The headphones, in these colours.

    Raises:
        Skip: the picture does not show where the head ends.
    """
    head = grown_crest(scene)
    solid = headphones(head).placed(head.head.axes, head.middle)
    check_room(head, solid)
    light = photo_light(scene)
    paints = {
        SHELL: plastic(to_linear(parse_rgb(shell)), 0.7),
        CUSHION: cloth(to_linear(parse_rgb(cushion)), sheen=0.5, nap=0.02),
        BAND: satin(to_linear(parse_rgb(band)), 0.25),
        METAL: polished(to_linear(parse_rgb(metal)), 0.7),
    }
    drawing = draw(solid, paints, light, scene.height, scene.width)
    if drawing is None:
        return None
    unit = head.unit_px
    fitting = Fitting(canvas, Box.around(solid.points[:, :2], 0.3 * unit, scene.height, scene.width), hands(scene))
    shown = _before(scene, drawing, unit)
    part = Drawing(drawing.box, drawing.colour, drawing.alpha * shown, drawing.depth)
    fitting.shade(part, thrown(light, 0.05 * unit), 0.03 * unit, 0.5, scene.person)
    fitting.shade(part, thrown(light, 0.02 * unit), 0.010 * unit, 0.4, scene.person)
    fitting.lay(grained(scene, drawing, seed), shown)
    return fitting.layer()


def headroom(scene: Scene, **_: object) -> float:
    """px the band needs above the picture's upper edge."""
    head = crest(scene)
    solid = headphones(head).placed(head.head.axes, head.middle)
    return growing_room(scene, head, solid)


def _before(scene: Scene, drawing: Drawing, unit: float) -> np.ndarray:
    """(h, w) 0 where the face is before it: the far cup of a turned head."""
    behind = drawing.depth - depth_in(scene.face, drawing.box)
    return 1 - smoothstep(behind, 0.02 * unit, 0.10 * unit)
