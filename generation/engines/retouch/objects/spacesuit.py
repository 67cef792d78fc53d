"""A space suit around a head: shell, ring and glass as shaded pictures. Knows where the head is, no person.

Suit space: x right and y down in face heights, about the middle between hairline and chin, turned with the head above
its collar and half as much below.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from generation.engines.retouch.colour import parse_rgb, smoothstep, to_linear

LAMP = np.asarray([-0.5, -0.62, -0.6], np.float32) / np.float32(np.linalg.norm([-0.5, -0.62, -0.6]))
EYE = np.asarray([0, 0, -1], np.float32)
HALF = (LAMP + EYE) / np.float32(np.linalg.norm(LAMP + EYE))
RING = 0.085
"""Half the helmet ring's width."""
COLLAR = 0.055
SHELL = 0.24
"""How far the shell stands out beyond the opening."""


@dataclass(frozen=True, eq=False)
class Suit:
    """Where everything is on one picture.

    Args:
        x, y: (h, w) float32, suit space of the helmet. body_x, body_y: of the body.
        wide, tall: half axes of the opening. middle: where its centre is, down from the face's middle.
        unit_px: pixels of this picture to a face height.
    """

    x: np.ndarray
    y: np.ndarray
    body_x: np.ndarray
    body_y: np.ndarray
    wide: float
    tall: float
    middle: float
    unit_px: float

    @property
    def soft(self) -> float:
        """A pixel, in face heights."""
        return 1 / self.unit_px

    @property
    def foot(self) -> float:
        """Where the helmet meets the collar, down from the middle."""
        return self.middle + self.tall - 0.04

    @cached_property
    def rim(self) -> np.ndarray:
        """(h, w) how far outside the opening each px is, in face heights; negative inside."""
        far = (np.abs(self.x / self.wide) ** 2.3 + np.abs((self.y - self.middle) / self.tall) ** 2.3) ** np.float32(
            1 / 2.3
        )
        return np.asarray((far - 1) * (self.wide + self.tall) / 2, np.float32)


def edge(distance: np.ndarray, soft: float) -> np.ndarray:
    """1 where a distance is below 0, 0 above, smooth over a pixel."""
    return np.clip(0.5 - distance / np.float32(1.4 * soft), 0, 1)


def shade(
    normals: tuple[np.ndarray, np.ndarray], colour: np.ndarray, gloss: float, ambient: float = 0.22
) -> np.ndarray:
    """(h, w, 3) linear light of a surface whose normals lean right and down by these amounts."""
    right, down = normals
    towards = np.sqrt(np.clip(1 - right * right - down * down, 0.02, 1))
    lambert = np.clip(right * LAMP[0] + down * LAMP[1] - towards * LAMP[2], 0, 1)
    shine = np.clip(right * HALF[0] + down * HALF[1] - towards * HALF[2], 0, 1)
    for _ in range(5):  # to the 32nd power
        shine = shine * shine
    light = (ambient + (1 - ambient) * lambert)[..., None] * colour
    return np.asarray(light + (gloss * shine)[..., None], np.float32)


def radial(suit: Suit) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors away from the opening's middle."""
    right, down = suit.x / suit.wide**2, (suit.y - suit.middle) / suit.tall**2
    length = np.hypot(right, down) + np.float32(1e-6)
    return right / length, down / length


def shell(suit: Suit) -> tuple[np.ndarray, np.ndarray]:
    """The helmet around the opening: linear light and its mask."""
    out_x, out_y = radial(suit)
    share = np.clip(suit.rim / SHELL, 0, 1)
    lean = np.sin(np.pi / 2 * share**1.2)
    colour = np.asarray([0.82, 0.83, 0.85], np.float32)
    light = shade((out_x * lean, out_y * lean), colour, 0.25)
    seam = np.exp(-(((suit.rim - 0.175) / 0.006) ** 2))[..., None]
    light *= 1 - np.float32(0.45) * seam
    return light, edge(suit.rim - SHELL, suit.soft)


