"""One face with another complexion, for tests of what effects do to skin."""

import numpy as np

from generation.engines.retouch.colour import from_oklab, to_oklab
from generation.engines.retouch.scene import Scene


def with_complexion(scene: Scene, lightness: float, chroma: float) -> Scene:
    """The same photo, its face moved in OKLab to that tone, so that light and shade stay. No matte is taken over."""
    lab = to_oklab(scene.pixels)
    own = scene.complexion.tone
    moved = lab.copy()
    moved[..., 0] *= lightness / own[0]
    moved[..., 1:] *= chroma / float(np.hypot(own[1], own[2]))
    share = np.zeros((scene.height, scene.width, 1), np.float32)
    share[scene.near.rows_cols] = scene.face_oval[..., None]
    pixels = np.round(from_oklab(lab + share * (moved - lab)) * 255).astype(np.uint8)
    return Scene(pixels, scene.face, scene.finder)
