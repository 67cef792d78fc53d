"""The picture at the size a medium is drawn at, with what a painter looks at first. Knows no medium."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, resize, smoothstep, to_oklab
from generation.face.regions import BROW_LEFT, BROW_RIGHT, EYE_LEFT, EYE_RIGHT, LIPS_OUTER, OVAL, fill_polygons, spline

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

NOSTRILS = (98, 97, 2, 326, 327, 294, 19, 64)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is drawn on.

    Args:
        pixels: (h, w, 3) float32 sRGB, the canvas made smaller.
        scale: of the sheet to the picture, at most 1.
        unit_px: the face's height on it.
        points: (478, 2) px, the landmarks on it.
        person, skin: (h, w). person: with what is worn; skin: of face, neck and hands, by its likeness to the face's.
        detail: (h, w), soft: eyes, brows, nostrils and mouth, where a likeness is won or lost.
        worn: (h, w): hats and glasses that other effects put on before.
    """

    pixels: np.ndarray
    scale: float
    unit_px: float
    points: np.ndarray
    person: np.ndarray
    skin: np.ndarray
    detail: np.ndarray
    worn: np.ndarray

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])


def sheet_of(scene: Scene, canvas: np.ndarray, side_px: float, hair: bool = False) -> Sheet:
    """The canvas with its longer side at most `side_px`; `hair`: the hair matte is known, and tells hair from skin."""
    height, width = canvas.shape[:2]
    scale = min(1.0, side_px / max(height, width))
    rows, columns = max(8, round(height * scale)), max(8, round(width * scale))
    small = resize(canvas, rows, columns)
    points = scene.face.points * np.float32(scale)
    unit = scene.face.height_px * scale
    person = resize(scene.person, rows, columns)
    detail = _detail(points, unit, (rows, columns))
    worn = _worn(scene, small, points, person)
    strands = resize(scene.hair, rows, columns) if hair else np.zeros_like(person)
    skin = _skin(scene, small, person * (1 - strands) * (1 - worn), detail)
    return Sheet(np.ascontiguousarray(small), scale, unit, points, np.maximum(person, worn), skin, detail, worn)


