"""An animal's furry ears on the head: a cat's or a rabbit's, in the hair's own colour or another."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import parse_rgb, to_linear
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.light import Light
from generation.engines.retouch.objects.animal_ears import SKIN, Shape, coat, ear, lining
from generation.engines.retouch.objects.crest import Crest, crest, grown_crest
from generation.engines.retouch.objects.draw import draw
from generation.engines.retouch.objects.dress import check_room, grow, growing_room, growth_box
from generation.engines.retouch.objects.fur import draw_hairs
from generation.engines.retouch.objects.solid import Solid, join
from generation.engines.retouch.objects.wear import Fitting, hands, photo_light
from generation.engines.retouch.scene import Scene

NEEDS = ("person", "hair")
SIDES = (-1.0, 1.0)
KINDS = {"cat": (33.0, 0.90, 0.185, 0.40, 0.0), "rabbit": (16.0, 0.93, 0.105, 0.80, 0.48)}
"""Angle from upright in degrees, share of the way to the outline; half width, height in face heights; belly."""


def apply(
    scene: Scene, canvas: np.ndarray, *, seed: int, kind: str = "cat", fur: str = "", inside: str = "#e0a59b"
) -> Layer | None:
    """The ears.

    Args:
        kind: "cat" or "rabbit". fur: "#rrggbb"; empty: that of the hair. inside: the colour of the hollow.

    Raises:
        Skip: the picture does not show where the head ends.
    """
    head = grown_crest(scene)
    light = photo_light(scene)
    outer = to_linear(parse_rgb(fur)) if fur else _hair_colour(scene, light)
    hollow = to_linear(parse_rgb(inside))
    pale = 0.45 * outer + 0.55 * np.clip(hollow + 0.10, 0, 1)
    both = join(*(_ear(head, kind, sign) for sign in SIDES))
    check_room(head, both)
    fitting = Fitting(canvas, growth_box(scene, both, head.unit_px), hands(scene))
    paints = {SKIN: lining(outer, 0.62 * hollow)}
    rng = np.random.default_rng(seed)
    for sign in SIDES:
        shape, axes, origin, angle = _stand(head, kind, sign)
        drawing = draw(ear(shape, axes, origin), paints, light, scene.height, scene.width)
        density = float(np.clip(head.unit_px / 350, 0.45, 1.6))
        furry = coat(shape, axes, origin, light, outer, pale, rng, density * (1.5 if kind == "rabbit" else 1.0))
        hairs = draw_hairs(furry, scene.height, scene.width, float(origin[2]))
        root = head.at(sign * angle, KINDS[kind][1])
        for layer in (drawing, hairs):
            if layer is not None:
                grow(scene, fitting, head, layer, root, sign * angle, light, seed)
    return fitting.layer()


def check(kind: str = "cat", fur: str = "", **_: object) -> None:
    """Raises ValueError if a recipe asks for an animal or a colour there is not."""
    if kind not in KINDS:
        raise ValueError(f'there are no ears of kind "{kind}"; there are: {", ".join(KINDS)}.')
    if fur:
        parse_rgb(fur)


def headroom(scene: Scene, kind: str = "cat", **_: object) -> float:
    """px the ears need above the picture's upper edge."""
    head = crest(scene)
    solid = join(*(_ear(head, kind, sign) for sign in SIDES))
    return growing_room(scene, head, solid, margin=0.09)


def _ear(head: Crest, kind: str, sign: float) -> Solid:
    shape, axes, origin, _ = _stand(head, kind, sign)
    return ear(shape, axes, origin)


def _stand(head: Crest, kind: str, sign: float) -> tuple[Shape, np.ndarray, np.ndarray, float]:
    """Its shape, its directions and its root in picture space, and where it stands."""
    angle, share, half, height, belly = KINDS[kind]
    unit = head.unit_px
    tilt = np.radians(sign * angle * (0.62 if kind == "cat" else 0.55))
    turn = np.radians(sign * 16.0)  # the hollow looks a little outwards
    across = np.asarray([np.cos(tilt) * np.cos(turn), -np.sin(tilt), -np.sin(turn)])
    up = np.asarray([np.sin(tilt), np.cos(tilt), 0.0])
    own = np.stack([across, up, np.cross(across, up)], 1)
    origin = head.picture(head.at(sign * angle, share - 0.06)[None])[0]
    shape = Shape(half * unit, height * unit, belly, 0.55, 0.060 * unit)
    return shape, head.head.axes @ own, origin, angle


def _hair_colour(scene: Scene, light: Light) -> np.ndarray:
    """(3,) linear, as it would be in white light; a dark brown when no hair is seen."""
    near = scene.near
    hair = scene.hair[near.rows_cols]
    seen = scene.pixels[near.rows_cols][hair > 0.85]
    if len(seen) < 80:
        return np.asarray([0.045, 0.032, 0.026], np.float32)
    linear = to_linear(seen[:: max(1, len(seen) // 4000)].reshape(-1, 1, 3))[:, 0]
    bright = linear.sum(1)
    middle = linear[(bright >= np.percentile(bright, 55)) & (bright <= np.percentile(bright, 92))].mean(0)
    return np.asarray(np.clip(middle / (light.level * light.colour * 0.75), 0.012, 0.85), np.float32)
