"""The striped headcloth of the pharaohs, with a golden cobra on the brow."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import parse_rgb, to_linear
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.objects.draw import Paint
from generation.engines.retouch.objects.dress import dress
from generation.engines.retouch.objects.headwear import Seat, seat, wanted_room
from generation.engines.retouch.objects.materials import metal, stone, striped
from generation.engines.retouch.objects.nemes import CLOTH, GOLD, JEWEL, LAPPET, cap, wings
from generation.engines.retouch.scene import Scene

NEEDS = ("person",)


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    cloth: str = "#d9ab3f",
    stripes: str = "#1d3f8c",
    gold: str = "#e6b850",
    jewel: str = "#1f6f8f",
) -> Layer | None:
    """The cloth, its stripes, the band and the cobra, in these colours."""
    seated = _seat(scene)
    size = seated.across_px, seated.deep_px, seated.unit_px
    pair = to_linear(parse_rgb(cloth)), to_linear(parse_rgb(stripes))
    paints: dict[int, Paint] = {
        CLOTH: striped(*pair, 11),
        LAPPET: striped(*pair, 16),
        GOLD: metal(to_linear(parse_rgb(gold))),
        JEWEL: stone(to_linear(parse_rgb(jewel))),
    }
    return dress(
        scene, canvas, seated, seated.placed(cap(*size)), paints, seed,
        reach=1.5, shade=0.55, overhang=0.03, beside=seated.placed(wings(*size)),
    )  # fmt: skip


def headroom(scene: Scene, **_: object) -> float:
    """px the cloth needs above the picture's upper edge."""
    seated = _seat(scene, cut=False)
    return wanted_room(seated.placed(cap(seated.across_px, seated.deep_px, seated.unit_px)), seated.unit_px)


def _seat(scene: Scene, cut: bool = True) -> Seat:
    return seat(scene, above=0.01, tilt_deg=4.0, widest=0.56, cut=cut)
