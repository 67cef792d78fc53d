"""Dyes the hair. Recolours hair, not pixels: where a pixel mixes hair with skin or sky, only the hair's part changes.

Knows where the ends and the grown-out roots are, and no shape of a head.
"""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import parse_colour, smoothstep
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.salon.chair import salon
from generation.engines.retouch.salon.dye import Dyes, dyed
from generation.engines.retouch.scene import Scene

NEEDS = ("hair",)


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    colour: str = "#d9568c",
    ends: str = "",
    lift: float = 0.44,
    roots: float = 0.35,
    keep: float = 0.0,
    only_ends: float = 0.0,
) -> Layer:
    """Dye it.

    Args:
        colour: of the hair in even light.
        ends: of the tips, for a dye that changes downwards; empty for one colour.
        lift: how much lighter than it is hair may become, in OKLab's L.
        roots: how much of the own colour stays along the hairline, 0 to 1.
        keep: how much of the own colour stays on top, as if it had grown out for months, 0 to 1.
        only_ends: 1 dyes only the half of the hair away from the roots; 0 to 1.
    """
    chair = salon(scene, canvas)
    dyes = Dyes(np.stack([parse_colour(colour)]))
    if ends:
        both = np.stack([parse_colour(colour), parse_colour(ends)])
        dyes = Dyes(both, smoothstep(chair.lengthwise(seed), 0.4 - 0.1 * chair.short, 0.85 + 0.1 * chair.short))
    share = chair.shown(chair.share(roots), seed) if ends else chair.share(roots)
    if keep > 0:
        share = share * (1 - np.float32(keep) * (1 - chair.from_roots(seed, 0.04, 0.5 + 0.4 * chair.short)))
    if only_ends > 0:
        share = share * (1 - np.float32(only_ends) * (1 - chair.from_roots(seed, 0.3, 0.85)))
    return chair.layer(dyed(chair.hair, dyes, lift), share)
