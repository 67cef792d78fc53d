"""Lines of light on the face, as if it were set with circuits: they follow its bones and glow on the skin."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import blur, parse_rgb
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.media.film import screen
from generation.engines.retouch.objects.draw import stroke
from generation.engines.retouch.scene import Scene

# Each line is a chain of places; a place is a landmark, or a mix (landmark, landmark, share of the second).
CHAINS = (
    ((127, 234, 0.35), 116, 117, (118, 119, 0.35)),
    ((234, 227, 0.3), 227, 123, (50, 123, 0.25)),
    ((356, 454, 0.35), 345, 346, (347, 348, 0.35)),
    ((454, 447, 0.3), 447, 352, (280, 352, 0.25)),
    ((10, 151, 0.1), 151, (9, 8, 0.2)),
    ((199, 200, 0.2), (199, 175, 0.6)),
)
DOTS = ((116, 143, 0.5), (345, 372, 0.5), (50, 205, 0.5), (280, 425, 0.5))


def apply(
    scene: Scene, canvas: np.ndarray, *, seed: int, colour: str = "#27e6ff", amount: float = 1.0, thickness: float = 1.0
) -> Layer:
    """Draw the lines in `colour`; a thickness of 1 is 0.006 face heights."""
    near, unit_px = scene.near, scene.face.height_px
    shape = (near.height, near.width)
    width_px = max(1.0, 0.006 * thickness * unit_px)
    core = np.zeros(shape, np.float32)
    for chain in CHAINS:
        path = np.stack([_place(scene, place) for place in chain])
        core = np.maximum(core, stroke(shape, path, width_px))
        core = np.maximum(core, _ring(shape, path[-1], 2.6 * width_px, 0.7 * width_px))
    for place in DOTS:
        at = _place(scene, place)
        core = np.maximum(core, stroke(shape, np.stack([at, at + 0.01]), 2.0 * width_px))
    core *= np.clip(scene.face_oval * (1 - scene.occluders), 0, 1)
    light = parse_rgb(colour)
    halo = 1.5 * blur(core, 2.2 * width_px) + 2.4 * blur(core, 6.5 * width_px)
    lit = screen(canvas[near.rows_cols], np.clip(halo, 0, 1)[..., None] * (light * np.float32(0.75 * amount)))
    white = light + 0.72 * (1 - light)
    lit += (core * np.float32(0.92 * amount))[..., None] * (white - lit)
    return Layer(near, lit, np.clip(4 * halo + core, 0, 1))


def _place(scene: Scene, place: int | tuple[int, int, float]) -> np.ndarray:
    points = scene.face.points
    if isinstance(place, int):
        return np.asarray(points[place] - scene.near.origin)
    first, second, share = place
    return np.asarray(points[first] * (1 - share) + points[second] * share - scene.near.origin)


def _ring(shape: tuple[int, int], centre: np.ndarray, radius_px: float, width_px: float) -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi, 33)
    return stroke(shape, centre + radius_px * np.stack([np.cos(angle), np.sin(angle)], 1), width_px)
