"""A crown of flowers on the hair: roses, blossoms and daisies, leaves and berries."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import parse_rgb, to_linear
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.objects.crest import crest
from generation.engines.retouch.objects.draw import Paint, draw
from generation.engines.retouch.objects.flowers import BERRY, BLOOM, HEART, LEAF, TWIG, garland
from generation.engines.retouch.objects.headwear import Seat, put_on, seat, wanted_room, work_box
from generation.engines.retouch.objects.materials import cloth, petal, stone
from generation.engines.retouch.objects.solid import Solid
from generation.engines.retouch.objects.wear import Fitting, hands, photo_light
from generation.engines.retouch.scene import Scene

NEEDS = ("person",)
ABOVE, LOWEST = 0.07, -0.02
"""How far over the mesh's upper end it lies, and how far where the photo cuts the head, in face heights."""
HALF = 0.14
"""How far its flowers stand above it, in face heights."""
COLOURS = ["#ee8ea4", "#fbe6dc", "#d9506f", "#f3b27a", "#fff6ee"]


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    colours: list[str] = COLOURS,
    leaves: str = "#5d7a45",
    berries: str = "#8e2b46",
) -> Layer | None:
    """The garland; its flowers take turns through `colours`. The seed arranges them."""
    seated = _seat(scene)
    solid = _garland(seated, len(colours), seed)
    light = photo_light(scene)
    front, back = solid.split(float(seated.origin[2]))
    paints = _paints(colours, leaves, berries)
    before = draw(front, paints, light, scene.height, scene.width)
    if before is None:
        return None
    behind = draw(back, paints, light, scene.height, scene.width)
    fitting = Fitting(canvas, work_box(scene, solid, seated.unit_px), hands(scene))
    put_on(scene, fitting, seated, behind, before, light, seed, shade=0.36, overhang=0.06)
    return fitting.layer()


def check(colours: list[str] = COLOURS, **_: object) -> None:
    """Raises ValueError if a recipe has no colours, or one that is none."""
    if not colours:
        raise ValueError("colours must name at least one colour.")
    for colour in colours:
        parse_rgb(colour)


def headroom(scene: Scene, **_: object) -> float:
    """px the flowers need above the picture's upper edge."""
    if crest(scene).is_cut:
        return 0.0  # it lies within what the photo shows
    seated = _seat(scene, cut=False)
    return wanted_room(_garland(seated, 1, 0), seated.unit_px, margin=0.12)  # another seed's may stand higher


def _seat(scene: Scene, cut: bool = True) -> Seat:
    above = ABOVE
    found = crest(scene)
    if found.is_cut:
        above = float(np.clip(found.above_px / found.unit_px - HALF, LOWEST, ABOVE))
    return seat(scene, above=above, tilt_deg=0.0, widest=0.66, cut=cut)


def _garland(seated: Seat, colours: int, seed: int) -> Solid:
    rng = np.random.default_rng(seed)
    return seated.placed(garland(seated.across_px, seated.deep_px, seated.unit_px, colours, rng))


def _paints(colours: list[str], leaves: str, berries: str) -> dict[int, Paint]:
    green = to_linear(parse_rgb(leaves))
    paints: dict[int, Paint] = {
        LEAF: petal(green * 0.55, green * 1.15, veins=0.05),
        TWIG: cloth(green * 0.5),
        HEART: cloth(to_linear(parse_rgb("#e0a63a")), nap=0.25),
        BERRY: stone(to_linear(parse_rgb(berries))),
    }
    for number, colour in enumerate(colours):
        tip = to_linear(parse_rgb(colour))
        heart = tip * np.asarray([0.80, 0.50, 0.50], np.float32)
        paints[BLOOM + number] = petal(heart, tip)
    return paints
