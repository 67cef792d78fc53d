"""Folded from flat triangles: the mesh's own points on the face, scattered ones elsewhere."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, smooth
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.media.cells import means, spread
from generation.engines.retouch.media.sheet import Sheet, exposed, sheet_of
from generation.engines.retouch.scene import Scene
from generation.face.regions import (
    BROW_LEFT,
    BROW_RIGHT,
    EYE_LEFT,
    EYE_RIGHT,
    LIPS_INNER,
    LIPS_OUTER,
    OVAL,
    fill_polygons,
    spline,
)

NEEDS = ("person",)
WORK_PX = 720
FEATURES = (*OVAL, *EYE_RIGHT, *EYE_LEFT, *BROW_RIGHT, *BROW_LEFT, *LIPS_OUTER, *LIPS_INNER, *range(468, 478))


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    pieces: int = 520,
    fold: int = 260,
    colour: float = 1.3,
    contrast: float = 1.15,
) -> Layer:
    """The whole picture as triangles of one colour each (Delaunay).

    Args:
        pieces: points beside those of the face. fold: more of them on the face, where one colour is too few.
        colour, contrast: 1 is the photo's.
    """
    sheet = sheet_of(scene, canvas, WORK_PX)
    rng = np.random.default_rng(seed)
    lab = exposed(sheet, scene, 0.4)
    points = _points(sheet, pieces, rng)
    points = np.vstack([points, _missed(_triangles(points, sheet), lab, sheet, fold, rng)])
    triangles = _triangles(points, sheet)
    colours = means(_numbers(triangles, sheet), lab, len(triangles))
    middle = scene.complexion.lightness
    colours[:, 0] = np.clip(middle + (colours[:, 0] - middle) * contrast, 0.03, 0.98)
    colours[:, 0] += rng.normal(0, 0.008, len(triangles))
    colours[:, 1:] *= colour
    picture = _filled(triangles / np.float32(sheet.scale), from_oklab(colours[None])[0], scene)
    return Layer(Box.whole(scene.height, scene.width), picture, None)


def _points(sheet: Sheet, pieces: int, rng: np.random.Generator) -> np.ndarray:
    """Points (N, 2): every second of the mesh, all of its features, and more where there are edges."""
    chosen = sorted(set(FEATURES) | set(range(0, 468, 2)))
    face = sheet.points[chosen]
    grey = cv2.cvtColor(sheet.pixels, cv2.COLOR_RGB2GRAY)
    flat = smooth(grey, 0.03 * sheet.unit_px, 0.05)
    edges = np.abs(cv2.Sobel(flat, cv2.CV_32F, 1, 0)) + np.abs(cv2.Sobel(flat, cv2.CV_32F, 0, 1))
    density = np.float32(0.10) + np.clip(blur(edges, 1.5), 0, 0.6) * (0.25 + sheet.person)
    hull = cv2.convexHull(face.astype(np.float32)).astype(np.int32)
    free = np.ones(density.shape, np.uint8)
    cv2.fillPoly(free, [hull], (0,))
    free = cv2.erode(free, np.ones((9, 9), np.uint8))
    rest = spread((density * free).astype(np.float32) + 1e-6, pieces, rng, rounds=2)
    edge_x, edge_y = np.linspace(0, sheet.width - 1, 9), np.linspace(0, sheet.height - 1, 9)
    frame = [(x, y) for x in edge_x for y in (0, sheet.height - 1)] + [
        (x, y) for x in (0, sheet.width - 1) for y in edge_y
    ]
    return np.vstack([face, rest, _contour(sheet), np.asarray(frame, np.float32)])


def _missed(triangles: np.ndarray, lab: np.ndarray, sheet: Sheet, count: int, rng: np.random.Generator) -> np.ndarray:
    """Points (N, 2) on the face where the triangles' colours are furthest from the picture's: eyes, teeth, glasses."""
    numbers = _numbers(triangles, sheet)
    off = np.abs(lab - means(numbers, lab, len(triangles))[numbers]).sum(2)
    if count < 1:
        return np.zeros((0, 2), np.float32)
    face = fill_polygons(off.shape, [spline(sheet.points[list(OVAL)])])
    density = blur(off * off, 0.008 * sheet.unit_px) * face * (0.35 + sheet.detail)
    return spread(np.asarray(density, np.float32) + np.float32(1e-9), count, rng, rounds=2)


def _numbers(triangles: np.ndarray, sheet: Sheet) -> np.ndarray:
    """(h, w) int32: which triangle covers each pixel."""
    numbers = np.zeros((sheet.height, sheet.width), np.int32)
    for number, triangle in enumerate(np.round(triangles * 16).astype(np.int32)):
        cv2.fillConvexPoly(numbers, triangle, number, cv2.LINE_8, 4)
    return numbers


def _contour(sheet: Sheet) -> np.ndarray:
    """Points (N, 2) px along the person's outline: triangles may not straddle it."""
    solid = (blur(sheet.person, 0.01 * sheet.unit_px) > 0.5).astype(np.uint8)
    lines, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    step = max(4, round(0.05 * sheet.unit_px))
    points = [line[::step, 0].astype(np.float32) for line in lines if len(line) > 3 * step]
    return np.vstack([*points, np.zeros((0, 2), np.float32)])


def _triangles(points: np.ndarray, sheet: Sheet) -> np.ndarray:
    """(N, 3, 2) px."""
    plane = cv2.Subdiv2D((-1, -1, sheet.width + 2, sheet.height + 2))
    inside = (points >= 0).all(1) & (points < (sheet.width, sheet.height)).all(1)
    plane.insert([(float(x), float(y)) for x, y in np.unique(np.round(points[inside] * 2) / 2, axis=0)])
    triangles = np.asarray(plane.getTriangleList(), np.float32).reshape(-1, 3, 2)
    kept = ((triangles >= -1) & (triangles <= (sheet.width + 1, sheet.height + 1))).all((1, 2))
    return np.asarray(triangles[kept], np.float32)


def _filled(triangles: np.ndarray, colours: np.ndarray, scene: Scene) -> np.ndarray:
    """The triangles at the picture's size; neighbours overlap by a hair, so that no seam shows."""
    board = np.zeros((scene.height, scene.width, 3), np.uint8)
    middles = triangles.mean(1, keepdims=True)
    wider = middles + (triangles - middles) * 1.02
    fixed = np.round(wider * 16).astype(np.int32)
    for triangle, colour in zip(fixed, np.round(colours * 255).astype(int).tolist(), strict=True):
        cv2.fillConvexPoly(board, triangle, colour, cv2.LINE_AA, 4)
    return board.astype(np.float32) * np.float32(1 / 255)
