"""Plain OpenCV and NumPy versions of what the effects do, as a tutorial would write them: something to time beside.

They are honest in their steps (a mask, a blur, a blend on the whole picture) and say nothing of how it looks.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np

from generation.engines.retouch.effects import stages
from generation.face.regions import EYE_LEFT, EYE_RIGHT, LIPS_OUTER, OVAL
from generation.styles import Style

Work = Callable[[np.ndarray, np.ndarray], Any]
"""Takes pixels (H, W, 3) uint8 and landmarks (478, 2) px."""

PROTOTYPE_MS: Mapping[str, float] = MappingProxyType(
    {
        "natural": 257,
        "glam": 1040,
        "red-lips": 74,
        "goth": 2640,
        "vampire": 3170,
        "freckles": 24,
        "pink-hair": 1232,
        "larger-eyes": 54,
        "sharper-jaw": 54,
        "smile": 56,
        "blue-eyes": 292,
        "round-glasses": 370,
        "sunglasses": 370,
        "crown": 416,
        "witch-hat": 540,
        "top-hat": 540,
        "horns": 280,
        "elf-ears": 398,
        "hoops": 210,
        "choker": 275,
        "studio": 684,
        "blurred-background": 604,
        "cyberpunk": 2100,
        "pencil": 1260,
        "comic": 4170,
        "oil": 6200,
        "noir": 630,
        "vintage": 270,
        "anime": 4230,
        "zombie": 3970,
        "elf": 2100,
        "clown": 2100,
    }
)
"""What our own first prototype took for the same look at 1080 by 1350 px on two cores, without finding the face and
without reading and writing the file. Measured once, 2026-11-22."""


def plain_version(style: Style) -> Work:
    """One plain step for each stage the style has."""
    works = [STAGES[stage] for stage in dict.fromkeys(stages()[step.effect] for step in style.steps)]

    def draw(pixels: np.ndarray, points: np.ndarray) -> None:
        for work in works:
            work(pixels, points)

    return draw


def _polygon_mask(pixels: np.ndarray, points: np.ndarray, *regions: tuple[int, ...]) -> np.ndarray:
    mask = np.zeros(pixels.shape[:2], np.uint8)
    for region in regions:
        cv2.fillPoly(mask, [points[list(region)].astype(np.int32)], 255)
    return cv2.GaussianBlur(mask, (0, 0), max(1.0, pixels.shape[1] / 200)).astype(np.float32)[..., None] / 255


def _blend(pixels: np.ndarray, other: Any, mask: np.ndarray, share: float = 0.6) -> np.ndarray:
    return np.asarray(pixels + mask * share * (np.asarray(other, np.float32) - pixels)).astype(np.uint8)


def _skin(pixels: np.ndarray, points: np.ndarray) -> np.ndarray:
    smooth = cv2.bilateralFilter(pixels, 15, 40, 15)
    return _blend(pixels, smooth, _polygon_mask(pixels, points, OVAL))


def _makeup(pixels: np.ndarray, points: np.ndarray) -> np.ndarray:
    lips = _blend(pixels, (120, 20, 60), _polygon_mask(pixels, points, LIPS_OUTER))
    return _blend(lips, (60, 30, 60), _polygon_mask(pixels, points, EYE_LEFT, EYE_RIGHT))


def _hair(pixels: np.ndarray, points: np.ndarray) -> np.ndarray:
    person = _grab_cut(pixels, points)
    hair = np.clip(person - _polygon_mask(pixels, points, OVAL), 0, 1)
    hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV)
    hsv[..., 0], hsv[..., 1] = 165, 160
    return _blend(pixels, cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), hair)


def _backdrop(pixels: np.ndarray, points: np.ndarray) -> np.ndarray:
    blurred = cv2.GaussianBlur(pixels, (0, 0), pixels.shape[1] / 60)
    return _blend(pixels, blurred, 1 - _grab_cut(pixels, points), 1.0)


def _grab_cut(pixels: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(H, W, 1): OpenCV's stock way to cut somebody out, at a quarter of the size as everybody runs it."""
    small = cv2.resize(pixels, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    mask = np.full(small.shape[:2], cv2.GC_PR_BGD, np.uint8)
    x0, y0 = np.maximum(points.min(0) / 4 - 20, 0).astype(int)
    x1, y1 = (points.max(0) / 4 + 20).astype(int)
    mask[y0 : y1 + 60, x0:x1] = cv2.GC_PR_FGD
    cv2.grabCut(small, mask, None, np.zeros((1, 65)), np.zeros((1, 65)), 3, cv2.GC_INIT_WITH_MASK)
    person = ((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)).astype(np.float32)
    person = cv2.resize(person, pixels.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return cv2.GaussianBlur(person, (0, 0), 4)[..., None]


def _shape(pixels: np.ndarray, points: np.ndarray) -> np.ndarray:
    y, x = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]].astype(np.float32)
    for centre in (points[468], points[473]):
        away = np.exp(-((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / (2 * (0.06 * pixels.shape[1]) ** 2))
        x, y = x - 0.2 * away * (x - centre[0]), y - 0.2 * away * (y - centre[1])
    return cv2.remap(pixels, x, y, cv2.INTER_CUBIC)


def _worn(pixels: np.ndarray, points: np.ndarray) -> np.ndarray:
    cover, colour = np.zeros(pixels.shape[:2], np.uint8), np.full_like(pixels, 20)
    radius = int(np.linalg.norm(points[468] - points[473]) * 0.4)
    for centre in (points[468], points[473]):
        cv2.circle(cover, tuple(int(value) for value in centre), radius, 255, max(2, radius // 8), cv2.LINE_AA)
    shadow = cv2.GaussianBlur(cover, (0, 0), radius / 8).astype(np.float32)[..., None] / 255
    return _blend(_blend(pixels, 0, shadow, 0.3), colour, cover.astype(np.float32)[..., None] / 255, 1.0)


def _light(pixels: np.ndarray, points: np.ndarray) -> np.ndarray:
    x = np.linspace(-1, 1, pixels.shape[1], dtype=np.float32)[None, :, None]
    lit = pixels * (1 + 0.3 * x) * np.asarray([1.1, 1.0, 0.9], np.float32)
    return _blend(
        pixels, np.clip(lit, 0, 255), cv2.GaussianBlur(_polygon_mask(pixels, points, OVAL), (0, 0), 20)[..., None]
    )


def _medium(pixels: np.ndarray, points: np.ndarray) -> Any:
    return cv2.stylization(pixels, sigma_s=45, sigma_r=0.4)


def _finish(pixels: np.ndarray, points: np.ndarray) -> np.ndarray:
    glow = cv2.GaussianBlur(pixels, (0, 0), pixels.shape[1] / 40)
    table = np.clip(255 * (np.arange(256) / 255) ** 0.9, 0, 255).astype(np.uint8)
    return cv2.addWeighted(cv2.LUT(pixels, table), 0.8, glow, 0.2, 0)


STAGES: Mapping[str, Work] = MappingProxyType(
    {
        "shape": _shape,
        "skin": _skin,
        "makeup": _makeup,
        "paint": _makeup,
        "hair": _hair,
        "backdrop": _backdrop,
        "light": _light,
        "worn": _worn,
        "medium": _medium,
        "finish": _finish,
    }
)
