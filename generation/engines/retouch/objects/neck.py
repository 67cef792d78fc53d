"""The neck below a face as a photo shows it: where it stands, how wide it is, what of it is bare. Knows no jewel."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, resize, smoothstep, to_oklab
from generation.engines.retouch.layer import Box
from generation.engines.retouch.light import Light
from generation.engines.retouch.objects.draw import Drawing
from generation.engines.retouch.objects.head import CHIN, Head, head_of
from generation.engines.retouch.objects.wear import Fitting, grained, thrown
from generation.engines.retouch.scene import Scene
from generation.face.regions import OVAL, fill_polygons, spline

WORK_PX = 160
"""The neck is looked at with the face so high."""
BELOW, ASIDE = 1.05, 0.95
"""How far below the chin and to either side it is looked at, in face heights."""

STEP, HIDDEN, LEAST = 0.02, 0.20, 0.10
"""In face heights: rows are so far apart; so much below the chin may be hidden; so much neck must show below that."""
HALF_WIDTH, USUAL = (0.20, 0.46), 0.29
"""Half a neck's width, in face heights: from a child's to a strong man's; and a usual one."""
MIDDLE, NOD = 0.19, 0.006
"""How far below the chin a neck is thinnest, in face heights, and how much less for each degree one looks down."""
JAW = (58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288)
EDGE = 0.08
"""How wide a neck's shaded edge is, in face heights."""
FOLLOWS = 0.3
"""How far a neck leans with a head that is tilted."""
HUE, DARKEST = 0.030, 0.40
"""How far in OKLab a and b bare skin's hue may be from the face's once it is as light, and how dark it may be."""


