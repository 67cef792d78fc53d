"""Reads a person for a cartoonist: the colours of iris, brows and lips, how the mouth stands. Draws nothing."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import smoothstep
from generation.engines.retouch.media.features import Colours, Mouth
from generation.engines.retouch.media.sheet import Sheet
from generation.face.regions import (
    BROW_LEFT,
    BROW_RIGHT,
    EYE_LEFT,
    EYE_RIGHT,
    LIPS_INNER,
    LIPS_OUTER,
    UPPER_LID_LEFT,
    UPPER_LID_RIGHT,
    fill_polygons,
    spline,
)

BROWN = 0.002
"""OKLab's a of a brown iris, at least, even where the sky's blue lies over it."""


def colours_of(sheet: Sheet, lab: np.ndarray, tone: np.ndarray, points: np.ndarray) -> Colours:
    """The person's own, read where the mesh has them."""
    dull = min(1.0, 20 * float(np.hypot(tone[1], tone[2])))
    dark = np.asarray(
        [max(0.42 * tone[0], 0.16), 0.25 * tone[1] + 0.042 * dull, 0.25 * tone[2] + 0.018 * dull], np.float32
    )
    brows = fill_polygons(lab.shape, [spline(points[list(part)]) for part in (BROW_RIGHT, BROW_LEFT)]) > 0.6
    brow = _median(lab, brows, tone * np.float32(0.4), darkest=0.45)
    brow[0] = np.clip(0.86 * brow[0], 0.14, tone[0] - 0.10 if tone[0] > 0.35 else 0.8 * tone[0])
    inner = fill_polygons(lab.shape, [spline(points[list(LIPS_INNER)])])
    lips = (fill_polygons(lab.shape, [spline(points[list(LIPS_OUTER)])]) - inner) > 0.8
    lip = _median(lab, lips, tone * np.asarray([0.85, 1.6, 1.0], np.float32))
    lip[0] = np.clip(lip[0], 0.60 * tone[0], 0.90 * tone[0])
    lip[1:] *= 1.15
    lip[1] = max(float(lip[1]), float(tone[1]) + 0.040 * dull)
    return Colours(tone, dark, _iris_colour(lab, points), brow, lip, 0.9, _lashes(lab, tone, points))


def _lashes(lab: np.ndarray, tone: np.ndarray, points: np.ndarray) -> float:
    """How dark the edges of the upper lids are beside the skin, 0 to 1: bare pale lashes to painted ones."""
    found = []
    for line in (UPPER_LID_RIGHT, UPPER_LID_LEFT):
        lid = points[list(line)]
        width = float(np.linalg.norm(lid[0] - lid[-1]))
        up = points[10] - points[152]
        up = up / np.float32(np.linalg.norm(up))
        for share in (-0.02, 0.02, 0.06):
            at = np.round(lid[:6] + up * np.float32(share * width)).astype(int)
            x, y = np.clip(at[:, 0], 0, lab.shape[1] - 1), np.clip(at[:, 1], 0, lab.shape[0] - 1)
            found.append(np.clip(1 - lab[y, x, 0] / np.float32(max(float(tone[0]), 0.1)), 0, 1))
    return float(smoothstep(np.float32(np.mean(found)), 0.38, 0.70))


def _iris_colour(lab: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(3,) OKLab of both irises, without pupils and catchlights."""
    rings = np.zeros(lab.shape[:2], np.float32)
    for centre in (468, 473):
        radius = float(np.linalg.norm(points[centre + 1 : centre + 5] - points[centre], axis=1).mean())
        y, x = np.ogrid[0 : lab.shape[0], 0 : lab.shape[1]]
        far = np.hypot(x - points[centre][0], y - points[centre][1]) / max(radius, 1e-3)
        rings = np.maximum(rings, ((far > 0.40) & (far < 0.85)).astype(np.float32))
    open_ = fill_polygons(lab.shape, [spline(points[list(part)]) for part in (EYE_RIGHT, EYE_LEFT)])
    colour = _median(lab, (rings > 0) & (open_ > 0.9), np.asarray([0.28, 0.02, 0.03], np.float32))
    if colour[0] < 0.42 and colour[2] < 0 and colour[1] > BROWN:  # a dark eye that mirrors the sky
        colour = np.asarray([colour[0], 0.022, 0.034], np.float32)
    strength = float(np.hypot(colour[1], colour[2]))
    if 0.006 < strength < 0.060:
        colour[1:] *= min(0.060 / strength, 2.2)
    return colour


def _median(lab: np.ndarray, inside: np.ndarray, otherwise: np.ndarray, darkest: float = 1.0) -> np.ndarray:
    found = lab[inside]
    if len(found) < 6:
        return np.asarray(otherwise, np.float32).copy()
    if darkest < 1:
        found = found[found[:, 0] <= np.quantile(found[:, 0], darkest)]
    return np.asarray(np.median(found, axis=0), np.float32)


def mouth_of(sheet: Sheet, lab: np.ndarray, points: np.ndarray) -> Mouth:
    gap = float(np.linalg.norm(points[13] - points[14])) / sheet.unit_px
    hole = fill_polygons(lab.shape, [spline(points[list(LIPS_INNER)])]) > 0.7
    found = lab[hole]
    if len(found) < 6:
        return Mouth(gap, 0.0)
    skin, red = lab[(sheet.skin > 0.8) & (sheet.detail < 0.2)], 0.055
    across = float(np.linalg.norm(points[78] - points[308])) / sheet.unit_px
    if gap > 0.55 * across and len(skin) >= 30:  # wide open: a tongue may fill it, as light as teeth but redder
        red = float(np.clip(0.85 * np.median(skin[:, 1]), 0.012, 0.055))
    pale = (found[:, 0] > max(0.45, 0.9 * float(np.quantile(found[:, 0], 0.9)) - 0.12)) & (found[:, 1] < red)
    return Mouth(gap, float(pale.mean()))
