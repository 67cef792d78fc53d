"""What every dye of hair begins and ends with: the hair's own colours in a box, and the layer. Knows no dye."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from generation.engines.retouch.colour import blur, linear_to_oklab, oklab_to_linear, smoothstep, to_linear, to_srgb
from generation.engines.retouch.effects import Skip
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.lids import eyes_of, softness_px
from generation.engines.retouch.salon.dye import Hair, extent, own_colour, room_light
from generation.engines.retouch.salon.hairdo import downwards, evenly, fringed, hairline, length, outwards, strands
from generation.engines.retouch.scene import Scene
from generation.job import Note

LEAST = 0.004
"""Less hair than this share of the picture is none."""
BLURRED, BLURRED_PX = 0.0075, 1.2
"""In a photo softer than this, in face heights, and than so many px, hair is not told from brows and collars."""
LONGEST = (1.2, -2.4)
"""Hair reaches from here to there at most, in face heights above the point between the eyes."""
DEEP = 0.45
"""How much of the own colour stays between the strands of short hair."""
STRANDLESS = (0.005, 0.012)
"""From the softness, in face heights, at which strands are seen, to the one at which hardly any is."""
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
        """0 at the roots, 1 at the tips: downwards in long hair, to where it ends or to the outline in short hair."""
        (top, bottom), short = length(self.scene), self.short
        falls = downwards(self.scene, self.box, top, bottom)
        if short == 0:
            return falls
        fringe = fringed(self.scene)
        stands = outwards(self.scene, self.box) if fringe < 1 else np.float32(0)
        return np.asarray((1 - short) * falls + short * ((1 - fringe) * stands + fringe * falls), np.float32)

    def lengthwise(self, seed: int) -> np.ndarray:
        """0 on top, 1 at the lowest ends, with as much hair above as below 0.5; ragged along the strands."""
        up = evenly(self.scene, downwards(self.scene, self.box, *LONGEST), self.alpha)
        return np.asarray(up + np.float32(0.05 + 0.07 * self.short) * np.clip(self.strands(seed, 0.03), -2, 2))

    def tips(self, seed: int) -> np.ndarray:
        """Which strands come to the top: mean about 0, deviation about 1, by their light and, half of it, by chance."""
        lightness = np.ascontiguousarray(self.hair.lab[..., 0])
        ridge = lightness - blur(lightness, 0.014 * self.hair.unit)
        ridge /= np.float32(max(float(ridge[self.hair.core].std()), 0.018))
        found = 0.75 * np.clip(ridge, -2, 2) + 0.65 * np.clip(self.strands(seed, 0.02), -2, 2)
        soft = softness_px(self.scene, *eyes_of(self.scene.face))
        seen = 1 - 0.85 * float(smoothstep(np.float32(soft / self.hair.unit), *STRANDLESS))
        return blur(np.asarray(found * np.float32(seen), np.float32), soft)

    def shown(self, share: np.ndarray, seed: int) -> np.ndarray:
        """A dye's share, less of it deep between the strands of short hair: no cap of paint."""
        if self.short == 0:
            return share
        return np.asarray(share * (1 - np.float32(DEEP * self.short) * smoothstep(-self.tips(seed), 0.2, 1.6)))

    def share(self, roots: float) -> np.ndarray:
        """How much of each pixel takes the dye. roots: how much stays undyed along the hairline."""
        # down along the hairline is mostly skin: no one dyes it
        return np.asarray(self.alpha ** (1 + 1.5 * self.root) * (1 - roots * self.root), np.float32)

    def strands(self, seed: int, width: float) -> np.ndarray:
        """A number for every strand, mean 0, deviation 1. width: in face heights, for long hair; less in short hair."""
        lightness = np.ascontiguousarray(self.hair.lab[..., 0])
        steps = round(9 - 5 * self.short)
        return strands(self.scene, lightness, self.alpha, self.box, seed, width * (1 - 0.6 * self.short), steps)

    def from_roots(self, seed: int, start: float, end: float) -> np.ndarray:
        """0 above `start` of the way to the tips, 1 below `end`; on some strands it begins earlier than on others."""
        share, short = np.clip((self.down - np.float32(start)) / np.float32(end - start), 0, 1), self.short
        between = 1 - np.abs(2 * share - 1)
        uneven = np.float32(0.16 * (1 - short)) * between * self.strands(seed, 0.03) if short < 1 else np.float32(0)
        if short > 0:
            uneven = uneven + np.float32(0.33 * short) * (np.float32(0.25) + between) * self.tips(seed)
        return smoothstep(share + uneven, 0.1, 0.9)

    def layer(self, dyed: np.ndarray, share: np.ndarray) -> Layer:
        """Where a pixel mixes hair with something else, only the hair's part takes the difference."""
        change = oklab_to_linear(dyed) - oklab_to_linear(self.hair.lab)
        return Layer(self.box, to_srgb(self.linear + share[..., None] * change), smoothstep(self.alpha, 0.0, 0.02))


def look_for_hair(scene: Scene) -> None:
    """Raises Skip if there is no hair to be seen, or the photo is too blurred to tell where it ends."""
    soft = softness_px(scene, *eyes_of(scene.face))
    if soft > max(BLURRED * scene.face.height_px, BLURRED_PX):
        raise Skip(Note.SOFT_PHOTO)
    if float(scene.hair.mean()) < LEAST:
        raise Skip(Note.NO_HAIR)


def salon(scene: Scene, canvas: np.ndarray) -> Salon:
    """Raises Skip if there is no hair to be seen."""
    look_for_hair(scene)
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
