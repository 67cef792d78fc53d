"""The folds that a smile makes at any age: beside nose and mouth, and a little below the eyes. Belongs to `smile`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import from_oklab
from generation.engines.retouch.creases import smile_folds
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.paint import box_around, lab_of, part
from generation.engines.retouch.relief import less_where_clipped, relief

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, amount: float = 0.3) -> Layer:
    """Broad soft folds, lit as the photo lights the face; no fine lines.

    Args:
        amount: 0 to 1; 1 are the folds of a broad laugh.
    """
    face = scene.face
    rng = np.random.default_rng(seed)
    folds = smile_folds(face, rng)
    box = box_around(scene, np.vstack([fold.path for fold in folds]), 0.12)
    lab = lab_of(canvas, box)
    shade = relief(scene, box, folds, rng, 0.0) * np.float32(amount)
    lab[..., 0] *= np.exp(less_where_clipped(shade, np.ascontiguousarray(lab[..., 0]), face.height_px))
    return Layer(box, from_oklab(lab), part(scene, scene.skin, box) * (1 - part(scene, scene.occluders, box)))
