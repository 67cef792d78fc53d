"""What a painter sees of a person: references cut out of their photos, upright and in a few sizes. Knows no model."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from generation.engines.diffusion.cut import Crop, frame
from generation.engines.diffusion.place import Place
from generation.errors import PhotoError
from generation.face.gate import choose_face
from generation.job import Note
from generation.styles.style import Painted

if TYPE_CHECKING:
    from generation.face.face import Face
    from generation.face.finder import FaceFinder
    from generation.photo import Photo

PORTRAIT, SQUARE, LANDSCAPE = 3 / 4, 1.0, 4 / 3
"""The pictures' shapes: width over height."""

GRID_PX = 16
"""Sides are multiples of this, which every family of models can do."""

FRAMED, SHOULDERS, HEAD = 3.4, 2.6, 1.6
"""How many faces high (hairline to chin) a crop is: the first photo's, the other photos', a close-up."""

ABOVE = 0.45
"""The middle of the face is so far down a crop: heads need more room above than chins below, shoulders more still."""

ALONE, ALONE_ABOVE = 3.0, 0.42
"""The same of a head that is painted alone: room for hats above, and for long hair below."""

STILL_TRUE = (Note.SMALL_FACE, Note.TURNED_FACE, Note.DIM_PHOTO, Note.SOFT_PHOTO)
"""What the gate says of a photo that matters to a painted picture, too."""


@dataclass(frozen=True, eq=False)
class References:
    """One person's, never two people's. Every image is uint8 sRGB.

    Args:
        canvas: (width, height) px of the picture to be painted; multiples of 16.
        start: (height, width, 3) the first photo, framed as the picture.
        images: (h, w, 3) each, the first framed as the picture, then head and shoulders of the other photos; and
            the head of the first photo, close up, if the person shall weigh more than the style.
        heads: (side, side, 3) each, the head in every photo in use.
        face: x0, y0, x1, y1 px in the canvas, where the first photo has its face.
        place: where the painted canvas belongs in the first photo; None: it is the picture.
    """

    canvas: tuple[int, int]
    start: np.ndarray
    images: tuple[np.ndarray, ...]
    heads: tuple[np.ndarray, ...]
    face: tuple[int, int, int, int] | None
    notes: tuple[Note, ...] = ()
    place: Place | None = None


class Cutter:
    """Cuts references out of photos. Threads may share one.

    Args:
        size_px, ref_side_px: sides of squares as large as the picture and as one reference.
        max_refs: how many references there are at most, a close-up among them.
    """

    def __init__(self, finder: FaceFinder, size_px: int, ref_side_px: int, max_refs: int) -> None:
        self._finder = finder
        self._size_px = size_px
        self._ref_side_px = ref_side_px
        self._max_refs = max_refs

    def cut(self, photos: Sequence[Photo], likeness: float, painted: Painted = Painted.FRAME) -> References:
        """References of the person whose photos these are; the first photo gives the framing.

        The canvas is that photo's nearest shape around the person; or head and shoulders in a square, which hair and
        hats have room in, if only those are painted.

        The likeness decides how much of the person the painter sees: above 0.5 a close-up of the first photo's head
        in addition, below 0.5 nothing but the first photo, at half its sides. An extra photo that the gate refuses is
        left out.

        Raises:
            PhotoError: the first photo cannot be used.
        """
        first = photos[0].pixels
        face, notes = choose_face(first, self._finder.find(first))
        head = painted is Painted.HEAD
        shape = SQUARE if head else nearest_shape(first.shape[1], first.shape[0])
        canvas = size_of(shape, self._size_px)
        high, above = (ALONE, ALONE_ABOVE) if head else (FRAMED, ABOVE)
        crop = frame(face, first.shape, canvas[0] / canvas[1], high, above)
        seen = [(first, face), *self._others(photos[1:], self._wanted(likeness) - 1)]
        return References(
            canvas=canvas,
            start=crop.cut(first, canvas),
            images=tuple(self._images(crop, shape, seen, likeness)),
            heads=tuple(self._head(pixels, of) for pixels, of in seen),
            face=crop.box(face.points, canvas),
            notes=tuple(note for note in notes if note in STILL_TRUE),
            place=Place(first, crop, _box(face.points, first)) if head else None,
        )

    def blanks(self) -> Iterator[References]:
        """References without anybody on them, one of each form that `cut` gives; the most usual forms first."""
        for count, side_px in [
            *((count, self._ref_side_px) for count in range(1, self._max_refs + 1)),
            (1, self._less),
        ]:
            for shape in (PORTRAIT, SQUARE, LANDSCAPE):
                canvas = size_of(shape, self._size_px)
                images = [size_of(shape, side_px), *[size_of(PORTRAIT, side_px)] * (count - 1)]
                yield References(canvas, _grey(canvas), tuple(map(_grey, images)), (_grey(self._square),), None)

    @property
    def _less(self) -> int:
        return max(4 * GRID_PX, self._ref_side_px // 2)

    @property
    def _square(self) -> tuple[int, int]:
        return size_of(SQUARE, self._ref_side_px)

    def _wanted(self, likeness: float) -> int:
        """How many photos are looked at."""
        if likeness < 0.5:
            return 1
        return max(1, self._max_refs - 1) if likeness > 0.5 else self._max_refs

    def _others(self, photos: Sequence[Photo], most: int) -> Iterator[tuple[np.ndarray, Face]]:
        for photo in photos:
            if most <= 0:
                return
            try:
                face, _ = choose_face(photo.pixels, self._finder.find(photo.pixels))
            except PhotoError:
                continue
            most -= 1
            yield photo.pixels, face

    def _images(
        self, crop: Crop, shape: float, seen: Sequence[tuple[np.ndarray, Face]], likeness: float
    ) -> Iterator[np.ndarray]:
        yield crop.cut(seen[0][0], size_of(shape, self._less if likeness < 0.5 else self._ref_side_px))
        for pixels, face in seen[1:]:
            yield self._upright(pixels, face, SHOULDERS)
        if likeness > 0.5 and self._max_refs > 1:
            yield self._upright(*seen[0], HEAD)

    def _upright(self, pixels: np.ndarray, face: Face, faces_high: float) -> np.ndarray:
        size = size_of(PORTRAIT, self._ref_side_px)
        return frame(face, pixels.shape, size[0] / size[1], faces_high, ABOVE).cut(pixels, size)

    def _head(self, pixels: np.ndarray, face: Face) -> np.ndarray:
        return frame(face, pixels.shape, SQUARE, HEAD, ABOVE).cut(pixels, self._square)


def nearest_shape(width_px: int, height_px: int) -> float:
    """Portrait, square or landscape, whichever is nearest by ratio."""
    return min((PORTRAIT, SQUARE, LANDSCAPE), key=lambda shape: abs(math.log(width_px / height_px / shape)))


def size_of(shape: float, side_px: int) -> tuple[int, int]:
    """(width, height) px, multiples of 16, of about the area of a square with that side."""
    sides = side_px * math.sqrt(shape), side_px / math.sqrt(shape)
    width, height = (max(1, round(side / GRID_PX)) * GRID_PX for side in sides)
    return width, height


def _grey(size: tuple[int, int]) -> np.ndarray:
    return np.full((size[1], size[0], 3), 128, np.uint8)


def _box(points: np.ndarray, pixels: np.ndarray) -> tuple[int, int, int, int] | None:
    """x0, y0, x1, y1 px around (N, 2) points, within the photo."""
    size = pixels.shape[1], pixels.shape[0]
    return Crop(np.asarray(size) / 2, np.asarray([1.0, 0.0]), *size).box(points, size)
