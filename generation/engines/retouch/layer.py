"""The algebra of effects: an effect makes a layer, a layer lies on the canvas. Knows no face.

A canvas is the whole picture, (H, W, 3) float32, sRGB-encoded, 0 to 1. A layer is what one effect
wants some rectangle of it to look like, and a mask of how much of that may show. Only `lay` writes
to a canvas, so two promises hold for every effect without its help: strength 0 is the photo, and
outside the mask nothing changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of whole pixels: x0 <= x < x1, y0 <= y < y1."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        return self.y1 - self.y0

    @property
    def rows_cols(self) -> tuple[slice, slice]:
        """Indexes an (H, W, ...) array: `canvas[box.rows_cols]` is a view."""
        return slice(self.y0, self.y1), slice(self.x0, self.x1)

    @property
    def origin(self) -> np.ndarray:
        """(2,) float32 px: subtract it from a point of the picture to get a point of the crop."""
        return np.asarray([self.x0, self.y0], np.float32)

    def clipped(self, height: int, width: int) -> Box:
        """The part of it inside a picture of that size; never empty."""
        x0, y0 = min(max(self.x0, 0), width - 1), min(max(self.y0, 0), height - 1)
        return Box(x0, y0, min(max(self.x1, x0 + 1), width), min(max(self.y1, y0 + 1), height))

    @staticmethod
    def around(points: np.ndarray, margin_px: float, height: int, width: int) -> Box:
        """The box around points (N, 2) px with a margin, clipped to a picture of that size."""
        low, high = np.floor(points.min(0) - margin_px), np.ceil(points.max(0) + margin_px) + 1
        return Box(int(low[0]), int(low[1]), int(high[0]), int(high[1])).clipped(height, width)

    @staticmethod
    def whole(height: int, width: int) -> Box:
        return Box(0, 0, width, height)


@dataclass(frozen=True, slots=True)
class Layer:
    """What an effect wants `box` to show.

    Args:
        colour: (h, w, 3) float32, sRGB-encoded, 0 to 1; clipped when it is laid.
        mask: (h, w) float32, 0 to 1: where it may show. None: everywhere in the box.
    """

    box: Box
    colour: np.ndarray
    mask: np.ndarray | None


def lay(canvas: np.ndarray, layer: Layer, strength: float) -> None:
    """Lay a layer on the canvas, in place: under + mask * strength * (colour - under)."""
    if strength <= 0:
        return
    under = canvas[layer.box.rows_cols]
    share: np.ndarray | float = strength if layer.mask is None else (layer.mask * np.float32(strength))[..., None]
    under += share * (np.clip(layer.colour, 0, 1) - under)


def as_layers(drawn: Layer | list[Layer] | None) -> list[Layer]:
    """What an effect gave back, as a list."""
    if drawn is None:
        return []
    return [drawn] if isinstance(drawn, Layer) else drawn
