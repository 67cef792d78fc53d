"""Another eye colour, as a natural shade, a lens or a glowing creature's eye. Keeps the eyes' own catchlights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, parse_colour, resize, smoothstep
from generation.engines.retouch.effects import Skip
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.lids import Eye, eyes_in, softness_px
from generation.engines.retouch.paint import box_around, lab_of, part, places
from generation.job import Note

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

PUPIL = 0.36
"""Radius of the drawn pupil, in irises."""

FIBRES = 96
SHIFTS = tuple((0.11 * right, 0.11 * down) for right in range(-3, 4) for down in range(-3, 4))
SEEN = (0.03, 0.08)
"""Contrast of iris and white in OKLab L, where eyes begin to be seen, and where they surely are."""
SEARCH_PX = 9
"""Irises are looked for on a copy where they have about this radius."""


@dataclass(frozen=True, slots=True)
class _Disc:
    """An iris on its box: rho 0 at the centre, 1 at the rim; theta in radians; down -1 to 1; soft: of edges."""

    rho: np.ndarray
    theta: np.ndarray
    down: np.ndarray
    across: np.ndarray
    inside: np.ndarray
    soft: float


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    colour: str = "#2f8fd0",
    amount: float = 0.85,
    ring: float = 0.5,
    glow: float = 0.0,
    slit: bool = False,
    white: str = "",
) -> list[Layer]:
    """Recolour the irises of the eyes that are open.

    Args:
        amount: 0 to 1.
        ring: 0 to 1, the dark rim of the iris.
        glow: 0 a human eye, 1 lit from within.
        slit: a cat's pupil.
        white: a colour for the whites, "" to leave them.
    """
    seeing = [eye for eye in eyes_in(scene) if not eye.closed]
    if not seeing:
        raise Skip(Note.EYES_CLOSED)
    soft_px = softness_px(scene, *seeing)
    goal = parse_colour(colour)
    if not glow:
        goal[2] += np.float32(0.7) * scene.complexion.warmth
    goal[1:] *= scene.complexion.colourful
    layers, unseen = [], False
    for eye in seeing:
        if eye.iris_px < 2:
            continue
        box = box_around(scene, eye.outline, 0.03)
        lab = lab_of(canvas, box)
        opening = part(scene, scene.eyes, box) * (1 - part(scene, scene.occluders, box))
        eye, seen = _centred(eye, box, lab[..., 0], opening)
        disc = _disc(eye, scene, box, blur(opening, max(0.5, 0.06 * eye.iris_px)), soft_px)
        region = (disc.rho < 0.9) & (opening > 0.8)
        if region.sum() < 6 or eye.facing <= 0:
            continue
        seen = max(seen, glow) * eye.facing
        if seen <= 0:
            unseen = True
            continue
        drawn = _drawn(lab, disc, region, goal, (ring, glow, slit), np.random.default_rng(seed))
        weight = disc.inside
        if white:
            weight = _whiten(drawn, lab, disc, opening, parse_colour(white))
        layers.append(Layer(box, from_oklab(drawn), np.clip(weight * np.float32(amount * seen), 0, 1)))
    if unseen and not layers:
        raise Skip(Note.SOFT_PHOTO)
    return layers


def _centred(eye: Eye, box: Box, lightness: np.ndarray, opening: np.ndarray) -> tuple[Eye, float]:
    """The eye with its iris where the photo has it, and 0 to 1, how well it is seen: the darkest disc among white.

    The mesh is up to a third of a radius off in wide-open and in far-turned eyes.
    """
    scale = min(1.0, SEARCH_PX / eye.iris_px)
    height, width = max(4, round(box.height * scale)), max(4, round(box.width * scale))
    dark, free = (
        resize(np.ascontiguousarray(lightness), height, width),
        resize(np.ascontiguousarray(opening), height, width),
    )
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    at, radius = (eye.iris - box.origin) * scale, eye.iris_px * scale
    best, found = -1.0, (np.zeros(2, np.float32), 1.0)
    for right, down in SHIFTS:
        away = np.hypot(x - at[0] - right * radius, y - at[1] - down * radius) / radius
        for size in (0.85, 0.94, 1.02):
            disc, rim = free * (away < 0.95 * size), free * (away > 1.05 * size) * (away < 1.4 * size)
            if disc.sum() < 5 or rim.sum() < 3:
                continue
            contrast = float((dark * rim).sum() / rim.sum() - (dark * disc).sum() / disc.sum())
            contrast -= 0.10 * float(np.hypot(right, down)) + 0.08 * (1.02 - size)
            if contrast > best:
                best, found = contrast, (np.asarray([right, down], np.float32), size)
    shift, size = found
    seen = float(smoothstep(np.float32(best), *SEEN))
    return replace(eye, iris=eye.iris + shift * eye.iris_px, iris_px=size * eye.iris_px), seen


def _disc(eye: Eye, scene: Scene, box: Box, opening: np.ndarray, soft_px: float) -> _Disc:
    radius = np.float32(eye.iris_px * 1.02)
    x, y = places(box)
    right, down = (x - eye.iris[0]) / radius, (y - eye.iris[1]) / radius
    rho = np.hypot(right, down)
    up = scene.face.up
    soft = float(np.clip(1.2 * soft_px / eye.iris_px, 0.06, 0.3))
    return _Disc(
        rho=rho,
        theta=np.arctan2(down, right),
        down=-(right * up[0] + down * up[1]),
        across=right * scene.face.right[0] + down * scene.face.right[1],
        inside=(1 - smoothstep(rho, 0.99 - soft, 0.99 + soft)) * opening,
        soft=soft,
    )


def _drawn(
    lab: np.ndarray,
    disc: _Disc,
    region: np.ndarray,
    goal: np.ndarray,
    how: tuple[float, float, bool],
    rng: np.random.Generator,
) -> np.ndarray:
    """The recoloured box. Light eyes keep their own fibres; dark ones, which show none, get drawn fibres."""
    ring, glow, slit = how
    lightness = lab[..., 0]
    own_level, black = (float(each) for each in np.percentile(lightness[region], (50, 6)))
    # an iris is never nearly as light as the white around it, and one that is light already gets another hue only
    white = float(np.percentile(lightness[disc.rho < 1.7], 92))
    lift = 0.17 * float(np.clip((0.62 - own_level) / 0.25, 0.1, 1))
    level = 0.75 * min(float(goal[0]), own_level + lift) + 0.25 * own_level
    level = float(goal[0]) if glow else max(own_level, min(level, 0.58 * white))
    dark = float(np.clip((0.55 - own_level) / 0.3, 0, 1))
    synthetic = 1.0 if glow or slit else float(smoothstep(np.asarray(dark, np.float32), 0.05, 0.55))
    fibres = _fibres(disc.theta, rng) * np.float32(1 if glow else np.clip(1.4 - 4 * disc.soft, 0, 1))
    painted = level * (1 - 0.10 * (disc.rho - 0.5)) + np.clip(lightness - own_level, -0.2, 0.2) * (0.9 - 0.4 * dark)
    painted += fibres * 0.045 * smoothstep(disc.rho, PUPIL, PUPIL + 0.25) * (1 - smoothstep(disc.rho, 0.8, 1.0))
    painted += 0.05 * np.exp(-np.square((disc.rho - 0.52) / 0.14)) - 0.34 * ring * smoothstep(disc.rho, 0.64, 1.0)
    # the upper lid's shadow, and the light it leaves below
    painted -= 0.20 * smoothstep(-disc.down, 0.05, 0.95)
    painted += 0.07 * smoothstep(disc.down, 0.0, 0.9) * (1 - smoothstep(disc.rho, 0.85, 1.0))
    tinted = np.clip(lightness * (level / max(own_level, 0.1)) ** 0.8, 0, 1)
    painted = painted * synthetic + tinted * (1 - synthetic)
    pupil = _pupil(disc, slit) * (0.1 + 0.9 * synthetic)
    share = np.clip(painted / max(float(goal[0]), 0.05), 0.30, 1.05) * smoothstep(painted, 0.08, 0.30)
    # full colour on an iris that was nearly black looks like a lens
    share = share * (1.0 if glow else 0.82 - 0.14 * synthetic) * (1 + 0.15 * fibres) * (1 - pupil)
    painted = painted * (1 - pupil) + (0.06 if glow or slit else max(black, 0.06)) * pupil
    if glow:
        painted += 0.15 * glow * np.exp(-np.square((disc.rho - 0.6) / 0.25)) * (1 - pupil)
    drawn = np.stack([painted, goal[1] * share, goal[2] * share], axis=-1).astype(np.float32)
    return _with_catchlight(drawn, lab, disc, region, own_level)


def _fibres(theta: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Radial streaks, fine and broad ones."""
    angles = np.linspace(-np.pi, np.pi, FIBRES)
    fine = blur(rng.normal(size=(1, FIBRES)).astype(np.float32), 0.8)[0]
    broad = blur(rng.normal(size=(1, FIBRES)).astype(np.float32), 2.5)[0]
    streaks = np.interp(theta, angles, fine) * 0.5 + np.interp(theta, angles, broad) * 0.8
    return np.asarray(streaks, np.float32)


