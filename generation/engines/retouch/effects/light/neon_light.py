"""Two coloured lamps from the sides and a lit edge around head and shoulders, in place of the photo's own light."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import LUMA, blur, parse_rgb, resize, smoothstep, to_linear, to_srgb
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.light import lambert, shading
from generation.engines.retouch.objects.head import normals_in
from generation.engines.retouch.scene import Scene

NEEDS = ("person",)
STEP = 4
KNEE = 0.75
"""Linear light above this is bent down towards white."""


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    left: str = "#ff2fb4",
    right: str = "#16b4ff",
    amount: float = 0.85,
    rim: float = 1.0,
    dim: float = 0.35,
) -> Layer:
    """Relight the person.

    Args:
        left, right: the lamps' colours, by side of the picture. amount: how much of the photo's own light they replace.
        rim: how bright the lit edge is. dim: how far the middle of the face falls between the lamps.
    """
    box = _body_box(scene)
    lamps = (to_linear(parse_rgb(left)), to_linear(parse_rgb(right)))
    linear = to_linear(canvas[box.rows_cols])
    luminance = cv2.transform(linear, LUMA[None])
    colours, front = _lamps(scene, box, lamps, amount, dim)
    # skin answers coloured light with its own lightness, and keeps a share of its own hue
    lit = linear * np.float32(0.45) + (luminance * np.float32(0.55))[..., None]
    lit *= colours
    lit += linear * front[..., None]
    lit += np.float32(1 - amount) * linear
    edge_left, edge_right = _edges(scene, box)
    shine = np.float32(rim) * (np.float32(0.42) + np.float32(1.3) * luminance)
    lit += (shine * edge_left)[..., None] * lamps[0]
    lit += (shine * edge_right)[..., None] * lamps[1]
    over = np.maximum(lit - np.float32(KNEE), 0)
    lit -= over * over / (over + np.float32(1 - KNEE))
    return Layer(box, to_srgb(lit), blur(scene.person[box.rows_cols], max(0.8, 0.004 * scene.face.height_px)))


def _lamps(
    scene: Scene, box: Box, lamps: tuple[np.ndarray, np.ndarray], amount: float, dim: float
) -> tuple[np.ndarray, np.ndarray]:
    """What falls on each px: the lamps' light (h, w, 3), and white light from the front (h, w).

    Light has no fine detail: it is made on a copy STEP times smaller.
    """
    normals = _normals(scene, box)
    strength = np.float32(amount) / _own_light(scene, box) ** np.float32(0.6 * amount)
    # fair skin would burn out under three lamps, deep skin needs them all
    paleness = max(scene.complexion.lightness - 0.45, 0) / 0.45
    strength = strength * np.float32(np.clip(1.15 - 0.45 * paleness, 0.72, 1.15))
    from_left = lambert(normals, (-0.94, -0.12, -0.30), wrap=0.06) * strength
    from_right = lambert(normals, (0.94, -0.20, -0.30), wrap=0.06) * strength
    front = lambert(normals, (0.05, -0.35, -0.95), wrap=0.2) * strength * np.float32(0.52 * (1 - dim))
    colours = np.float32(2.3) * (from_left[..., None] * lamps[0] + from_right[..., None] * lamps[1])
    return resize(colours, box.height, box.width), resize(front, box.height, box.width)


def _body_box(scene: Scene) -> Box:
    """The rectangle around the person."""
    columns = np.flatnonzero(scene.person[::4].max(0) > 0.02)
    rows = np.flatnonzero(scene.person[:, ::4].max(1) > 0.02)
    if not len(columns) or not len(rows):
        return scene.near
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def _normals(scene: Scene, box: Box) -> np.ndarray:
    """Head from the mesh; below and beside it, the body as a soft cushion blown up inside its own outline."""
    unit_px = scene.face.height_px / STEP
    rows, columns = max(8, box.height // STEP), max(8, box.width // STEP)
    small = resize(scene.person[box.rows_cols], rows, columns)
    cushion = np.zeros_like(small)
    for sigma, weight in ((0.06, 0.2), (0.2, 0.5), (0.5, 1.0)):
        cushion += blur(small, unit_px * sigma) * np.float32(weight)
    slope = np.float32(unit_px * 0.55 / 8)
    gx, gy = cv2.Sobel(cushion, cv2.CV_32F, 1, 0), cv2.Sobel(cushion, cv2.CV_32F, 0, 1)
    body = np.dstack([-gx * slope, -gy * slope, np.full_like(small, -0.55)])
    body /= np.linalg.norm(body, axis=2, keepdims=True)
    near = scene.near
    inside = np.zeros((near.height, near.width), np.float32)
    margin = max(2, int(0.2 * scene.face.height_px))
    inside[margin:-margin, margin:-margin] = 1
    share = _moved(blur(inside, 0.4 * margin), near, box, rows, columns, 0.0)[..., None]
    body += share * (_moved(normals_in(scene.face, near), near, box, rows, columns, 0.0) - body)
    unit: np.ndarray = body / np.maximum(np.linalg.norm(body, axis=2, keepdims=True), 1e-6)
    return unit


def _own_light(scene: Scene, box: Box) -> np.ndarray:
    """The shading the photo's own light gives, 1 away from the face; STEP times smaller than the box."""
    near = scene.near
    fit = shading(to_linear(scene.pixels[near.rows_cols]), scene.skin, normals_in(scene.face, near))
    own = 1 + blur(scene.face_oval, 0.06 * scene.face.height_px) * (fit - 1)
    return _moved(own, near, box, max(8, box.height // STEP), max(8, box.width // STEP), 1.0)


def _moved(image: np.ndarray, old: Box, new: Box, rows: int, columns: int, beyond: float) -> np.ndarray:
    """An image of one box, as the small image (rows, columns) of another; `beyond` fills what the first lacks."""
    down, across = rows / new.height, columns / new.width
    size = max(1, round(old.height * down)), max(1, round(old.width * across))
    move = np.asarray([[1, 0, round((old.x0 - new.x0) * across)], [0, 1, round((old.y0 - new.y0) * down)]], np.float32)
    small = resize(image, *size)
    moved = cv2.warpAffine(small, move, (columns, rows), borderValue=(beyond, beyond, beyond, beyond))
    return np.asarray(moved, np.float32)


def _edges(scene: Scene, box: Box) -> tuple[np.ndarray, np.ndarray]:
    """(h, w) the outline of the person as it catches light from the left, and from the right."""
    soft = blur(scene.person[box.rows_cols], 0.022 * scene.face.height_px)
    reach = np.float32(0.030 * scene.face.height_px)
    gx = cv2.Sobel(soft, cv2.CV_32F, 1, 0) * (reach / 4)
    gy = cv2.Sobel(soft, cv2.CV_32F, 0, 1) * (reach / 4)
    inside = smoothstep(scene.person[box.rows_cols], 0.5, 0.95)
    top = np.maximum(gy, 0) * np.float32(0.35)
    return np.clip(gx + top, 0, 1.2) * inside, np.clip(-gx + top, 0, 1.2) * inside
