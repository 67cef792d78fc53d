"""A style on moving pictures: drawn now and then, and carried along with the face in between. Knows no camera.

Every few frames a style is drawn afresh on one of them, on a second thread, as two sheets: what it adds to the
picture's colours (make-up, hair, skin), and what lies over it (things worn, premultiplied). In between, both are bent
from that frame's face to each new one's, which takes a few milliseconds. What a lens does to the whole picture is
done to each frame.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Self

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, smoothstep, to_canvas, to_pixels
from generation.engines.retouch.effects import Skip, load_effect, stages
from generation.engines.retouch.layer import Box, Layer, as_layers, lay
from generation.engines.retouch.recipes import in_order
from generation.engines.retouch.scene import Scene, pull
from generation.errors import UserError
from generation.face.face import Face
from generation.face.finder import FaceFinder
from generation.styles.style import Step, Style

EVERY = 10
"""Frames between two drawings."""

GRID_PX = 8
"""Between the nodes of the map from one frame to another."""

CALM, QUICK = 0.002, 0.012
"""A face that moves less than the first between two frames is held still, more than the second is followed at once;
in face heights."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """A style drawn on one frame.

    Args:
        face: where it was then.
        added: (h, w, 3) int16 in 1/255: what it adds to the colours in `added_box`.
        over: (h, w, 4) uint8: premultiplied colour and cover of what lies over `over_box`; None: nothing is worn.
    """

    face: Face
    added_box: Box
    added: np.ndarray
    over_box: Box
    over: np.ndarray | None


class Live:
    """A style on a stream of frames of one size, one after the other.

    The same frames give the same pictures: a drawing begun at one frame is used from a fixed later one on.

    Args:
        strength: 0 to 1; the style's own if None. What is worn has none.
        every: frames between two drawings.
    """

    def __init__(self, finder: FaceFinder, style: Style, strength: float | None = None, every: int = EVERY) -> None:
        self._finder = finder
        self._style = style
        self._strength = style.strength if strength is None else strength
        self._every = every
        self._artist: ThreadPoolExecutor | None = None
        self._next: Future[Drawn] | None = None
        self._drawn: Drawn | None = None
        self._face: Face | None = None
        self._frame = 0

    def __enter__(self) -> Self:
        self._artist = ThreadPoolExecutor(1, "artist")
        return self

    def __exit__(self, *exc: object) -> None:
        if self._artist is not None:
            self._artist.shutdown()

    def draw(self, pixels: np.ndarray) -> np.ndarray:
        """The next frame, (H, W, 3) uint8 sRGB, in the style; the frame itself while nobody is to be seen."""
        self._face = self._follow(pixels)
        if self._face is None:
            self._next = self._drawn = None
            return pixels
        if self._frame % self._every == 0 or self._drawn is None:
            self._turn(pixels, self._face)
        self._frame += 1
        if self._drawn is None:
            return pixels
        return self._finished(carried(self._drawn, pixels, self._face), self._face)

    def _finished(self, pixels: np.ndarray, face: Face) -> np.ndarray:
        """With the style's last steps, those of the lens and the print."""
        steps = [step for step in self._style.steps if _stage(step) == "finish"]
        if not steps:
            return pixels
        scene, canvas = Scene(pixels, face, self._finder), to_canvas(pixels)
        for step in steps:
            for layer in as_layers(load_effect(step.effect).apply(scene, canvas, seed=0, **step.params)):
                lay(canvas, layer, step.share * self._strength)
        return to_pixels(canvas)

    def _turn(self, pixels: np.ndarray, face: Face) -> None:
        """Use the drawing that was begun last time, and begin one of this frame."""
        assert self._artist is not None, "used outside of its with"
        if self._next is not None:
            self._drawn = self._next.result()
        self._next = self._artist.submit(drawn_on, Scene(pixels, face, self._finder), self._style, self._strength)
        if self._drawn is None:
            self._frame = 0
            self._drawn = self._next.result()

    def _follow(self, pixels: np.ndarray) -> Face | None:
        if self._face is None:
            found = self._finder.find(pixels)
            return found[0] if found else None
        seen = self._finder.follow(pixels, self._face)
        return None if seen is None else _steadied(self._face, seen)


def drawn_on(scene: Scene, style: Style, strength: float) -> Drawn:
    """The style drawn on one frame. What cannot be drawn there is left out."""
    canvas = to_canvas(scene.pixels)
    over = np.zeros((scene.height, scene.width, 4), np.float32)
    worn = False
    original = scene
    for step in in_order(style):
        if _stage(step) == "finish":
            continue
        try:
            effect = load_effect(step.effect)
            if hasattr(effect, "bend"):
                field = effect.bend(scene, **step.params) * np.float32(step.share * strength)
                scene, canvas = scene.warped(field), pull(canvas, field)
                continue
            layers = as_layers(effect.apply(scene, canvas, seed=0, **step.params))
        except (Skip, UserError):
            continue
        for layer in layers:
            if _stage(step) == "worn":
                _lay_over(over, layer)
                worn = True
            else:
                lay(canvas, layer, step.share)
    added = np.rint((canvas - to_canvas(original.pixels)) * np.float32(255 * strength)).astype(np.int16)
    box = _box_of(np.abs(added).max(2) > 0)
    over_box = _box_of(over[..., 3] > 1 / 255)
    sheet = np.rint(over[over_box.rows_cols] * 255).astype(np.uint8) if worn else None
    return Drawn(original.face, box, np.ascontiguousarray(added[box.rows_cols]), over_box, sheet)


