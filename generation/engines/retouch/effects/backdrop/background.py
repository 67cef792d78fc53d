"""Stands the person somewhere else, lit by that place."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import blur, parse_colour, parse_rgb
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.scene import Scene
from generation.engines.retouch.scenery import places
from generation.engines.retouch.scenery.backdrop import before, fine_grain, rim

NEEDS = ("person", "foreground")
PLACES = ("studio", "neon_city")
NEON = ["#ff2bd6", "#22d3ff", "#8a4dff", "#ff7a3c"]


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    place: str = "studio",
    colour: str = "#8b8f98",
    wrap: float = 0.3,
    match: float = 0.35,
    dim: float = 0.0,
) -> Layer:
    """Paint the place and put the person before it.

    Args:
        place: one of PLACES.
        colour: of the studio's cloth.
        wrap: how far the place's light reaches around the person, 0 to 1.
        match: how far the person takes on the colour of that light, 0 to 1.
        dim: how far the person is darkened to suit it, 0 to 1; the face least.
    """
    height, width = scene.height, scene.width
    head = scene.face.points[168] / np.asarray([width, height], np.float32)
    if place == "studio":
        backdrop = places.studio(height, width, head, seed, colour)
    else:
        backdrop = places.neon_city(height, width, head, seed, NEON)
    backdrop += fine_grain(backdrop.shape, seed)
    np.clip(backdrop, 0, 1, out=backdrop)
    layer = before(scene, canvas, backdrop, wrap=wrap, match=match, dim=dim)
    if place == "neon_city":
        _edge_lights(layer.colour, scene)
    return layer


def _edge_lights(picture: np.ndarray, scene: Scene) -> None:
    """Neon from both sides on hair, cheeks and shoulders, in place; strands and folds break it up."""
    grey = picture.mean(2)
    around = blur(grey, 0.03 * scene.face.height_px)
    relief = (np.clip((grey + 0.02) / (around + 0.02), 0.3, 2.0) * (1 - 0.6 * grey))[..., None]
    for towards, colour, strength in (((-1.0, -0.2), NEON[0], 0.55), ((1.0, -0.2), NEON[1], 0.5)):
        light = rim(scene.person, towards, scene.face.height_px)[..., None] * parse_rgb(colour) * relief
        picture += np.float32(strength) * light * (1 - picture)


def check(*, place: str = "studio", colour: str = "#8b8f98", **_: object) -> None:
    """Raises ValueError for a place there is none of."""
    if place not in PLACES:
        raise ValueError(f'there is no place "{place}"; there are: {", ".join(PLACES)}.')
    parse_colour(colour)
