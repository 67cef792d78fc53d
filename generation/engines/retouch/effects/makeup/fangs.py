"""Two pointed canines below the upper lip. They come out of an open mouth, or lie on the lower lip of a closed one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur, parse_rgb
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.paint import box_around, part, places, sharp_shapes
from generation.face.regions import LIPS_INNER, fill_polygons, spline

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

# Two landmarks on the upper lip's inner edge for each side: a canine stands between them.
CANINES = ((81, 82), (311, 312))
UPPER_LIP = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191, 78)
# Across a tooth from its left edge (-1) to its right (1): a lit ridge, darker flanks.
RIDGE = ((-1.0, "#c9bfab"), (-0.3, "#fffdf4"), (0.4, "#f1e9d8"), (1.0, "#b3a68f"))


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, length: float = 1.0) -> list[Layer]:
    """Draw both fangs and the shadow they throw.

    Args:
        length: 1 is a twentieth of the face's height.
    """
    face, unit = scene.face, scene.face.height_px
    across = face.points[291] - face.points[61]
    across = across / np.linalg.norm(across)
    down = np.asarray([-across[1], across[0]], np.float32)
    gap = float(np.linalg.norm(face.points[13] - face.points[14])) / unit
    half, tall = 0.017 * unit, float(np.clip(0.048 + 0.48 * gap, 0.048, 0.095)) * unit * length
    box = box_around(scene, face.points[list(LIPS_INNER)], 0.09)
    lip = fill_polygons((box.height, box.width), [spline(face.points[list(UPPER_LIP)]) - box.origin])
    alpha = np.zeros((box.height, box.width), np.float32)
    colour = np.zeros((box.height, box.width, 3), np.float32)
    for outer, inner in CANINES:
        root = face.points[outer] * 0.6 + face.points[inner] * 0.4 - down * (0.004 if gap > 0.012 else 0.002) * unit
        tooth = sharp_shapes(box, [_tooth(root, across * half, down * tall)], times=4)
        shading = _shading(box, root, across / half, down / tall)
        colour += (shading - colour) * tooth[..., None]
        alpha = np.maximum(alpha, tooth)
    alpha *= 1 - 0.95 * lip
    colour *= _brightness(scene, canvas, box)
    shade = blur(np.roll(alpha, (round(0.006 * unit), round(0.003 * unit)), (0, 1)), 0.005 * unit)
    shade *= np.clip(part(scene, scene.face_oval, box), 0, 1) * (1 - alpha) * np.float32(0.55)
    darker = np.array(canvas[box.rows_cols]) * np.asarray([0.35, 0.22, 0.22], np.float32)
    soft = blur(alpha, max(0.4, 0.0008 * unit))
    return [Layer(box, darker, shade), Layer(box, colour, np.clip(soft, 0, 1))]


def _brightness(scene: Scene, canvas: np.ndarray, box: Box) -> float:
    """Of the fangs: that of the teeth beside them, or what suits the light on the skin."""
    inside = part(scene, scene.mouth, box) > 0.9
    skin = float(np.clip(1.08 * scene.complexion.lightness, 0.4, 0.96))
    if inside.sum() < 20:
        return skin
    lit = float(np.percentile(canvas[box.rows_cols][inside].mean(axis=1), 90))
    return float(np.clip(lit, skin, 0.99))


def _tooth(root: np.ndarray, side: np.ndarray, down: np.ndarray) -> np.ndarray:
    """A canine: nearly straight flanks that draw in to a point, as a polygon."""
    left = _curve(root - side, root - side * 0.95 + down * 0.45, root - side * 0.25 + down * 0.92, root + down)
    right = _curve(root + down, root + side * 0.35 + down * 0.88, root + side * 0.98 + down * 0.40, root + side)
    return np.vstack([left, right])


def _curve(start: np.ndarray, first: np.ndarray, second: np.ndarray, end: np.ndarray) -> np.ndarray:
    """A cubic Bézier curve, 16 points."""
    t = np.linspace(0, 1, 16)[:, None]
    return np.asarray((1 - t) ** 3 * start + 3 * (1 - t) ** 2 * t * first + 3 * (1 - t) * t * t * second + t**3 * end)


def _shading(box: Box, root: np.ndarray, across: np.ndarray, down: np.ndarray) -> np.ndarray:
    """A tooth's colours for every pixel of the box, (h, w, 3) sRGB; the root lies in the lip's shadow."""
    x, y = places(box)
    right, below = x - root[0], y - root[1]
    side, depth = right * across[0] + below * across[1], right * down[0] + below * down[1]
    stops = np.asarray([at for at, _ in RIDGE])
    tints = np.stack([parse_rgb(text) for _, text in RIDGE])
    # towards the point the ridge is narrower
    wide = side / np.clip(1.0 - 0.6 * depth, 0.3, 1.0)
    colour = np.stack([np.interp(wide, stops, tints[:, channel]) for channel in range(3)], axis=-1)
    return np.asarray(colour * (0.72 + 0.28 * np.clip(depth / 0.35, 0, 1))[..., None], np.float32)
