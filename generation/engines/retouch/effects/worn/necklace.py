"""A fine chain with a pendant, or a string of pearls, on neck and chest. What is not bare hides it."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import parse_rgb, to_linear
from generation.engines.retouch.effects import Skip
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.objects.draw import Paint, draw
from generation.engines.retouch.objects.gems import faceted
from generation.engines.retouch.objects.jewels import METAL, PEARL, STONE, chain, pendant, string_of_pearls
from generation.engines.retouch.objects.materials import metal, pearl
from generation.engines.retouch.objects.neck import Neck, lay_on, neck_of
from generation.engines.retouch.objects.solid import Solid, join
from generation.engines.retouch.objects.wear import Fitting, hands, photo_light
from generation.engines.retouch.scene import Scene
from generation.job import Note

NEEDS = ("hair", "person")
SHAPES = ("chain", "pearls")
LEAST_DROP, MARGIN = 0.07, 0.02
"""A chain hangs down at least so far, and ends so far above a collar, in face heights."""
HANGS = 2.6
"""How far a pendant hangs down, in its sizes."""
LEAST_SHOWN = 0.48
LEAST_FRONT = 0.7
"""How bare the skin must be along the front of a necklace and just below it: on a hem it would look sewn on."""


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    shape: str = "chain",
    drop: float = 0.34,
    thickness: float = 0.007,
    gold: str = "#e3b65a",
    stone: str = "#1d4fa8",
    jewel: float = 0.032,
    pearls: str = "#f0e3cd",
) -> Layer | None:
    """The necklace; it hangs less low where a collar begins higher.

    Args:
        shape: "chain" or "pearls".
        drop: how low it hangs below the neck's sides, in face heights.
        thickness: of the chain, or half a pearl, in face heights.
        jewel: how large the pendant's stone is, in face heights; 0 for none.

    Raises:
        Skip: too little of neck and chest shows.
    """
    neck = neck_of(scene)
    if neck is None:
        raise Skip(Note.NECK_HIDDEN)
    path, jewel = _fitted(neck, drop, jewel if shape == "chain" else 0.0)
    front = path[42:79, :2]
    if neck.bare_at(scene, np.vstack([front, front + [0, (thickness + 0.012) * neck.unit_px]])) < LEAST_FRONT:
        raise Skip(Note.NECK_HIDDEN)
    light = photo_light(scene)
    paints: dict[int, Paint] = {
        METAL: metal(to_linear(parse_rgb(gold))),
        STONE: faceted(to_linear(parse_rgb(stone))),
        PEARL: pearl(to_linear(parse_rgb(pearls))),
    }
    solid = _necklace(neck, path, shape, thickness, jewel)
    drawing = draw(solid, paints, light, scene.height, scene.width)
    if drawing is None or float((drawing.alpha * neck.shown(drawing)).sum()) < LEAST_SHOWN * float(drawing.alpha.sum()):
        raise Skip(Note.NECK_HIDDEN)
    fitting = Fitting(
        canvas, Box.around(solid.points[:, :2], 0.10 * neck.unit_px, scene.height, scene.width), hands(scene)
    )
    lay_on(scene, fitting, neck, drawing, light, seed, over=0.004 if shape == "chain" else 0.012)
    return fitting.layer()


def check(shape: str = "chain", **_: object) -> None:
    """Raises ValueError if a recipe asks for a shape there is not."""
    if shape not in SHAPES:
        raise ValueError(f'there is no shape "{shape}"; there are: {", ".join(SHAPES)}.')


def _fitted(neck: Neck, drop: float, jewel: float) -> tuple[np.ndarray, float]:
    """The path and the jewel's size: above a collar the chain lies higher and closer, and its jewel is smaller.

    Raises:
        Skip: even so there is no room.
    """
    for lower, smaller in ((0.05, 1.0), (0.0, 0.7), (-0.03, 0.5)):
        top = float(neck.centre_px[1]) + lower * neck.unit_px
        low = min(drop, (neck.lowest_px() - top) / neck.unit_px - MARGIN - HANGS * jewel * smaller)
        if low > LEAST_DROP:
            return _path(neck, top, low * neck.unit_px), jewel * smaller
    raise Skip(Note.NECK_HIDDEN)


def _path(neck: Neck, top: float, low: float) -> np.ndarray:
    """(N, 3) px from one side of the neck down over the chest to the other."""
    across = np.linspace(-1, 1, 121)
    half = neck.half_px * 1.02
    x = half * np.sin(across * np.pi / 2) * (1 - 0.10 * (1 - np.abs(across)))
    y = top + low * (1 - np.abs(across) ** 2.4) - neck.lean * x
    return np.stack([neck.centre_px[0] + x, y, -0.8 * half * np.cos(across * np.pi / 2)], 1)


def _necklace(neck: Neck, path: np.ndarray, shape: str, thickness: float, jewel: float) -> Solid:
    unit = neck.unit_px
    if shape == "pearls":
        return string_of_pearls(path, thickness * unit)
    links = chain(path, max(thickness * unit, 0.55))
    if jewel <= 0:
        return links
    return join(links, pendant(jewel * unit).placed(np.eye(3), path[len(path) // 2]).lifted(0.02 * unit))
