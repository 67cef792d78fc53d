"""Earrings on the lobes a photo shows: hoops, pearls or stones. They hang straight down however the head is held."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from generation.engines.retouch.colour import parse_rgb, to_linear
from generation.engines.retouch.effects import Skip
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.objects.draw import Drawing, Paint, draw
from generation.engines.retouch.objects.ears import Lobe, lobes
from generation.engines.retouch.objects.gems import faceted
from generation.engines.retouch.objects.head import depth_in, head_of
from generation.engines.retouch.objects.jewels import METAL, PEARL, STONE, hoop, pearl_drop, stone_drop
from generation.engines.retouch.objects.materials import metal, pearl
from generation.engines.retouch.objects.solid import Solid
from generation.engines.retouch.objects.wear import Fitting, grained, hands, photo_light, thrown
from generation.engines.retouch.scene import Scene
from generation.job import Note

NEEDS = ("hair", "person")
SHAPES = ("hoop", "pearl", "drop")


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    shape: str = "hoop",
    size: float = 0.10,
    thickness: float = 0.010,
    gold: str = "#e3b65a",
    stones: str = "#0f7a4f",
    pearls: str = "#f0e3cd",
) -> Layer | None:
    """A pair, or the one whose ear shows.

    Args:
        shape: "hoop", "pearl" or "drop".
        size: a hoop's radius, or how large a pearl or stone is, in face heights.
        thickness: of a hoop, in face heights.

    Raises:
        Skip: no ear shows.
    """
    found = lobes(scene)
    if not found:
        raise Skip(Note.EARS_HIDDEN)
    light, unit = photo_light(scene), head_of(scene.face).height_px
    paints: dict[int, Paint] = {
        METAL: metal(to_linear(parse_rgb(gold))),
        STONE: faceted(to_linear(parse_rgb(stones))),
        PEARL: pearl(to_linear(parse_rgb(pearls))),
    }
    solids = [_earring(scene, lobe, shape, size * unit, thickness * unit) for lobe in found]
    drawings = [drawing for solid in solids if (drawing := draw(solid, paints, light, scene.height, scene.width))]
    if not drawings:
        return None
    corners = np.concatenate([solid.points[:, :2] for solid in solids])
    fitting = Fitting(canvas, Box.around(corners, 0.12 * unit, scene.height, scene.width), hands(scene))
    for drawing in drawings:
        shown = replace(drawing, alpha=drawing.alpha * _beside_face(scene, drawing, unit))
        fitting.shade(shown, thrown(light, 0.030 * unit), 0.012 * unit, 0.45, scene.person)
        fitting.lay(grained(scene, shown, seed))
    return fitting.layer()


def check(shape: str = "hoop", **_: object) -> None:
    """Raises ValueError if a recipe asks for a shape there is not."""
    if shape not in SHAPES:
        raise ValueError(f'there is no shape "{shape}"; there are: {", ".join(SHAPES)}.')


def _earring(scene: Scene, lobe: Lobe, shape: str, size: float, thick: float) -> Solid:
    if shape == "hoop":
        # the hole goes from the lobe's front, which looks outwards and ahead, to its back
        towards = head_of(scene.face).axes[:, 2]
        way = 0.80 * lobe.outwards + 0.60 * towards
        way[1] = 0
        solid = hoop(size, thick, way / np.linalg.norm(way))
    else:
        solid = pearl_drop(size) if shape == "pearl" else stone_drop(size)
    return solid.placed(np.eye(3), lobe.at)


def _beside_face(scene: Scene, drawing: Drawing, unit: float) -> np.ndarray:
    """(h, w) 0 where the jaw is before what hangs from the ear, 1 elsewhere."""
    box = drawing.box
    before = drawing.depth > depth_in(scene.face, box) + np.float32(0.01 * unit)
    return np.asarray(~before, np.float32)
