"""The small frame a place is painted on, and what places are made of: skies, clouds, ridges, lights. Knows no place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, parse_colour, parse_rgb, smoothstep, to_linear
from generation.engines.retouch.colour import oklab_to_linear as _to_light
from generation.engines.retouch.scenery.lens import disc


@dataclass(frozen=True, eq=False)
class Frame:
    """A frame to paint linear light on.

    Args:
        rows, cols: its size.
        head: (2,) where the person's nose is, as shares of width and height.
        chin: where the person's chin is, as a share of the height.
        seed: of everything that is strewn.
    """

    rows: int
    cols: int
    head: tuple[float, float]
    chin: float
    seed: int

    @property
    def unit(self) -> int:
        """The shorter side, px."""
        return min(self.rows, self.cols)

    @cached_property
    def y(self) -> np.ndarray:
        """(rows, 1) float32: 0 at the top, 1 at the bottom."""
        return ((np.arange(self.rows, dtype=np.float32) + 0.5) / self.rows)[:, None]

    @cached_property
    def x(self) -> np.ndarray:
        """(1, cols) float32: 0 at the left, 1 at the right."""
        return ((np.arange(self.cols, dtype=np.float32) + 0.5) / self.cols)[None]

    @property
    def open_side(self) -> int:
        """Where there is more room beside the head: -1 left, 1 right."""
        return 1 if self.head[0] <= 0.5 else -1

    @property
    def horizon(self) -> float:
        """A little below the eyes, where a camera held at their height sees it; never near an edge."""
        return float(np.clip(0.35 * self.head[1] + 0.65 * self.chin, 0.46, 0.64))

    def random(self, what: int) -> np.random.Generator:
        """Dice of its own for each thing in the place."""
        return np.random.default_rng((self.seed, what))

    def away(self, x: float, y: float) -> np.ndarray:
        """(rows, cols) float32: how far each px is from a point, in shorter sides."""
        return np.hypot((self.x - x) * (self.cols / self.unit), (self.y - y) * (self.rows / self.unit))


def light_of(colour: str) -> np.ndarray:
    """(3,) linear light of "#rrggbb"."""
    light: np.ndarray = to_linear(parse_rgb(colour)[None, None])[0, 0]
    return light


def ramp(position: np.ndarray, *stops: tuple[float, str]) -> np.ndarray:
    """(..., 3) linear light: colours at positions, blended in OKLab, which keeps the way between them clean."""
    at = np.asarray([stop[0] for stop in stops], np.float32)
    labs = np.stack([parse_colour(stop[1]) for stop in stops])
    lab = np.stack([np.interp(position, at, labs[:, channel]) for channel in range(3)], -1).astype(np.float32)
    return _to_light(lab)


def clouds(frame: Frame, what: int, across: float, stretch: float = 1.0, octaves: int = 5) -> np.ndarray:
    """(rows, cols) soft random clouds, about 0 to 1.

    Args:
        across: how many of the coarsest along the shorter side.
        stretch: how many times wider than high they are.
    """
    random = frame.random(what)
    total, weights, weight = np.zeros((frame.rows, frame.cols), np.float32), 0.0, 1.0
    for octave in range(octaves):
        cells = across * 2**octave / frame.unit
        high, wide = (int(cells * frame.rows * stretch) + 2, int(cells * frame.cols) + 2)
        field = random.random((high, wide), np.float32)
        total += np.float32(weight) * cv2.resize(field, (frame.cols, frame.rows), interpolation=cv2.INTER_CUBIC)
        weights, weight = weights + weight, weight * 0.5
    return np.asarray(np.clip((total / np.float32(weights) - 0.5) * 1.6 + 0.5, 0, 1), np.float32)


def ridge(frame: Frame, what: int, level: float, height: float, peaks: float) -> np.ndarray:
    """(rows, cols) mask of what lies below a mountain's outline.

    Args:
        level, height: of its mean and its swing, in shares of the frame's height. peaks: along the shorter side.
    """
    random = frame.random(what)
    at = np.linspace(0, 1, frame.cols)
    line, weight = np.zeros(frame.cols), 1.0
    for octave in range(6):
        count = int(peaks * frame.cols / frame.unit * 2**octave) + 3
        line += weight * np.interp(at, np.linspace(0, 1, count), random.random(count) - 0.5)
        weight *= 0.5
    top = (level - height * line).astype(np.float32) * frame.rows
    return np.asarray(np.clip(frame.y * frame.rows - top[None] + 0.5, 0, 1), np.float32)


def strewn(frame: Frame, at: np.ndarray, colours: np.ndarray, radius: float, sides: int = 9) -> np.ndarray:
    """Points of light as the lens shows them: (rows, cols, 3) linear.

    Args:
        at: (N, 2) x and y, as shares of width and height; those outside are left out.
        colours: (N, 3) linear light that each disc adds.
        radius: of the discs, in shorter sides.
    """
    points = np.zeros((frame.rows, frame.cols, 3), np.float32)
    column, row = (at[:, 0] * frame.cols).astype(int), (at[:, 1] * frame.rows).astype(int)
    inside = (column >= 0) & (column < frame.cols) & (row >= 0) & (row < frame.rows)
    np.add.at(points, (row[inside], column[inside]), colours[inside])
    kernel = disc(max(1.0, radius * frame.unit), sides)
    # a lens that is not quite corrected gathers more light at the rim of the disc
    reach = kernel.shape[0] // 2
    off = np.hypot(*np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)) / np.float32(reach)
    kernel = kernel * (0.70 + 0.30 * off**3)
    return cv2.filter2D(points, -1, kernel / kernel.max(), borderType=cv2.BORDER_CONSTANT)


def spread(random: np.random.Generator, count: int, low: tuple[float, float], high: tuple[float, float]) -> np.ndarray:
    """(count, 2) places between two corners."""
    return np.asarray(random.uniform(low, high, (count, 2)), np.float32)


def shafts(frame: Frame, sun: tuple[float, float], what: int, many: int = 46) -> np.ndarray:
    """(rows, cols) beams of light that fan out from a sun, 0 to 1."""
    noise = blur(frame.random(what).random((1, many), np.float32), 0.7)[0]
    noise = (noise - noise.min()) / max(float(np.ptp(noise)), 1e-3)
    across = (frame.x - sun[0]) * frame.cols
    angle = np.arctan2((frame.y - sun[1]) * frame.rows, across)
    beams = np.interp(angle, np.linspace(-np.pi, np.pi, many), noise).astype(np.float32)
    return np.asarray(smoothstep(beams, 0.35, 1.0) * np.exp(-frame.away(*sun) / 0.9), np.float32)


def over(light: np.ndarray, mask: np.ndarray, colour: np.ndarray) -> None:
    """Paint a colour over linear light, in place."""
    light += mask[..., None] * (colour - light)
