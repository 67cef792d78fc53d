"""Where the parts of a face are: masks of scene.near's size, (H, W) float32, 0 to 1. Knows no effect.

Outlines come from the mesh. What lies over the face, and where skin ends, comes from the skin's own
colour in this photo: no net here knows glasses or strands of hair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, resize, smoothstep
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

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

OPEN_MOUTH = 0.008
"""A mouth is open when its lips are this far apart, in face heights: less is the mesh's own error."""

FOREHEAD_STRETCH = 1.38
"""The mesh ends below the hairline; stretched by this above the eyes it always reaches it."""


def outline(scene: Scene, indexes: tuple[int, ...]) -> np.ndarray:
    """A rounded outline in px of scene.near, (N, 2)."""
    return spline(scene.face.points[list(indexes)] - scene.near.origin)


def fill(scene: Scene, *outlines: np.ndarray, blur_faces: float = 0) -> np.ndarray:
    """Outlines in px of scene.near as a mask; its edge is softened by `blur_faces` face heights."""
    mask = fill_polygons((scene.near.height, scene.near.width), outlines)
    return blur(mask, blur_faces * scene.face.height_px)


def face_oval(scene: Scene) -> np.ndarray:
    """The face as far as the mesh goes, with a soft edge."""
    return fill(scene, outline(scene, OVAL), blur_faces=0.012)


def lips(scene: Scene) -> np.ndarray:
    """Both lips, without what shows between them."""
    both: np.ndarray = np.clip(fill(scene, outline(scene, LIPS_OUTER)) - scene.mouth, 0, 1)
    return both


def mouth(scene: Scene) -> np.ndarray:
    """What shows between the lips: teeth, tongue, dark. All 0 when they are closed."""
    if _gap(scene) <= OPEN_MOUTH:
        return np.zeros((scene.near.height, scene.near.width), np.float32)
    return fill(scene, outline(scene, LIPS_INNER))


def eyes(scene: Scene) -> np.ndarray:
    """What shows between the lids of both eyes."""
    return fill(scene, outline(scene, EYE_RIGHT), outline(scene, EYE_LEFT))


def brows(scene: Scene) -> np.ndarray:
    return fill(scene, outline(scene, BROW_RIGHT), outline(scene, BROW_LEFT), blur_faces=0.006)


def skin(scene: Scene) -> np.ndarray:
    """Skin of the face up to the hairline; not eyes, brows, lips, beard, glasses and hair."""
    look = scene.complexion
    shape = look.likeness.shape
    unit = scene.face.height_px * look.scale
    shrunk = [outline(scene, part) * look.scale for part in (EYE_RIGHT, EYE_LEFT, LIPS_OUTER)]
    holes = np.clip(1.2 * blur(fill_polygons(shape, shrunk), 0.005 * unit), 0, 1)
    hair = blur(
        fill_polygons(shape, [outline(scene, part) * look.scale for part in (BROW_RIGHT, BROW_LEFT)]), 0.006 * unit
    )
    oval = blur(fill_polygons(shape, [outline(scene, OVAL) * look.scale]), 0.012 * unit)
    forehead = blur(fill_polygons(shape, [spline(forehead_top(scene) - scene.near.origin) * look.scale]), 0.02 * unit)
    face = np.maximum(oval, forehead * np.clip(1.3 * look.likeness, 0, 1) * _plainness(scene))
    mask = face * (1 - holes) * (1 - 0.85 * hair) * np.clip(0.05 + 1.05 * look.likeness, 0, 1)
    return _grown(scene, mask)


