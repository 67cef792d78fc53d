"""The light in a photo, read off the face, and other lights put in its place. Knows no style.

Directions are unit vectors in picture space (x right, y down, z away), pointing at the lamp.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from generation.engines.retouch.colour import LUMA, resize, to_linear

SAMPLES = 4000


@dataclass(frozen=True, slots=True)
class Light:
    """What falls on things beside the face.

    Args:
        towards: (3,) unit vector at the lamp.
        ambient: share of the light that comes from everywhere, 0 to 1.
        colour: (3,) linear, mean 1: the cast of the photo.
        level: how bright a white thing in front of the face would be, linear.
    """

    towards: np.ndarray
    ambient: float
    colour: np.ndarray
    level: float


def read_light(pixels: np.ndarray, skin: np.ndarray, normals: np.ndarray) -> Light:
    """Guess a photo's light from how a face is shaded.

    Args:
        pixels: (h, w, 3) uint8, a crop around the face. skin: (h, w) mask. normals: (h, w, 3).
    """
    rows = _rows(skin)
    linear = to_linear(pixels.reshape(-1, 1, 3)[rows])[:, 0]
    shade = linear @ LUMA
    basis = np.concatenate([np.ones((len(rows), 1), np.float32), normals.reshape(-1, 3)[rows]], 1)
    ridge = np.diag([1e-6, 0.02, 0.02, 0.05]) * len(rows)
    base, *slope = np.linalg.solve(basis.T @ basis + ridge, basis.T @ (shade / max(float(shade.mean()), 1e-4)))
    direction = np.asarray(slope) + np.asarray([0, -0.12, -0.25])  # most photos are lit from above and the front
    contrast = float(np.linalg.norm(direction))
    towards = direction / contrast
    towards[2] = min(towards[2], -0.25)
    small = resize(pixels, 64, 64)
    bright = np.percentile(to_linear(small) @ LUMA, 97)
    cast = to_linear(small).reshape(-1, 3).mean(0) + 0.05
    level = np.clip(0.35 + 0.65 * max(float(bright), 1.6 * float(np.percentile(shade, 90))), 0.35, 1.0)
    return Light(
        towards=(towards / np.linalg.norm(towards)).astype(np.float32),
        ambient=float(np.clip(0.75 - 0.5 * contrast, 0.25, 0.65)),
        colour=((cast / cast.mean()) ** 0.35).astype(np.float32),
        level=float(level),
    )


def harmonics(normals: np.ndarray) -> np.ndarray:
    """The nine spherical harmonics up to order 2, unscaled (Ramamoorthi, Hanrahan 2001): (..., 3) to (..., 9)."""
    x, y, z = normals[..., 0], -normals[..., 1], -normals[..., 2]
    return np.stack([np.ones_like(x), x, y, z, x * y, x * z, y * z, x * x - y * y, 3 * z * z - 1], -1)


def shading(linear: np.ndarray, skin: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """The shading the photo's own light gives the face: (h, w) float32, about 1 on middling skin.

    Args:
        linear: (h, w, 3) linear light. skin, normals: of the same crop.
    """
    rows = _rows(skin)
    shade = np.log(linear.reshape(-1, 3)[rows] @ LUMA + 0.01)
    basis = harmonics(normals.reshape(-1, 3)[rows])
    ridge = np.diag([1e-3] + [3.0] * 8) * len(rows) / 400
    factors = np.linalg.solve(basis.T @ basis + ridge, basis.T @ shade)
    height, width = linear.shape[:2]
    small = cv2.resize(normals, (max(8, width // 4), max(8, height // 4)), interpolation=cv2.INTER_AREA)
    fit = (harmonics(small) @ factors).astype(np.float32)
    middle = float(np.median(basis @ factors))
    return resize(np.exp(np.clip(fit - middle, -1.2, 1.0)), height, width)


def lambert(normals: np.ndarray, towards: tuple[float, float, float] | np.ndarray, wrap: float = 0.25) -> np.ndarray:
    """How much of a lamp's light a surface takes, (h, w) 0 to 1; `wrap` lets it reach round the edge."""
    lamp = np.asarray(towards, np.float32)
    lamp = lamp / np.linalg.norm(lamp)
    facing = normals @ lamp
    return np.asarray(np.clip((facing + wrap) / (1 + wrap), 0, 1), np.float32)


def _rows(skin: np.ndarray) -> np.ndarray:
    """Flat indexes of up to SAMPLES px that are surely skin."""
    flat = skin.ravel()
    rows = np.flatnonzero(flat > min(0.7, 0.8 * float(flat.max()) if flat.size else 0.7))
    if not len(rows):
        rows = np.arange(flat.size)
    return rows[:: max(1, len(rows) // SAMPLES)]
