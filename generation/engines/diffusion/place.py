"""A painted head laid back into the photo it was cut from: tone, sharpness and border. Knows no model and no face."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from generation.engines.diffusion.cut import Crop, of_centres

BORDER = 0.1
"""Of the crop's shorter side: as wide the painted goes over into the photo."""

MOST_TONE = 0.12
"""Of the range: models shift tones by less; a larger difference was wanted, or is not the same thing."""

ALIKE = 0.04
"""Of the range: where the painted differs by less from the photo, it shows the same."""

SAMPLES = 20_000
"""Pixels of the border that its tone is measured on."""

ROUNDS = 8
"""Of the measurement, each trusting less what the one before found to differ."""

STIFF = 1e-3
"""How much variance the border must show before contrast, too, is matched."""


@dataclass(frozen=True, eq=False)
class Place:
    """Args:
    photo: (H, W, 3) uint8 sRGB.
    crop: what of it was painted.
    face: x0, y0, x1, y1 px in the photo.
    """

    photo: np.ndarray
    crop: Crop
    face: tuple[int, int, int, int] | None

    @property
    def whole(self) -> bool:
        """Nothing of the photo is left around the painted."""
        height, width = self.photo.shape[:2]
        return self._window == (0, 0, width, height) and bool(self._inside.all())

    def lay(self, painted: np.ndarray) -> np.ndarray:
        """(H, W, 3) uint8: the photo with the painted crop in its place; every pixel around it as it was.

        The painted gets the tones that the photo has along the border. What the canvas was too coarse for comes back
        from the photo where both show the same, so that nobody sees by the sharpness what was painted.

        Args:
            painted: (height, width, 3) uint8, the crop at any size.
        """
        x0, y0, x1, y1 = self._window
        photo = self.photo[y0:y1, x0:x1].astype(np.float32) / 255
        size = painted.shape[1], painted.shape[0]
        weight = self._weight()
        coarse, new = (self._placed(cut) for cut in (self.crop.cut(self.photo, size), painted))
        new += _tone(coarse, new, (weight > 0) & (weight < 1))
        new += _likeness(coarse, new) * (photo - coarse)
        photo += weight[..., None] * (new - photo)
        result = self.photo.copy()
        laid = np.rint(photo.clip(0, 1) * 255).astype(np.uint8)
        result[y0:y1, x0:x1] = np.where(weight[..., None] > 0, laid, self.photo[y0:y1, x0:x1])
        return result

    @cached_property
    def _window(self) -> tuple[int, int, int, int]:
        """x0, y0, x1, y1 px: the upright rectangle of the photo around the crop."""
        down = np.asarray([-self.crop.right[1], self.crop.right[0]])
        half = (np.abs(self.crop.right) * self.crop.width_px + np.abs(down) * self.crop.height_px) / 2
        size = self.photo.shape[1], self.photo.shape[0]
        x0, y0 = np.clip(np.floor(self.crop.middle - half + 0.01), 0, size).astype(int)
        x1, y1 = np.clip(np.ceil(self.crop.middle + half - 0.01), 0, size).astype(int)
        return int(x0), int(y0), int(x1), int(y1)

    @cached_property
    def _inside(self) -> np.ndarray:
        """(h, w) bool: the window's pixels that lie in the crop."""
        x0, y0, x1, y1 = self._window
        to_unit = self.crop.to((1, 1))
        x, y = np.arange(x0, x1) + 0.5, np.arange(y0, y1)[:, None] + 0.5
        across, along = (row[0] * x + row[1] * y + row[2] for row in to_unit[:2])
        return np.asarray((across > 0) & (across < 1) & (along > 0) & (along < 1))

    def _weight(self) -> np.ndarray:
        """(h, w) float32: 1 inside, softly down to 0 at the crop's sides; not where the photo itself ends."""
        x0, y0, x1, y1 = self._window
        height, width = self.photo.shape[:2]
        open_sides = [[y0 > 0, y1 < height], [x0 > 0, x1 < width]]
        inside = np.pad(self._inside.astype(np.uint8), [[int(side) for side in pair] for pair in open_sides])
        far = cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        far = far[int(y0 > 0) :, int(x0 > 0) :][: y1 - y0, : x1 - x0]
        share = np.clip((far - 1) / (BORDER * min(self.crop.width_px, self.crop.height_px)), 0, 1)
        return np.asarray(share * share * (3 - 2 * share), np.float32)

    def _placed(self, cut: np.ndarray) -> np.ndarray:
        """(h, w, 3) float32, 0 to 1: a cut of any size where it belongs in the window."""
        x0, y0, x1, y1 = self._window
        smaller = min(1.0, self.crop.height_px / cut.shape[0])
        if smaller < 1:  # a warp alone would alias
            size = round(cut.shape[1] * smaller), round(cut.shape[0] * smaller)
            cut = cv2.resize(cut, size, interpolation=cv2.INTER_AREA)
        to_cut = self.crop.to((cut.shape[1], cut.shape[0]))
        to_window = np.asarray([[1, 0, -x0], [0, 1, -y0], [0, 0, 1]]) @ np.linalg.inv(to_cut)
        placed = cv2.warpAffine(
            cut,
            of_centres(to_window)[:2],
            (x1 - x0, y1 - y0),
            flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return np.asarray(placed, np.float32) / 255


def _likeness(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """(h, w, 1) float32, 0 to 1: how far both show the same, by their blurred difference."""
    side = max(3, min(old.shape[:2]) // 100)
    apart = cv2.blur(np.abs(new - old).max(2), (side, side))
    return np.asarray(np.exp(-((apart / ALIKE) ** 2))[..., None], np.float32)


def _tone(old: np.ndarray, new: np.ndarray, border: np.ndarray) -> np.ndarray:
    """(h, w, 3) float32 to be added to `new`: the difference along the border, as it goes on across the whole.

    For each channel old - new = a·new + b + c·x + d·y, by iteratively reweighted least squares: what differs much
    there, hair of another colour perhaps, says nothing of the tone.
    """
    rows, columns = np.nonzero(border)
    if len(rows) < SAMPLES // 100:
        return np.zeros_like(new)
    some = slice(None, None, max(1, len(rows) // SAMPLES))
    at = rows[some], columns[some]
    y, x = (np.linspace(-1, 1, side, dtype=np.float32) for side in new.shape[:2])
    tone = np.empty_like(new)
    for channel in range(3):
        seen = new[..., channel]
        mean = seen[at].mean()
        terms = np.stack([seen[at] - mean, np.ones(len(at[0])), x[at[1]], y[at[0]]], 1)
        a, b, c, d = _fitted(terms, old[..., channel][at] - seen[at])
        tone[..., channel] = a * (seen - mean) + b + c * x + d * y[:, None]
    return tone.clip(-MOST_TONE, MOST_TONE, out=tone)


def _fitted(terms: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """(4,) factors of (N, 4) terms that sum up to (N,) wanted, but for what differs much (Geman and McClure)."""
    factors = np.asarray([0, np.median(wanted), 0, 0])
    for _ in range(ROUNDS):
        trust = 1 / (1 + ((terms @ factors - wanted) / ALIKE) ** 2) ** 2
        weighted = terms * trust[:, None]
        stiff = np.diag([1.0, 0.0, 1.0, 1.0]) * STIFF * len(wanted)
        factors = np.linalg.solve(weighted.T @ terms + stiff + np.eye(4) * 1e-6, weighted.T @ wanted)
    return factors