@dataclass(frozen=True)
class Neck:
    """What was seen.

    Args:
        box: what `bare` covers.
        bare: (h, w) float32: skin of neck and chest, before which nothing is.
        lit: (h, w) float32: how bright that skin is beside the face's, about 0.2 to 1.2, smooth.
        centre_px: (2,) the middle of the neck where it is thinnest; half_px: half its width there.
        unit_px: the face's height in space.
        lean: px its cross-section rises for each px to the right, for a neck that leans.
        aside: how far its middle lies from where the head says, in face heights.
    """

    box: Box
    bare: np.ndarray
    lit: np.ndarray
    centre_px: np.ndarray
    half_px: float
    unit_px: float
    lean: float
    aside: float

    def lowest_px(self) -> float:
        """y down to which the middle of the chest is bare; far below when the photo ends before that."""
        rows, cols = self.bare.shape
        x = int(np.clip(self.centre_px[0] - self.box.x0, 0, cols - 1))
        near = max(1, int(0.03 * self.unit_px))
        start = int(np.clip(self.centre_px[1] - self.box.y0, 0, rows - 1))
        strip = self.bare[start:, max(0, x - near) : x + near + 1].mean(1)
        gone = np.flatnonzero(strip < 0.4)
        return float(self.box.y0 + start + gone[0]) if len(gone) else self.box.y1 + self.unit_px

    def bare_at(self, scene: Scene, places: np.ndarray) -> float:
        """How much of the places (N, 2) px is bare, those before which there is a hand or hair left out.

        What lies outside the picture is not; 1 when all is hidden.
        """
        at = np.round(places).astype(int)
        inside = np.all((at >= 0) & (at < [scene.width, scene.height]), axis=1)
        x, y = np.clip(at, 0, [scene.width - 1, scene.height - 1]).T
        free = ~inside | (np.maximum(scene.hair[y, x], scene.in_front[y, x]) < 0.5)
        row, col = np.clip(np.stack([y, x], 1) - self.box.origin[::-1].astype(int), 0, np.array(self.bare.shape) - 1).T
        bare = np.where(inside, self.bare[row, col], 0)[free]
        return float(bare.mean()) if len(bare) else 1.0

    def shown(self, drawing: Drawing, over: float = 0.0) -> np.ndarray:
        """(h, w of the drawing's box) how much of what lies on the skin there is to be seen.

        Args:
            over: how far it may reach beyond the skin, in face heights: what is thick stands over the neck's edge.
        """
        bare = self.bare
        if over:
            side = 2 * max(1, round(over * self.unit_px)) + 1
            bare = cv2.dilate(bare, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
        return smoothstep(_cut(bare, self.box, drawing.box), 0.25, 0.65)

    def in_its_light(self, drawing: Drawing, share: float = 0.8) -> Drawing:
        """The drawing as bright as the skin it lies on: under a chin it is darker than beside a face."""
        lit = _cut(self.lit, self.box, drawing.box)
        gain = 1 + share * (np.clip(lit, 0.2, 1.15) ** (1 / 2.2) - 1)
        return replace(drawing, colour=np.asarray(np.clip(drawing.colour * gain[..., None], 0, 1), np.float32))


def neck_of(scene: Scene) -> Neck | None:
    """None: no neck is to be seen."""
    head = head_of(scene.face)
    unit = head.height_px
    chin = scene.face.points[CHIN].astype(np.float64)
    axis = _axis(scene, head)
    corners = np.asarray([[axis - ASIDE * unit, chin[1] - 0.3 * unit], [axis + ASIDE * unit, chin[1] + BELOW * unit]])
    box = Box.around(corners, 0, scene.height, scene.width)
    sight = _look(scene, box, unit)
    ys = np.arange(chin[1] + 0.05 * unit, box.y1 - 1, STEP * unit)
    lean = -FOLLOWS * float(np.tan(np.radians(np.clip(scene.face.roll_deg, -45, 45))))
    found = [_edges(sight, axis, float(y), unit, lean) for y in ys]
    first = next((number for number, edge in enumerate(found) if edge is not None), len(found))
    last = next((number for number in range(first, len(found)) if found[number] is None), len(found))
    if first * STEP > HIDDEN or (last - first) * STEP < LEAST:
        return None
    edges = np.asarray([edge for edge in found[first:last] if edge is not None])
    ys = ys[first:last]
    below = float(np.clip(MIDDLE - NOD * scene.face.pitch_deg, 0.13, 0.30))
    wanted = float(np.clip(chin[1] + below * unit, ys[0] + 0.03 * unit, max(ys[-1] - 0.05 * unit, ys[0])))
    near = edges[np.abs(ys - wanted) < 0.06 * unit]
    left, right = np.percentile(near[:, 0], 65), np.percentile(near[:, 1], 35)
    x = float(left + right) / 2
    centre = np.asarray([x, wanted - lean * (x - axis)])
    bare = resize(sight.bare, box.height, box.width) * (1 - _face(scene, box))
    lit = resize(sight.lit, box.height, box.width)
    return Neck(box, bare, lit, centre, float(right - left) / 2, unit, lean, abs(x - axis) / unit)


def lay_on(
    scene: Scene, fitting: Fitting, neck: Neck, drawing: Drawing, light: Light, seed: int, over: float = 0.0
) -> None:
    """Lay what is worn around the neck, with its shadow; `over`: see `Neck.shown`."""
    unit = neck.unit_px
    seen = neck.shown(drawing, over) * (1 - smoothstep(scene.hair[drawing.box.rows_cols], 0.45, 0.85))
    worn = replace(neck.in_its_light(drawing), alpha=drawing.alpha * seen)
    bare = np.zeros((scene.height, scene.width), np.float32)
    bare[neck.box.rows_cols] = neck.bare
    fitting.shade(worn, thrown(light, 0.010 * unit), 0.006 * unit, 0.5, bare)
    fitting.shade(worn, thrown(light, 0.028 * unit), 0.020 * unit, 0.3, bare)
    fitting.lay(grained(scene, worn, seed))


@dataclass(frozen=True)
class _Sight:
    """bare, hair, lit: (h, w) of the small copy; scale: of it to the photo."""

    box: Box
    bare: np.ndarray
    hair: np.ndarray
    lit: np.ndarray
    scale: float


def _look(scene: Scene, box: Box, unit: float) -> _Sight:
    scale = min(1.0, WORK_PX / unit)
    rows, cols = max(8, round(box.height * scale)), max(8, round(box.width * scale))

    def small(image: np.ndarray) -> np.ndarray:
        return resize(np.ascontiguousarray(image[box.rows_cols]), rows, cols)

    tone = scene.complexion.tone
    lab = blur(to_oklab(small(scene.pixels)), 0.7)
    gain = np.clip(tone[0] / np.maximum(lab[..., 0], 0.05), 0.6, 2.2)
    hue = np.linalg.norm(lab[..., 1:] * gain[..., None] - tone[1:], axis=-1)
    share = lab[..., 0] / max(float(tone[0]), 0.05)
    hair = small(scene.hair)
    free = smoothstep(small(scene.person), 0.4, 0.7) * (1 - np.maximum(hair, small(scene.in_front)))
    free *= smoothstep(share, 1.45, 1.25)
    sure = free * smoothstep(hue, HUE + 0.02, HUE - 0.01) * smoothstep(share, DARKEST, DARKEST + 0.12)
    sure = _joined(scene, np.asarray(blur(sure, 0.8), np.float32), box, scale)
    # a neck's edge lies in shadow and takes colour from what is beside it
    side = 2 * max(1, round(EDGE * unit * scale)) + 1
    beside = cv2.dilate((sure > 0.5).astype(np.float32), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    edge = free * beside * smoothstep(hue, 2.2 * HUE, 1.4 * HUE) * smoothstep(share, 0.6 * DARKEST, 0.9 * DARKEST)
    outside = cv2.dilate((small(scene.person) < 0.5).astype(np.float32), np.ones((side, side), np.uint8))
    edge = np.maximum(
        edge, free * beside * outside * smoothstep(hue, 3.4 * HUE, 2.8 * HUE) * smoothstep(share, 1.05, 0.95)
    )
    # the red shade under a chin is no gap between face and neck
    whole = np.maximum(np.maximum(sure, edge), resize(_face(scene, box), rows, cols))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    bare = np.asarray(blur(free * cv2.morphologyEx(whole, cv2.MORPH_CLOSE, disc), 0.6), np.float32)
    weight = bare + np.float32(1e-3)
    luminance = np.maximum(share, 0) ** 3
    lit = blur(luminance * weight, 0.06 * unit * scale) / blur(weight, 0.06 * unit * scale)
    return _Sight(box, bare, hair, np.clip(lit, 0.12, 1.25), scale)


def _joined(scene: Scene, bare: np.ndarray, box: Box, scale: float) -> np.ndarray:
    """What of the bare skin hangs together with the chin's underside: not a hand, not a wall of skin's colour."""
    count, labels = cv2.connectedComponents((bare > 0.4).astype(np.uint8))
    jaw = (scene.face.points[list(JAW)] - box.origin) * scale
    seed = np.zeros(bare.shape, np.uint8)
    down = np.asarray([0, 0.10 * scene.face.height_px * scale])
    cv2.fillPoly(seed, [np.round(np.vstack([jaw, jaw[::-1] + down])).astype(np.int32)], (1,))
    held = np.bincount(labels[seed > 0], minlength=count) > 4
    held[0] = False
    return np.asarray(bare * cv2.dilate(held[labels].astype(np.float32), np.ones((3, 3), np.uint8)))


def _edges(sight: _Sight, axis: float, y: float, unit: float, lean: float = 0.0) -> tuple[float, float] | None:
    """The neck's left and right edge in a row, x in px; None where no skin shows there.

    Args:
        axis: x where the neck should be; turned heads miss it by a third of its width.
    """
    width = sight.bare.shape[1]
    xs = np.arange(width, dtype=np.float32)
    line = np.float32((y - sight.box.y0) * sight.scale) - np.float32(lean) * (xs - (axis - sight.box.x0) * sight.scale)
    rows = line[None].astype(np.float32)
    bare, hair = (cv2.remap(each, xs[None], rows, cv2.INTER_LINEAR)[0] for each in (sight.bare, sight.hair))
    expected, part = (axis - sight.box.x0) * sight.scale, HALF_WIDTH[1] * unit * sight.scale
    cols = np.arange(max(0, int(expected - part)), min(len(bare), int(expected + part) + 1))
    shown = bare[cols]
    if not len(cols) or float(shown.sum()) < 0.10 * unit * sight.scale:
        return None
    middle = float((cols * shown).sum() / shown.sum())
    x = middle / sight.scale + sight.box.x0
    halves, gap = [], 2 * max(2, round(0.03 * unit * sight.scale)) + 1
    for sign in (-1, 1):
        reach = np.arange(1, HALF_WIDTH[1] * unit * sight.scale)
        at = np.clip(np.round(middle + sign * reach), 0, len(bare) - 1).astype(int)
        on = np.convolve(bare[at] > 0.4, np.ones(gap), "same") > 0.3 * gap
        end = int(np.argmin(on)) if not on.all() else len(reach) - 1
        covered = hair[at[min(end + 2, len(at) - 1)]] > 0.4
        halves.append((float(reach[end]) / sight.scale, bool(covered)))
    return _completed(x, axis, unit, *halves)


def _completed(
    x: float, axis: float, unit: float, left: tuple[float, bool], right: tuple[float, bool]
) -> tuple[float, float]:
    """The two edges of a neck, those that hair hides guessed from the other. left, right: px from x, and whether."""
    left_hidden, right_hidden = left[1], right[1]
    ends = [x - left[0], x + right[0]]
    if left_hidden != right_hidden:  # a neck is as wide on both sides of its axis
        ends[right_hidden] = (max if right_hidden else min)(ends[right_hidden], 2 * axis - ends[left_hidden])
    low, high = HALF_WIDTH[0] * unit, USUAL * unit
    if left_hidden and right_hidden:
        ends = [min(ends[0], axis - high), max(ends[1], axis + high)]
    return min(ends[0], x - low), max(ends[1], x + low)


def _face(scene: Scene, box: Box) -> np.ndarray:
    """(h, w) the face, which is before the neck."""
    return fill_polygons((box.height, box.width), [spline(scene.face.points[list(OVAL)] - box.origin)], 0.6)


def _axis(scene: Scene, head: Head) -> float:
    """x of the neck: below the middle between the ears, and behind it."""
    ears = (scene.face.points[234] + scene.face.points[454]) / 2
    return float(ears[0] - head.axes[0, 2] * 0.25 * head.height_px)


def _cut(values: np.ndarray, of: Box, box: Box) -> np.ndarray:
    """The part of values over one box that lies in another; its edge goes on outside."""
    rows = np.clip(np.arange(box.y0, box.y1) - of.y0, 0, values.shape[0] - 1)
    cols = np.clip(np.arange(box.x0, box.x1) - of.x0, 0, values.shape[1] - 1)
    return values[np.ix_(rows, cols)]
