"""Where on a head of hair something is: hairline, grown-out roots, ends, strands, left and right. Knows no colour.

Planes are (h, w) float32 over the px of a box of the picture.
"""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, resize, smoothstep
from generation.engines.retouch.layer import Box
from generation.engines.retouch.scene import Scene

PER_FACE = 120
"""px of a face height on the copy that strands are drawn at."""
FRINGE = 0.015
"""More hair than this over the forehead, in squares of the face's height, is a fringe."""
TOP = 0.74
"""How high the top of a head of short hair is, in face heights above the point between the eyes."""
CROWN = 0.62
"""Where hair parts, in face heights above the point between the eyes."""


def hairline(scene: Scene, box: Box) -> np.ndarray:
    """1 along the forehead's hairline, 0 from a tenth of a face height on; 0 where a fringe hides the hairline."""
    cells = scene.hair_cells.cells
    outside = (cells.oval(0.98, 1.12, 1.0) < 0.5).astype(np.uint8)
    away = cv2.distanceTransform(outside, cv2.DIST_L2, 3) / np.float32(cells.scale * scene.face.height_px)
    near = smoothstep(away, 0.12, 0.0) * smoothstep(cells.up, -0.2, 0.2)
    unit = cells.scale * scene.face.height_px
    fringe = _fringe(scene)
    if fringe.sum() > FRINGE * unit * unit:
        side = 2 * max(1, round(0.16 * unit)) + 1
        near = near * (1 - blur(cv2.dilate(fringe, np.ones((side, side), np.uint8)), 0.04 * unit))
    return _placed(near, cells.box, box)


def fringed(scene: Scene) -> float:
    """1 when hair falls over the forehead, 0 when none does."""
    unit = scene.hair_cells.cells.scale * scene.face.height_px
    return float(smoothstep(np.float32(_fringe(scene).sum() / (unit * unit)), FRINGE, 4 * FRINGE))


