"""An oil painting: broad strokes first, finer ones where the face needs them, thick paint that catches the light."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, resize, smoothstep
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.media.abstraction import flow
from generation.engines.retouch.media.film import clouds
from generation.engines.retouch.media.sheet import Sheet, exposed, grown, sheet_of
from generation.engines.retouch.media.strokes import bristles, numbered, painted, strewn, trace
from generation.engines.retouch.scene import Scene

NEEDS = ("person",)
WORK_PX = 1060
BRUSHES = ((0.060, 0.0), (0.030, 0.030), (0.0155, 0.042), (0.0085, 0.050), (0.0050, 0.060))
"""Half a brush's width in face heights, and how wrong (sRGB) a place must be to be painted over by it."""

LEAST_STEP_PX = 2.2
"""Between strokes, however fine the brush: closer ones only hide each other."""


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    brush: float = 1.0,
    impasto: float = 0.6,
    colour: float = 1.25,
) -> Layer:
    """The whole picture repainted with curved strokes in five sizes (after Hertzmann, "Painterly rendering", 1998).

    Args:
        brush: width of the brushes, 0.5 to 2. impasto: how thick the paint is, 0 to 1.
        colour: chroma, 1 is the photo's.
    """
    sheet = sheet_of(scene, canvas, WORK_PX)
    rng = np.random.default_rng(seed)
    lab = exposed(sheet, scene, 0.5)
    lab[..., 1:] *= np.float32(colour)
    # painters have no white as white as paper: lights are warm and a little broken
    lights = smoothstep(lab[..., 0], 0.82, 1.0)
    lab[..., 0] -= np.float32(0.06) * lights
    lab[..., 2] += np.float32(0.022) * lights
    model = from_oklab(lab)
    model += (np.float32(0.06) * (clouds(sheet.height, sheet.width, 9, seed) - 0.5))[..., None]
    picture, relief = _painted(sheet, model, brush, rng)
    thick = 1 - np.float32(0.4) * blur(
        np.maximum(sheet.skin, sheet.detail), 0.02 * sheet.unit_px
    )  # faces are painted thinly
    picture = _lit(picture, relief * thick, impasto * max(1.0, sheet.unit_px / 300))
    return Layer(Box.whole(scene.height, scene.width), grown(picture, scene), None)


def _painted(sheet: Sheet, model: np.ndarray, brush: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The picture and how thick the paint lies."""
    unit = max(sheet.unit_px, 0.22 * max(sheet.height, sheet.width)) * brush
    picture = blur(model, 0.05 * unit)
    relief = np.zeros(picture.shape[:2], np.float32)
    marks = bristles(rng)
    near = blur(np.maximum(sheet.skin, sheet.detail), 0.04 * unit)
    for number, (share, wrong) in enumerate(BRUSHES):
        half = max(share * unit, 1.1)
        aim = blur(model, 0.45 * half)
        at = strewn(sheet.height, sheet.width, max(1.15 * half, LEAST_STEP_PX), rng)
        if number:
            at = at[_wanted(sheet, aim, picture, near, at, wrong, number)]
        if not len(at):
            continue
        way = _flow(aim, max(1.5, 0.9 * half))
        strokes = trace(aim, way, at, half, 4.5 if number < 3 else 3.0, 0.30)
        strokes.colours[:] *= 1 + rng.normal(0, 0.022, (len(at), 1)).astype(np.float32)
        strokes.colours[:] += rng.normal(0, 0.010, (len(at), 3)).astype(np.float32)
        numbers = numbered(strokes, sheet.height, sheet.width)
        colours, heights, cover = painted(strokes, numbers, marks, rng)
        inside = numbers >= 0
        under = picture[inside]
        picture[inside] = under + cover[:, None] * (colours - under)
        low = relief[inside]
        relief[inside] = low + cover * (heights * np.float32(0.5 + 3.0 * half / unit) - low)
    return np.clip(picture, 0, 1), relief


def _flow(picture: np.ndarray, sigma_px: float) -> np.ndarray:
    """abstraction.flow, for broad brushes on a smaller copy."""
    step = max(1, int(sigma_px / 2.5))
    if step == 1:
        return flow(picture, sigma_px)
    height, width = picture.shape[:2]
    small = flow(resize(picture, max(8, height // step), max(8, width // step)), sigma_px / step)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST))


def _wanted(
    sheet: Sheet, aim: np.ndarray, picture: np.ndarray, near: np.ndarray, at: np.ndarray, wrong: float, number: int
) -> np.ndarray:
    """Which strokes are needed: where the painting is still wrong, the finest ones in the face alone."""
    error = cv2.blur(np.abs(aim - picture).sum(2), (3, 3))
    x, y = at.astype(int).T
    patience = 1.5 - 1.0 * near[y, x] - 0.3 * sheet.detail[y, x]
    wanted = error[y, x] > wrong * 2.2 * np.maximum(patience, 0.25)
    if number >= 3:
        wanted &= (near[y, x] > 0.25) | (error[y, x] > 0.30) & (sheet.person[y, x] > 0.3)
    if number >= 4:
        wanted &= sheet.detail[y, x] > 0.25
    return np.asarray(wanted, bool)


def _lit(picture: np.ndarray, relief: np.ndarray, amount: float) -> np.ndarray:
    """Light from the upper left on the paint's relief; less in the lightest tones, which would glare."""
    smooth = cv2.GaussianBlur(relief, (0, 0), 0.7)
    slope = -0.55 * cv2.Sobel(smooth, cv2.CV_32F, 1, 0) - 0.83 * cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    light = np.clip(slope * np.float32(-0.075 * amount), -0.10, 0.13)
    level = cv2.cvtColor(np.clip(picture, 0, 1), cv2.COLOR_RGB2GRAY)
    light *= 1 - np.float32(0.6) * smoothstep(level, 0.6, 0.95)
    return np.asarray(np.clip(picture * (1 + 1.1 * light[..., None]) + 0.35 * light[..., None], 0, 1), np.float32)
