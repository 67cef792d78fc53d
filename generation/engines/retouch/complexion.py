"""What a face's own skin looks like in one photo, and which places look like it. Knows the mesh, no effect.

Everything here is measured on a copy with the face about 180 px high: skin colour has no finer detail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, resize, smoothstep, to_oklab
from generation.face.regions import CHEEK_LEFT, CHEEK_RIGHT, FOREHEAD, NOSE_BRIDGE, fill_polygons

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

WORK_HEIGHT_PX = 180
SAMPLES = 3000
# Added to the covariance: light falls on skin unevenly, and a patch may be too plain to say how much it varies.
SPREAD = np.diag([0.0035, 0.0003, 0.0003])


@dataclass(frozen=True, slots=True)
class Complexion:
    """A face's skin.

    Args:
        tone: (3,) OKLab, the median of cheeks, forehead and nose.
        lab: (h, w, 3) float32 OKLab of scene.near, made smaller.
        likeness: (h, w) float32, 0 to 1: how much each place of `lab` looks like that skin.
        scale: of that copy to scene.near, at most 1.
    """

    tone: np.ndarray
    lab: np.ndarray
    likeness: np.ndarray
    scale: float

    @property
    def lightness(self) -> float:
        """OKLab L of the tone."""
        return float(self.tone[0])

    @property
    def colourful(self) -> float:
        """1 in a photo with colours, 0 in a black-and-white one: there no colour may appear."""
        return float(smoothstep(np.hypot(self.tone[1:2], self.tone[2:3]), 0.004, 0.02)[0])

    @property
    def warmth(self) -> float:
        """The yellow that a lamp or a filter lays over everything, in OKLab b: skin alone is at most so yellow."""
        return max(0.0, float(self.tone[2] - 1.5 * self.tone[1]) - 0.012)

    def lit(self, colour: np.ndarray, share: float) -> np.ndarray:
        """A pigment as this photo would show it: darker in dim light and on deep skin, duller where colours are dull.

        A colour that ignores the photo's light looks like neon on it, or like chalk.

        Args:
            colour: (3,) OKLab on a well lit face of medium tone.
            share: how far lightness follows, 0 to 1.
        """
        dimmer = float(np.clip((self.lightness - 0.70) * share, -0.11, 0.06))
        vivid = float(np.clip(np.hypot(self.tone[1], self.tone[2]) / 0.07, 0.62, 1.1))
        # skin that is pale because it is brightly lit says nothing about other colours
        bright = float(smoothstep(self.tone[:1], 0.74, 0.88)[0])
        vivid += (max(vivid, 1.0) - vivid) * bright
        lit = colour.copy()
        lit[0] = max(float(colour[0]) + dimmer, 0.4 * float(colour[0]))
        lit[1:] *= (0.35 + 0.65 * vivid) * (0.55 + 0.45 * float(lit[0] / max(float(colour[0]), 1e-3)))
        lit[2] += np.float32(0.8) * self.warmth
        lit[1:] *= self.colourful
        return lit


def look_at_skin(scene: Scene) -> Complexion:
    """Learn the skin's colour from plain patches and compare every place near the face with it.

    The comparison is the Mahalanobis distance d in OKLab, as exp(-max(d^2 - 4, 0) / 14): beards, brows, glasses and
    fringes fall out without a net.
    """
    near, points = scene.near, scene.face.points - scene.near.origin
    scale = min(1.0, WORK_HEIGHT_PX / scene.face.height_px)
    height, width = max(8, round(near.height * scale)), max(8, round(near.width * scale))
    lab = to_oklab(resize(scene.pixels[near.rows_cols], height, width))
    at = points * scale
    cheeks = _samples(lab, [at[list(CHEEK_RIGHT)], at[list(CHEEK_LEFT)], at[list(NOSE_BRIDGE)]])
    middle = np.median(cheeks, axis=0)
    everywhere = np.vstack([cheeks, _samples(lab, [at[list(FOREHEAD)]])])
    # a fringe on the forehead, or a beard on a cheek, is not skin
    skin = everywhere[np.linalg.norm((everywhere - middle) * (0.5, 2.0, 2.0), axis=1) < 0.16]
    if len(skin) < 16:
        skin = cheeks
    inverse = np.linalg.inv(np.cov(skin.T) + SPREAD).astype(np.float32)
    away = lab - skin.mean(axis=0).astype(np.float32)
    squared = (cv2.transform(away, inverse) * away).sum(axis=2)
    likeness = np.exp(-np.maximum(squared - 4, 0) / 14).astype(np.float32)
    return Complexion(np.median(skin, axis=0).astype(np.float32), lab, blur(likeness, 0.8), scale)


def _samples(lab: np.ndarray, polygons: list[np.ndarray]) -> np.ndarray:
    """(N, 3) OKLab inside the polygons, N from 1 to SAMPLES."""
    inside = lab[fill_polygons(lab.shape, polygons) > 0.9]
    if len(inside) == 0:  # patches of less than a pixel
        inside = lab.reshape(-1, 3)
    return np.asarray(inside[:: -(-len(inside) // SAMPLES)], np.float64)
