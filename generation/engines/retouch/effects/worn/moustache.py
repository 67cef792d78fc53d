"""A moustache grown hair by hair under the nose. Knows the upper lip's mesh, no style."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import blur, parse_colour, smoothstep
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.lids import eyes_in, softness_px
from generation.engines.retouch.scene import Scene
from generation.engines.retouch.whiskers.ground import Ground, ground_of, own_colour
from generation.engines.retouch.whiskers.strands import KNEES, Whiskers, grow, paint, scattered, uneven
from generation.face.regions import spline

SHAPES = ("chevron", "handlebar")


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    shape: str = "chevron",
    density: float = 1.0,
    colour: str = "",
) -> Layer:
    """Grow it.

    Args:
        shape: "chevron" falls over the lip, "handlebar" is waxed and curls up at its tips.
        density: 0 to 1.5; 1 is thick.
        colour: of the hair; empty for the colour of the person's own brows.
    """
    ground = ground_of(scene, 0.0)
    rng = np.random.default_rng(seed)
    soft = ground.drawn(ground.moustache_line, soft=0.010)
    where = smoothstep(soft, 0.2, 0.8) * (1 - ground.in_front)
    if shape == "handlebar":
        where = where * _high(ground)
    roots = scattered(where * np.float32(min(density, 1.5)), ground.box, 0.0060 * ground.unit, rng)
    curves, tones = _fallen(ground, roots, shape, rng)
    if shape == "handlebar":
        waxed, shine = _waxed(ground, round(520 * density), rng)
        curves, tones = np.concatenate([curves, waxed]), np.concatenate([tones, shine])
    ink = parse_colour(colour) if colour else own_colour(scene)
    under = blur(where, 0.005 * ground.unit) * np.float32(0.6 * min(density, 1.0))
    keep = 1 - ground.in_front
    if shape == "chevron":
        keep = keep * (1 - ground.lips)
    softness = softness_px(scene, *eyes_in(scene))
    whiskers = Whiskers(curves, tones, 0.0026)
    return paint(canvas, ground.box, whiskers, ink, unit=ground.unit, under=under, keep=keep, softness_px=softness)


def check(shape: str = "chevron", **_: object) -> None:
    """Raises ValueError for a shape that there is not."""
    if shape not in SHAPES:
        raise ValueError(f'shape must be one of {", ".join(SHAPES)}, not "{shape}".')


def _high(ground: Ground) -> np.ndarray:
    """1 on the upper part of the lip, from which hair is combed sideways."""
    at = ground.points
    border = at[[61, 40, 37, 0, 267, 270, 291]]
    nose = at[[165, 98, 97, 2, 326, 327, 391]]
    low = border + 0.18 * (nose - border)
    return ground.drawn(np.vstack([nose + 0.1 * (nose - border), low[::-1]]), soft=0.006)


def _fallen(ground: Ground, roots: np.ndarray, shape: str, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Hair that parts in the middle and falls outwards along the lip."""
    face = ground.scene.face
    across, up = ground.seats(roots)
    side = np.clip(np.abs(across), 0, 1.2) * ground.narrowed(roots)
    lean = np.sign(across) * (0.25 + (1.25 if shape == "chevron" else 2.6) * side) + rng.normal(0, 0.13, len(roots))
    lean += 0.16 * uneven(roots, 0.03 * ground.unit, rng)
    ways = _unit(lean[:, None] * face.right - face.up)
    ends = _unit((0.8 * lean)[:, None] * face.right - face.up)
    reach = ground.unit * rng.uniform(0.045, 0.072, len(roots))
    order = np.argsort(up + rng.normal(0, 0.012, len(roots)), kind="stable")
    return grow(roots, ways, ends, reach)[order], np.clip(rng.beta(2.2, 2.0, len(roots)), 0, 1)[order]


def _waxed(ground: Ground, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Hairs combed from the middle along each wing, which thins and curls up past the mouth's corner."""
    curves, tones = [], []
    for side in (0, 1):
        spine = _wing(ground, side)
        along = rng.beta(1.1, 1.6, count) * 0.72
        reach = rng.uniform(0.18, 0.34, count)
        aside = rng.uniform(-1, 1, count)
        order = np.argsort(aside + rng.normal(0, 0.25, count), kind="stable")
        along, reach, aside = along[order], reach[order], aside[order]
        t = np.clip(along[:, None] + reach[:, None] * np.linspace(0, 1, KNEES), 0, 1)
        curves.append(_beside(spine, t, aside, ground.unit))
        # lit from above, and darker on the underside
        tones.append(np.clip(0.40 + 0.24 * aside + rng.normal(0, 0.2, count), 0, 1))
    return np.concatenate(curves).astype(np.float32), np.concatenate(tones)


def _wing(ground: Ground, side: int) -> np.ndarray:
    """The middle line of a wing, from the philtrum to the curled tip."""
    at, face, unit = ground.points, ground.scene.face, ground.unit
    nose, lip, corner = ((2, 0, 61), (2, 0, 291))[side]
    half = at[(39, 269)[side]]
    base = at[(98, 327)[side]]
    sideways = (at[corner] - at[(291, 61)[side]]) / 2
    start = at[nose] + 0.50 * (at[lip] - at[nose]) - 0.14 * sideways
    middle = 0.45 * base + 0.55 * half + 0.12 * sideways
    end = at[corner] + 0.16 * sideways + 0.012 * unit * face.up
    tip = at[corner] + 0.62 * sideways + 0.045 * unit * face.up
    curl = at[corner] + 0.66 * sideways + 0.095 * unit * face.up
    last = at[corner] + 0.50 * sideways + 0.118 * unit * face.up
    return spline(np.stack([start, middle, end, tip, curl, last]), 12, closed=False)


def _beside(spine: np.ndarray, t: np.ndarray, aside: np.ndarray, unit: float) -> np.ndarray:
    """Points t (N, K) of the way along a spine, `aside` (N,) -1 to 1 across its width."""
    at = t * (len(spine) - 1)
    ahead = np.gradient(spine, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True) + 1e-6
    across = np.stack([ahead[:, 1], -ahead[:, 0]], 1)
    across *= np.where(across[:1] @ np.asarray([[0.0], [-1.0]]) < 0, -1, 1)  # upwards at the root
    index = np.arange(len(spine))
    on = np.stack([np.interp(at, index, spine[:, axis]) for axis in (0, 1)], -1)
    over = np.stack([np.interp(at, index, across[:, axis]) for axis in (0, 1)], -1)
    half = unit * np.interp(t, (0, 0.12, 0.35, 0.62, 0.85, 1.0), (0.026, 0.034, 0.034, 0.019, 0.008, 0.002))
    return np.asarray(on + (aside[:, None] * half)[..., None] * over)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)