def outwards(scene: Scene, box: Box) -> np.ndarray:
    """Of hair that stands up: 0 where it leaves the skin, 1 along the head's outline against what is behind it.

    Hair that the picture's upper edge cuts off goes on to where crowns are; beside the ears all hair is near its roots.
    """
    cells, hair = scene.hair_cells.cells, scene.hair_cells.share > 0.4
    unit = cells.scale * scene.face.height_px
    skin = cv2.morphologyEx(((cells.person > 0.5) & ~hair).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    skin = np.maximum(skin, (cells.oval(0.9, 0.9, 1.0) > 0.5).astype(np.uint8) * ~hair)
    above = max(1, round(unit * (TOP - float(np.median(cells.up[0])))))
    behind = np.pad((~hair & (skin == 0)).astype(np.uint8), ((above, 0), (0, 0)))
    behind[above:][:1] *= ~hair[:1]
    behind[0] = 1
    far = [cv2.distanceTransform(1 - each, cv2.DIST_L2, 3) for each in (np.pad(skin, ((above, 0), (0, 0))), behind)]
    out = (far[0] / np.maximum(far[0] + far[1], 1))[above:]
    return _placed(blur(out, 0.02 * unit) * smoothstep(cells.up, 0.0, 0.35), cells.box, box)


def evenly(scene: Scene, plane: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """The plane's values replaced by the share of the hair that has smaller ones, 0 to 1."""
    step = max(1, round(scene.face.height_px / 150))
    rows, cols = max(2, plane.shape[0] // step), max(2, plane.shape[1] // step)
    small = resize(plane, rows, cols)
    found = small[resize(alpha, rows, cols) > 0.5]
    if len(found) < 20:
        return np.full_like(plane, 0.5)
    shares = np.linspace(0, 1, 65)
    values = np.maximum.accumulate(np.quantile(found, shares) + 1e-5 * shares)
    return resize(np.interp(small, values, shares).astype(np.float32), *plane.shape)


def downwards(scene: Scene, box: Box, start: float, end: float) -> np.ndarray:
    """0 above `start`, 1 below `end`, in face heights above the point between the eyes."""
    cells = scene.hair_cells.cells
    return _placed(smoothstep(cells.up, start, end), cells.box, box)


def length(scene: Scene) -> tuple[float, float]:
    """How far up and down hair reaches, in face heights above the point between the eyes."""
    cells, share = scene.hair_cells.cells, scene.hair_cells.share
    up = cells.up[share > 0.5]
    if not len(up):
        return 0.6, 0.3
    low, high = np.percentile(up, [3, 97])
    return float(high), float(low)


def across(scene: Scene, box: Box) -> np.ndarray:
    """-1 at the picture's left, 0 at the parting, 1 at its right: the angle around the face, not the distance."""
    cells = scene.hair_cells.cells
    angle = np.arctan2(cells.places[0], cells.up + np.float32(0.25)) / np.float32(np.pi)
    return _placed(np.clip(angle * np.float32(1.6), -1, 1), cells.box, box)


def strands(
    scene: Scene,
    lightness: np.ndarray,
    alpha: np.ndarray,
    box: Box,
    seed: int,
    width: float,
    steps: int = 9,
    per_face: int = PER_FACE,
) -> np.ndarray:
    """A different number for every strand: mean 0, deviation 1, alike along a strand.

    Noise is smeared along the hair's own flow (line integral convolution, Cabral and Leedom 1993), which the
    structure tensor of its lightness tells; where hair shows nothing, it falls from the crown.

    Args:
        lightness: (h, w) of the box.
        width: of a strand, in face heights.
        steps: half of its length, 2 px of the copy each.
        per_face: px of a face height on the copy that they are drawn at.
    """
    scale = min(1.0, per_face / scene.face.height_px)
    rows, cols = max(8, round(box.height * scale)), max(8, round(box.width * scale))
    flow = _flow(scene, resize(lightness, rows, cols), resize(alpha, rows, cols), box)
    noise = np.random.default_rng(seed).standard_normal((rows, cols)).astype(np.float32)
    noise = blur(noise, max(0.6 if per_face == PER_FACE else 0.85, 0.4 * width * scale * scene.face.height_px))
    y, x = np.mgrid[0:rows, 0:cols].astype(np.float32)
    total = noise.copy()
    for way in (1.0, -1.0):
        at_x, at_y, along = x.copy(), y.copy(), flow
        for _ in range(steps):
            at_x += np.float32(2.0 * way) * along[..., 0]
            at_y += np.float32(2.0 * way) * along[..., 1]
            total += cv2.remap(noise, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
            along = _turned_along(
                cv2.remap(flow, at_x, at_y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE), along
            )
    total /= total.std() + np.float32(1e-6)
    return cv2.resize(total, (box.width, box.height), interpolation=cv2.INTER_CUBIC)


def _flow(scene: Scene, lightness: np.ndarray, alpha: np.ndarray, box: Box) -> np.ndarray:
    """(rows, cols, 2) unit vectors along the hair; the sign means nothing."""
    rows, cols = lightness.shape
    soft = blur(lightness * smoothstep(alpha, 0.3, 0.9), 1.0)
    gx, gy = (cv2.Sobel(soft, cv2.CV_32F, *way, ksize=3) for way in ((1, 0), (0, 1)))
    # double angle of the direction across the gradient
    cosine, sine = blur(gy * gy - gx * gx, 3.5), blur(-2 * gx * gy, 3.5)
    falls = _falls(scene, box, rows, cols)
    prior = np.float32(0.5) * (blur(gx * gx + gy * gy, 12) + np.float32(1e-5))
    cosine += prior * (falls[..., 0] ** 2 - falls[..., 1] ** 2)
    sine += prior * 2 * falls[..., 0] * falls[..., 1]
    angle = np.float32(0.5) * np.arctan2(sine, cosine)
    return np.asarray(_turned_along(np.stack([np.cos(angle), np.sin(angle)], -1), falls), np.float32)


def _falls(scene: Scene, box: Box, rows: int, cols: int) -> np.ndarray:
    """Away from the crown, then down."""
    face = scene.face
    crown = face.points[168] + face.up * np.float32(CROWN * face.height_px)
    x = box.x0 + (np.arange(cols, dtype=np.float32) + 0.5) * (box.width / cols)
    y = box.y0 + (np.arange(rows, dtype=np.float32) + 0.5) * (box.height / rows)
    away = np.stack(np.meshgrid(x - crown[0], y - crown[1]), -1) / np.float32(face.height_px)
    away = away / (np.linalg.norm(away, axis=-1, keepdims=True) + np.float32(0.05)) - np.float32(0.6) * face.up
    return np.asarray(away / (np.linalg.norm(away, axis=-1, keepdims=True) + np.float32(1e-6)), np.float32)


def _turned_along(flow: np.ndarray, before: np.ndarray) -> np.ndarray:
    """The vectors, turned round where they point against those before."""
    against = (flow * before).sum(-1, keepdims=True) < 0
    return np.asarray(np.where(against, -flow, flow), np.float32)


def _fringe(scene: Scene) -> np.ndarray:
    """1 in the head's cells where hair lies well inside the face, above the eyes."""
    cells, share = scene.hair_cells.cells, scene.hair_cells.share
    inside = cv2.distanceTransform((cells.oval(0.95, 1.0, 1.0) > 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    deep = inside > 0.05 * cells.scale * scene.face.height_px
    return np.asarray((share > 0.6) & deep & (cells.up > 0.05), np.float32)


def _placed(plane: np.ndarray, of: Box, box: Box) -> np.ndarray:
    """A plane over the head's grid, seen at the picture's px of `box`, which lies within it."""
    whole = resize(plane.astype(np.float32), of.height, of.width)
    at = np.ix_(
        np.clip(np.arange(box.y0, box.y1) - of.y0, 0, of.height - 1),
        np.clip(np.arange(box.x0, box.x1) - of.x0, 0, of.width - 1),
    )
    return np.asarray(whole[at], np.float32)