def grown(image: np.ndarray, scene: Scene) -> np.ndarray:
    """What was drawn on a sheet at the picture's size."""
    if image.shape[:2] == (scene.height, scene.width):
        return np.asarray(np.clip(image, 0, 1), np.float32)
    full = cv2.resize(image, (scene.width, scene.height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(full, 0, 1), np.float32)


def exposed(sheet: Sheet, scene: Scene, share: float = 0.6) -> np.ndarray:
    """The sheet's OKLab, a dim or glaring photo brought towards an evenly lit one.

    The darkest skin in good light has a lightness of about 0.42: only below that is a photo dim.
    """
    lab = to_oklab(sheet.pixels)
    own = float(np.clip(scene.complexion.lightness, 0.12, 0.95))
    wanted = own + share * (max(0.42 - own, 0.0) + min(0.84 - own, 0.0))
    if abs(wanted - own) > 0.005:
        power = float(np.log(wanted) / np.log(own))
        lightness = np.clip(lab[..., 0], 1e-4, 1)
        lab[..., 1:] *= np.clip(lightness ** np.float32(power - 1), 0.6, 1.5)[..., None]
        lab[..., 0] = lightness ** np.float32(power)
    return lab


def _worn(scene: Scene, small: np.ndarray, points: np.ndarray, person: np.ndarray) -> np.ndarray:
    """What other effects have laid over the photo: other than the photo, and without its fine forms.

    Dye and make-up keep the forms. Where most of the background is new, what is worn before it cannot be told from it.
    """
    photo = resize(scene.pixels, *small.shape[:2]).astype(np.float32) * np.float32(1 / 255)
    other = np.abs(small - photo).max(2)
    if float(other.max()) < 0.06:
        return np.zeros_like(person)
    unit = float(np.linalg.norm(points[10] - points[152]))
    first, second = (cv2.cvtColor(each, cv2.COLOR_RGB2GRAY) for each in (small, photo))
    first, second = first - blur(first, 0.02 * unit), second - blur(second, 0.02 * unit)
    both, one, two = (blur(each, 0.018 * unit) for each in (first * second, first * first, second * second))
    alike = both / np.sqrt(one * two + np.float32(1e-9))
    lens = fill_polygons(person.shape, [spline(points[list(OVAL)])]) * smoothstep(other, 0.38, 0.5)
    worn = smoothstep(other, 0.06, 0.14) * np.maximum(smoothstep(alike, 0.6, 0.3), lens)
    eyes = fill_polygons(person.shape, [spline(points[list(part)]) for part in (EYE_RIGHT, EYE_LEFT)])
    liner = smoothstep(blur(eyes, 0.02 * unit), 0.10, 0.25) * smoothstep(other, 0.5, 0.3)
    worn = smoothstep(blur(worn * (1 - liner), 0.006 * unit), 0.35, 0.65)
    if float((worn * (1 - person)).sum()) > 0.5 * float((1 - person).sum()):
        worn = worn * person
    return np.asarray(worn, np.float32)


def _detail(points: np.ndarray, unit_px: float, shape: tuple[int, int]) -> np.ndarray:
    parts = (EYE_RIGHT, EYE_LEFT, BROW_RIGHT, BROW_LEFT, LIPS_OUTER, NOSTRILS)
    drawn = fill_polygons(shape, [spline(points[list(part)]) for part in parts])
    return np.asarray(np.clip(1.4 * blur(drawn, 0.018 * unit_px), 0, 1), np.float32)


def _skin(scene: Scene, small: np.ndarray, person: np.ndarray, detail: np.ndarray) -> np.ndarray:
    """Everything of the person with the face's colour; on the face whatever is not a feature or lies over it."""
    away = to_oklab(small) - scene.complexion.tone
    far = (away[..., 0] / 0.22) ** 2 + (away[..., 1] / 0.035) ** 2 + (away[..., 2] / 0.035) ** 2
    likeness = np.exp(-np.maximum(far - 1.0, 0) / 3)
    likeness *= _of_skins_hue(away[..., 1:] + scene.complexion.tone[1:], scene)
    whole = np.zeros((scene.height, scene.width), np.float32)
    whole[scene.near.rows_cols] = np.maximum(scene.skin, 0)
    face = resize(whole, *person.shape)
    likeness = np.maximum(likeness, _neck(scene, small.shape) * shaded_skin(to_oklab(small), scene.complexion.tone))
    rest = likeness * (1 - np.clip(detail, 0, 1))
    return np.asarray(np.maximum(face, smoothstep(rest, 0.25, 0.7)) * person, np.float32)


def _of_skins_hue(ab: np.ndarray, scene: Scene) -> np.ndarray:
    """Grey cloth is no skin, nor is pale cloth of another hue; about the face, in shade, another hue may be skin.

    Args:
        ab: (h, w, 2) of OKLab.
    """
    tone = scene.complexion.tone[1:]
    own = float(np.hypot(*tone))
    if own <= 0.015:
        return np.ones(ab.shape[:2], np.float32)
    scale = np.float32(ab.shape[1] / scene.width)
    face = fill_polygons(ab.shape[:2], [spline(scene.face.points[list(OVAL)] * scale)])
    face = blur(face, 0.10 * scene.face.height_px * float(scale))
    towards = smoothstep((ab[..., 0] * tone[0] + ab[..., 1] * tone[1]) / np.float32(own * own), 0.45, 0.7)
    coloured = smoothstep(np.hypot(ab[..., 0], ab[..., 1]) / np.float32(own), 0.45, 0.7)
    return np.asarray(towards + smoothstep(face, 0.02, 0.3) * (coloured - towards), np.float32)


def shaded_skin(lab: np.ndarray, tone: np.ndarray) -> np.ndarray:
    """Whatever has a skin's hue, however dark: skin in deep shade, where its likeness ends. (h, w) float32."""
    light = np.maximum(lab[..., 0], 0.08)
    away = np.hypot(lab[..., 1] / light - tone[1] / tone[0], lab[..., 2] / light - tone[2] / tone[0])
    darker = smoothstep(light / np.float32(tone[0]), 1.15, 0.95)
    lit = smoothstep(light / np.float32(tone[0]), 0.34, 0.46)  # blacker than that it is black cloth
    return np.asarray(smoothstep(away, 0.13, 0.06) * lit * darker, np.float32)


def _neck(scene: Scene, shape: tuple[int, ...]) -> np.ndarray:
    """(h, w): the shade under the chin, softly."""
    scale = shape[1] / scene.width
    unit = scene.face.height_px * scale
    centre = (scene.face.points[152] - scene.face.up * np.float32(0.10 * scene.face.height_px)) * np.float32(scale)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    far = np.hypot((x - centre[0]) / 1.25, y - centre[1]) / np.float32(unit)
    return smoothstep(far, 0.42, 0.24)