def paintable(scene: Scene, under_hair: bool = True) -> np.ndarray:
    """What face paint holds on: skin, lips, lids and brows, thinner on a beard; not eyes, teeth, hair, hands.

    Args:
        under_hair: ask the hair matte too; without it strands are known by their colour only.
    """
    look = scene.complexion
    shape = look.likeness.shape
    at, unit = (scene.face.points - scene.near.origin) * look.scale, scene.face.height_px * look.scale
    sides = ((*BROW_RIGHT, *EYE_RIGHT), (*BROW_LEFT, *EYE_LEFT))
    parts = [cv2.convexHull(at[list(side)].astype(np.float32))[:, 0] for side in sides]
    parts.append(spline(at[list(LIPS_OUTER)]))
    grown = cv2.dilate(fill_polygons(shape, parts), np.ones((3, 3), np.uint8))
    oval = fill_polygons(shape, [spline(at[list(OVAL)])])
    reach = max(3, round(0.10 * unit) | 1)
    inner = blur(cv2.erode(oval, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))), 0.02 * unit)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    below = ((at[4][0] - x) * scene.face.up[0] + (at[4][1] - y) * scene.face.up[1]) / np.float32(unit)
    beard = inner * smoothstep(below, 0.0, 0.06) * (0.5 + 0.35 * smoothstep(look.lab[..., 0], 0.3, 0.55))
    # skin in shade keeps its hue: it holds paint where strands and cloth do not
    hue = np.hypot(look.lab[..., 1] - look.tone[1], look.lab[..., 2] - look.tone[2])
    shade = inner * (1 - smoothstep(hue, 0.025, 0.05)) * smoothstep(look.lab[..., 0], 0.12, 0.3) * 0.8
    held = np.maximum.reduce([np.clip(0.05 + 1.05 * look.likeness, 0, 1), blur(grown, 0.006 * unit), beard, shade])
    # beyond the stretched mesh paint goes on to the hairline
    top = forehead_top(scene)
    higher = top + 0.4 * (top - scene.face.points[list(OVAL)])
    forehead = blur(fill_polygons(shape, [spline(higher - scene.near.origin) * look.scale]), 0.015 * unit)
    # furrows of a raised brow are skin
    smooth = _plainness(scene, 0.020, 0.050)
    face = np.maximum(blur(oval, 0.008 * unit), forehead * np.clip(1.3 * look.likeness, 0, 1) * smooth)
    over = resize(scene.occluders, *shape) * (1 - shade)
    hands = scene.in_front[scene.near.rows_cols]
    mask = _grown(scene, (face * held * (1 - over)).astype(np.float32)) * (1 - hands)
    holes = np.maximum(blur(scene.eyes, 0.002 * scene.face.height_px), scene.mouth)
    if under_hair:
        mask *= 1 - np.clip(1.15 * scene.hair[scene.near.rows_cols] - 0.1, 0, 1)
    return np.asarray(np.clip(mask * (1 - holes), 0, 1), np.float32)


def bare_skin(scene: Scene) -> np.ndarray:
    """Skin of face, ears, neck and hands, and the lips, fading out towards the edges of scene.near."""
    look, near = scene.complexion, scene.near
    shape = look.likeness.shape
    unit = scene.face.height_px * look.scale
    whole = resize(scene.raw_person, scene.height, scene.width)
    person = resize(np.ascontiguousarray(whole[near.rows_cols]), *shape)
    at = (scene.face.points - near.origin) * look.scale
    oval = fill_polygons(shape, [spline(at[list(OVAL)])])
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    height = ((x - at[168][0]) * scene.face.up[0] + (y - at[168][1]) * scene.face.up[1]) / np.float32(unit)
    # ears have relief; above them only what is plain is a bald head, the rest is hair, whatever its colour
    above = smoothstep(height, 0.04, 0.16)
    plain = _plainness(scene, 0.014, 0.036) * (1 - above) + _plainness(scene, 0.004, 0.010) * above
    body = smoothstep(person, 0.5, 0.8) * smoothstep(look.likeness, 0.25, 0.8) * (1 - oval) * plain
    body = blur(body.astype(np.float32), 0.012 * unit) * _fading(shape, 0.16 * unit)
    # no rim of another tone may be left around the lips
    rim = blur(cv2.dilate(fill_polygons(shape, [spline(at[list(LIPS_OUTER)])]), np.ones((5, 5))), 0.008 * unit)
    rim *= np.clip(0.2 + 1.2 * look.likeness, 0, 1)
    if scene.face.hands:  # they are skin too, before the face as well
        before = resize(np.ascontiguousarray(scene.in_front[near.rows_cols]), *shape)
        body = np.maximum(body, before * smoothstep(look.likeness, 0.05, 0.4) * _fading(shape, 0.16 * unit))
    rest = _grown(scene, np.maximum(body, rim)) * (1 - scene.mouth)
    both: np.ndarray = np.clip(scene.skin + rest * (1 - scene.skin), 0, 1)
    return both