def _pupil(disc: _Disc, slit: bool) -> np.ndarray:
    if not slit:
        return 1 - smoothstep(disc.rho, PUPIL - 0.05 - disc.soft, PUPIL + 0.05 + disc.soft)
    half = 0.16 * np.sqrt(np.clip(1 - np.square(disc.down / 0.92), 0, 1))
    return 1 - smoothstep(np.abs(disc.across) - half, -0.05, 0.05)


def _with_catchlight(
    drawn: np.ndarray, lab: np.ndarray, disc: _Disc, region: np.ndarray, own_level: float
) -> np.ndarray:
    """Reflections of lamps and windows as they were; an eye without any gets a small one, or it would look dead."""
    shine = smoothstep(lab[..., 0], max(own_level + 0.22, 0.55), max(own_level + 0.36, 0.72))
    under = lab
    if shine[region].mean() < 0.01:
        size = np.float32(0.10 + 0.4 * disc.soft)
        shine = 0.6 * np.exp(-(np.square(disc.across + 0.25) + np.square(disc.down + 0.30)) / size**2)
        under = lab * (1 - shine[..., None])
        under[..., 0] = np.maximum(lab[..., 0], 0.93 * shine + lab[..., 0] * (1 - shine))
    return np.asarray(drawn + (under - drawn) * shine[..., None], np.float32)


def _whiten(drawn: np.ndarray, lab: np.ndarray, disc: _Disc, opening: np.ndarray, goal: np.ndarray) -> np.ndarray:
    """Paint the white of the eye in place; returns the weight of all that is painted."""
    rest = opening * (1 - disc.inside)
    stained = np.stack([lab[..., 0] * goal[0], *(np.full_like(rest, goal[at]) for at in (1, 2))], axis=-1)
    drawn += (stained - drawn) * np.clip(rest / np.maximum(rest + disc.inside, 1e-3), 0, 1)[..., None]
    return np.asarray(np.maximum(disc.inside, rest), np.float32)
