"""Tells whether somebody already wears glasses. Knows no effect.

Two marks are looked for. A frame crosses the bridge of the nose between the eyes, where a bare face has no edge:
0.23 to 0.41 on seven faces with glasses, 0.13 and less on 320 bare ones (frowning brows). And the lower half of a rim
is one thin unbroken line around each eye, which finds wire as well: 0.086 to 0.100 with glasses, 0.081 and less on
bare faces in photographs; a grainy painting reads 0.097. Rimless glasses, and glasses in blurred photos, are missed.
"""

from __future__ import annotations

import cv2
import numpy as np

from generation.face.face import Face

BRIDGE = 0.18
RIM = 0.085
WIRE = (0.075, 0.055)
"""A rim and a bridge that are enough together."""
EYES_PX = 64
"""The face is looked at with its eyes this far apart."""
SIZE_PX = (160, 110)
CENTRE = (80.0, 50.0)
ROWS, COLUMNS = slice(35, 66), slice(74, 87)
RIM_EYES_PX, RIM_SIZE_PX, RIM_CENTRE = 96, (280, 190), (140.0, 80.0)
EYES = ((33, 133), (263, 362))
ANGLES = np.radians(np.linspace(30, 150, 41))
REACH = np.arange(22, 56, dtype=np.float64)
"""Where rims are looked for: from one side over below to the other, so far from the eye's centre in px."""
MOST_LINE, DRIFT = 0.10, 0.004


def wears_glasses(pixels: np.ndarray, face: Face) -> bool:
    """Whether a frame crosses the nose, or rims go round under the eyes. pixels: (H, W, 3) uint8."""
    across = bridge(pixels, face)
    if across > BRIDGE:
        return True
    around = rim(pixels, face)
    return around > RIM or (around > WIRE[0] and across > WIRE[1])


def bridge(pixels: np.ndarray, face: Face) -> float:
    """How strong the strongest edge across the nose between the eyes is, relative to the brightness around it."""
    grey, _ = _aligned(pixels, face, EYES_PX, CENTRE, SIZE_PX)
    grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.0), np.float32)
    even = grey / (cv2.GaussianBlur(grey, (0, 0), 12.0) + 8)
    edges = np.abs(cv2.Sobel(even, cv2.CV_32F, 0, 1)) / 8
    return float(np.asarray(np.median(edges[ROWS, COLUMNS], axis=1)).max())


def rim(pixels: np.ndarray, face: Face) -> float:
    """How plain the plainest thin line around the lower half of an eye is; that of the eye where it is less plain.

    The line's way is the best one by dynamic programming over the angle: it may drift by one px a step. What one
    place can add is limited, so that no single spot makes a line.
    """
    grey, move = _aligned(pixels, face, RIM_EYES_PX, RIM_CENTRE, RIM_SIZE_PX)
    grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.8), np.float32)
    even = grey / (cv2.GaussianBlur(grey, (0, 0), 14.0) + 8)
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))
    dark, bright = (cv2.morphologyEx(even, kind, around) for kind in (cv2.MORPH_BLACKHAT, cv2.MORPH_TOPHAT))
    lines = np.minimum(np.maximum(dark, bright), MOST_LINE)
    eyes = np.stack([face.points[list(pair)].mean(0) for pair in EYES]) @ move[:, :2].T + move[:, 2]
    x = eyes[:, 0, None, None] + REACH[:, None] * np.cos(ANGLES)
    y = eyes[:, 1, None, None] + REACH[:, None] * np.sin(ANGLES)
    polar = [
        cv2.remap(lines, *each, cv2.INTER_LINEAR)
        for each in zip(x.astype(np.float32), y.astype(np.float32), strict=True)
    ]
    return float(min(_best_way(each) for each in polar))


def _best_way(lines: np.ndarray) -> float:
    """The mean of the best way from the first column to the last."""
    best = lines[:, 0]
    for column in lines.T[1:]:
        stay = np.pad(best, 1, constant_values=-9)
        best = np.maximum(best, np.maximum(stay[:-2], stay[2:]) - DRIFT) + column
    return float(np.max(best) / lines.shape[1])


def _aligned(
    pixels: np.ndarray, face: Face, eyes_px: int, centre: tuple[float, float], size: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """(h, w) float32 grey with the eyes level and so far apart, and the (2, 3) move that made it."""
    scale = eyes_px / face.eyes_px
    middle = face.points[[33, 133, 263, 362]].mean(0)
    turn = np.asarray([[face.right[0], face.right[1]], [-face.right[1], face.right[0]]]) * scale
    move = np.concatenate([turn, (np.asarray(centre) - turn @ middle)[:, None]], 1).astype(np.float32)
    source = pixels if scale > 0.5 else cv2.GaussianBlur(pixels, (0, 0), 0.4 / scale)
    return cv2.cvtColor(cv2.warpAffine(source, move, size), cv2.COLOR_RGB2GRAY).astype(np.float32), move
