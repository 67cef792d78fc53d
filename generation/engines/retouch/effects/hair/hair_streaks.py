"""Highlights: some strands take a dye, more of them towards the ends. Knows how hair flows, and no style."""

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
    colour: str = "#c9965a",
    amount: float = 0.55,
    width: float = 0.022,
    lift: float = 0.26,
) -> Layer:
    """Paint strands, as a hairdresser's balayage does: none at the roots, nearly all of the ends.

    Args:
        colour: of the strands in even light.
        amount: the share of strands halfway down, 0 to 1.
        width: of a strand, in face heights, 0.01 to 0.1.
        lift: how much lighter than they are strands may become, in OKLab's L.
    """
    chair = salon(scene, canvas)
    down = chair.down
    reach = np.float32(2.4 * (amount - 0.5)) + (down - np.float32(0.45)) * np.float32(2.6)
    painted = smoothstep(chair.strands(seed, width) + reach, -0.8, 1.6) * smoothstep(down, 0.02, 0.45)
    share = chair.share(0.6) * painted * np.float32(1 - 0.3 * chair.short)
    return chair.layer(dyed(chair.hair, Dyes(np.stack([parse_colour(colour)])), lift), share)
