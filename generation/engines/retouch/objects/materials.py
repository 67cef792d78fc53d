"""What things are made of: how metal, plastic, cloth and stones answer a photo's light. Knows no shape and no face.

A material makes a paint: a function from what is seen (generation.engines.retouch.solid.Sight) and a light to
linear colours (n, 3). Colours are given as (3,) linear.
"""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.light import Light
from generation.engines.retouch.objects.draw import Paint
from generation.engines.retouch.objects.solid import Sight

VIEW = np.asarray([0, 0, -1], np.float32)
"""From a surface to the camera."""


def plastic(colour: np.ndarray, gloss: float = 0.5) -> Paint:
    """Acetate, lacquer: its own colour under a clear skin that mirrors windows."""

    def paint(sight: Sight, light: Light) -> np.ndarray:
        body = colour * diffuse(sight.normals, light)[:, None]
        facing = np.clip(-sight.normals[:, 2], 0, 1)
        fresnel = 0.04 + 0.50 * (1 - facing) ** 4
        shine = room(mirrored(sight.normals), light) * (gloss * fresnel) + 0.55 * gloss * spot(sight.normals, light, 60)
        return _cast(body + shine[:, None], light)

    return paint


def metal(colour: np.ndarray, polish: float = 0.8) -> Paint:
    """Gold, silver, steel: it shows nothing of itself but the room, in its colour."""

    def paint(sight: Sight, light: Light) -> np.ndarray:
        around = room(mirrored(sight.normals), light)
        dull = diffuse(sight.normals, light)
        shown = polish * around + (1 - polish) * dull
        glint = 1.1 * spot(sight.normals, light, 90)
        edge = (1 - np.clip(-sight.normals[:, 2], 0, 1)) ** 4
        tint = colour + (1 - colour) * (0.35 * edge)[:, None]
        return _cast(tint * shown[:, None] + (0.5 + 0.5 * colour) * glint[:, None], light)

    return paint


def cloth(colour: np.ndarray, sheen: float = 0.25, nap: float = 0.08, sunk: float = 0.0, seed: int = 7) -> Paint:
    """Felt, velvet, ribbon: matt, brighter at grazing angles, with a nap.

    Args:
        sunk: how much light the surface lacks where v = 0, because something stands on it there.
    """

    def paint(sight: Sight, light: Light) -> np.ndarray:
        noise = speckle(sight.points, seed)
        body = diffuse(sight.normals, light, wrap=0.3, ambient=0.6 * light.ambient) * (1 + nap * noise)
        body *= 0.5 + 0.75 * body  # the camera sees dark cloth with more contrast than Lambert gives it
        if sunk:
            body *= 1 - sunk * np.clip(1 - 2.2 * sight.uv[:, 1], 0, 1) ** 2
        rim = (1 - np.clip(-sight.normals[:, 2], 0, 1)) ** 3 * (0.4 + 0.6 * diffuse(sight.normals, light))
        return _cast(colour * body[:, None] + ((0.04 + 0.5 * colour) * (sheen * rim)[:, None]), light)

    return paint


def stone(colour: np.ndarray) -> Paint:
    """A cut gem or a glossy bead: deep colour, light gathered at the far side, a hard glint."""

    def paint(sight: Sight, light: Light) -> np.ndarray:
        lit = diffuse(sight.normals, light)
        through = np.clip(-(sight.normals @ light.towards), 0, 1) ** 2
        body = colour * (0.25 + 0.75 * lit + 1.6 * through)[:, None]
        glint = 1.6 * spot(sight.normals, light, 220) + 0.10 * room(mirrored(sight.normals), light)
        return _cast(body + glint[:, None], light)

    return paint


def pearl(colour: np.ndarray) -> Paint:
    """A pearl: soft body, soft highlight, a touch of other hues towards the edge."""

    def paint(sight: Sight, light: Light) -> np.ndarray:
        lit = diffuse(sight.normals, light, wrap=0.5)
        edge = (1 - np.clip(-sight.normals[:, 2], 0, 1))[:, None]
        hue = colour + edge * np.asarray([0.04, -0.06, 0.05], np.float32)
        return _cast(hue * lit[:, None] + (0.5 * spot(sight.normals, light, 25))[:, None], light)

    return paint


