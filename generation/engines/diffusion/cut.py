"""One crop around a face, upright: where it lies in the photo and how it is cut. Knows no model and no reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from generation.face.face import Face

LEVEL_DEG = 6.0
"""A head tilted less than this stays as it is; nobody holds one straighter."""


@dataclass(frozen=True, eq=False)
class Crop:
    """A rectangle in a photo, perhaps turned.

    Args:
        middle: (2,) px in the photo.
        right: (2,) unit vector in the photo, along the crop's upper edge.
        width_px, height_px: in the photo's px.
    """

    middle: np.ndarray
    right: np.ndarray
    width_px: float
    height_px: float

    def cut(self, pixels: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """(height, width, 3) uint8 of that size, (width, height) px. What lies beyond the photo is mirrored.

        A crop of another shape than `size` is stretched to it, which rounding to whole cells of a grid asks for.
        """
        smaller = min(1.0, size[1] / self.height_px)
        if smaller < 1:  # a warp alone would alias
            pixels = cv2.resize(pixels, None, fx=smaller, fy=smaller, interpolation=cv2.INTER_AREA)
        to_crop = self.to(size) @ np.diag([1 / smaller, 1 / smaller, 1.0])
        return cv2.warpAffine(
            pixels, of_centres(to_crop)[:2], size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101
        )

    def box(self, points: np.ndarray, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
        """x0, y0, x1, y1 px around (N, 2) points of the photo, in the cut of that size; None if nothing is in it."""
        to_crop = self.to(size)
        moved = points @ to_crop[:2, :2].T + to_crop[:2, 2]
        x0, y0 = np.clip(np.floor(moved.min(0)), 0, size).astype(int)
        x1, y1 = np.clip(np.ceil(moved.max(0)), 0, size).astype(int)
        return (int(x0), int(y0), int(x1), int(y1)) if x0 < x1 and y0 < y1 else None

    def to(self, size: tuple[int, int]) -> np.ndarray:
        """(3, 3): from the photo's px to those of the cut of that size, both measured from the upper left corner."""
        down = np.asarray([-self.right[1], self.right[0]])
        turn = np.stack([self.right * size[0] / self.width_px, down * size[1] / self.height_px])
        moved = np.eye(3)
        moved[:2, :2] = turn
        moved[:2, 2] = np.asarray(size) / 2 - turn @ self.middle
        return moved


def frame(face: Face, photo: tuple[int, ...], shape: float, faces_high: float, above: float) -> Crop:
    """A crop around a face, as large as wanted or as the photo has, and within it; a tilted head's is turned upright.

    Args:
        photo: the photo's shape, (height, width, 3).
        shape: width over height.
        faces_high: the height wanted, in faces from hairline to chin.
        above: how far down the crop the middle of the face is, 0 to 1.
    """
    level = abs(face.roll_deg) <= LEVEL_DEG
    right = np.asarray([1.0, 0.0]) if level else face.right.astype(np.float64)
    down = np.asarray([-right[1], right[0]])
    height = min(faces_high * face.height_px, photo[0], photo[1] / shape)
    width = height * shape
    middle = face.points[[10, 152]].mean(0).astype(np.float64) + down * (0.5 - above) * height
    half = np.asarray([width, height]) / 2
    middle = np.clip(middle, half, np.maximum(half, np.asarray([photo[1], photo[0]]) - half))
    return Crop(middle, right, width, height)


def of_centres(moved: np.ndarray) -> np.ndarray:
    """(3, 3): the same map as OpenCV wants it, which measures from the middle of the upper left pixel."""
    half = np.asarray([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    return np.asarray(np.linalg.inv(half) @ moved @ half)
