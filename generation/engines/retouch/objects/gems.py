"""Cut stones: a paint whose facets each mirror another part of the room. Knows no shape."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.light import Light
from generation.engines.retouch.objects.draw import Paint
from generation.engines.retouch.objects.materials import diffuse, mirrored, room, spot
from generation.engines.retouch.objects.solid import Sight


def faceted(colour: np.ndarray, around: int = 14, along: int = 5, tilt: float = 0.45) -> Paint:
    """A transparent stone of that linear colour (3,), cut into `around` x `along` facets over its uv.

    Args:
        tilt: how far a facet may lean from the surface, as a share of its normal.
    """

    def paint(sight: Sight, light: Light) -> np.ndarray:
        row = np.floor(sight.uv[:, 1] * along).astype(np.int64)
        column = np.floor(sight.uv[:, 0] * around + 0.5 * (row % 2)).astype(np.int64)
        normals = sight.normals + tilt * _leaning(row * 131 + column)
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        inner = 0.5 + 0.5 * _leaning(row * 57 + column * 11 + 5)[:, 0]  # what the back facets send through
        body = colour * (0.10 + 0.55 * diffuse(normals, light) * (0.35 + inner))[:, None]
        shine = 0.16 * room(mirrored(normals), light) + 1.1 * spot(normals, light, 60)
        cast = light.colour * light.level
        return np.asarray((body + shine[:, None] * (0.45 + 0.55 * colour)) * cast, np.float32)

    return paint


def _leaning(number: np.ndarray) -> np.ndarray:
    """(n, 3) -1 to 1: another direction for every number, always the same."""
    mixed = (number * 2654435761) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 15)) * 2246822519) & 0xFFFFFFFF
    mixed ^= mixed >> 13
    parts = np.stack([mixed & 0x3FF, (mixed >> 10) & 0x3FF, (mixed >> 20) & 0x3FF], 1)
    return np.asarray(parts / 511.5 - 1, np.float32)