def occluders(scene: Scene) -> np.ndarray:
    """What lies over the upper face: strands of hair, a fringe, the frame of glasses.

    Whatever is unlike skin, or a thin dark line, and reaches from plain skin, where nothing of the kind
    grows, over a brow or an eye. The lashes' own line is never counted.
    """
    look = scene.complexion
    unit = scene.face.height_px * look.scale
    lightness = np.ascontiguousarray(look.lab[..., 0])
    side = max(3, round(0.055 * unit) | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    lines = cv2.morphologyEx(lightness, cv2.MORPH_BLACKHAT, kernel)
    foreign = (look.likeness < 0.15) | (lines > 0.22 * look.lightness)
    at = (scene.face.points - scene.near.origin) * look.scale
    upper = _upper_face(scene, at, look.likeness.shape) > 0.5
    grown, opening = _features(scene, at, look.likeness.shape)
    count, labels, stats, _ = cv2.connectedComponentsWithStats((foreign & upper).astype(np.uint8), connectivity=8)
    outside = np.bincount(labels[~grown].ravel(), minlength=count)
    over = (outside > 0.25 * stats[:, cv2.CC_STAT_AREA]) & (outside > 0.012 * unit * unit * 0.25)
    over[0] = False
    mask = over[labels].astype(np.float32) * (1 - opening)
    mask = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    return _grown(scene, blur(mask * (1 - opening), 0.7))


def forehead_top(scene: Scene) -> np.ndarray:
    """The oval stretched upwards to where every hairline is, (36, 2) px of the picture."""
    oval = scene.face.points[list(OVAL)]
    above = np.maximum((oval - scene.face.points[168]) @ scene.face.up, 0) * (FOREHEAD_STRETCH - 1)
    return np.asarray(oval + above[:, None] * scene.face.up, np.float32)


def _gap(scene: Scene) -> float:
    """Between the lips, in face heights."""
    return float(np.linalg.norm(scene.face.points[13] - scene.face.points[14])) / scene.face.height_px


def _plainness(scene: Scene, low: float = 0.008, high: float = 0.020) -> np.ndarray:
    """1 on smooth places, 0 on fine texture: light hair may have the colour of skin, but not its smoothness."""
    look = scene.complexion
    unit = scene.face.height_px * look.scale
    lightness = np.ascontiguousarray(look.lab[..., 0])
    rough = blur(np.abs(lightness - blur(lightness, 0.012 * unit)), 0.02 * unit)
    return 1 - smoothstep(rough, low, high)


def _upper_face(scene: Scene, at: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The oval above the tip of the nose: below it grow beards."""
    oval = fill_polygons(shape, [spline(at[list(OVAL)])])
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    height = (x - at[4][0]) * scene.face.up[0] + (y - at[4][1]) * scene.face.up[1]
    return np.asarray(oval * (height > 0), np.float32)


def _features(scene: Scene, at: np.ndarray, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """(bool) where dark things grow by nature: brows, lids, nostrils; and (float32) the eyes with their lashes."""
    unit = scene.face.height_px * scene.complexion.scale
    openings = [spline(at[list(part)]) for part in (EYE_RIGHT, EYE_LEFT)]
    hulls = []
    for brow, eye in ((BROW_RIGHT, EYE_RIGHT), (BROW_LEFT, EYE_LEFT)):
        hulls.append(cv2.convexHull(np.vstack([at[list(brow)], at[list(eye)]]).astype(np.float32))[:, 0])
    nostrils = cv2.convexHull(at[[48, 278, 2, 97, 326, 98, 327, 64, 294]].astype(np.float32))[:, 0]
    reach = max(1, round(0.022 * unit))
    size = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    grown = cv2.dilate(fill_polygons(shape, [*hulls, nostrils]), size) > 0.5
    lashes = max(1, round(0.014 * unit))
    opening = cv2.dilate(fill_polygons(shape, openings), np.ones((2 * lashes + 1, 2 * lashes + 1), np.uint8))
    return grown, opening


def _fading(shape: tuple[int, ...], margin_px: float) -> np.ndarray:
    """1 inside, 0 at the lower corners and edges: what goes on beyond must not show a line."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    inside = np.minimum(np.minimum(x, shape[1] - 1 - x), shape[0] - 1 - y)
    return smoothstep(inside / np.float32(margin_px), 0, 1)


def _grown(scene: Scene, mask: np.ndarray) -> np.ndarray:
    """A mask of the small copy at scene.near's size."""
    return resize(mask, scene.near.height, scene.near.width)
