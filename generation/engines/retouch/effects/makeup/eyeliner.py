"""Eyeliner: a line along the upper lashes that grows outwards, a wing, and a soft line below."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur, parse_colour, smoothstep
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.lids import Eye, eyes_in, softness_px
from generation.engines.retouch.paint import lab_of, layer_of, sharp_shapes
from generation.face.regions import spline

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    colour: str = "#0c0808",
    amount: float = 0.95,
    thick: float = 1.0,
    wing: float = 1.0,
    lower: float = 0.35,
) -> list[Layer]:
    """Draw the line on both eyes.

    Args:
        amount: 0 to 1.
        thick: 1 is a classic line, 0.4 hardly more than fuller lashes.
        wing: 1 is a quarter of an eye's width beyond the corner, 0 none.
        lower: 0 to 1, along the outer lower lashes.
    """
    goal = parse_colour(colour)
    layers = []
    for eye in eyes_in(scene):
        box = eye.box(scene)
        lab = lab_of(canvas, box)
        line = sharp_shapes(box, [_line(eye, thick), *([_wing(eye, thick, wing)] if wing > 0 else [])])
        weight = blur(line, max(softness_px(scene, eye), 0.0014 * scene.face.height_px))
        if lower > 0 and not eye.closed:
            weight = np.maximum(weight, _below(scene, eye, box) * np.float32(lower))
        weight = np.clip(weight * eye.free(scene, box) * np.float32(amount * eye.facing), 0, 1)
        # light still glances off the line
        lab[..., 0] += (goal[0] + 0.08 * np.clip(lab[..., 0] - 0.5, 0, 0.5) - lab[..., 0]) * weight
        for channel in (1, 2):
            lab[..., channel] += (goal[channel] - lab[..., channel]) * weight
        layers.append(layer_of(box, lab, weight))
    return layers


def _lash_line(eye: Eye) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The upper lash line, its normals away from the eye, and t: 0 at the outer corner, 1 at the inner."""
    curve = spline(eye.upper, 12, closed=False)
    ahead = np.gradient(curve, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True) + 1e-9
    normals = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)
    normals *= np.where(normals @ eye.up >= 0, 1, -1)[:, None]
    return curve, normals, np.linspace(0, 1, len(curve))


def _thickness(eye: Eye, thick: float, t: np.ndarray) -> np.ndarray:
    return np.asarray(eye.width_px * thick * (0.012 + 0.055 * np.power(1 - t, 1.1)))


def _line(eye: Eye, thick: float) -> np.ndarray:
    curve, normals, t = _lash_line(eye)
    upper = curve + normals * _thickness(eye, thick, t)[:, None]
    return np.vstack([curve - normals * eye.width_px * 0.008, upper[::-1]])


def _wing(eye: Eye, thick: float, wing: float) -> np.ndarray:
    """A flick along the continuation of the lower lid, joined to the line a third of the way in."""
    curve, normals, t = _lash_line(eye)
    upper = curve + normals * _thickness(eye, thick, t)[:, None]
    away = eye.out * 0.86 + eye.up * 0.51
    length = eye.width_px * 0.26 * wing
    tip = curve[0] + away * length
    joint = int(len(curve) * 0.34)
    first = float(_thickness(eye, thick, t)[0])
    over = _bow(upper[joint], curve[0] + away * length * 0.25 + eye.up * first * 1.05, tip)
    root = curve[0] - normals[0] * eye.width_px * 0.012
    under = _bow(tip, (tip + root) / 2 - eye.up * length * 0.04, root)
    return np.vstack([over, under, curve[:joint]])


def _bow(start: np.ndarray, control: np.ndarray, end: np.ndarray) -> np.ndarray:
    """A quadratic Bézier curve, 14 points."""
    t = np.linspace(0, 1, 14)[:, None]
    return np.asarray((1 - t) ** 2 * start + 2 * (1 - t) * t * control + t**2 * end)


def _below(scene: Scene, eye: Eye, box: Box) -> np.ndarray:
    """A smudged line under the lower lashes, fading towards the inner corner."""
    curve = spline(eye.lower, 10, closed=False) - eye.up * eye.width_px * 0.008
    width = max(0.7, eye.width_px * 0.011)
    down = np.stack([eye.up] * len(curve)) * width
    mask = sharp_shapes(box, [np.vstack([curve + down, (curve - down)[::-1]])])
    along = eye.along(box)
    return np.asarray(blur(mask, max(0.6, 0.003 * scene.face.height_px)) * smoothstep(along, 0.2, 0.85), np.float32)
