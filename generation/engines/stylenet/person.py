"""Where the person, the bare skin and the features are, softly: masks of (H, W) float32, 0 to 1. Draws nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.face.regions import (
    BROW_LEFT,
    BROW_RIGHT,
    CHEEK_LEFT,
    CHEEK_RIGHT,
    EYE_LEFT,
    EYE_RIGHT,
    LIPS_OUTER,
    NOSE_BRIDGE,
    OVAL,
    fill_polygons,
    spline,
)

if TYPE_CHECKING:
    from generation.face.face import Face
    from generation.face.finder import FaceFinder

SPREAD = np.asarray([0.16, 0.035, 0.040], np.float32)
"""How far skin of one person varies in OKLab, under one light, as standard deviations."""


@dataclass(frozen=True, slots=True)
class Person:
    """Args:
    body: with hair and clothes.
    skin: the face, and what else of the body has its colour.
    """

    body: np.ndarray
    skin: np.ndarray


def find_person(pixels: np.ndarray, lab: np.ndarray, face: Face, finder: FaceFinder) -> Person:
    """Args:
    pixels: (H, W, 3) uint8 sRGB.
    lab: the same in OKLab.
    face: in their px.
    """
    height, width = pixels.shape[:2]
    body = np.clip(cv2.resize(finder.person(pixels), (width, height)), 0, 1)
    oval = fill_polygons(pixels.shape, [spline(face.points[list(OVAL)])], blur_px=0.03 * face.height_px)
    plain = fill_polygons(
        pixels.shape, [spline(face.points[list(part)]) for part in (CHEEK_RIGHT, CHEEK_LEFT, NOSE_BRIDGE)]
    )
    tone = np.median(lab[plain > 0.9] if (plain > 0.9).any() else lab.reshape(-1, 3), axis=0).astype(np.float32)
    away = (lab - tone) / SPREAD
    likeness = cv2.GaussianBlur(np.exp(-0.5 * (away * away).sum(axis=2)), (0, 0), max(0.5, 0.01 * face.height_px))
    return Person(np.maximum(body, oval), np.maximum(oval, body * likeness))


def features(shape: tuple[int, ...], face: Face) -> np.ndarray:
    """Eyes with their brows, and lips: what a person is known by."""
    sides = ((*BROW_RIGHT, *EYE_RIGHT), (*BROW_LEFT, *EYE_LEFT))
    parts = [cv2.convexHull(face.points[list(side)].astype(np.float32))[:, 0] for side in sides]
    return fill_polygons(shape, [*parts, spline(face.points[list(LIPS_OUTER)])], blur_px=0.04 * face.height_px)