def petal(heart: np.ndarray, tip: np.ndarray, veins: float = 0.12) -> Paint:
    """A petal or a leaf: colour runs from the heart (v = 0) to the tip (v = 1), and light shines through."""

    def paint(sight: Sight, light: Light) -> np.ndarray:
        v = sight.uv[:, 1:2]
        colour = heart + (tip - heart) * np.clip(v, 0, 1) ** 0.8
        rays = 1 - veins * (0.5 + 0.5 * np.cos(sight.uv[:, :1] * 2 * np.pi * 5)) * (1 - 0.6 * v)
        lit = 0.42 + 0.58 * diffuse(sight.normals, light, wrap=0.7)
        deep = 1 - 0.45 * (1 - np.clip(v, 0, 1)) ** 2  # little light reaches the heart of a flower
        through = 0.20 * np.clip(-(sight.normals @ light.towards), 0, 1)
        return _cast(colour * rays * deep * (lit + through)[:, None], light)

    return paint


def satin(colour: np.ndarray, shine: float = 0.35) -> Paint:
    """Silk plush, brushed steel under lacquer: its own colour under broad, soft lights."""

    def paint(sight: Sight, light: Light) -> np.ndarray:
        body = colour * diffuse(sight.normals, light, wrap=0.3)[:, None]
        broad = 0.35 * room(mirrored(sight.normals), light) + 0.5 * spot(sight.normals, light, 14)
        return _cast(body + (shine * broad)[:, None] * (0.25 + 0.75 * colour), light)

    return paint


def knit(colour: np.ndarray, columns: int, rows: int, ribs: bool = False) -> Paint:
    """Wool in plain stitches, a V each, or in ribs: `columns` by `rows` of them over u and v."""

    def paint(sight: Sight, light: Light) -> np.ndarray:
        across = (sight.uv[:, 0] * columns) % 1.0
        if ribs:
            side = 2 * across - 1
            height = np.sqrt(np.clip(1 - side * side, 0, 1)) * (0.86 + 0.14 * np.cos(2 * np.pi * sight.uv[:, 1] * rows))
        else:
            lean = np.abs(across - 0.5)
            along = (sight.uv[:, 1] * rows + 1.1 * lean) % 1.0
            leg = 1 - (4 * lean - 1) ** 2
            height = np.sqrt(np.clip(leg, 0, 1)) * (0.45 + 0.55 * np.sin(np.pi * along))
        fuzz = speckle(sight.points, 5)
        body = diffuse(sight.normals, light, wrap=0.35, ambient=0.7 * light.ambient) * (1 + 0.07 * fuzz)
        body *= 0.42 + 0.66 * height
        rim = (1 - np.clip(-sight.normals[:, 2], 0, 1)) ** 3
        return _cast(colour * body[:, None] + (0.03 + 0.4 * colour) * (0.35 * rim)[:, None], light)

    return paint


def striped(first: np.ndarray, second: np.ndarray, count: int) -> Paint:
    """Pleated linen in two colours, `count` stripes of each along v; each pleat is a little round."""
    threads = cloth(np.ones(3, np.float32), sheen=0.3, nap=0.05)

    def paint(sight: Sight, light: Light) -> np.ndarray:
        along = (sight.uv[:, 1] * count) % 1.0
        edge = np.clip((np.abs(along - 0.5) - 0.25) / 0.03 + 0.5, 0, 1)[:, None]
        pleat = 0.72 + 0.28 * np.abs(np.sin(2 * np.pi * (along + 0.25)))
        return np.asarray((first + edge * (second - first)) * threads(sight, light) * pleat[:, None])

    return paint


def fleece(colour: np.ndarray, seed: int = 11) -> Paint:
    """Faux fur, wool pile: matt tufts, bright and soft at its edges."""

    def paint(sight: Sight, light: Light) -> np.ndarray:
        tufts = speckle(sight.points * 0.45, seed) * 0.6 + speckle(sight.points, seed + 1) * 0.4
        body = diffuse(sight.normals, light, wrap=0.6) * (0.86 + 0.16 * tufts)
        rim = 0.12 * (1 - np.clip(-sight.normals[:, 2], 0, 1)) ** 2
        return _cast(colour * (body + rim)[:, None], light)

    return paint


