"""Bends the face a little: larger eyes, a slimmer jaw, a smaller chin or nose, fuller lips, a smile.

Knows landmarks only. 1 is the most that leaves a person looking like themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur, smoothstep
from generation.engines.retouch.scene import FIELD_STEP_PX, Field
from generation.engines.retouch.warp import Sculptor
from generation.face.face import Face

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

# From the ear to the chin, at the picture's left and right of an upright face.
JAWS = (
    (234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152),
    (454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152),
)
BRIDGE = 168
CHIN = 152
EYES = (((33, 133), (159, 145)), ((263, 362), (386, 374)))


def bend(
    scene: Scene,
    *,
    eyes: float = 0.0,
    jaw: float = 0.0,
    chin: float = 0.0,
    nose: float = 0.0,
    lips: float = 0.0,
    smile: float = 0.0,
    tilt: float = 0.0,
) -> Field:
    """The field of all wishes together, so that the pixels are sampled once.

    Args:
        eyes: larger. jaw: slimmer. chin: shorter. nose: narrower. lips: fuller. smile: corners up.
        tilt: the eyes' outer corners up. Each from 0 to 1; small negative values do the opposite.
    """
    face = scene.face
    sculptor = Sculptor(face, scene.height, scene.width)
    if eyes:
        _enlarge_eyes(sculptor, face, eyes)
    if jaw:
        _slim_jaw(sculptor, face, jaw)
    if chin:
        sculptor.push(face.points[CHIN], 0, 0.035 * chin, (0.24, 0.22))
    if nose:
        half = max(0.125, 0.75 * _distance(face, 129, 358))
        sculptor.magnify(face.points[[4, 2]].mean(axis=0), -0.22 * nose, (half, 0.75 * half), sideways=True)
        sculptor.magnify(face.points[197], -0.12 * nose, (0.10, 0.13), sideways=True)
    if lips:
        _fill_lips(sculptor, face, lips)
    if smile:
        _lift_corners(sculptor, face, smile)
    if tilt:
        for corner in (33, 263):
            sculptor.push(face.points[corner], 0, 0.022 * tilt, (0.12, 0.10))
    return sculptor.field


def _enlarge_eyes(sculptor: Sculptor, face: Face, share: float) -> None:
    for corners, rim in EYES:
        width = _distance(face, *corners)
        centre = face.points[[*corners, *rim]].mean(axis=0)
        sculptor.magnify(centre, 0.24 * share, (width * 1.25, width * 1.06))


def _slim_jaw(sculptor: Sculptor, face: Face, share: float) -> None:
    """Draw the jaw's contour inwards: most at the height of the mouth, nothing at the ears and the mid line."""
    across, along = sculptor.coordinates(face.points[BRIDGE])
    left, right = (_contour(face, jaw, along) for jaw in JAWS)
    nose = (face.points[[CHIN, 1]].mean(axis=0) - face.points[BRIDGE]) @ face.right / face.height_px
    middle = (left + right) / 2 * 0.35 + nose * 0.65
    heights = np.interp(-along, (-0.02, 0.12, 0.34, 0.50, 0.66), (0, 0.30, 1.0, 0.85, 0)).astype(np.float32)
    heights = blur(heights, 0.04 * face.height_px / FIELD_STEP_PX)
    for edge, sign in ((right, 1), (left, -1)):
        half = np.maximum(np.abs(edge - middle), 0.06)
        place = (across - middle) * sign / half  # 0 at the mid line, 1 at the contour
        # beyond the contour it fades within one more half width: walls and door frames there stay almost straight
        profile = np.where(place < 1, smoothstep(place, 0.12, 1.0), 1 - smoothstep(place, 1.0, 1.95))
        sculptor.add(profile * heights * (0.068 * share * sign), np.zeros_like(heights))


def _contour(face: Face, jaw: tuple[int, ...], along: np.ndarray) -> np.ndarray:
    """How far right of the bridge the jaw's contour is at each node's height, in face heights."""
    away = (face.points[list(jaw)] - face.points[BRIDGE]) / face.height_px
    right, up = away @ face.right, away @ face.up
    order = np.argsort(up)
    return np.asarray(np.interp(along, up[order], right[order]))


def _fill_lips(sculptor: Sculptor, face: Face, share: float) -> None:
    width = _distance(face, 61, 291)
    sculptor.magnify(face.points[[0, 13]].mean(axis=0), 0.22 * share, (width * 0.55, width * 0.12))
    sculptor.magnify(face.points[[17, 14]].mean(axis=0), 0.30 * share, (width * 0.50, width * 0.16))


def _lift_corners(sculptor: Sculptor, face: Face, share: float) -> None:
    width = _distance(face, 61, 291)
    for corner, cheek, lid, sign in ((61, 205, 145, -1), (291, 425, 374, 1)):
        sculptor.push(face.points[corner], sign * 0.026 * share, 0.030 * share, (width * 0.58, width * 0.48))
        between = face.points[[corner, cheek]].mean(axis=0) + face.up * face.height_px * 0.02
        sculptor.push(between, sign * 0.008 * share, 0.016 * share, (0.20, 0.18))
        sculptor.push(face.points[lid] - face.up * face.height_px * 0.015, 0, 0.0075 * share, (0.13, 0.053))
    sculptor.push(face.points[[13, 0]].mean(axis=0), 0, 0.006 * share, (width * 0.53, 0.072))


def _distance(face: Face, first: int, second: int) -> float:
    """In face heights."""
    return float(np.linalg.norm(face.points[first] - face.points[second])) / face.height_px
