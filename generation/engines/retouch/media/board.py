"""Draws clean shapes over a part of a picture: filled outlines and pen lines of varying weight. Knows no face."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, resize
from generation.engines.retouch.layer import Box
from generation.face.regions import SHIFT, spline

Profile = Callable[[np.ndarray], np.ndarray]
"""A line's weight by the way along it, both 0 to 1."""


def swelling(t: np.ndarray) -> np.ndarray:
    """A pen pressed down in the middle of its way."""
    return np.asarray(np.sin(np.pi * np.clip(t, 0.02, 0.98)) ** 0.7)


def fading(t: np.ndarray) -> np.ndarray:
    """A pen lifted towards the end."""
    return np.asarray(np.clip(t / 0.06, 0.3, 1) * (1 - t) ** 0.7)


class Board:
    """A box of a picture, drawn `times` larger and averaged when it is done."""

    def __init__(self, picture: np.ndarray, box: Box, times: int) -> None:
        self.box, self.times = box, times
        size = (box.width * times, box.height * times)
        part = np.ascontiguousarray(picture[box.rows_cols], np.float32)
        self.image: np.ndarray = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_LINEAR), np.float32)

    def done(self) -> np.ndarray:
        """(h, w, 3) float32, the box as drawn."""
        return resize(self.image, self.box.height, self.box.width)

    def mask(self, outline: np.ndarray, soft_px: float = 0) -> tuple[Box, np.ndarray]:
        """A filled outline (N, 2) px of the picture: its own box on the board, and what it covers of it."""
        at = (outline - self.box.origin + 0.5) * self.times - 0.5
        reach = 3 * soft_px * self.times + 2
        box = Box.around(at, reach, self.image.shape[0], self.image.shape[1])
        drawn = np.zeros((box.height, box.width), np.uint8)
        corners = np.round((at - box.origin) * (1 << SHIFT)).astype(np.int32)
        cv2.fillPoly(drawn, [corners.reshape(-1, 1, 2)], (255,), cv2.LINE_AA, SHIFT)
        return box, blur(drawn.astype(np.float32) * np.float32(1 / 255), soft_px * self.times)

    def fill(
        self,
        outline: np.ndarray,
        colour: np.ndarray,
        alpha: float = 1.0,
        soft_px: float = 0,
        inside: np.ndarray | None = None,
    ) -> None:
        """Fill an outline with sRGB (3,); of another outline `inside` only what both share."""
        box, mask = self.mask(outline, soft_px)
        if inside is not None:
            mask = mask * self._same(inside, box)
        under = self.image[box.rows_cols]
        under += (mask * np.float32(alpha))[..., None] * (colour - under)

    def shade(self, outline: np.ndarray, colours: np.ndarray, up: np.ndarray, inside: np.ndarray) -> None:
        """Fill with a gradient of sRGB colours (N, 3), the first at the side that `up` (2,) points to."""
        box, mask = self.mask(outline)
        mask = mask * self._same(inside, box)
        heights = (outline - self.box.origin) @ up * self.times
        y, x = np.mgrid[0 : box.height, 0 : box.width].astype(np.float32)
        height = (x + box.x0) * np.float32(up[0]) + (y + box.y0) * np.float32(up[1])
        place = (heights.max() - height) / np.float32(max(float(np.ptp(heights)), 1e-3)) * (len(colours) - 1)
        low = np.clip(place.astype(np.int32), 0, len(colours) - 2)
        share = np.clip(place - low, 0, 1)[..., None]
        ramp = np.asarray(colours, np.float32)
        under = self.image[box.rows_cols]
        under += mask[..., None] * (ramp[low] + share * (ramp[low + 1] - ramp[low]) - under)

    def line(
        self,
        points: np.ndarray,
        width_px: float,
        colour: np.ndarray,
        profile: Profile = swelling,
        alpha: float = 1.0,
        inside: np.ndarray | None = None,
    ) -> None:
        """A pen line through points (N, 2) px of the picture."""
        path = spline(points, closed=False)
        if len(path) < 3:
            return
        way = np.gradient(path, axis=0)
        way /= np.linalg.norm(way, axis=1, keepdims=True) + 1e-6
        half = (0.5 * width_px * profile(np.linspace(0, 1, len(path))))[:, None]
        across = np.stack([-way[:, 1], way[:, 0]], 1) * half
        self.fill(np.vstack([path + across, (path - across)[::-1]]).astype(np.float32), colour, alpha, inside=inside)

    def _same(self, outline: np.ndarray, box: Box) -> np.ndarray:
        drawn = np.zeros((box.height, box.width), np.uint8)
        at = (outline - self.box.origin + 0.5) * self.times - 0.5
        corners = np.round((at - box.origin) * (1 << SHIFT)).astype(np.int32)
        cv2.fillPoly(drawn, [corners.reshape(-1, 1, 2)], (255,), cv2.LINE_AA, SHIFT)
        return drawn.astype(np.float32) * np.float32(1 / 255)


def ellipse(centre: np.ndarray, along: np.ndarray, half_along: float, half_across: float) -> np.ndarray:
    """An ellipse's outline (48, 2) px; `along` is a unit vector."""
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False, dtype=np.float32)[:, None]
    across = np.asarray([-along[1], along[0]], np.float32)
    ring: np.ndarray = centre + np.cos(turn) * along * half_along + np.sin(turn) * across * half_across
    return ring.astype(np.float32)
