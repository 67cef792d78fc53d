"""The head and shoulders as a small grid of cells with what is known of each: place, colour, texture, net's features.

A cell is about 0.02 face heights wide. Knows where a face is, and which cells are plain skin; not what hair is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, resize, smoothstep, to_oklab
from generation.engines.retouch.layer import Box
from generation.face.regions import (
    BROW_LEFT,
    BROW_RIGHT,
    EYE_LEFT,
    EYE_RIGHT,
    LIPS_OUTER,
    OVAL,
    fill_polygons,
    spline,
)

if TYPE_CHECKING:
    from generation.face.face import Face
    from generation.face.finder import FaceFinder

CELLS = 192
"""Cells along the longer side of the head's crop."""
LAB_UNIT = np.asarray([100, 250, 250], np.float32)
"""OKLab is scaled to about one just noticeable difference a unit."""


@dataclass(frozen=True, eq=False)
class HeadCells:
    """The grid. Every array is (rows, cols) float32 unless it says otherwise.

    Args:
        box: what it covers of the photo.
        colours: (rows, cols, 3) uint8 sRGB.
        person: how likely a person, 0 to 1.
        photo_height, photo_width: of the whole photo, px.
    """

    box: Box
    face: Face
    colours: np.ndarray
    person: np.ndarray
    features: tuple[np.ndarray, ...]
    photo_height: int
    photo_width: int

    @property
    def shape(self) -> tuple[int, int]:
        return int(self.colours.shape[0]), int(self.colours.shape[1])

    @property
    def scale(self) -> float:
        """Cells a pixel."""
        return float(self.colours.shape[1] / self.box.width)

    @cached_property
    def lab(self) -> np.ndarray:
        """(rows, cols, 3), in LAB_UNITs."""
        return to_oklab(self.colours) * LAB_UNIT

    @cached_property
    def soft(self) -> np.ndarray:
        """`lab` over 0.8 cells."""
        return blur(self.lab, 0.8)

    @cached_property
    def softer(self) -> np.ndarray:
        """`lab` over 3 cells."""
        return blur(self.lab, 3)

    @cached_property
    def texture(self) -> np.ndarray:
        """How much lightness changes from cell to cell, relative to lightness: smooth skin 0.3, hair above 0.6."""
        return np.asarray(self.roughness / np.maximum(self.lab[..., 0], 8) * 60)

    @cached_property
    def roughness(self) -> np.ndarray:
        """`texture` before it is divided by lightness. Nothing of the background counts."""
        light = np.ascontiguousarray(self.lab[..., 0])
        inside = smoothstep(self.person, 0.3, 0.8) + np.float32(1e-3)
        around = blur(light * inside, 2) / blur(inside, 2)
        return np.asarray(blur(np.abs(light - around) * inside, 2.5) / blur(inside, 2.5))

    @cached_property
    def places(self) -> tuple[np.ndarray, np.ndarray]:
        """(right, up) of the point between the eyes, in face heights along the face's axes."""
        rows, cols = self.shape
        y, x = np.mgrid[0:rows, 0:cols].astype(np.float32)
        at = np.stack([(x + 0.5) / self.scale + self.box.x0, (y + 0.5) / self.scale + self.box.y0], -1)
        at -= self.face.points[168]
        return at @ self.face.right / self.face.height_px, at @ self.face.up / self.face.height_px

    @cached_property
    def sideways(self) -> np.ndarray:
        """`places`' right, counted from the head's middle instead of the nose: turned faces differ."""
        face = self.face
        middle = ((face.points[234] + face.points[454]) / 2 - face.points[168]) @ face.right / face.height_px
        return np.asarray(self.places[0] - np.float32(middle), np.float32)

    @property
    def half_width(self) -> float:
        """From the head's middle to the ear, in face heights."""
        across = self.face.landmarks[234] - self.face.landmarks[454]
        return 0.5 * float(np.linalg.norm(across)) / self.face.height_px

    @property
    def up(self) -> np.ndarray:
        return self.places[1]

    def drawn(self, *polygons: np.ndarray) -> np.ndarray:
        """Polygons in the photo's px, filled, 0 to 1."""
        inside = [(spline(polygon) - self.box.origin) * np.float32(self.scale) for polygon in polygons]
        return fill_polygons(self.shape, inside)

    def oval(self, wide: float, above: float, below: float) -> np.ndarray:
        """The face's outline stretched about the point between the eyes, filled."""
        face = self.face
        centre = face.points[168]
        away = face.points[list(OVAL)] - centre
        up = away @ face.up
        up = np.where(up > 0, up * above, up * below)
        return self.drawn(centre + up[:, None] * face.up + (away @ face.right * wide)[:, None] * face.right)

    @cached_property
    def marks(self) -> np.ndarray:
        """Eyes, lips and brows, a little widened."""
        drawn = self.drawn(*(self.face.points[list(indexes)] for indexes in (BROW_LEFT, BROW_RIGHT)))
        return np.asarray(np.maximum(self.eyes_and_lips, cv2.dilate(drawn, np.ones((3, 3), np.uint8))))

    @cached_property
    def eyes_and_lips(self) -> np.ndarray:
        """Eyes and lips, a little widened."""
        lists = (EYE_LEFT, EYE_RIGHT, LIPS_OUTER)
        drawn = self.drawn(*(self.face.points[list(indexes)] for indexes in lists))
        return np.asarray(cv2.dilate(drawn, np.ones((3, 3), np.uint8)))


