"""Pixel art: a small true palette, ordered dither, a dark outline; eyes and mouth stay crisp."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, resize
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.media.abstraction import kuwahara
from generation.engines.retouch.media.sheet import exposed, sheet_of
from generation.engines.retouch.scene import Scene

NEEDS = ("person",)
FACE_PX = 46
"""How many of the large pixels a face is high, if the picture then has MOST of them at most."""
FEWEST, MOST = 84, 128
"""Large pixels along the picture's shorter side."""
BAYER = np.asarray([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / 16 - np.float32(0.47)
SAMPLES = 6000


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    colours: int = 22,
    dither: float = 0.7,
    outline: float = 0.8,
) -> Layer:
    """The whole picture in large pixels.

    Args:
        colours: of the palette, which is found in the photo (k-means in OKLab). dither: 0 to 1.
        outline: how dark the person's contour is.
    """
    height, width = canvas.shape[:2]
    across = float(np.clip(FACE_PX * min(height, width) / scene.face.height_px, FEWEST, MOST))
    size = min(height, width) / across
    rows, columns = max(8, round(height / size)), max(8, round(width / size))
    lab = _small(scene, canvas, rows, columns)
    person = resize(scene.person, rows, columns)
    weight = _importance(scene, rows, columns, person)
    palette = _palette(lab, weight, colours, seed)
    spacing = np.float32(0.075 * dither) * (1.1 - 0.75 * weight / weight.max())
    y, x = np.mgrid[0:rows, 0:columns]
    dithered = lab.copy()
    dithered[..., 0] += BAYER[y % 4, x % 4] * spacing
    picture = from_oklab(palette[_closest(dithered, palette)])
    picture *= 1 - np.float32(outline) * _outline(person)[..., None]
    full = cv2.resize(picture, (width, height), interpolation=cv2.INTER_NEAREST)
    return Layer(Box.whole(height, width), full, None)


def _small(scene: Scene, canvas: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """OKLab at the size of the large pixels, sharpened, with the dark lines of eyes and mouth kept."""
    sheet = sheet_of(scene, canvas, 4.0 * max(rows, columns))
    sheet = replace(sheet, pixels=kuwahara(sheet.pixels, 3))
    lab = exposed(sheet, scene, 0.6)
    calm = resize(lab, rows, columns)
    side = max(2, round(sheet.height / rows * 0.9))
    dark = resize(cv2.erode(lab[..., 0].copy(), np.ones((side, side), np.uint8)), rows, columns)
    detail = resize(sheet.detail, rows, columns)
    line = np.maximum(calm[..., 0] - dark, 0) * detail * np.float32(0.45)
    fine = calm[..., 0] - blur(np.ascontiguousarray(calm[..., 0]), 1.2)
    calm[..., 0] += fine * (np.float32(0.55) + np.float32(0.5) * detail) - line
    calm[..., 1:] *= np.float32(1.28)
    calm[..., 0] = np.clip(calm[..., 0], 0, 1)
    return np.asarray(calm, np.float32)


def _importance(scene: Scene, rows: int, columns: int, person: np.ndarray) -> np.ndarray:
    """How many of the palette's colours a place may claim: the face most."""
    whole = np.zeros((scene.height, scene.width), np.float32)
    whole[scene.near.rows_cols] = scene.face_oval
    face = resize(whole, rows, columns)
    return np.asarray(0.15 + 0.45 * person + 1.6 * face, np.float32)


def _palette(lab: np.ndarray, weight: np.ndarray, colours: int, seed: int) -> np.ndarray:
    """(colours, 3) OKLab: k-means of the picture, the important parts drawn more often."""
    rng = np.random.default_rng(seed)
    chances = weight.ravel().astype(np.float64)
    chosen = rng.choice(chances.size, SAMPLES, p=chances / chances.sum())
    points = lab.reshape(-1, 3)[chosen] * np.asarray([1, 2.2, 2.2], np.float32)
    cv2.setRNGSeed(seed & 0x7FFFFFFF)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 14, 1e-3)
    empty = np.zeros((SAMPLES, 1), np.int32)
    _, _, middles = cv2.kmeans(points, colours, empty, stop, 1, cv2.KMEANS_PP_CENTERS)
    return np.asarray(middles / np.asarray([1, 2.2, 2.2], np.float32), np.float32)


def _closest(lab: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """The palette's nearest colour to every pixel, (H, W) rows of the palette."""
    scale = np.asarray([1, 2.2, 2.2], np.float32)
    away = (lab * scale)[:, :, None] - (palette * scale)[None, None]
    return np.asarray((away * away).sum(3).argmin(2))


def _outline(person: np.ndarray) -> np.ndarray:
    """(H, W) float32: 1 on the person's outermost large pixels."""
    solid = (person > 0.5).astype(np.uint8)
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    return (solid - cv2.erode(solid, cross, borderValue=1)).astype(np.float32)