def carried(drawn: Drawn, pixels: np.ndarray, face: Face) -> np.ndarray:
    """The frame with what was drawn on another, moved and bent to where the face is now."""
    way = _way(face, drawn.face, pixels.shape[0], pixels.shape[1])
    out = pixels.copy()
    for box, sheet in ((drawn.added_box, drawn.added), (drawn.over_box, drawn.over)):
        if sheet is None:
            continue
        here = _moved_box(box, drawn.face, face, pixels.shape[0], pixels.shape[1])
        there = _enlarged(way, here) - box.origin
        bent = cv2.remap(sheet, there[..., 0], there[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        under = out[here.rows_cols]
        if sheet.dtype == np.int16:
            out[here.rows_cols] = cv2.add(under, bent, dtype=cv2.CV_8U)
        else:
            clear = cv2.merge([255 - bent[..., 3]] * 3)
            out[here.rows_cols] = cv2.add(cv2.multiply(under, clear, scale=1 / 255), bent[..., :3])
    return out


def _stage(step: Step) -> str:
    return stages()[step.effect]


def _lay_over(over: np.ndarray, layer: Layer) -> None:
    """Porter and Duff's "over", premultiplied, in place."""
    under = over[layer.box.rows_cols]
    mask = np.ones(under.shape[:2], np.float32) if layer.mask is None else layer.mask
    under *= (1 - mask)[..., None]
    under[..., :3] += mask[..., None] * np.clip(layer.colour, 0, 1)
    under[..., 3] += mask


def _box_of(where: np.ndarray) -> Box:
    rows, cols = np.flatnonzero(where.any(1)), np.flatnonzero(where.any(0))
    if not len(rows):
        return Box(0, 0, 1, 1)
    return Box(int(cols[0]), int(rows[0]), int(cols[-1]) + 1, int(rows[-1]) + 1)


def _way(face: Face, to: Face, height: int, width: int) -> np.ndarray:
    """(rows, cols, 2) float32 px: where each node of this frame's grid lies in the other frame.

    The affine map that fits all landmarks best, and near the face what each landmark moved beyond it.
    """
    affine = _affine(face.points, to.points)
    rows, cols = -(-height // GRID_PX) + 1, -(-width // GRID_PX) + 1
    y, x = np.mgrid[0:rows, 0:cols].astype(np.float32) * GRID_PX
    way: np.ndarray = np.stack([x, y, np.ones_like(x)], -1) @ affine
    rest = to.points - np.column_stack([face.points, np.ones(len(face.points), np.float32)]) @ affine
    at = np.rint(face.points / GRID_PX).astype(int)
    inside = (at >= 0).all(1) & (at < (cols, rows)).all(1)
    total = np.zeros((rows, cols, 3), np.float32)
    np.add.at(total, (at[inside, 1], at[inside, 0]), np.column_stack([rest, np.ones(len(rest))])[inside])
    total = blur(total, max(0.6, 0.04 * face.height_px / GRID_PX))
    way += total[..., :2] / (total[..., 2:] + 0.02)
    return way


def _affine(points: np.ndarray, to: np.ndarray) -> np.ndarray:
    """(3, 2) float32: [x y 1] @ it is the least-squares image of points (N, 2)."""
    from_ = np.column_stack([points, np.ones(len(points))]).astype(np.float64)
    return np.linalg.lstsq(from_, to.astype(np.float64), rcond=None)[0].astype(np.float32)


def _moved_box(box: Box, was: Face, now: Face, height: int, width: int) -> Box:
    """The box that holds what was in a box of the other frame."""
    corners = np.asarray([(x, y, 1) for x in (box.x0, box.x1) for y in (box.y0, box.y1)], np.float32)
    return Box.around(corners @ _affine(was.points, now.points), 0.06 * now.height_px, height, width)


def _enlarged(way: np.ndarray, box: Box) -> np.ndarray:
    """The map at every pixel of the box, (h, w, 2) float32 px."""
    x = np.arange(box.x0, box.x1, dtype=np.float32) / GRID_PX
    y = np.arange(box.y0, box.y1, dtype=np.float32) / GRID_PX
    low_x, low_y = int(x[0]), int(y[0])
    part = way[low_y : int(y[-1]) + 2, low_x : int(x[-1]) + 2]
    shift = np.asarray([[1 / GRID_PX, 0, x[0] - low_x], [0, 1 / GRID_PX, y[0] - low_y]], np.float64)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    there: np.ndarray = cv2.warpAffine(
        part, shift, (box.width, box.height), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
    return there


def _steadied(before: Face, seen: Face) -> Face:
    """The face as seen, its trembling taken out while it hardly moves."""
    moved = float(np.linalg.norm(seen.points - before.points, axis=1).mean()) / seen.height_px
    trust = 0.35 + 0.65 * float(smoothstep(np.float32(moved), CALM, QUICK))
    landmarks = before.landmarks + np.float32(trust) * (seen.landmarks - before.landmarks)
    return replace(seen, landmarks=landmarks)
