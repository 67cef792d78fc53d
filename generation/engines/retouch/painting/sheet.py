"""A flat sheet that face paint is drawn on: shapes in face heights, colours over each other. Knows no photo.

Coordinates are those of `canonical`: (0, 0) is the root of the nose, the chin is at y = 0.7, an ear at x = 0.63.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, parse_colour
from generation.face.regions import SHIFT

LEFT, TOP, RIGHT, BOTTOM = -0.72, -0.46, 0.72, 0.76
"""What the sheet has room for, in face heights."""


class Sheet:
    """Colour and how much of it, premultiplied, so that it can be bent and blurred.

    Args:
        unit_px: pixels to a face height.
    """

    def __init__(self, unit_px: float) -> None:
        self.unit_px = unit_px
        width, height = round((RIGHT - LEFT) * unit_px), round((BOTTOM - TOP) * unit_px)
        self.layers = np.zeros((height, width, 4), np.float32)
        """OKLab times opacity, and opacity."""

    def fill(
        self, shapes: np.ndarray | Iterable[np.ndarray], colour: str, opacity: float = 1.0, soft: float = 0.0
    ) -> None:
        """Polygons (N, 2) in one colour; what several cover is covered once. `soft` is the sigma of their edges."""
        polygons = [shapes] if isinstance(shapes, np.ndarray) else list(shapes)
        for group in _by_side(polygons, 3 * soft):
            box, mask = self._drawn(group, 3 * soft)
            mask = blur(mask, soft * self.unit_px) if soft else mask
            mask *= np.float32(opacity)
            self._over(box, mask, colour)

    def spot(
        self,
        centre: tuple[float, float],
        sigmas: tuple[float, float],
        colour: str,
        opacity: float = 1.0,
        tilt_deg: float = 0.0,
    ) -> None:
        """A soft ellipse with the sigmas of a Gaussian, turned clockwise."""
        reach = 3 * max(sigmas)
        box = self._box(np.asarray(centre) - reach, np.asarray(centre) + reach)
        y, x = np.mgrid[box[0], box[1]].astype(np.float32)
        x, y = (x + 0.5) / self.unit_px + (LEFT - centre[0]), (y + 0.5) / self.unit_px + (TOP - centre[1])
        turn = np.radians(tilt_deg)
        forth, aside = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
        mask = np.exp(-0.5 * (np.square(forth / sigmas[0]) + np.square(aside / sigmas[1])))
        self._over(box, np.clip((mask - 0.012) / 0.988, 0, 1).astype(np.float32) * np.float32(opacity), colour)

    def tint(self, colour: np.ndarray, opacity: np.ndarray) -> None:
        """Lay colour, OKLab (h, w, 3), with an opacity (h, w), on the rows from the top and on both sides alike.

        It is given for the right side, at `places`.
        """
        height, width = opacity.shape
        top = cv2.merge([*(colour[..., channel] * opacity for channel in range(3)), opacity])
        for side, paint in ((self.layers[:height, :width], top), (self.layers[:height, ::-1][:, :width], top)):
            side *= 1 - paint[..., 3:]
            side += paint

    def places(self, bottom: float) -> tuple[np.ndarray, np.ndarray]:
        """x (1, w) and y (h, 1), in face heights, of the pixels of the right side down to `bottom`."""
        height, width = self.layers.shape[:2]
        rows = min(height, round((bottom - TOP) * self.unit_px))
        x = (np.arange(width // 2, dtype=np.float32)[None] + 0.5) / np.float32(self.unit_px) + np.float32(LEFT)
        y = (np.arange(rows, dtype=np.float32)[:, None] + 0.5) / np.float32(self.unit_px) + np.float32(TOP)
        return x, y

    def extent(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what has been painted, in face heights."""
        rows = np.flatnonzero(self.layers[..., 3].max(axis=1) > 0)
        cols = np.flatnonzero(self.layers[..., 3].max(axis=0) > 0)
        if not len(rows):
            return 0.0, 0.0, 0.0, 0.0
        left, right = (LEFT + float(at) / self.unit_px for at in (cols[0], cols[-1] + 1))
        top, bottom = (TOP + float(at) / self.unit_px for at in (rows[0], rows[-1] + 1))
        return left, top, right, bottom

    def erase(self, shapes: Iterable[np.ndarray], opacity: float = 1.0, soft: float = 0.0) -> None:
        """Wipe paint off inside polygons."""
        box, mask = self._drawn(list(shapes), 3 * soft)
        mask = blur(mask, soft * self.unit_px) if soft else mask
        self.layers[box] *= 1 - np.float32(opacity) * mask[..., None]

    def _over(self, box: tuple[slice, slice], share: np.ndarray, colour: str) -> None:
        under = self.layers[box]
        top = np.append(parse_colour(colour), 1).astype(np.float32)
        under *= (1 - share)[..., None]
        under += cv2.merge([share * value for value in top])

    def _drawn(self, polygons: list[np.ndarray], margin: float) -> tuple[tuple[slice, slice], np.ndarray]:
        every = np.vstack(polygons)
        box = self._box(every.min(0) - margin, every.max(0) + margin)
        mask = np.zeros((box[0].stop - box[0].start, box[1].stop - box[1].start), np.uint8)
        for polygon in polygons:
            at = (polygon - (LEFT, TOP)) * self.unit_px - 0.5 - (box[1].start, box[0].start)
            cv2.fillPoly(mask, [np.round(at * (1 << SHIFT)).astype(np.int32)[:, None]], (255,), cv2.LINE_AA, SHIFT)
        return box, mask.astype(np.float32) * np.float32(1 / 255)

    def _box(self, low: np.ndarray, high: np.ndarray) -> tuple[slice, slice]:
        height, width = self.layers.shape[:2]
        x0, y0 = np.floor((low - (LEFT, TOP)) * self.unit_px).astype(int) - 1
        x1, y1 = np.ceil((high - (LEFT, TOP)) * self.unit_px).astype(int) + 1
        x0, y0 = min(max(x0, 0), width - 1), min(max(y0, 0), height - 1)
        return slice(y0, min(max(y1, y0 + 1), height)), slice(x0, min(max(x1, x0 + 1), width))


def _by_side(polygons: list[np.ndarray], margin: float) -> list[list[np.ndarray]]:
    """Shapes left and right of the midline are drawn in a box each, if none comes near it."""
    right = [polygon for polygon in polygons if polygon[:, 0].max() + margin <= 0]
    left = [polygon for polygon in polygons if polygon[:, 0].min() - margin >= 0]
    if len(right) + len(left) < len(polygons):
        return [polygons]
    return [group for group in (right, left) if group]