def keratin(base: np.ndarray, tip: np.ndarray, gloss: float = 0.4) -> Paint:
    """Horn and claw: streaked along, its colour runs from the base (v = 0) to the tip (v = 1), a waxy shine."""

    def paint(sight: Sight, light: Light) -> np.ndarray:
        u, v = sight.uv[:, 0], sight.uv[:, 1]
        streak = np.sin(2 * np.pi * (7 * u + 0.6 * np.sin(9 * v))) + 0.6 * np.sin(2 * np.pi * (17 * u + 2 * v))
        share = np.clip((v - 0.25) / 0.6, 0, 1)[:, None]
        own = (base + (tip - base) * share * share * (3 - 2 * share)) * (1 + 0.07 * streak)[:, None]
        body = own * (diffuse(sight.normals, light, wrap=0.3) * (0.55 + 0.45 * np.clip(4 * v, 0, 1)))[:, None]
        shine = gloss * (0.10 * room(mirrored(sight.normals), light) + 0.40 * spot(sight.normals, light, 28))
        return _cast(body + shine[:, None], light)

    return paint


def diffuse(normals: np.ndarray, light: Light, wrap: float = 0.25, ambient: float | None = None) -> np.ndarray:
    """(n,) how bright a matt white surface is, about 1 facing the lamp; `ambient` in place of the light's own."""
    around = light.ambient if ambient is None else ambient
    lamp = np.clip((normals @ light.towards + wrap) / (1 + wrap), 0, 1)
    sky = 0.72 - 0.28 * normals[:, 1]  # more light from above than from below
    return np.asarray(around * sky + (1.15 - around) * lamp, np.float32)


def spot(normals: np.ndarray, light: Light, sharpness: float) -> np.ndarray:
    """(n,) the lamp's own highlight (Blinn 1977)."""
    half = light.towards + VIEW
    half = half / np.linalg.norm(half)
    return np.asarray(np.clip(normals @ half, 0, 1) ** sharpness, np.float32)


def mirrored(normals: np.ndarray) -> np.ndarray:
    """(n, 3) the direction a mirror of those normals shows."""
    facing = normals @ VIEW
    return np.asarray(2 * facing[:, None] * normals - VIEW, np.float32)


def room(directions: np.ndarray, light: Light) -> np.ndarray:
    """(n,) how bright the surroundings are that way: sky over ground, a dark horizon, the lamp and two windows."""
    x, up = directions[:, 0], -directions[:, 1]
    sky = 0.16 + 0.55 * np.clip(up, 0, 1) ** 0.7 + 0.12 * np.clip(-up, 0, 1)
    horizon = np.exp(-(((up + 0.05) / 0.16) ** 2))
    lamp = np.clip(directions @ light.towards, 0, 1)
    windows = np.exp(-(((x - 0.75) / 0.16) ** 2)) * 0.8 + np.exp(-(((x + 0.80) / 0.10) ** 2)) * 0.55
    bright = sky * (1 - 0.65 * horizon) + 1.9 * lamp**10 + windows * (0.35 + 0.65 * np.clip(up + 0.5, 0, 1))
    return np.asarray(bright, np.float32)


def speckle(points: np.ndarray, seed: int) -> np.ndarray:
    """(n,) noise that clings to places, about -1 to 1, finer than 2 px."""
    x, y = np.floor(points[:, 0] * 0.9).astype(np.int64), np.floor(points[:, 1] * 0.9).astype(np.int64)
    mixed = (x * 73856093) ^ (y * 19349663) ^ (seed * 83492791)
    mixed = (mixed ^ (mixed >> 13)) * 1274126177
    return ((mixed & 0xFFFF).astype(np.float32) / 32768.0) - 1.0


def _cast(colour: np.ndarray, light: Light) -> np.ndarray:
    return np.asarray(colour * (light.colour * light.level), np.float32)
