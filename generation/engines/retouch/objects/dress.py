"""Puts a solid on a head in one call: a hat that sits on the brow, or a thing that grows out of the hair."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from generation.engines.retouch.colour import blur, smoothstep
from generation.engines.retouch.effects import Skip
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.light import Light
from generation.engines.retouch.objects.crest import Crest
from generation.engines.retouch.objects.draw import Drawing, Paint, draw
from generation.engines.retouch.objects.headwear import MARGIN, Seat, put_on, tuck_hair, wanted_room, work_box
from generation.engines.retouch.objects.solid import Solid, join
from generation.engines.retouch.objects.wear import Fitting, grained, hands, photo_light, thrown
from generation.engines.retouch.room import granted_px
from generation.engines.retouch.scene import Scene
from generation.job import Note

MOST_CUT = 0.12
"""How much of what grows out of the hair the frame may cut off, in face heights."""


def dress(
    scene: Scene,
    canvas: np.ndarray,
    seated: Seat,
    solid: Solid,
    paints: Mapping[int, Paint],
    seed: int,
    *,
    tuck: bool = True,
    reach: float = 1.9,
    shade: float = 0.55,
    overhang: float = 0.10,
    beside: Solid | None = None,
) -> Layer | None:
    """Put a hat on.

    Args:
        tuck: the hair above the opening goes under it; else the hat's back stands behind the head.
        reach, shade, overhang: see `headwear`.
        beside: a part of it that hangs beside the face, before all but that.
    """
    light = photo_light(scene)
    size = scene.height, scene.width
    back = None
    front_solid = solid
    if not tuck:
        front_solid, behind = solid.split(float(seated.origin[2]))
        back = draw(behind, paints, light, *size)
    front = draw(front_solid, paints, light, *size)
    if front is None:
        return None
    fitting = Fitting(
        canvas, work_box(scene, solid if beside is None else join(solid, beside), seated.unit_px), hands(scene)
    )
    gone = tuck_hair(scene, fitting, seated, seed, reach) if tuck else None
    if beside is not None and (hanging := draw(beside, paints, light, *size)) is not None:
        free = 1 - face_in(scene, hanging.box)
        hidden = Drawing(hanging.box, hanging.colour, hanging.alpha * free, hanging.depth)
        fitting.shade(hidden, thrown(light, 0.06 * seated.unit_px), 0.04 * seated.unit_px, shade, scene.person)
        fitting.lay(grained(scene, hanging, seed), free)
    put_on(scene, fitting, seated, back, front, light, seed, shade=shade, overhang=overhang, gone=gone)
    return fitting.layer()


def grow(
    scene: Scene, fitting: Fitting, crest: Crest, drawing: Drawing, root: np.ndarray, angle_deg: float, light: Light,
    seed: int,
) -> None:  # fmt: skip
    """Lay a thing that grows out of the hair: strands reach over its root, and it shades them.

    Args:
        root: (3,) px of head space. angle_deg: the direction it grows in, 0 is up.
    """
    unit = crest.unit_px
    at = crest.picture(root[None])[0, :2]
    way = (crest.head.axes @ crest.out(angle_deg))[:2]
    way = way / max(float(np.linalg.norm(way)), 1e-6)
    box = drawing.box
    y, x = np.mgrid[box.y0 : box.y1, box.x0 : box.x1].astype(np.float32)
    above = (x - np.float32(at[0])) * np.float32(way[0]) + (y - np.float32(at[1])) * np.float32(way[1])
    shown = rooted(scene, box, above, 0.07 * unit)
    person = np.ascontiguousarray(scene.person)
    hidden = Drawing(box, drawing.colour, drawing.alpha * shown, drawing.depth)
    fitting.shade(hidden, thrown(light, 0.05 * unit), 0.03 * unit, 0.45, person)
    fitting.lay(grained(scene, drawing, seed), shown)


def growing_room(scene: Scene, crest: Crest, solid: Solid, margin: float = MARGIN) -> float:
    """px a thing that grows out of the hair needs above the picture's upper edge; 0 where it is left out.

    Args:
        margin: see `wanted_room`.
    """
    wanted = wanted_room(solid, crest.unit_px, margin)
    lacking = wanted - margin * crest.unit_px - granted_px(scene, wanted) if wanted else 0.0
    return 0.0 if crest.is_hidden or (crest.is_cut and lacking > MOST_CUT * crest.unit_px) else wanted


def check_room(crest: Crest, solid: Solid) -> None:
    """See that the frame leaves enough of a thing that grows out of a head it cuts.

    Raises:
        Skip: it cuts too much off.
    """
    if crest.is_cut and -float(solid.points[:, 1].min()) > (MOST_CUT + 0.01) * crest.unit_px:
        raise Skip(Note.HEAD_CUT)


def face_in(scene: Scene, box: Box) -> np.ndarray:
    """(h, w) the face, hairline to chin, over any box."""
    whole = np.zeros((scene.height, scene.width), np.float32)
    whole[scene.near.rows_cols] = scene.face_oval
    return whole[box.rows_cols]


def rooted(scene: Scene, box: Box, above: np.ndarray, depth_px: float) -> np.ndarray:
    """(h, w) how much of a thing that grows out of hair shows: strands reach over its root.

    Args:
        above: (h, w) px above the root. depth_px: how deep the root lies in the hair.
    """
    grey = scene.pixels[box.rows_cols].astype(np.float32).mean(2) / 255
    strands = grey - blur(grey, max(0.25 * depth_px, 1.0))
    ragged = above + np.clip(strands * 9, -1, 1) * np.float32(0.45 * depth_px)
    return smoothstep(ragged, 0.0, 0.6 * depth_px)


def growth_box(scene: Scene, solid: Solid, unit_px: float) -> Box:
    """The box such a thing is laid in."""
    return Box.around(solid.points[:, :2], 0.25 * unit_px, scene.height, scene.width)
