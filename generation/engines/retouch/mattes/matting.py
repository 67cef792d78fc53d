"""Closed-form matting without a matrix: alpha from a photo, a trimap and a soft guess. Knows no person.

Levin, Lischinski, Weiss 2008 assume that in every small window alpha is a linear function of colour.
He, Sun, Tang 2010 ("Fast matting using large kernel matting Laplacian matrices") solve that by
conjugate gradients in which the matrix is only ever applied, by box filters.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from generation.engines.retouch.colour import resize


@dataclass(frozen=True)
class Lines:
    """The photo's windows: for each, what is needed to fit `alpha = slope . colour + offset` in it.

    Args:
        colour: three (h, w) float32, 0 to 1.
        mean: three (h, w) window means of them.
        inverse: six (h, w), the inverse of the windows' covariance: 00 01 02 11 12 22.
        count: (h, w), the share of the window that lies inside the picture.
    """

    colour: tuple[np.ndarray, ...]
    mean: tuple[np.ndarray, ...]
    inverse: tuple[np.ndarray, ...]
    count: np.ndarray
    radius: int

    def averaged(self, alpha: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
        """Slopes and offset of the best line in every window, summed over all windows that contain a pixel.

        Divided by a whole window's size. They lie in arrays that the next call writes to: a new one for every
        step would cost as much as the step.
        """
        per, (spare, offset, *slopes) = self._per_window, self._spare
        self._box(alpha, offset)
        offset *= per
        covariances = self._covariances
        for colour, mean, covariance in zip(self.colour, self.mean, covariances, strict=True):
            self._box(np.multiply(colour, alpha, out=spare), covariance)
            covariance *= per
            covariance -= np.multiply(mean, offset, out=spare)
        i00, i01, i02, i11, i12, i22 = self.inverse
        for row, slope, mean in zip(
            ((i00, i01, i02), (i01, i11, i12), (i02, i12, i22)), slopes, self.mean, strict=True
        ):
            np.multiply(row[0], covariances[0], out=slope)
            slope += np.multiply(row[1], covariances[1], out=spare)
            slope += np.multiply(row[2], covariances[2], out=spare)
            offset -= np.multiply(slope, mean, out=spare)
        for plane in (offset, *slopes):
            self._box(plane, plane)
        return slopes, offset

    def misfit(self, alpha: np.ndarray) -> np.ndarray:
        """The matting Laplacian times alpha, divided by the window's size."""
        slopes, offset = self.averaged(alpha)
        out: np.ndarray = self.count * alpha
        out -= offset
        for slope, colour in zip(slopes, self.colour, strict=True):
            slope *= colour
            out -= slope
        return out

    @cached_property
    def _per_window(self) -> np.ndarray:
        return np.asarray(1 / self.count, np.float32)

    @cached_property
    def _spare(self) -> list[np.ndarray]:
        return [np.empty_like(self.count) for _ in range(5)]

    @cached_property
    def _covariances(self) -> list[np.ndarray]:
        return [np.empty_like(self.count) for _ in range(3)]

    def _box(self, plane: np.ndarray, into: np.ndarray) -> None:
        side = 2 * self.radius + 1
        cv2.boxFilter(plane, -1, (side, side), into, borderType=cv2.BORDER_CONSTANT)


def lines_of(image: np.ndarray, radius: int, tolerance: float) -> Lines:
    """The windows of an image (h, w, 3) float32, 0 to 1. tolerance: how far colours may stray from the line."""
    side = 2 * radius + 1
    planes = tuple(np.ascontiguousarray(image[..., channel]) for channel in range(3))

    def box(plane: np.ndarray) -> np.ndarray:
        return cv2.boxFilter(plane, -1, (side, side), borderType=cv2.BORDER_CONSTANT)

    count = box(np.ones_like(planes[0]))
    mean = tuple(box(plane) / count for plane in planes)
    eps = np.float32(tolerance * tolerance)
    pairs = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
    s00, s01, s02, s11, s12, s22 = (
        box(planes[i] * planes[j]) / count - mean[i] * mean[j] + (eps if i == j else 0) for i, j in pairs
    )
    c00, c01, c02 = s11 * s22 - s12 * s12, s02 * s12 - s01 * s22, s01 * s12 - s02 * s11
    c11, c12, c22 = s00 * s22 - s02 * s02, s01 * s02 - s00 * s12, s00 * s11 - s01 * s01
    determinant = s00 * c00 + s01 * c01 + s02 * c02
    inverse = tuple(cofactor / determinant for cofactor in (c00, c01, c02, c11, c12, c22))
    return Lines(planes, mean, inverse, count, radius)


def solve(lines: Lines, guess: np.ndarray, weight: np.ndarray, rounds: int) -> np.ndarray:
    """Minimise alpha' L alpha + weight (alpha - guess)^2, by conjugate gradients from the guess.

    Args:
        guess: (h, w) float32, 0 to 1.
        weight: (h, w) float32: large where the guess is known, small where it is only a hint.
    """
    scale = 1 / np.sqrt(weight + np.float32(0.5) * lines.count)  # a diagonal preconditioner, split to keep symmetry
    alpha = guess.copy()
    residual = -lines.misfit(alpha)  # weight * (guess - alpha) is 0 at the start
    ease = scale * scale
    way = ease * residual
    square = _dot(residual, way)
    for _ in range(rounds):
        if square <= 1e-9 * alpha.size:
            break
        pushed = lines.misfit(way)
        pushed += weight * way
        curvature = _dot(way, pushed)
        if curvature <= 0:  # what is left is rounding
            break
        step = np.float32(square / curvature)
        alpha += step * way
        pushed *= step
        residual -= pushed
        eased = np.multiply(ease, residual, out=pushed)
        following = _dot(residual, eased)
        way *= np.float32(following / square)
        way += eased
        square = following
    return alpha


def carry_over(lines: Lines, alpha: np.ndarray, image: np.ndarray) -> np.ndarray:
    """Alpha for a larger copy of the photo, by the lines fitted on the small one.

    Args:
        image: (H, W, 3) float32 or uint8, the same view as the lines were made of.

    Returns:
        (H, W) float32, not clipped.
    """
    height, width = image.shape[:2]
    slopes, offset = lines.averaged(alpha)
    scale = 1 / lines.count
    unit = np.float32(1 / 255 if image.dtype == np.uint8 else 1)
    out = resize(offset * scale, height, width)
    for channel, slope in enumerate(slopes):
        out += resize(slope * (scale * unit), height, width) * image[..., channel]
    return out


def _dot(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.vdot(a, b))
