"""What every dye of hair begins and ends with: the hair's own colours in a box, and the layer. Knows no dye."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from generation.engines.retouch.colour import blur, linear_to_oklab, oklab_to_linear, smoothstep, to_linear, to_srgb
from generation.engines.retouch.effects import Skip
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.salon.dye import Hair, extent, own_colour, room_light
from generation.engines.retouch.salon.hairdo import downwards, hairline, length, strands
from generation.engines.retouch.scene import Scene
from generation.job import Note

LEAST = 0.004
"""Less hair than this share of the picture is none."""
CRUSHED = 0.15
"""Hair that is darker than this nearly everywhere shows no strands."""


@dataclass(frozen=True, eq=False)
class Salon:
    """One head of hair about to be dyed. alpha: (h, w) of the box. linear: the canvas there, in linear light."""

    scene: Scene
    box: Box
    alpha: np.ndarray
    linear: np.ndarray
    hair: Hair
    root: np.ndarray

    @cached_property
    def short(self) -> float:
        """1 when hair ends above the chin, 0 when it hangs below."""
        return float(smoothstep(np.float32(length(self.scene)[1]), -0.32, -0.12))

    @cached_property
    def down(self) -> np.ndarray:
        """0 at the roots, 1 at the tips: downwards in long hair, up to the crown in short hair."""
        (top, bottom), short = length(self.scene), self.short
        long_ends = downwards(self.scene, self.box, top, bottom) if short < 1 else np.float32(0)
        if short == 0:
            return np.asarray(long_ends)
        middle = max(0.12, top - 0.7)
        return np.asarray((1 - short) * long_ends + short * (1 - downwards(self.scene, self.box, top, middle)))

    def share(self, roots: float) -> np.ndarray:
        """How much of each pixel takes the dye. roots: how much stays undyed along the hairline."""
        # down along the hairline is mostly skin: no one dyes it
        return np.asarray(self.alpha ** (1 + 1.5 * self.root) * (1 - roots * self.root), np.float32)

    def strands(self, seed: int, width: float) -> np.ndarray:
        """A number for every strand, mean 0, deviation 1. width: in face heights, for long hair; less in short hair."""
        lightness = np.ascontiguousarray(self.hair.lab[..., 0])
        return strands(self.scene, lightness, self.alpha, self.box, seed, width * (1 - 0.6 * self.short))

    def from_roots(self, seed: int, start: float, end: float) -> np.ndarray:
        """0 above `start` of the way to the tips, 1 below `end`; on some strands it begins earlier than on others."""
        share = np.clip((self.down - np.float32(start)) / np.float32(end - start), 0, 1)
        uneven = np.float32(0.16) * self.strands(seed, 0.03) * (1 - np.abs(2 * share - 1))
        return smoothstep(share + uneven, 0.1, 0.9)

    def layer(self, dyed: np.ndarray, share: np.ndarray) -> Layer:
        """Where a pixel mixes hair with something else, only the hair's part takes the difference."""
        change = oklab_to_linear(dyed) - oklab_to_linear(self.hair.lab)
        return Layer(self.box, to_srgb(self.linear + share[..., None] * change), smoothstep(self.alpha, 0.0, 0.02))


def salon(scene: Scene, canvas: np.ndarray) -> Salon:
    """Raises Skip if there is no hair to be seen."""
    if float(scene.hair.mean()) < LEAST:
        raise Skip(Note.NO_HAIR)
    box = extent(scene.hair)
    alpha = scene.hair[box.rows_cols]
    linear = to_linear(np.ascontiguousarray(canvas[box.rows_cols]))
    unit = scene.face.height_px
    own = own_colour(linear_to_oklab(linear), alpha, unit)
    root = hairline(scene, box)
    core = _core(alpha, root)
    drawn = _drawn(scene, own, alpha, core, box)
    return Salon(scene, box, alpha, linear, Hair(own, core, room_light(scene), unit, drawn), root)


def _drawn(scene: Scene, own: np.ndarray, alpha: np.ndarray, core: np.ndarray, box: Box) -> np.ndarray | None:
    """Strands for hair that the camera showed as nothing but black: dyed, it would be a flat patch of paint."""
    lightness = np.ascontiguousarray(own[..., 0])
    if float(np.percentile(lightness[core][::7], 75)) > CRUSHED:
        return None
    black = smoothstep(blur(lightness, 0.01 * scene.face.height_px), CRUSHED, 0.5 * CRUSHED)
    # the same for every seed: they stand for what is there
    made = np.float32(0.12) * np.clip(strands(scene, lightness, alpha, box, 0, 0.02), -2, 2) - np.float32(0.08)
    return np.asarray(black * made)


def _core(alpha: np.ndarray, root: np.ndarray) -> np.ndarray:
    """Bool: what is all hair, and not the thin hair of the hairline if there is enough besides."""
    for core in ((alpha > 0.9) & (root < 0.2), alpha > 0.9):
        if core.sum() > 200:
            return np.asarray(core)
    return np.asarray(alpha >= 0.5 * alpha.max())
