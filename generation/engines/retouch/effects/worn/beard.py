"""A beard grown hair by hair on cheeks, jaw, chin and upper lip. Knows the lower face's mesh, no style."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, parse_colour, smoothstep
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.lids import eyes_in, softness_px
from generation.engines.retouch.scene import Scene
from generation.engines.retouch.whiskers.ground import Ground, ground_of, own_colour
from generation.engines.retouch.whiskers.strands import Whiskers, grow, paint, scattered, uneven

SHAPES = ("full", "goatee")
PATCH = 0.12
"""A smaller share of the beard than this, away from the rest, is left out."""


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    shape: str = "full",
    length: float = 0.09,
    density: float = 1.0,
    colour: str = "",
) -> Layer:
    """Grow it.

    Args:
        shape: "full" or "goatee".
        length: of the hairs on the chin, in face heights: stubble has 0.012, a full beard 0.09, a long one 0.3.
        density: 0 to 1.5; 1 is a thick beard.
        colour: of the hair; empty for the colour of the person's own brows.
    """
    ground = ground_of(scene, 1.2 * length)
    rng = np.random.default_rng(seed)
    where = _where(ground, shape)
    short = float(smoothstep(np.float32(length), 0.05, 0.015))
    density *= 1 - 0.25 * short
    roots = scattered(where * np.float32(min(density, 1.5)), ground.box, _spacing(length) * ground.unit, rng)
    sparse = where[tuple(np.floor(roots - ground.box.origin).astype(int).T[::-1])]
    curves, tones = _hairs(ground, roots, length * (0.35 + 0.65 * sparse), rng)
    under = blur(where, 0.006 * ground.unit) * np.float32((0.66 - 0.38 * short) * min(density, 1.0))
    ink = parse_colour(colour) if colour else own_colour(scene)
    ink = ink * np.float32(1 - 0.25 * short)  # stubble is cut where hair is thickest and darkest
    keep = (1 - ground.lips) * (1 - ground.in_front)
    whiskers = Whiskers(curves, tones, 0.0026 - 0.0008 * short, 1 - 0.35 * short)
    soft = softness_px(scene, *eyes_in(scene))
    return paint(canvas, ground.box, whiskers, ink, unit=ground.unit, under=under, keep=keep, softness_px=soft)


def check(shape: str = "full", **_: object) -> None:
    """Raises ValueError for a shape that there is not."""
    if shape not in SHAPES:
        raise ValueError(f'shape must be one of {", ".join(SHAPES)}, not "{shape}".')


def _spacing(length: float) -> float:
    """Between roots, in face heights: long hairs cover more."""
    return 0.0062 + 0.012 * min(length, 0.2)


def _where(ground: Ground, shape: str) -> np.ndarray:
    """How densely hair grows: fading towards the cheek line, thin beside the lower lip, none on the lips."""
    line = ground.beard_line if shape == "full" else ground.goatee_line
    soft = ground.drawn(line, soft=0.017)
    inside = smoothstep(soft, 0.25, 0.95)
    at = ground.points
    bare = [at[[61, 91, 181, 182, 106, 43]], at[[291, 321, 405, 406, 335, 273]]]
    thin = ground.drawn(*bare, soft=0.012)
    inside *= 1 - np.float32(0.7) * thin
    inside *= ground.below_ears
    inside *= smoothstep(inside, 0.08, 0.25)  # a hair here and there would be a speck
    return without_patches(np.asarray(inside * (1 - ground.lips) * (1 - ground.in_front), np.float32))


def without_patches(where: np.ndarray) -> np.ndarray:
    """Without the little that hair, a scarf or a hand cuts off from the rest: it would be a stain on a cheek."""
    count, labels, sizes, _ = cv2.connectedComponentsWithStats((where > 0.1).astype(np.uint8))
    if count < 3:
        return where
    area = sizes[:, cv2.CC_STAT_AREA].astype(np.float32)
    area[0] = 0
    kept = (area > PATCH * area.sum()).astype(np.float32)
    kept[0] = 1
    return np.asarray(where * kept[labels], np.float32)


def _hairs(
    ground: Ground, roots: np.ndarray, length: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Curves and tones. Hair falls from the upper lip outwards, on the cheeks down and forwards, on the chin down."""
    face = ground.scene.face
    across, up = ground.seats(roots)
    mouth_up = ground.seats(ground.points[[61, 291]])[1].mean()
    on_lip = smoothstep(up, mouth_up - 0.01, mouth_up + 0.03) * smoothstep(np.abs(across), 1.7, 1.2)
    chin_up = ground.seats(ground.points[[152]])[1][0]
    low = smoothstep(up, mouth_up, chin_up)
    side = np.clip(across, -2.4, 2.4) * ground.narrowed(roots)
    lean = on_lip * np.sign(across) * (0.35 + 1.1 * np.clip(np.abs(side), 0, 1))
    lean += (1 - on_lip) * (-0.16 * side * (1 - low) + 0.05 * side * low)
    lean += rng.normal(0, 0.16, len(roots)) + 0.17 * uneven(roots, 0.045 * ground.unit, rng)
    ways = _unit(lean[:, None] * face.right - face.up)
    ends = _unit((0.45 * lean + rng.normal(0, 0.15, len(roots)))[:, None] * face.right - face.up)
    share = on_lip * np.minimum(0.75, 0.055 / length) + (1 - on_lip) * (0.45 + 0.55 * low)
    reach = length * ground.unit * np.minimum(share, 1) * rng.uniform(0.7, 1.15, len(roots))
    # what grows higher lies over what grows lower
    order = np.argsort(up + rng.normal(0, 0.03, len(roots)), kind="stable")
    tones = np.clip(rng.beta(2.0, 2.4, len(roots)) + 0.10 * uneven(roots, 0.03 * ground.unit, rng), 0, 1)
    return grow(roots, ways, ends, reach)[order], tones[order]


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)
