"""Where hats and crowns sit, and how they are put on: hair tucked away, the back behind the head, shade on the brow.

Knows no hat. Hat space: px, x to the picture's right, y up along the hat, z to the front; its origin is the middle
of the opening.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, resize, smoothstep
from generation.engines.retouch.layer import Box
from generation.engines.retouch.light import Light
from generation.engines.retouch.media.film import grain
from generation.engines.retouch.objects.draw import Drawing
from generation.engines.retouch.objects.head import HAIRLINE, Head, head_of
from generation.engines.retouch.objects.solid import Solid
from generation.engines.retouch.objects.wear import Fitting, grained, thrown
from generation.engines.retouch.scene import Scene

MARGIN = 0.06
"""What stays free above a hat, in face heights."""
LOWEST = 0.6
"""A hat may be so much lower than it should be, rather than be cut by the frame."""
SHOULDER = 0.16
"""How far hair that stands out beside a hat falls below its opening, in face heights."""
LEAN_DEG = (3.0, 15.0)
"""How far an opening may lean towards the camera."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a hat sits.

    Args:
        axes: (3, 3) columns, hat space's directions in picture space. origin: (3,) px.
        across_px, deep_px: half the opening's width and depth. unit_px: the face's height in space.
    """

    head: Head
    axes: np.ndarray
    origin: np.ndarray
    across_px: float
    deep_px: float
    unit_px: float

    def placed(self, solid: Solid) -> Solid:
        """A solid of hat space in picture space."""
        return solid.placed(self.axes, self.origin)

    @property
    def room_px(self) -> float:
        """From the opening to the picture's upper edge."""
        return float(self.origin[1])


def seat(scene: Scene, above: float, tilt_deg: float, widest: float = 0.70, cut: bool = True) -> Seat:
    """Seat a hat so that the front of its opening lies on the brow.

    Args:
        above: how far over the mesh's upper end, in face heights. tilt_deg: positive leans the hat to the front.
        widest: half the opening at most, in head widths; big hair is tucked under.
        cut: sit lower on a head that the photo cuts off above, so that no gap shows. False is for `headroom`: it
            answers for the most room, and at once, for no matte is asked for.
    """
    head = head_of(scene.face)
    # the mesh's pitch is off by up to 10 degrees, and a brim shows it: it may lean only so far
    pitch = np.degrees(np.arcsin(np.clip(-head.axes[2, 1], -1, 1)))
    tilt = np.radians(np.clip(pitch + tilt_deg, *LEAN_DEG) - pitch)
    lean = np.asarray([[1, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]])
    axes = head.axes @ lean
    brow = scene.face.landmarks[HAIRLINE].astype(np.float64)
    if cut:
        above = min(above, _top(scene, head, brow) - 0.10)
    brow = brow + head.axes[:, 1] * above * head.height_px
    across = _half_width(scene, head, brow, widest) if cut else widest * head.width_px
    deep = across * 1.08
    origin = brow + axes[:, 2] * (0.10 * head.width_px - deep)
    return Seat(head, axes, origin, across, deep, head.height_px)


def wanted_room(solid: Solid, unit_px: float, margin: float = MARGIN) -> float:
    """px the picture lacks above a solid in picture space; `margin`, in face heights, stays free above it."""
    return max(0.0, margin * unit_px - float(solid.points[:, 1].min()))


def unless_cut(seated: Seat, build: Callable[[float], Solid], height_px: float, lowest: float = LOWEST) -> Solid:
    """A hat in picture space, lower where the frame is so near that it would cut it.

    Args:
        build: makes it of that height in px, in hat space. lowest: the least of its height.
    """
    whole = seated.placed(build(height_px))
    top = float(whole.points[:, 1].min())
    if top >= 0:
        return whole
    low = seated.placed(build(height_px * lowest))
    gained = max(float(low.points[:, 1].min()) - top, 1e-3)
    share = (0.3 * MARGIN * seated.unit_px - top) / gained
    return low if share >= 1 else seated.placed(build(height_px * (1 - share * (1 - lowest))))


def put_on(
    scene: Scene,
    fitting: Fitting,
    seated: Seat,
    back: Drawing | None,
    front: Drawing,
    light: Light,
    seed: int,
    shade: float = 0.55,
    overhang: float = 0.10,
    gone: np.ndarray | None = None,
) -> None:
    """Lay the back behind the person, the front before, with its shadow on the brow.

    Args:
        gone: what `tuck_hair` took away: no shadow falls on it.
        shade: how dark. overhang: how far the front stands before the brow, in face heights.
    """
    person = scene.person
    if back is not None:
        behind = 1 - smoothstep(person[back.box.rows_cols], 0.35, 0.65)
        fitting.lay(grained(scene, back, seed), behind)
    unit = seated.unit_px
    catch = person if gone is None else person[fitting.box.rows_cols] * (1 - gone)
    fitting.shade(front, thrown(light, overhang * unit), 0.30 * overhang * unit, shade, catch)
    fitting.shade(front, thrown(light, 0.035 * unit), 0.012 * unit, 0.6 * shade, catch)
    fitting.lay(grained(scene, front, seed))


