"""What a hand covers, drawn from its landmarks: a palm, and a capsule for every bone. Knows no pixels."""

from __future__ import annotations

import cv2
import numpy as np

from generation.face.face import Face
from generation.face.regions import SHIFT, fill_polygons

PALM = (0, 1, 5, 9, 13, 17)
BONES = ((1, 2), (2, 3), (3, 4)) + tuple((root + step, root + step + 1) for root in (5, 9, 13, 17) for step in range(3))
TIPS = (4, 8, 12, 16, 20)
FINGER, THUMB, TIP = 0.105, 0.125, 0.085
"""Half widths in palm lengths: of fingers and thumb at their roots, and of their tips."""

BEYOND_TIP, NAIL = 0.06, 0.16
"""How far a finger, and a long nail, go on beyond the last landmark, in palm lengths."""

SHARE_SIDE_PX = 64


def drawn(
    shape: tuple[int, ...], at: np.ndarray, unit_px: float, bones: tuple[tuple[int, int], ...] = BONES
) -> np.ndarray:
    """(h, w) bool: a hand. at: (21, 2) px in that picture; unit_px: Hand.size_px there; bones: of fingers that show."""
    mask = palm(shape, at, unit_px)
    for start, end in bones:
        draw_bone(mask, at, unit_px, start, end)
    return mask > 0


def palm(shape: tuple[int, ...], at: np.ndarray, unit_px: float) -> np.ndarray:
    """(h, w) uint8, 0 or 1."""
    mask = np.zeros(shape[:2], np.uint8)
    hull = cv2.convexHull(at[list(PALM)].astype(np.float32))[:, 0]
    cv2.fillPoly(mask, [_fixed(hull)], (1,), cv2.LINE_8, SHIFT)
    line(mask, np.vstack([hull, hull[:1]]), 0.10 * unit_px)
    return mask


def draw_bone(mask: np.ndarray, at: np.ndarray, unit_px: float, start: int, end: int) -> None:
    """Draw the flesh around the bone between two landmarks into (h, w) uint8, with 1."""
    root = THUMB if end <= TIPS[0] else FINGER
    half = root + (TIP - root) * ((end - 1) % 4) / 3
    beyond = BEYOND_TIP * unit_px if end in TIPS else 0.0
    line(mask, np.stack([at[start], at[end] + beyond * _ahead(at, end)]), half * unit_px)


def nails(shape: tuple[int, ...], at: np.ndarray, unit_px: float) -> np.ndarray:
    """(h, w) bool: where long nails may be."""
    mask = np.zeros(shape[:2], np.uint8)
    for tip in TIPS:
        line(mask, at[tip] + np.stack([np.zeros(2), NAIL * unit_px * _ahead(at, tip)]), 1.3 * TIP * unit_px)
    return mask > 0


def line(mask: np.ndarray, path: np.ndarray, half_px: float) -> None:
    """Draw a line with round ends into (h, w) uint8, with 1. path: (N, 2) px."""
    cv2.polylines(mask, [_fixed(path)], False, (1,), max(1, round(2 * half_px)), cv2.LINE_8, SHIFT)


def hidden_share(face: Face, part: tuple[int, ...]) -> float:
    """How much of a part of the face, the outline through those landmarks, lies under hands: 0 to 1."""
    outline = face.points[list(part)]
    low = outline.min(0)
    scale = SHARE_SIDE_PX / max(float(np.ptp(outline, axis=0).max()), 1e-3)
    shape = (SHARE_SIDE_PX, SHARE_SIDE_PX)
    inside = fill_polygons(shape, [(outline - low) * scale]) > 0.5
    covered = np.zeros(shape, bool)
    for hand in face.hands:
        covered |= drawn(shape, (hand.points - low) * scale, hand.size_px * scale)
    return float(covered[inside].mean()) if inside.any() else 0.0


def _ahead(at: np.ndarray, tip: int) -> np.ndarray:
    way = at[tip] - at[tip - 1]
    return np.asarray(way / max(float(np.linalg.norm(way)), 1e-6))


def _fixed(points: np.ndarray) -> np.ndarray:
    return np.round(points * (1 << SHIFT)).astype(np.int32).reshape(-1, 1, 2)
