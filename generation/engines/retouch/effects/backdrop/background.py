"""Stands the person somewhere else, lit by that place."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import parse_colour
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.scene import Scene
from generation.engines.retouch.scenery.backdrop import before, person_colours
from generation.engines.retouch.scenery.daylight import edge_lit, lit
from generation.engines.retouch.scenery.places import PLACES, paint

NEEDS = ("person", "foreground")


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    place: str = "studio",
    colour: str = "#8b8f98",
    second: str = "#5d6470",
    third: str = "#2c3140",
    wrap: float = 0.3,
    match: float = 1.0,
    rim: float = 1.0,
) -> Layer:
    """Paint the place and put the person before it.

    Args:
        place: one of scenery.places.PLACES.
        colour: of the studio's cloth. colour, second, third: of the gradient.
        wrap: how far the place's light reaches around the person, 0 to 1.
        match: how far the person is lit by the place, 0 to 1.
        rim: how strongly its lamps catch the person's edge; 1 as the place has it.
    """
    there = PLACES[place]
    nose, chin = scene.face.points[168], scene.face.points[152]
    head = (float(nose[0]) / scene.width, float(nose[1]) / scene.height)
    side = 1 if head[0] <= 0.5 else -1
    size = (scene.height, scene.width)
    backdrop = paint(place, size, head, float(chin[1]) / scene.height, seed, colour, second, third)
    own = person_colours(scene, canvas)
    if match > 0:
        own = lit(scene, own, there, side, match)
        own = edge_lit(scene, own, there, side, match * rim)
    return before(scene, own, backdrop, wrap=wrap)


def check(
    *,
    place: str = "studio",
    colour: str = "#8b8f98",
    second: str = "#5d6470",
    third: str = "#2c3140",
    **_: object,
) -> None:
    """Raises ValueError for a place there is none of."""
    if place not in PLACES:
        raise ValueError(f'there is no place "{place}"; there are: {", ".join(PLACES)}.')
    for each in (colour, second, third):
        parse_colour(each)
