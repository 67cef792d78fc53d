"""Two coloured lamps from the sides and a lit edge around head and shoulders, in place of the photo's own light."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import LUMA, blur, parse_rgb, resize, smoothstep, to_linear, to_srgb
from generation.engines.retouch.head import normals_in
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.light import lambert, shading
from generation.engines.retouch.scene import Scene

NEEDS = ("person",)


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
    person = blur(scene.person[box.rows_cols], max(0.8, 0.004 * scene.face.height_px))
    normals = _normals(scene, box)
    even = linear / _own_light(scene, box)[..., None] ** np.float32(0.6 * amount)
    luminance = even @ LUMA
    # skin answers coloured light with its own lightness, and keeps a share of its own hue
    body = 0.45 * even + 0.55 * luminance[..., None]
    glow_left = lambert(normals, (-0.94, -0.12, -0.30), wrap=0.06)
    glow_right = lambert(normals, (0.94, -0.20, -0.30), wrap=0.06)
    front = lambert(normals, (0.05, -0.35, -0.95), wrap=0.2)
    lamp_light = 1.9 * (glow_left[..., None] * lamps[0] + glow_right[..., None] * lamps[1])
    lit = body * lamp_light + even * (front * np.float32(0.62 * (1 - dim)))[..., None]
    lit = linear + np.float32(amount) * (lit - linear)
    edge_left, edge_right = _edges(scene, box)
    shine = np.float32(rim) * (0.42 + 1.3 * luminance[..., None])
    lit += shine * (edge_left[..., None] * lamps[0] + edge_right[..., None] * lamps[1])
    lit = np.where(lit > 0.75, 0.75 + 0.25 * np.tanh((lit - 0.75) / 0.25), lit)
    return Layer(box, to_srgb(lit), person)


def _body_box(scene: Scene) -> Box:
    """The rectangle around the person."""
    columns = np.flatnonzero(scene.person[::4].max(0) > 0.02)
    rows = np.flatnonzero(scene.person[:, ::4].max(1) > 0.02)
    if not len(columns) or not len(rows):
        return scene.near
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def _normals(scene: Scene, box: Box) -> np.ndarray:
    """Head from the mesh; below and beside it, the body as a soft cushion blown up inside its own outline."""
    unit_px = scene.face.height_px
    step = 4
    small = resize(scene.person[box.rows_cols], max(8, box.height // step), max(8, box.width // step))
    cushion = np.zeros_like(small)
    for sigma, weight in ((0.06, 0.2), (0.2, 0.5), (0.5, 1.0)):
        cushion += blur(small, unit_px * sigma / step) * np.float32(weight)
    slope = np.float32(unit_px / step * 0.55)
    gx, gy = cv2.Sobel(cushion, cv2.CV_32F, 1, 0) / 8, cv2.Sobel(cushion, cv2.CV_32F, 0, 1) / 8
    body = np.dstack([-gx * slope, -gy * slope, np.full_like(gx, -0.55)])
    body /= np.linalg.norm(body, axis=2, keepdims=True)
    body = resize(body.astype(np.float32), box.height, box.width)
    near = scene.near
    x0, y0 = max(near.x0, box.x0), max(near.y0, box.y0)
    x1, y1 = min(near.x1, box.x1), min(near.y1, box.y1)
    head = normals_in(scene.face, near)[y0 - near.y0 : y1 - near.y0, x0 - near.x0 : x1 - near.x0]
    at = slice(y0 - box.y0, y1 - box.y0), slice(x0 - box.x0, x1 - box.x0)
    share = np.zeros((near.height, near.width), np.float32)
    margin = max(2, int(0.2 * unit_px))
    share[margin:-margin, margin:-margin] = 1
    share = blur(share, 0.4 * margin)[y0 - near.y0 : y1 - near.y0, x0 - near.x0 : x1 - near.x0, None]
    body[at] += share * (head - body[at])
    unit: np.ndarray = body / np.linalg.norm(body, axis=2, keepdims=True)
    return unit


def _own_light(scene: Scene, box: Box) -> np.ndarray:
    """(h, w) the shading the photo's own light gives, 1 away from the face."""
    near = scene.near
    own = np.ones((scene.height, scene.width), np.float32)
    fit = shading(to_linear(scene.pixels[near.rows_cols]), scene.skin, normals_in(scene.face, near))
    share = blur(scene.face_oval, 0.06 * scene.face.height_px)
    own[near.rows_cols] = 1 + share * (fit - 1)
    return own[box.rows_cols]


def _edges(scene: Scene, box: Box) -> tuple[np.ndarray, np.ndarray]:
    """(h, w) the outline of the person as it catches light from the left, and from the right."""
    soft = blur(scene.person[box.rows_cols], 0.022 * scene.face.height_px)
    reach = np.float32(0.030 * scene.face.height_px)
    gx = cv2.Sobel(soft, cv2.CV_32F, 1, 0) * (reach / 4)
    gy = cv2.Sobel(soft, cv2.CV_32F, 0, 1) * (reach / 4)
    inside = smoothstep(scene.person[box.rows_cols], 0.5, 0.95)
    top = np.maximum(gy, 0) * np.float32(0.35)
    return np.clip(gx + top, 0, 1.2) * inside, np.clip(-gx + top, 0, 1.2) * inside
