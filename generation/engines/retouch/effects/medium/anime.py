"""An anime portrait: flat skin in its own tones, hair in bands, large eyes, clean lines, a painted background.

It draws features where the mesh has them and everything else from the photo; it knows neither age nor sex.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, resize, smoothstep
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.lids import Eye, eyes_of
from generation.engines.retouch.media.abstraction import edges, flow, kuwahara, length, tones
from generation.engines.retouch.media.board import Board
from generation.engines.retouch.media.cel import Masks, cel_hair, cel_skin, eyes_to_draw, masks_of, skin_tone
from generation.engines.retouch.media.features import draw_brow, draw_eye, draw_mouth, draw_nose
from generation.engines.retouch.media.likeness import colours_of, mouth_of
from generation.engines.retouch.media.sheet import Sheet, exposed, grown, sheet_of
from generation.engines.retouch.scene import Scene
from generation.face.regions import OVAL

NEEDS = ("person", "hair")
WORK_PX = 1010
JAW = (454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234)


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    eyes: float = 1.45,
    lines: float = 0.9,
    blush: float = 0.35,
    background: float = 1.0,
) -> Layer:
    """The whole picture redrawn.

    Args:
        eyes: how much larger, 1 to 1.6. lines: how strong the pen is, 0 to 1. blush: on the cheeks, 0 to 1.
        background: how freely it is painted, 0 to 1.
    """
    sheet = sheet_of(scene, canvas, WORK_PX, hair=True)
    lab = exposed(sheet, scene, 0.5)
    seen = eyes_to_draw(scene)
    masks = masks_of(scene, sheet, lab, seen)
    drawn = _painted(sheet, lab, masks, background)
    tone = skin_tone(lab, masks, scene)
    shaded = cel_skin(sheet, lab, masks, tone, blush)
    drawn += masks.bare[..., None] * (shaded - drawn)
    drawn += masks.hair[..., None] * (cel_hair(sheet, lab, masks) - drawn)
    picture = from_oklab(drawn)
    picture = _inked(picture, sheet, lab, masks, lines)
    picture = _aglow(picture, sheet)
    picture = _with_features(picture, scene, sheet, lab, masks, seen, tone, eyes)
    return Layer(Box.whole(scene.height, scene.width), grown(picture, scene), None)


def _painted(sheet: Sheet, lab: np.ndarray, masks: Masks, background: float) -> np.ndarray:
    """Clothes in flat tones; what is behind in broad soft brushwork. OKLab."""
    unit = sheet.unit_px
    half = resize(lab, sheet.height // 2, sheet.width // 2)
    flat = resize(kuwahara(half, int(np.clip(round(unit / 130), 3, 6))), sheet.height, sheet.width)
    cloth = flat.copy()
    steps = tones(flat[..., 0], (0.17, 0.31, 0.46, 0.61, 0.76, 0.90), (0.13, 0.25, 0.39, 0.54, 0.69, 0.84, 0.96), 0.014)
    cloth[..., 0] += np.float32(0.8) * (steps - cloth[..., 0])
    strength = length(cloth[..., 1], cloth[..., 2]) + np.float32(1e-4)
    most = np.float32(0.05) + np.float32(0.17) * cloth[..., 0]
    cloth[..., 1:] *= (most * np.tanh(np.float32(1.25) * strength / most) / strength)[..., None]
    quarter = resize(lab, max(8, sheet.height // 4), max(8, sheet.width // 4))
    broad = kuwahara(kuwahara(quarter, 5), 4)
    behind = cv2.resize(broad, (sheet.width, sheet.height), interpolation=cv2.INTER_CUBIC)
    behind = flat + np.float32(background) * (behind - flat)
    behind[..., 1:] *= np.float32(1.30)
    behind[..., 0] = np.float32(0.05) + np.float32(0.95) * behind[..., 0]
    person = smoothstep(sheet.person, 0.35, 0.65)[..., None]
    return np.asarray(behind + person * (cloth - behind), np.float32)


def _inked(picture: np.ndarray, sheet: Sheet, lab: np.ndarray, masks: Masks, lines: float) -> np.ndarray:
    """Contours and folds, darker in their own hue; thicker on the side away from the light."""
    unit = sheet.unit_px
    tone = np.ascontiguousarray(lab[..., 0])
    even = tone / (blur(tone, 0.10 * unit) + np.float32(0.10)) * np.float32(0.62)
    way = flow(sheet.pixels, max(1.5, unit / 100))
    strokes = edges(even, way, float(np.clip(unit / 140, 1.2, 3.4)))
    fine = smoothstep(strokes, 0.026, 0.068)
    hands = sheet.skin * (1 - masks.face)
    on_face = masks.face * masks.bare
    share = np.clip(1 - 0.15 * hands - 0.10 * masks.hair, 0, 1) * (1 - on_face) * smoothstep(sheet.person, 0.3, 0.7)
    person = _contour(sheet.person, max(1.4, 0.0080 * unit), unit)
    hair = _contour(masks.hair, max(1.1, 0.0055 * unit), unit) * smoothstep(sheet.person, 0.5, 0.9)
    jaw = _jaw(sheet, masks)
    knuckles = smoothstep(strokes, 0.011, 0.029) * hands * smoothstep(sheet.person, 0.3, 0.7)
    fine = np.maximum(fine * share, np.float32(0.9) * knuckles)
    pen = np.maximum.reduce([fine * np.float32(0.85), person, hair, jaw]) * np.float32(lines)
    local = cv2.blur(picture, (5, 5))
    dark = local * np.asarray([0.30, 0.24, 0.27], np.float32) + np.asarray([0.035, 0.015, 0.02], np.float32)
    return np.asarray(picture + pen[..., None] * (dark - picture), np.float32)


def _aglow(picture: np.ndarray, sheet: Sheet) -> np.ndarray:
    """The soft light of painted film: bright parts spread a little, all is a little warmer."""
    spread = blur(resize(np.clip(picture, 0, 1), sheet.height // 4, sheet.width // 4), 0.022 * sheet.unit_px)
    light = resize(spread * spread, sheet.height, sheet.width)
    return np.asarray(1 - (1 - np.clip(picture, 0, 1)) * (1 - np.float32(0.10) * light), np.float32)


def _contour(mask: np.ndarray, width_px: float, unit: float) -> np.ndarray:
    """A line around a mask, of varying weight: heavier below and at the right."""
    soft = blur(mask, max(1.0, 0.012 * unit))
    solid = (soft > 0.5).astype(np.uint8)
    edge = cv2.morphologyEx(solid, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    edge[[0, -1]] = 0
    edge[:, [0, -1]] = 0
    far = cv2.distanceTransform(1 - edge, cv2.DIST_L2, 5)
    broad = blur(mask, 0.03 * unit)
    x, y = cv2.Sobel(broad, cv2.CV_32F, 1, 0), cv2.Sobel(broad, cv2.CV_32F, 0, 1)
    facing = -(0.55 * x + 0.83 * y) / (length(x, y) + np.float32(1e-4))
    half = np.float32(0.5 * width_px) * (np.float32(0.75) + np.float32(0.45) * blur(facing, 0.01 * unit))
    return smoothstep(half - cv2.GaussianBlur(far, (0, 0), 0.8), -0.8, 0.7)


def _jaw(sheet: Sheet, masks: Masks) -> np.ndarray:
    """The jaw's line, where there is skin on both sides of it."""
    blank = np.zeros((sheet.height, sheet.width, 3), np.float32)
    box = Box.around(sheet.points[list(JAW)], 0.05 * sheet.unit_px, sheet.height, sheet.width)
    board = Board(blank, box, 2)
    board.line(sheet.points[list(JAW)], 0.0115 * sheet.unit_px, np.ones(3, np.float32))
    line = np.zeros((sheet.height, sheet.width), np.float32)
    line[box.rows_cols] = board.done()[..., 0]
    skin = smoothstep(blur(masks.bare, 0.015 * sheet.unit_px), 0.55, 0.8)
    return np.asarray(line * skin * (1 - masks.hair) * (1 - masks.front))


def _with_features(
    picture: np.ndarray,
    scene: Scene,
    sheet: Sheet,
    lab: np.ndarray,
    masks: Masks,
    seen: dict[int, Eye],
    tone: np.ndarray,
    size: float,
) -> np.ndarray:
    """Eyes, brows, nose and mouth, behind whatever is before them."""
    unit, points = sheet.unit_px, sheet.points
    box = Box.around(points[list(OVAL)], 0.06 * unit, sheet.height, sheet.width)
    board = Board(picture, box, 2 if unit > 260 else 3)
    colours = colours_of(sheet, lab, tone, points)
    draw_nose(board, points, unit, colours)
    draw_mouth(board, points, unit, colours, mouth_of(sheet, lab, points))
    small = eyes_of(replace(scene.face, landmarks=scene.face.landmarks * np.float32(sheet.scale)))
    for side in seen:
        draw_brow(board, points, side, colours)
        draw_eye(board, small[side], colours, size)
    drawn = board.done()
    over = np.clip(1.25 * masks.front[box.rows_cols], 0, 1)
    over = np.maximum(over, masks.hair[box.rows_cols])
    part = picture[box.rows_cols]
    part += (1 - over)[..., None] * (drawn - part)
    return picture
