"""Piercings: a ring through the septum, a stud in a nostril, a ring round the lip, a barbell through a brow."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from generation.engines.retouch.colour import parse_rgb, to_linear
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.objects.draw import Paint, draw
from generation.engines.retouch.objects.gems import faceted
from generation.engines.retouch.objects.head import Head, head_of
from generation.engines.retouch.objects.jewels import METAL, STONE, barbell, horseshoe, lip_ring, stud
from generation.engines.retouch.objects.materials import metal
from generation.engines.retouch.objects.solid import Solid
from generation.engines.retouch.objects.wear import Fitting, grained, hands, photo_light, thrown
from generation.engines.retouch.scene import Scene

COLUMELLA, NOSE_BASE = 94, 2
NOSTRIL, WING = (48, 278), (220, 440)
LIP_EDGE, LIP_INNER = (84, 314), (87, 317)
BROW_ABOVE, BROW_BELOW = (105, 334), (52, 282)
"""Pairs: the picture's left of an upright face, and its right."""

COVERED = 0.4
"""Above a brow that hair covers less than so much looks like skin."""

SEPTUM = ["septum"]


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    places: list[str] = SEPTUM,
    colour: str = "#d9dbe0",
    stone: str = "#f4f7ff",
    size: float = 0.030,
    mirrored: bool = False,
) -> Layer | None:
    """One piercing at each place.

    Args:
        places: of "septum", "nostril", "lip", "brow".
        size: the septum ring's radius, in face heights; the others follow.
        mirrored: nostril, lip and brow at the picture's left instead of its right.
    """
    light, head = photo_light(scene), head_of(scene.face)
    paints: dict[int, Paint] = {METAL: metal(to_linear(parse_rgb(colour))), STONE: faceted(to_linear(parse_rgb(stone)))}
    solids = [PLACES[place](scene, head, size * head.height_px, 0 if mirrored else 1) for place in places]
    corners = np.concatenate([solid.points[:, :2] for solid in solids])
    fitting = Fitting(canvas, Box.around(corners, 0.06 * head.height_px, scene.height, scene.width), hands(scene))
    catch = np.ones((scene.height, scene.width), np.float32)
    for solid in solids:
        drawing = draw(solid, paints, light, scene.height, scene.width)
        if drawing is None:
            continue
        unit = head.height_px
        fitting.shade(drawing, thrown(light, 0.010 * unit), 0.005 * unit, 0.55, catch)
        fitting.lay(grained(scene, drawing, seed))
    return fitting.layer()


def check(places: list[str] | None = None, **_: object) -> None:
    """Raises ValueError if a recipe names a place there is not, or none."""
    if places is not None and (not places or set(places) - set(PLACES)):
        raise ValueError(f"places must name some of: {', '.join(PLACES)}.")


def _septum(scene: Scene, head: Head, size: float, side: int) -> Solid:
    at = scene.face.landmarks
    origin = 0.75 * at[COLUMELLA] + 0.25 * at[NOSE_BASE]
    hang = -head.axes[:, 1] + 0.25 * head.axes[:, 2]
    return horseshoe(size, 0.20 * size, head.axes[:, 0], hang / np.linalg.norm(hang), balls=True).placed(
        np.eye(3), origin - 0.10 * size * hang
    )


def _nostril(scene: Scene, head: Head, size: float, side: int) -> Solid:
    at = scene.face.landmarks
    origin = 0.25 * at[NOSTRIL[side]] + 0.75 * at[WING[side]]
    return stud(0.34 * size).placed(head.axes, origin + 0.1 * size * head.axes[:, 2])


def _lip(scene: Scene, head: Head, size: float, side: int) -> Solid:
    at = scene.face.landmarks
    edge, inner = at[LIP_EDGE[side]].astype(np.float64), at[LIP_INNER[side]].astype(np.float64)
    up = inner - edge
    height = max(float(np.linalg.norm(up)), 0.5 * size)
    return lip_ring(height, 0.17 * size).placed(head.axes, edge - 0.12 * height * head.axes[:, 1])


def _brow(scene: Scene, head: Head, size: float, side: int) -> Solid:
    """At that side, or at the other where a fringe hides only this one."""
    here, there = (_bare_above(scene, each, size) for each in (side, 1 - side))
    return _barbell(scene, head, size, 1 - side if here < COVERED and there > 2 * COVERED else side)


def _bare_above(scene: Scene, side: int, size: float) -> float:
    """0 to 1: how much of what shows above a brow looks like the face's skin."""
    seen = scene.complexion
    x, y = (scene.face.points[BROW_ABOVE[side]] - [0, 2 * size] - scene.near.origin) * seen.scale
    reach = max(1, round(0.8 * size * seen.scale))
    patch = seen.likeness[max(0, int(y) - reach) : int(y) + reach + 1, max(0, int(x) - reach) : int(x) + reach + 1]
    return float(patch.mean()) if patch.size else 0.0


def _barbell(scene: Scene, head: Head, size: float, side: int) -> Solid:
    at = scene.face.landmarks.astype(np.float64)
    out = np.asarray((-1, 1)[side] * head.axes[:, 0])
    above, below = (at[each[side]] + 0.75 * size * out for each in (BROW_ABOVE, BROW_BELOW))
    way = above - below
    way = way / max(float(np.linalg.norm(way)), 1e-6)
    return barbell(above + 0.30 * size * way + 0.2 * size * out, below - 0.25 * size * way, 0.30 * size)


PLACES: dict[str, Callable[[Scene, Head, float, int], Solid]] = {
    "septum": _septum,
    "nostril": _nostril,
    "lip": _lip,
    "brow": _brow,
}
