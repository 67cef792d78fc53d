"""A visitor: cool grey-green skin with a sheen of violet, brow ridges, and large black almond eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, parse_rgb, smoothstep
from generation.engines.retouch.layer import Box, Layer, lay
from generation.engines.retouch.lids import Eye, eyes_of, softness_px
from generation.engines.retouch.paint import box_around, sharp_shapes
from generation.engines.retouch.painting.other_skin import blotches, other_skin
from generation.engines.retouch.painting.pigments import sheet_for, worn
from generation.engines.retouch.painting.sheet import Sheet
from generation.engines.retouch.painting.strokes import both, disc, stroke
from generation.face.regions import BROW_LEFT, BROW_RIGHT, spline

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

NEEDS = ("person", "hair")
RIDGES = (
    ((-0.06, -0.40), (-0.075, -0.28), (-0.05, -0.16), (-0.03, -0.05)),
    ((-0.16, -0.40), (-0.19, -0.29), (-0.16, -0.19)),
    ((-0.28, -0.36), (-0.33, -0.26), (-0.315, -0.17)),
)


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    skin: str = "#8fb3a2",
    sheen: str = "#93a4bd",
    eye: str = "#07090f",
    amount: float = 0.9,
    eyes: bool = True,
) -> list[Layer]:
    """Paint the visitor.

    Args:
        skin, sheen: the two hues of its skin, which goes as deep as the person's own. eye: of its eyes.
        amount: 0 to 1. eyes: black almonds in place of the person's own eyes.
    """
    mottling = smoothstep(blotches(scene, seed, 0.34, 3), -0.9, 1.4)
    strange = other_skin(scene, canvas, (skin, sheen), mottling, 0.85 * amount, 0.03 * amount)
    under = canvas.copy()
    lay(under, strange, 1.0)
    bald = _without_brows(scene, under, amount)
    lay(under, bald, 1.0)
    sheet, random = sheet_for(scene), np.random.default_rng((seed, 4))
    _marks(sheet, random)
    layers = [strange, bald, worn(scene, under, sheet, amount)]
    if eyes:
        layers += [_almond(scene, each, eye) for each in eyes_of(scene.face)]
    return layers


def _without_brows(scene: Scene, canvas: np.ndarray, amount: float) -> Layer:
    """The skin about the brows drawn over them; their hairs stay as a faint relief."""
    near, unit = scene.near, scene.face.height_px
    points = scene.face.points[[*BROW_RIGHT, *BROW_LEFT]]
    box = Box.around(points, 0.12 * unit, scene.height, scene.width)
    box = Box(max(box.x0, near.x0), max(box.y0, near.y0), min(box.x1, near.x1), min(box.y1, near.y1))
    if box.height < 4 or box.width < 4:  # the frame ends below them
        return Layer(Box(0, 0, 1, 1), canvas[:1, :1].copy(), np.zeros((1, 1), np.float32))
    at = slice(box.y0 - near.y0, box.y1 - near.y0), slice(box.x0 - near.x0, box.x1 - near.x0)
    picture = canvas[box.rows_cols]
    hair = blur(scene.brows[at], 0.012 * unit)
    skin = scene.skin[at] * (1 - smoothstep(hair, 0.02, 0.2))
    sigma = 0.035 * unit
    around = blur(picture * skin[..., None], sigma) / (blur(skin, sigma)[..., None] + np.float32(1e-3))
    fine = picture - blur(picture, 0.02 * unit)
    known = smoothstep(blur(skin, sigma), 0.02, 0.15)
    mask = smoothstep(hair, 0.05, 0.45) * known * np.float32(min(1.0, amount))
    return Layer(box, np.clip(around + np.float32(0.25) * fine, 0, 1), mask)


def _marks(sheet: Sheet, random: np.random.Generator) -> None:
    """Ridges from brow to crown, hollow cheeks, rows of paler spots along temple and cheek."""
    for path in RIDGES:
        points = np.asarray(path, np.float32)
        sheet.fill(both(stroke(points + (0.008, 0.0), (0.002, 0.030, 0.002))), "#26383a", 0.40, 0.010)
        sheet.fill(both(stroke(points, (0.001, 0.018, 0.001))), "#d6efe2", 0.50, 0.006)
    for sign in (-1, 1):
        sheet.spot((sign * 0.37, 0.33), (0.060, 0.13), "#26383a", 0.48, 24 * sign)
        sheet.spot((sign * 0.20, 0.02), (0.135, 0.085), "#1d2a33", 0.50, 8 * sign)
        sheet.spot((sign * 0.30, 0.16), (0.085, 0.024), "#e6fff2", 0.36, -16 * sign)
    sheet.spot((0, 0.415), (0.105, 0.030), "#5d7f80", 0.55)
    sheet.spot((0, 0.12), (0.014, 0.09), "#e6fff2", 0.35)
    for row in range(3):
        for t in np.linspace(0, 1, 9):
            x, y = -0.36 - 0.045 * row - 0.05 * t, -0.20 + 0.17 * row + 0.20 * t
            radius = 0.011 * (1 - 0.55 * t) * float(random.uniform(0.7, 1.1))
            sheet.fill(both(disc((x, y), radius)), "#d3f2e4", 0.45, 0.002)


def _almond(scene: Scene, eye: Eye, colour: str) -> Layer:
    """One black eye: larger than the person's own, its outer corner drawn up, with two soft reflections."""
    middle, unit = eye.outline.mean(0), eye.width_px
    t = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    across = np.cos(t) * 0.70
    down = np.sin(t) * (0.47 - 0.10 * np.cos(t)) - 0.30 * across
    shape = middle + unit * (across[:, None] * eye.out - down[:, None] * eye.up * 1.0)
    box = box_around(scene, shape, 0.06)
    soft_px = max(softness_px(scene, eye), 0.010 * unit)
    mask = blur(sharp_shapes(box, [spline(shape.astype(np.float32))]), soft_px)
    x = np.arange(box.x0, box.x1, dtype=np.float32)[None] - np.float32(middle[0])
    y = np.arange(box.y0, box.y1, dtype=np.float32)[:, None] - np.float32(middle[1])
    out = (x * eye.out[0] + y * eye.out[1]) / np.float32(unit)
    up = (x * eye.up[0] + y * eye.up[1]) / np.float32(unit)
    far = np.hypot(out / 0.70, (up - 0.30 * out) / 0.47)
    glint = np.exp(-(((out + 0.10) / 0.13) ** 2 + ((up - 0.20) / 0.06) ** 2))
    glow = np.exp(-(((out - 0.10) / 0.36) ** 2 + ((up + 0.20) / 0.10) ** 2))
    rim = smoothstep(far, 0.62, 1.0)
    picture = np.empty((box.height, box.width, 3), np.float32)
    picture[:] = parse_rgb(colour)
    for share, tint in ((0.85 * glint, "#f2fbff"), (0.30 * glow, "#5f8fd0"), (0.20 * rim, "#6d5aa8")):
        picture += share[..., None].astype(np.float32) * (parse_rgb(tint) - picture)
    picture = blur(picture, soft_px)
    near = scene.near
    rows, cols = slice(box.y0 - near.y0, box.y1 - near.y0), slice(box.x0 - near.x0, box.x1 - near.x0)
    hidden = np.maximum(scene.occluders[rows, cols], scene.in_front[box.rows_cols])
    shown = mask * (1 - cv2.GaussianBlur(hidden, (0, 0), 0.8))
    return Layer(box, picture, np.clip(shown * min(1.0, 0.25 + eye.facing), 0, 1))
