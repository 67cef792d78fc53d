"""Several dyes side by side around the head: two halves, or a rainbow. Knows no colour by name."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import parse_colour, smoothstep
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.salon.chair import salon
from generation.engines.retouch.salon.dye import Dyes, dyed
from generation.engines.retouch.salon.hairdo import across, evenly
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
    even: float = 0.0,
) -> Layer:
    """Dye it in sections from the picture's left over the crown to its right; seams follow the strands.

    Args:
        colours: of the sections in even light, two or more.
        soft: how far a section runs into the next, as a share of its width, 0 to 1.
        lift: how much lighter than it is hair may become, in OKLab's L.
        roots: how much of the own colour stays along the hairline, 0 to 1.
        even: how far sections are widened or narrowed until each has as much hair as the others, 0 to 1.
    """
    chair = salon(scene, canvas)
    count = len(colours)
    around = np.clip(across(scene, chair.box) * np.float32(1 + 0.6 * chair.short), -1, 1)  # short hair ends at the ears
    if even > 0:
        around += np.float32(even) * (2 * evenly(scene, around, chair.alpha) - 1 - around)
    at = (around + 1) * np.float32(0.5 * count) - np.float32(0.5)
    at += chair.strands(seed, 0.03) * np.float32(0.09 * soft * count * (1 - 0.4 * chair.short))
    seams = np.arange(count - 1) + 0.5
    half = 0.5 * max(soft, 0.02)
    place = np.asarray(sum(smoothstep(at, seam - half, seam + half) for seam in seams), np.float32)
    dyes = Dyes(np.stack([parse_colour(colour) for colour in colours]), place)
    return chair.layer(dyed(chair.hair, dyes, lift), chair.shown(chair.share(roots), seed))


def check(colours: list[str] | None = None, **_: object) -> None:
    """Raises ValueError if a recipe's colours are none, or fewer than two."""
    if colours is None:
        return
    if len(colours) < 2:
        raise ValueError("colours must be two or more.")
    for colour in colours:
        parse_colour(colour)