def ring(suit: Suit) -> tuple[np.ndarray, np.ndarray]:
    """The rounded frame of the visor with its dark gasket and a line of gold."""
    out_x, out_y = radial(suit)
    across = np.clip((suit.rim - 0.5 * RING) / RING, -1, 1)
    light = shade((out_x * across * 0.95, out_y * across * 0.95), np.asarray([0.62, 0.64, 0.68], np.float32), 0.9)
    gold = np.exp(-(((suit.rim - 0.012) / 0.010) ** 2))[..., None]
    light += gold * (to_linear(parse_rgb("#d9a441")[None, None])[0, 0] * (0.4 + 1.2 * light) - light)
    gasket = np.exp(-(((suit.rim + 0.012) / 0.012) ** 2))[..., None]
    light *= 1 - np.float32(0.92) * gasket
    mask = edge(np.abs(suit.rim - 0.5 * RING + 0.012) - RING - 0.012, suit.soft)
    return light, mask


def inside(suit: Suit) -> np.ndarray:
    """The helmet's hollow behind the head: dark, a little lit from below and at its edge."""
    depth = np.clip(1 + suit.rim / 0.45, 0, 1)
    light = 0.012 + 0.05 * depth**2 + 0.05 * smoothstep(suit.y, 0.2, 1.0) * depth
    return np.asarray(light[..., None] * np.asarray([0.8, 0.92, 1.15], np.float32), np.float32)


def glass(suit: Suit) -> np.ndarray:
    """(h, w) what the visor reflects, 0 to 1: a lit edge, a wide crescent, a window."""
    near_edge = np.clip(1 + suit.rim / 0.20, 0, 1) ** 3
    out_x, out_y = radial(suit)
    lit_side = np.clip(-(out_x * 0.62 + out_y * 0.78), 0, 1)
    crescent = smoothstep(suit.rim, -0.17, -0.06) * smoothstep(suit.rim, -0.035, -0.05) * lit_side**3
    right, down = suit.x - 0.55 * suit.wide, suit.y - suit.middle + 0.50 * suit.tall
    bowed = down + 0.55 * right * right
    pane = edge(np.maximum(np.abs(right + 0.3 * bowed) - 0.085, np.abs(bowed) - 0.13), 4 * suit.soft)
    bars = 1 - edge(np.minimum(np.abs(right + 0.3 * bowed), np.abs(bowed)) - 0.008, 3 * suit.soft)
    low = (
        smoothstep(suit.rim, -0.11, -0.05)
        * smoothstep(suit.rim, -0.03, -0.045)
        * np.clip(out_x * 0.5 + out_y, 0, 1) ** 6
    )
    shown = 0.16 * near_edge + 0.50 * crescent + 0.17 * pane * bars + 0.13 * low
    return np.asarray(np.clip(shown, 0, 1) * edge(suit.rim + 0.015, 3 * suit.soft), np.float32)


def collar(suit: Suit) -> tuple[np.ndarray, np.ndarray]:
    """The metal ring that the helmet is locked to: its front half, seen a little from above."""
    wide, flat = 0.86 * suit.wide + 0.06, 0.17
    x, y = suit.body_x, suit.body_y - suit.foot - 0.02
    far = np.hypot(x / wide, y / flat)
    along = np.hypot(x / wide**2, y / flat**2) / np.maximum(far, 1e-3)
    distance = (far - 1) / np.maximum(along, 1e-3)
    front = smoothstep(y, -0.03, 0.05)
    across = np.clip(distance / COLLAR, -1, 1)
    right = 0.75 * np.clip(x / wide, -1, 1)
    light = shade(
        (right * 0.8, 0.75 * across * np.sqrt(1 - right * right * 0.64)),
        np.asarray([0.50, 0.53, 0.58], np.float32),
        0.8,
    )
    notch = np.abs((np.arctan2(x / wide, y / flat) * 9.0 + 0.5) % 1 - 0.5)
    light *= 1 - np.float32(0.55) * edge(notch - 0.05, 6 * suit.soft)[..., None]
    blue = edge(np.abs(distance + 0.5 * COLLAR) - 0.013, suit.soft)[..., None]
    light += blue * (np.asarray([0.02, 0.16, 0.62], np.float32) * (0.4 + 1.6 * light) - light)
    return np.asarray(light, np.float32), edge(np.abs(distance) - COLLAR, suit.soft) * front