def cells_of(pixels: np.ndarray, face: Face, finder: FaceFinder, likelihood: np.ndarray) -> HeadCells:
    """The grid of a photo.

    Args:
        likelihood: matte.person_likelihood of the photo, of any size.
    """
    height, width = pixels.shape[:2]
    low = face.points[168] - np.asarray([1.9, 1.5], np.float32) * face.height_px
    high = face.points[168] + np.asarray([1.9, 2.3], np.float32) * face.height_px
    box = Box(int(low[0]), int(low[1]), int(high[0]), int(high[1])).clipped(height, width)
    crop = np.ascontiguousarray(pixels[box.rows_cols])
    scale = CELLS / max(box.height, box.width)
    rows, cols = max(8, round(box.height * scale)), max(8, round(box.width * scale))
    person = cv2.resize(_part(likelihood, box, height, width), (cols, rows), interpolation=cv2.INTER_LINEAR)
    square = cv2.resize(crop, (256, 256), interpolation=cv2.INTER_AREA)
    seen = finder.person_features(square)
    mirrored = finder.person_features(np.ascontiguousarray(square[:, ::-1]))
    features = tuple(_standard((a + b[:, ::-1]) / 2, rows, cols) for a, b in zip(seen, mirrored, strict=True))
    return HeadCells(box, face, resize(crop, rows, cols), person, features, height, width)


def _part(image: np.ndarray, box: Box, height: int, width: int) -> np.ndarray:
    down, along = image.shape[0] / height, image.shape[1] / width
    rows = slice(int(box.y0 * down), max(int(box.y0 * down) + 1, round(box.y1 * down)))
    cols = slice(int(box.x0 * along), max(int(box.x0 * along) + 1, round(box.x1 * along)))
    return np.ascontiguousarray(image[rows, cols])


def _standard(tensor: np.ndarray, rows: int, cols: int) -> np.ndarray:
    """Each channel with mean 0 and deviation 1, at the grid's size: (rows * cols, channels)."""
    tensor = np.ascontiguousarray(tensor)
    tensor = (tensor - tensor.mean((0, 1))) / (tensor.std((0, 1)) + np.float32(1e-6))
    return cv2.resize(tensor, (cols, rows), interpolation=cv2.INTER_LINEAR).reshape(rows * cols, -1)
