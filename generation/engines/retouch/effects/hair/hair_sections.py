"""Several dyes side by side around the head: two halves, or a rainbow. Knows no colour by name."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import parse_colour, smoothstep
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.salon.chair import salon
from generation.engines.retouch.salon.dye import Dye, dyed
from generation.engines.retouch.salon.hairdo import across
from generation.engines.retouch.scene import Scene

NEEDS = ("hair",)


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    colours: tuple[str, ...] = ("#efe6d8", "#1c1b20"),
    soft: float = 0.15,
    lift: float = 0.44,
    roots: float = 0.2,
) -> Layer:
    """Dye it in sections from the picture's left over the crown to its right; seams follow the strands.

    Args:
        colours: of the sections in even light, two or more.
        soft: how far a section runs into the next, as a share of its width, 0 to 1.
        lift: how much lighter than it is hair may become, in OKLab's L.
        roots: how much of the own colour stays along the hairline, 0 to 1.
    """
    chair = salon(scene, canvas)
    count = len(colours)
    at = (across(scene, chair.box) + 1) * np.float32(0.5 * count) - np.float32(0.5)
    at += chair.strands(seed, 0.03) * np.float32(0.09 * soft * count * (1 - 0.7 * chair.short))
    shares = _shares(at, count, max(soft, 0.02))
    dyes = [Dye(parse_colour(colour), share) for colour, share in zip(colours, shares, strict=True)]
    return chair.layer(dyed(chair.hair, dyes, lift), chair.share(roots))


def check(colours: list[str] | None = None, **_: object) -> None:
    """Raises ValueError if a recipe's colours are none, or fewer than two."""
    if colours is None:
        return
    if len(colours) < 2:
        raise ValueError("colours must be two or more.")
    for colour in colours:
        parse_colour(colour)


def _shares(at: np.ndarray, count: int, soft: float) -> list[np.ndarray]:
    """How much of each section, 0, 1, 2..., is at each place; they add up to 1."""
    past = [smoothstep(at, seam - 0.5 * soft, seam + 0.5 * soft) for seam in np.arange(count - 1) + 0.5]
    begun = [np.ones_like(at), *past]
    ended = [*past, np.zeros_like(at)]
    return [np.asarray(begin - end, np.float32) for begin, end in zip(begun, ended, strict=True)]
