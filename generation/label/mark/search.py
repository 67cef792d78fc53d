"""How has a picture been scaled and turned since it was marked? Looks for the guide peaks. Knows no payload.

Where a picture was cropped, shifted, pasted into something else, its power spectrum still shows the mark's sixteen
guide peaks, turned and scaled as the picture is (a shift only changes phases). In the coordinates (direction, log
frequency) turning and scaling are shifts (Fourier-Mellin: O'Ruanaidh and Pun, 1998). So the score of the constellation
for *every* angle and scale at once is the sum of sixteen shifted copies of one image.
"""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from generation.label.mark.tile import TILE, Waves

SIDE = 2048  # of the transform, in samples; a picture fills at most half, so that peaks are some samples wide
LONGEST = 1000  # px of the picture that is looked at
DIRECTIONS = 1200  # 0.15 degrees each
LOG_STEP = 0.003
LOWEST, HIGHEST = 0.02, 0.5  # cycles/px
SMALLEST, LARGEST = 0.45, 2.3  # times the scale of the whole picture
OUTSTANDING = 14.0  # of its surroundings' power; a peak of the picture's own may be much higher, and counts no more
SURROUNDINGS = 41
UPRIGHT_DEG = 8.0
UPRIGHT_GUESSES, OTHER_GUESSES = 5, 3


@dataclass(frozen=True, slots=True)
class Guess:
    """A way in which the picture may have been changed.

    Args:
        score: of the constellation, in standard deviations over all ways.
        scale: px of the looked-at plane to one work px.
        radians: by which it was turned, from x towards y; half a turn more is as likely.
        mirrored: it was mirrored left to right first.
    """

    score: float
    scale: float
    radians: float
    mirrored: bool

    def matrix(self) -> np.ndarray:
        """(2, 2) float64: from work px to px of the plane, x before y."""
        cos, sin = np.cos(self.radians), np.sin(self.radians)
        out: np.ndarray = self.scale * np.array([[cos, -sin], [sin, cos]])
        return out @ np.diag([-1.0, 1.0]) if self.mirrored else out


def guess_changes(fine: np.ndarray, waves: Waves, scale: float) -> list[Guess]:
    """The likeliest ways, best first.

    Args:
        fine: (h, w) float32, at most 1000 px long, as `canvas.detail` gives it.
        scale: px of it to one work px, were it a whole picture; others are looked for around it.
    """
    image = _by_direction_and_frequency(_power(fine))
    guesses = []
    for mirrored in (False, True):
        scores = _constellation(image, waves.peaks / TILE, scale, mirrored)
        scores = (scores - scores.mean()) / (scores.std() + 1e-9)
        guesses += _tops(scores, scale, mirrored)
    guesses.sort(key=lambda guess: -guess.score)
    upright = [guess for guess in guesses if _tilt_deg(guess) <= UPRIGHT_DEG]
    others = [guess for guess in guesses if _tilt_deg(guess) > UPRIGHT_DEG]
    return sorted(upright[:UPRIGHT_GUESSES] + others[:OTHER_GUESSES], key=lambda guess: -guess.score)


def _tilt_deg(guess: Guess) -> float:
    """How far from upright or a quarter turn."""
    degrees = float(np.rad2deg(guess.radians))
    return abs((degrees + 45) % 90 - 45)


def _power(fine: np.ndarray) -> np.ndarray:
    """(2048, 1025) float32: the power spectrum over its surroundings; rows are ky from -1/2, columns kx from 0."""
    height, width = fine.shape
    window = np.sqrt(np.outer(np.hanning(height + 2)[1:-1], np.hanning(width + 2)[1:-1])).astype(np.float32)
    power = np.abs(np.fft.rfft2(fine * window, (SIDE, SIDE))).astype(np.float32) ** 2
    power = np.fft.fftshift(power, axes=0)
    around = cv2.blur(power, (SURROUNDINGS, SURROUNDINGS)) + 1e-9
    out: np.ndarray = np.minimum(power / around, OUTSTANDING)
    return out


def _by_direction_and_frequency(power: np.ndarray) -> np.ndarray:
    """(1200, n) float32: rows are directions from -90 degrees on, columns frequencies from LOWEST on, by LOG_STEP."""
    return cv2.remap(power, *_polar_maps(), cv2.INTER_LINEAR)


@lru_cache(maxsize=1)
def _polar_maps() -> tuple[np.ndarray, np.ndarray]:
    direction = (np.arange(DIRECTIONS) / DIRECTIONS - 0.5) * np.pi
    frequency = LOWEST * np.exp(np.arange(0, np.log(HIGHEST / LOWEST), LOG_STEP))
    x = np.outer(np.cos(direction), frequency) * SIDE
    y = np.outer(np.sin(direction), frequency) * SIDE + SIDE // 2
    return x.astype(np.float32), y.astype(np.float32)


def _constellation(image: np.ndarray, peaks: np.ndarray, scale: float, mirrored: bool) -> np.ndarray:
    """(1200, m) float32: for each turn (rows, 0.15 degrees) and log scale (columns), how high the sixteen stand.

    A wave of frequency f (cycles/work px) appears in the plane turned with the picture, and with f / scale.

    Args:
        peaks: (16, 2) cycles/work px, ky before kx.
    """
    count = round(np.log(LARGEST / SMALLEST) / LOG_STEP)
    largest = np.log(scale * LARGEST)
    total = np.zeros((DIRECTIONS, count), np.float32)
    for ky, kx in peaks:
        direction = np.arctan2(ky, -kx if mirrored else kx)
        row = round((direction / np.pi + 0.5) * DIRECTIONS)
        first = round((np.log(np.hypot(ky, kx) / LOWEST) - largest) / LOG_STEP)
        total += np.roll(_columns(image, first, count), -row, axis=0)
    return total[:, ::-1]  # the largest scale has the lowest frequency: turn round, so that scales rise


def _columns(image: np.ndarray, first: int, count: int) -> np.ndarray:
    """(1200, count) float32: those columns; 1, the mean, for frequencies that the plane does not hold."""
    start = min(max(first, 0), first + count)
    stop = max(min(first + count, image.shape[1]), start)
    return np.pad(image[:, start:stop], ((0, 0), (start - first, first + count - stop)), constant_values=1)


def _tops(scores: np.ndarray, scale: float, mirrored: bool) -> list[Guess]:
    """The highest points of a score, some upright and some of any tilt; each stands for what is close to it."""
    highest = scores == cv2.dilate(scores, np.ones((9, 9), np.uint8))
    rows, columns = np.nonzero(highest & (scores > 2))
    radians = rows * np.pi / DIRECTIONS
    scales = scale * LARGEST * np.exp((columns - scores.shape[1] + 1) * LOG_STEP)
    tops = [
        Guess(float(scores[row, column]), float(size), float(turn), mirrored)
        for row, column, size, turn in zip(rows, columns, scales, radians, strict=True)
    ]
    tops.sort(key=lambda guess: -guess.score)
    upright = [guess for guess in tops if _tilt_deg(guess) <= UPRIGHT_DEG]
    return upright[:UPRIGHT_GUESSES] + tops[:OTHER_GUESSES]
