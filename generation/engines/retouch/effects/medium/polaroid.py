"""An instant photo: faded chemistry, soft flash, a white frame with a wide foot, as large as the photo was."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, parse_colour, parse_rgb, resize, smoothstep, to_oklab
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.media.film import bloom, clouds, grain, screen, vignette
from generation.engines.retouch.scene import Scene

MARGIN, FOOT = 0.055, 0.165
"""The frame's width on three sides, and at the foot, in shares of the picture's shorter side."""


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    frame: str = "#f4f1e8",
    fade: float = 0.6,
    shadows: str = "#4f6470",
    lights: str = "#f0cf92",
    tilt_deg: float = 0.0,
) -> Layer:
    """The picture in a frame; the face stays inside the window.

    Args:
        fade: how far blacks are lifted and colours drained, 0 to 1. shadows, lights: what they lean towards.
        tilt_deg: how the print lies.
    """
    height, width = canvas.shape[:2]
    side = min(height, width)
    margin, foot = round(MARGIN * side), round(FOOT * side)
    window = Box(margin, margin, width - margin, height - foot)
    image = _cropped(scene, canvas, window)
    image = _developed(image, fade, parse_colour(shadows), parse_colour(lights), seed)
    sheet = parse_rgb(frame) * (1 + np.float32(0.010) * grain(height, width, 1.6, seed))[..., None]
    sheet *= (np.float32(0.975) + np.float32(0.05) * clouds(height, width, 5, seed + 1, 3))[..., None]
    print_ = _set_in(sheet, image, window, side)
    if tilt_deg:
        print_ = _tilted(print_, tilt_deg)
    return Layer(Box.whole(height, width), np.clip(print_, 0, 1).astype(np.float32), None)


def _cropped(scene: Scene, canvas: np.ndarray, window: Box) -> np.ndarray:
    """As much of the canvas as has the window's shape, with the face well inside."""
    height, width = canvas.shape[:2]
    shape = window.width / window.height
    crop_w = min(width, round(height * shape))
    crop_h = min(height, round(width / shape))
    centre = scene.face.points[10] * 0.6 + scene.face.points[152] * 0.4  # hair needs more room than the neck
    x0 = int(np.clip(round(float(centre[0]) - crop_w / 2), 0, width - crop_w))
    y0 = int(np.clip(round(float(centre[1]) - 0.47 * crop_h), 0, height - crop_h))
    return resize(np.ascontiguousarray(canvas[y0 : y0 + crop_h, x0 : x0 + crop_w]), window.height, window.width)


def _developed(image: np.ndarray, fade: float, shadows: np.ndarray, lights: np.ndarray, seed: int) -> np.ndarray:
    """Instant film's colours: lifted cool shadows, creamy lights, gentle contrast, a soft lens."""
    height, width = image.shape[:2]
    soft = blur(image, max(0.6, 0.0009 * max(height, width)))
    lab = to_oklab(soft)
    light = lab[..., 0]
    dark, bright = smoothstep(light, 0.55, 0.05), smoothstep(light, 0.62, 1.0)
    for channel in (1, 2):
        lab[..., channel] *= np.float32(1 - 0.22 * fade)
        lab[..., channel] += (
            np.float32(0.9 * fade) * dark * shadows[channel] + np.float32(0.40 * fade) * bright * lights[channel]
        )
    lab[..., 2] += np.float32(0.010 * fade)
    curve = light + np.float32(0.10) * np.sin(np.float32(2 * np.pi) * (light - 0.5)) * np.float32(0.35)
    lab[..., 0] = np.float32(0.14 * fade) + curve * np.float32(1 - 0.14 * fade - 0.045 * fade)
    picture = from_oklab(lab)
    picture = screen(picture, np.float32(0.22) * bloom(picture, 0.62, 0.05 * max(height, width)))
    picture *= vignette(height, width, np.asarray([width / 2, height * 0.45], np.float32), 0.30, reach=1.0)[..., None]
    speck = grain(height, width, max(1.0, 0.0016 * max(height, width)), seed + 2)
    uneven = clouds(height, width, 4, seed + 3, 2) - np.float32(0.5)
    picture += (np.float32(0.016) * speck + np.float32(0.035 * fade) * uneven)[..., None]
    return np.asarray(np.clip(picture, 0, 1), np.float32)


def _set_in(sheet: np.ndarray, image: np.ndarray, window: Box, side: int) -> np.ndarray:
    """The image lies under the frame: its edge throws a thin shadow on it and catches light below."""
    height, width = sheet.shape[:2]
    hole = np.zeros((height, width), np.float32)
    round_px = max(2, round(0.006 * side))
    hole[window.y0 : window.y1, window.x0 : window.x1] = 1
    hole = smoothstep(blur(hole, 0.5 * round_px), 0.45, 0.55)
    board = sheet.copy()
    board[window.rows_cols] = image
    depth = max(1.5, 0.004 * side)
    move = np.asarray([[1, 0, 0.4 * depth], [0, 1, depth]], np.float32)
    moved = cv2.warpAffine(hole, move, (width, height), borderMode=cv2.BORDER_REPLICATE)
    shade = hole * (1 - blur(moved, depth)) * np.float32(0.55)
    lip = np.clip(blur(hole, 1.2) - hole, 0, 1)
    board *= (1 - shade)[..., None]
    print_ = sheet + hole[..., None] * (board - sheet)
    print_ *= (1 - np.float32(0.20) * lip)[..., None]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    rim = np.minimum(np.minimum(x, width - 1 - x), np.minimum(y, height - 1 - y)) / np.float32(0.012 * side)
    return np.asarray(print_ * (np.float32(0.90) + np.float32(0.10) * smoothstep(rim, 0, 1))[..., None], np.float32)


def _tilted(print_: np.ndarray, degrees: float) -> np.ndarray:
    height, width = print_.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1 - abs(degrees) * 0.012)
    return cv2.warpAffine(print_, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(0.16, 0.14, 0.13))
