"""Something in the air between the camera and the person: snow, petals, leaves, sparks; out of focus, off the face."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import parse_rgb, resize, smoothstep, to_srgb
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.scene import Scene
from generation.engines.retouch.scenery.frame import light_of

SIDE_PX = 640
"""The longer side it is drawn at."""
SHAPES = {"snow": 1.0, "sparks": 1.0, "petals": 0.55, "leaves": 0.5}
"""What may fall, and how much narrower than long it is."""
SIZES = ((0.007, 60), (0.014, 26), (0.028, 9), (0.050, 4))
"""Radii in shorter sides, and how many; the near ones are large, few and faint."""


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    what: str = "snow",
    colour: str = "#ffffff",
    second: str = "#e8f2ff",
    amount: float = 0.8,
    many: float = 1.0,
    size: float = 1.0,
) -> Layer:
    """Strew it over the picture.

    Args:
        what: one of SHAPES. colour, second: between which each one's colour lies.
        amount: 0 to 1, how opaque. many: 1 is about a hundred. size: of each, 1 as snow.
    """
    scale = min(1.0, SIDE_PX / max(scene.height, scene.width))
    rows, cols = max(8, round(scene.height * scale)), max(8, round(scene.width * scale))
    random = np.random.default_rng((seed, 71))
    ends = light_of(colour), light_of(second)
    light, cover = np.zeros((rows, cols, 3), np.float32), np.zeros((rows, cols), np.float32)
    for radius, count in SIZES:
        for _ in range(round(count * many)):
            share = np.float32(random.random())
            opacity = float(random.uniform(0.5, 1.0)) * (1 - 11 * radius)
            tint = (ends[0] + share * (ends[1] - ends[0])) * np.float32(random.uniform(0.75, 1.1))
            _one(light, cover, random, size * radius * min(rows, cols), (SHAPES[what], opacity), tint)
    shown = resize(to_srgb(light / np.maximum(cover, 1e-3)[..., None]), scene.height, scene.width)
    if what == "sparks":
        shown = np.maximum(shown, canvas)
    mask = resize(cover, scene.height, scene.width) * np.float32(amount) * _off_face(scene)
    return Layer(Box.whole(scene.height, scene.width), shown, np.clip(mask, 0, 1))


def _one(
    light: np.ndarray,
    cover: np.ndarray,
    random: np.random.Generator,
    radius: float,
    how: tuple[float, float],
    tint: np.ndarray,
) -> None:
    """Draw one soft-edged flake, leaf or spark over what is there, in place: premultiplied."""
    rows, cols = cover.shape
    narrow, opacity = how
    centre, angle = random.uniform((0, 0), (cols, rows)), random.uniform(0, 180)
    half = max(1.0, radius)
    box = Box(*(int(round(at)) for at in (*(centre - half - 2), *(centre + half + 3)))).clipped(rows, cols)
    y, x = np.mgrid[box.y0 : box.y1, box.x0 : box.x1].astype(np.float32)
    turn = np.radians(angle)
    along = (x - centre[0]) * np.cos(turn) + (y - centre[1]) * np.sin(turn)
    across = ((y - centre[1]) * np.cos(turn) - (x - centre[0]) * np.sin(turn)) / np.float32(narrow)
    bulge = 1 - 0.25 * along / half if narrow < 1 else np.float32(1)
    far = np.hypot(along, across / bulge)
    mask = smoothstep(far, half + 0.8, half * (0.75 if narrow == 1 else 0.85) - 0.8)[..., None] * np.float32(opacity)
    light[box.rows_cols] += mask * (tint - light[box.rows_cols])
    cover[box.rows_cols] += mask[..., 0] * (1 - cover[box.rows_cols])


def _off_face(scene: Scene) -> np.ndarray:
    """(H, W) 0.12 on the face, 1 away from it."""
    keep = np.ones((scene.height, scene.width), np.float32)
    keep[scene.near.rows_cols] = 1 - np.float32(0.88) * scene.face_oval
    return keep


def check(*, what: str = "snow", colour: str = "#ffffff", second: str = "#e8f2ff", **_: object) -> None:
    """Raises ValueError for something that cannot fall."""
    if what not in SHAPES:
        raise ValueError(f'"{what}" cannot fall; what can: {", ".join(SHAPES)}.')
    for each in (colour, second):
        parse_rgb(each)
