"""How a face looks in its photo: light, sharpness, and whether mouth and eyes are there to be seen. Knows no verdict.

Everything is measured on the face cut out upright at one size, so that it means the same in every photo.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from generation.face import regions
from generation.face.face import Face
from generation.face.mesh import crop_of_mesh

SIDE_PX = 256
"""Of the cut-out, which is half again as large as the face: its eyes are some 60 px apart."""

CHIN = (32, 194, 201, 200, 421, 418, 262, 369, 396, 175, 171, 140)
MOUTH_LINE = ((78, 78), (81, 178), (13, 14), (311, 402), (308, 308))
"""Pairs above and below the line where the lips meet, from corner to corner."""

WEIGHTS = np.asarray([0.5, 2.0, 2.0], np.float32)
"""Of OKLab's differences: hue tells cloth from skin, lightness rather tells light from shadow."""

# Björn Ottosson, "A perceptual color space for image processing" (OKLab).
_TO_LMS = np.asarray(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float32,
)
_TO_LAB = np.asarray(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)


@dataclass(frozen=True)
class Look:
    """What was seen. Properties are measured when asked for.

    Args:
        square: (256, 256, 3) uint8 sRGB, the face upright.
        points: (478, 2) float32 px in `square`.
    """

    square: np.ndarray
    points: np.ndarray

    @cached_property
    def highlights(self) -> float:
        """The 95th percentile of the face's grey values, 0 to 255."""
        return float(np.percentile(self._grey[self._face], 95))

    @cached_property
    def signal(self) -> float:
        """The face's contrast over its noise; the noise by the median Laplacian, which few edges reach."""
        low, high = np.percentile(self._grey[self._face], [5, 95])
        noise = 1.4826 * float(np.median(np.abs(self._laplacian[self._face]))) / np.sqrt(20)
        return float((high - low) / (noise + 0.5))

    @cached_property
    def clipped(self) -> float:
        """The share of the face that is burnt out to white."""
        return float((self.square[self._face].min(axis=1) >= 250).mean())

    @cached_property
    def sharpness(self) -> float:
        """Variance of the Laplacian at equal contrast. Soft: 13 to 120; badly blurred: below 14."""
        return self._sharpness_in(cv2.erode(self._face.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0)

    @cached_property
    def eyes_open(self) -> float:
        """Height over width of the wider open eye; closed 0.05, usual 0.2 to 0.6."""
        return max(self._opening(33, 133, 159, 145), self._opening(263, 362, 386, 374))

    @property
    def mouth_hidden(self) -> bool:
        """A mask or a hand: no lips, no line where they meet, and a colour that is not the forehead's.

        A beard has another colour too, but lips and their line show in it. Open mouths are not judged, nor are
        soft photos, by the eyes: a mask is so plain that it lowers the sharpness of the whole face.
        """
        if self._span(13, 14) > 0.1 * self._eyes_px or self._sharpness_in(self._eye_band) < 125:
            return False
        lips, around = self._lips_and_around
        above = self._colour(regions.FOREHEAD, regions.NOSE_BRIDGE)
        other = min(_difference(around, above), _difference(self._colour(CHIN), above))
        return _difference(lips, around) < 0.05 and other > 0.045 and self._mouth_line < 0.11

    @property
    def eyes_hidden(self) -> bool:
        """Dark glasses: under both eyes it is far darker than on the cheeks, or darker and the eyes show nothing.

        0.42 in lightness is a thirteenth of the light; a cap's shadow in the sun takes a tenth at most. Mirrored
        glasses pass, and clear ones of course.
        """
        cheeks = float(self._colour(regions.CHEEK_RIGHT, regions.CHEEK_LEFT)[0])
        under = max(self._under(regions.EYE_RIGHT), self._under(regions.EYE_LEFT)) / max(cheeks, 0.05)
        inside = max(self._range(regions.EYE_RIGHT), self._range(regions.EYE_LEFT))
        return under < 0.42 or (under < 0.5 and inside < 0.15) or (under < 0.72 and inside < 0.1 and cheeks > 0.4)

    @cached_property
    def _eye_band(self) -> np.ndarray:
        """Both eyes, both brows and what lies between them."""
        parts = (regions.EYE_RIGHT, regions.EYE_LEFT, regions.BROW_RIGHT, regions.BROW_LEFT)
        return self._inside(cv2.convexHull(np.vstack([self._at(part) for part in parts]))[:, 0])

    def _sharpness_in(self, where: np.ndarray) -> float:
        if not where.any():
            return 0.0
        contrast = float(self._grey[where].std()) + 1e-3
        return float((self._laplacian[where] * (50 / contrast)).var())

    @cached_property
    def _grey(self) -> np.ndarray:
        return cv2.cvtColor(self.square, cv2.COLOR_RGB2GRAY).astype(np.float32)

    @cached_property
    def _laplacian(self) -> np.ndarray:
        return np.asarray(cv2.Laplacian(self._grey, cv2.CV_32F))

    @cached_property
    def _lab(self) -> np.ndarray:
        linear = (self.square.astype(np.float32) / 255) ** 2.2
        lms = np.cbrt(cv2.transform(linear, _TO_LMS))
        return cv2.GaussianBlur(cv2.transform(lms, _TO_LAB), (0, 0), 1.0)

    @cached_property
    def _face(self) -> np.ndarray:
        return self._inside(regions.spline(self._at(regions.OVAL)))

    @cached_property
    def _eyes_px(self) -> float:
        return float(np.linalg.norm(self.points[[33, 133]].mean(0) - self.points[[263, 362]].mean(0)))

    @cached_property
    def _up(self) -> np.ndarray:
        axis = self.points[10] - self.points[152]
        return np.asarray(axis / np.linalg.norm(axis))

    @cached_property
    def _lips_and_around(self) -> tuple[np.ndarray, np.ndarray]:
        """The colours of the lips and of a ring around them."""
        outline = self._at(regions.LIPS_OUTER)
        middle = outline.mean(0)
        lips = self._inside(regions.spline(outline))
        wide, narrow = (self._inside(regions.spline(middle + (outline - middle) * scale)) for scale in (1.55, 1.15))
        return self._median(lips), self._median(wide & ~narrow)

    @cached_property
    def _mouth_line(self) -> float:
        """Range of the lightness across the line where the lips meet, averaged along the line."""
        middles = np.asarray([(self.points[above] + self.points[below]) / 2 for above, below in MOUTH_LINE])
        along = np.linspace(0.12, 0.88, 21)
        line = np.stack([np.interp(along, np.linspace(0, 1, 5), middles[:, axis]) for axis in (0, 1)], 1)
        steps = np.arange(-8, 9)[:, None, None] * (0.02 * self._eyes_px * self._up)
        places = (line[None] + steps).astype(np.float32)
        profile = cv2.remap(self._lab[..., 0], places[..., 0], places[..., 1], cv2.INTER_LINEAR).mean(axis=1)
        return float(np.ptp(profile))

    def _at(self, landmarks: tuple[int, ...]) -> np.ndarray:
        return self.points[list(landmarks)]

    def _span(self, one: int, other: int) -> float:
        return float(np.linalg.norm(self.points[one] - self.points[other]))

    def _opening(self, outer: int, inner: int, upper: int, lower: int) -> float:
        return self._span(upper, lower) / max(self._span(outer, inner), 1e-3)

    def _inside(self, *polygons: np.ndarray) -> np.ndarray:
        return regions.fill_polygons(self.square.shape, polygons) > 0.5

    def _median(self, where: np.ndarray) -> np.ndarray:
        return np.asarray(np.median(self._lab[where], axis=0)) if where.any() else np.zeros(3)

    def _colour(self, *patches: tuple[int, ...]) -> np.ndarray:
        return self._median(self._inside(*(self._at(patch) for patch in patches)))

    def _under(self, eye: tuple[int, ...]) -> float:
        """The lightness just below an eye."""
        outline = self._at(eye)
        middle = outline.mean(0)
        below = self._inside(regions.spline(outline - self._up * 0.16 * self._eyes_px))
        near = self._inside(regions.spline(middle + (outline - middle) * 1.15))
        return float(self._median(below & ~near)[0])

    def _range(self, eye: tuple[int, ...]) -> float:
        """From dark to light within an eye."""
        inside = self._inside(regions.spline(self._at(eye)))
        return float(np.ptp(np.percentile(self._lab[inside, 0], [5, 95]))) if inside.sum() > 8 else 0.0


def look_at(pixels: np.ndarray, face: Face) -> Look:
    """Cut the face out upright. pixels: (H, W, 3) uint8 sRGB."""
    crop = crop_of_mesh(face.landmarks)
    to_photo = crop.to_photo(SIDE_PX)
    points = (face.points - to_photo[:, 2]) @ np.linalg.inv(to_photo[:, :2]).T
    return Look(crop.cut(pixels, SIDE_PX), points.astype(np.float32))


def _difference(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.linalg.norm((one - other) * WEIGHTS))