def tuck_hair(scene: Scene, fitting: Fitting, seated: Seat, seed: int, reach: float = 1.9) -> np.ndarray:
    """Replace what of the head shows above the opening by the background behind it.

    Args:
        reach: how far to the sides, in half openings.

    Returns:
        (h, w) of the fitting's box: what is gone.
    """
    taken = np.zeros(fitting.touched.shape, np.float32)
    box, at = _above(fitting.box, seated, reach + 0.4)
    if box.height < 4 or box.width < 4:
        return taken
    picture = fitting.picture[at]
    right, up = seated.axes[:2, 0], seated.axes[:2, 1]
    dx = np.arange(box.x0, box.x1, dtype=np.float32)[None] - np.float32(seated.origin[0])
    dy = np.arange(box.y0, box.y1, dtype=np.float32)[:, None] - np.float32(seated.origin[1])
    away = np.abs(dx * right[0] + dy * right[1]) / np.float32(seated.across_px * max(float(right @ right), 0.1))
    height = (dx * up[0] + dy * up[1]) / np.float32(seated.unit_px)
    beyond = np.clip((away - 1.02) / np.float32(reach - 1.02), 0, 1.4)
    height += SHOULDER * beyond**0.8 - 0.02 * (beyond > 0)  # pressed by the hat, hair falls away beside it
    gone = smoothstep(height, 0.0, 0.05) * smoothstep(away, reach + 0.4, reach + 0.2)
    person = scene.person[box.rows_cols]
    if fitting.free is not None:
        gone *= fitting.free[at]
    side = 2 * max(1, round(0.022 * seated.unit_px)) + 1  # strands the matte does not see go too
    wide = cv2.dilate(person, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    mask = gone * np.maximum(person, blur(wide, 0.008 * seated.unit_px)) * smoothstep(wide, 0.01, 0.08)
    if float(mask.max(initial=0)) < 0.02:
        return taken
    ground = _ground(picture, wide)
    noise = grain(box.height, box.width, 1.3, seed)[..., None] * np.float32(0.008)
    picture += mask[..., None] * (ground + noise - picture)
    np.maximum(fitting.touched[at], mask, out=fitting.touched[at])
    taken[at] = mask
    return taken


def _above(box: Box, seated: Seat, reach: float) -> tuple[Box, tuple[slice, slice]]:
    """What of a box lies above an opening's plane and not far below, and where that is in the box."""
    low = 0.30 * seated.unit_px + abs(seated.axes[0, 1] / seated.axes[1, 1]) * reach * seated.across_px
    foot = int(np.clip(seated.origin[1] + low, box.y0, box.y1))
    return Box(box.x0, box.y0, box.x1, foot), (slice(0, foot - box.y0), slice(None))


def _ground(picture: np.ndarray, person: np.ndarray) -> np.ndarray:
    """The background continued behind the person, ever softer."""
    height, width = person.shape
    rows, columns = max(8, height // 4), max(8, width // 4)
    small, weight = resize(picture, rows, columns), 1 - smoothstep(resize(person, rows, columns), 0.02, 0.25)
    total = np.zeros((rows, columns, 3), np.float32)
    weights = np.full((rows, columns), 1e-7, np.float32)
    for sigma, share in ((0.012, 1.0), (0.05, 1e-2), (0.25, 1e-4)):
        total += share * blur(small * weight[..., None], sigma * columns)
        weights += share * blur(weight, sigma * columns)
    return resize(total / weights[..., None], height, width)


def _top(scene: Scene, head: Head, brow: np.ndarray) -> float:
    """How far the head goes on above the brow, in face heights: little where the photo cuts it off."""
    up = head.axes[:2, 1] / np.linalg.norm(head.axes[:2, 1])
    reach = np.linspace(0, 0.5, 40)
    line = _on_person(scene, brow[:2] + reach[:, None] * head.height_px * up)
    ends = np.flatnonzero(~line)
    return float(reach[ends[0]]) if len(ends) else 0.5


def _half_width(scene: Scene, head: Head, brow: np.ndarray, widest: float) -> float:
    """Half the head's width with its hair, at the brow's height, along the eye line."""
    right = head.axes[:2, 0] / np.linalg.norm(head.axes[:2, 0])
    reach = np.arange(0, widest * head.width_px)
    sides = []
    for sign in (-1, 1):
        line = _on_person(scene, brow[:2] + sign * reach[:, None] * right)
        ends = np.flatnonzero(~line)
        sides.append(float(reach[ends[0]]) if len(ends) else float(reach[-1]))
    return float(np.clip(np.mean(sides) * 1.02, 0.50 * head.width_px, widest * head.width_px))


def _on_person(scene: Scene, points: np.ndarray) -> np.ndarray:
    """(N,) bool: which points (N, 2) px lie on the person and in the photo itself."""
    at = np.round(points).astype(int)
    inside = (at[:, 0] >= 0) & (at[:, 0] < scene.width) & (at[:, 1] >= scene.added_px) & (at[:, 1] < scene.height)
    on: np.ndarray = inside.copy()
    on[inside] = scene.person[at[inside, 1], at[inside, 0]] > 0.5
    return on


def work_box(scene: Scene, solid: Solid, unit_px: float) -> Box:
    """The box a hat is put on in: the solid with room for its shadow."""
    return Box.around(solid.points[:, :2], 0.55 * unit_px, scene.height, scene.width)
