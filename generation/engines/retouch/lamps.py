"""What lamps meet: the surface of head and body, and the light the photo already has, on a small copy of a box.

Light has no fine detail, so everything here is STEP times smaller than the picture. Knows no style.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, resize, smoothstep, to_linear
from generation.engines.retouch.layer import Box
from generation.engines.retouch.light import Light, read_light, shading
from generation.engines.retouch.objects.head import normals_in
from generation.engines.retouch.scene import Scene

STEP = 4
NEAR_PX = 240
"""Longer side of the copy of scene.near that light is read from."""


@dataclass(frozen=True, slots=True)
class Near:
    """A small copy of scene.near.

    Args:
        pixels: (h, w, 3) uint8. skin: (h, w). normals: (h, w, 3).
    """

    pixels: np.ndarray
    skin: np.ndarray
    normals: np.ndarray


def near_of(scene: Scene) -> Near:
    """The surroundings of the face, small."""
    near = scene.near
    scale = min(1.0, NEAR_PX / max(near.height, near.width))
    rows, columns = max(8, round(near.height * scale)), max(8, round(near.width * scale))
    landmarks = (scene.face.landmarks - [near.x0, near.y0, 0]) * [columns / near.width, rows / near.height, scale]
    face = replace(scene.face, landmarks=landmarks.astype(np.float32))
    pixels = resize(np.ascontiguousarray(scene.pixels[near.rows_cols]), rows, columns)
    return Near(pixels, resize(scene.skin, rows, columns), normals_in(face, Box(0, 0, columns, rows)))


def photo_light(scene: Scene) -> Light:
    """The photo's own light, read off the face."""
    near = near_of(scene)
    return read_light(near.pixels, near.skin, near.normals)


def lamp_side(light: Light) -> float:
    """-1 for light from the left of the picture, 1 from the right."""
    return 1.0 if light.towards[0] > 0 else -1.0


def small_shape(box: Box) -> tuple[int, int]:
    """Rows and columns of the small copy."""
    return max(8, box.height // STEP), max(8, box.width // STEP)


def body_box(scene: Scene) -> Box:
    """The rectangle around the person."""
    columns = np.flatnonzero(scene.person[::4].max(0) > 0.02)
    rows = np.flatnonzero(scene.person[:, ::4].max(1) > 0.02)
    if not len(columns) or not len(rows):
        return scene.near
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def surface(scene: Scene, box: Box, close: Near) -> np.ndarray:
    """Normals: the head from the mesh; below and beside it, the body as a cushion blown up inside its own outline."""
    unit_px = scene.face.height_px / STEP
    rows, columns = small_shape(box)
    small = resize(scene.person[box.rows_cols], rows, columns)
    cushion = np.zeros_like(small)
    for sigma, weight in ((0.06, 0.2), (0.2, 0.5), (0.5, 1.0)):
        cushion += blur(small, unit_px * sigma) * np.float32(weight)
    slope = np.float32(unit_px * 0.55 / 8)
    gx, gy = cv2.Sobel(cushion, cv2.CV_32F, 1, 0), cv2.Sobel(cushion, cv2.CV_32F, 0, 1)
    body = np.dstack([-gx * slope, -gy * slope, np.full_like(small, -0.55)])
    body /= np.linalg.norm(body, axis=2, keepdims=True)
    near = scene.near
    inside = np.zeros(close.skin.shape, np.float32)
    margin = max(2, int(0.2 * scene.face.height_px * len(close.skin) / near.height))
    inside[margin:-margin, margin:-margin] = 1
    share = _moved(blur(inside, 0.4 * margin), near, box, 0.0)[..., None]
    body += share * (_moved(close.normals, near, box, 0.0) - body)
    unit: np.ndarray = body / np.maximum(np.linalg.norm(body, axis=2, keepdims=True), 1e-6)
    return unit


def own_light(scene: Scene, box: Box, close: Near) -> np.ndarray:
    """The shading the photo's own light gives, 1 away from the face."""
    fit = shading(to_linear(close.pixels), close.skin, close.normals)
    rows, columns = close.skin.shape
    oval = blur(resize(scene.face_oval, rows, columns), 0.06 * scene.face.height_px * rows / scene.near.height)
    return _moved(1 + oval * (fit - 1), scene.near, box, 1.0)


def skin_in(scene: Scene, box: Box) -> np.ndarray:
    """The skin of the face."""
    return _moved(scene.skin, scene.near, box, 0.0)


def lit_edges(scene: Scene, box: Box, inner: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """(h, w) the outline of the person as it catches light from the left, and from the right; full size."""
    person = scene.person[box.rows_cols]
    soft = blur(person, 0.022 * scene.face.height_px)
    reach = np.float32(0.030 * scene.face.height_px)
    gx = cv2.Sobel(soft, cv2.CV_32F, 1, 0) * (reach / 4)
    gy = cv2.Sobel(soft, cv2.CV_32F, 0, 1) * (reach / 4)
    inside = smoothstep(person, 0.5, inner)
    top = np.maximum(gy, 0) * np.float32(0.35)
    return np.clip(gx + top, 0, 1.2) * inside, np.clip(-gx + top, 0, 1.2) * inside


def _moved(image: np.ndarray, old: Box, new: Box, beyond: float) -> np.ndarray:
    """An image of one box, as the small image of another; `beyond` fills what the first lacks."""
    rows, columns = small_shape(new)
    down, across = rows / new.height, columns / new.width
    size = max(1, round(old.height * down)), max(1, round(old.width * across))
    move = np.asarray([[1, 0, round((old.x0 - new.x0) * across)], [0, 1, round((old.y0 - new.y0) * down)]], np.float32)
    small = resize(image, *size)
    moved = cv2.warpAffine(small, move, (columns, rows), borderValue=(beyond, beyond, beyond, beyond))
    return np.asarray(moved, np.float32)
