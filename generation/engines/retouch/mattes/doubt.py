"""Settles where the net doubts whether it sees the person. Knows colours and holes, no face."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, box_mean, smoothstep

BINS = 16
"""Of the colours, a channel."""
SURE = 0.02
"""Below this the net is sure of the background; above 1 less this, of the person."""
INDIFFERENT = 1.0
"""A colour less than e to the power of this more common on one side says nothing."""
DOUBTED_HOLE = 0.2
"""A hole in the person that the net holds for more likely than this, on the whole, is none."""


def told_by_colour(likely: np.ndarray, image: np.ndarray, soft_px: float) -> np.ndarray:
    """The likelihood; where the net doubts, moved to the side that has this colour elsewhere in the picture.

    Bayes' rule, with the colours' histograms over what the net is sure of. A colour that neither side has, or both
    have alike, tells nothing.

    Args:
        likely: (h, w) float32, 0 to 1.
        image: (h, w, 3) uint8 sRGB.
        soft_px: a colour is asked for over about so many px.
    """
    doubted = (likely > SURE) & (likely < 1 - SURE)
    own, other = likely >= 1 - SURE, likely <= SURE
    if not (doubted.any() and own.any() and other.any()):
        return likely
    cells = _cells(image)
    front, back = _common(cells[own]), _common(cells[other])
    told = np.log((front + 0.2) / (back + 0.2)).astype(np.float32)[cells]
    told = blur(told, soft_px)
    told = np.clip(np.sign(told) * np.maximum(np.abs(told) - INDIFFERENT, 0), -4, 4)
    p = np.clip(likely, SURE, 1 - SURE)
    settled = 1 / (1 + (1 / p - 1) * np.exp(-told))
    return np.where(doubted, settled, likely).astype(np.float32)


def _cells(image: np.ndarray) -> np.ndarray:
    """(h, w) int32: each pixel's place in a histogram of BINS to the power of 3."""
    red, green, blue = ((image[..., channel] >> 4).astype(np.int32) for channel in range(3))
    return np.asarray((red * BINS + green) * BINS + blue)


def _common(cells: np.ndarray) -> np.ndarray:
    """(BINS ** 3,) float64: how common each colour is, 1 on average."""
    counts = np.bincount(cells, minlength=BINS**3).reshape((BINS,) * 3).astype(np.float64)
    for axis in range(3):
        padded = np.pad(counts, [(1, 1) if each == axis else (0, 0) for each in range(3)], mode="edge")
        low, middle, high = (np.take(padded, range(at, at + BINS), axis) for at in range(3))
        counts = 0.25 * low + 0.5 * middle + 0.25 * high
    return np.asarray(counts.ravel() * (BINS**3 / counts.sum()))


def without_doubted_holes(person: np.ndarray, likely: np.ndarray, hair: np.ndarray) -> np.ndarray:
    """The person with the holes closed that the net does not believe in itself, as a strap, a badge or a knee.

    The gap between an arm and the body stays: the net is sure of it. So do gaps between locks of hair.

    Args:
        person: (h, w) float32, 0 to 1: what has the holes. likely: the net's answer. hair: where hair is.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats((person < 0.5).astype(np.uint8))
    area = np.maximum(stats[:, cv2.CC_STAT_AREA], 1)
    left, right = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_LEFT] + stats[:, cv2.CC_STAT_WIDTH]
    closed = (left > 0) & (right < person.shape[1]) & (stats[:, cv2.CC_STAT_TOP] > 0)
    closed[[0, int(np.argmax(area * (np.arange(count) > 0)))]] = False
    if not closed.any():
        return person
    where = labels.ravel()
    closed &= np.bincount(where, likely.ravel(), count) > DOUBTED_HOLE * area
    closed &= np.bincount(where, box_mean(hair, 3).ravel(), count) < 0.05 * area
    if not closed.any():
        return person
    # around a hole the matte is thin as well, and the net's answer is the better one
    reach = 2 * int(np.clip(0.7 * np.sqrt(area[closed].max()), 4, 20)) + 1
    near = cv2.dilate(closed[labels].astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    inside = np.maximum(closed[labels], smoothstep(likely, 0.25, 0.45)) * smoothstep(likely, SURE, 4 * SURE)
    return np.asarray(np.maximum(person, blur(near.astype(np.float32), 1.5) * inside), np.float32)
