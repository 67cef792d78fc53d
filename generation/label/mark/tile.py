"""The pattern: a square of 128 x 128 work px, written as waves and repeated over the picture. Knows no picture.

A wave is one coefficient of the tile's Fourier transform; its wavevector (ky, kx) counts how often it swings within a
tile, down and across. Used are the 3800 or so with 9 <= |k| <= 50 (half a plane: the other half of a real picture's
transform mirrors it). Slower ones would be seen as clouds, quicker ones do not outlive a chat's JPEG.

    16   guide peaks   nine times as high as the others, spread over all directions, |k| between 16 and 35. They stick
                       out of the picture's power spectrum, wherever the tile lies: their constellation tells rotation
                       and scale (template: Pereira and Pun, 2000).
    25%  pilots        with phases we know: they tell where the tile lies (phase correlation: Kuglin and Hines, 1975),
                       and how well waves of each length came through, like the pilot tones of a radio.
    75%  payload       wave j carries sign j mod 512 of the code word: its phase is the key's, or the opposite one.
                       Each sign is carried by 5 or 6 waves.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from generation.label.mark.code import SIGNS
from generation.label.mark.keys import MarkKeys, draw, draw_order

TILE = 128
SLOWEST, QUICKEST = 9, 50
PEAKS = 16
PEAK_SLOWEST, PEAK_QUICKEST = 16, 35
PEAK_HEIGHT = 9.0
PILOTS = 0.25


@dataclass(frozen=True, slots=True)
class Waves:
    """Which wave carries what, for one key.

    Args:
        peaks, pilots, payload: (n, 2) int64 wavevectors, ky before kx.
        peak_phases, pilot_phases, payload_phases: (n,) float64, radians.
        signs: (len(payload),) int64: which sign of the code word a payload wave carries.
    """

    peaks: np.ndarray
    pilots: np.ndarray
    payload: np.ndarray
    peak_phases: np.ndarray
    pilot_phases: np.ndarray
    payload_phases: np.ndarray
    signs: np.ndarray


@lru_cache(maxsize=32)
def deal_waves(keys: MarkKeys) -> Waves:
    vectors = _half_plane()
    peaks = _choose_peaks(vectors, keys.template)
    others = np.delete(vectors, peaks, axis=0)
    others = others[draw_order(keys.waves, len(others))]
    count = round(PILOTS * len(others))
    phases = 2 * np.pi * draw(keys.phases, len(others))
    return Waves(
        peaks=vectors[peaks],
        pilots=others[:count],
        payload=others[count:],
        peak_phases=2 * np.pi * draw(keys.template + b"phases", PEAKS),
        pilot_phases=phases[:count],
        payload_phases=phases[count:],
        signs=np.arange(len(others) - count) % SIGNS,
    )


def draw_tile(signs: np.ndarray, keys: MarkKeys) -> np.ndarray:
    """(128, 128) float32 of standard deviation 1: one tile. It fits to its own copies at every edge.

    Args:
        signs: (512,) of -1 and +1, as `code.encode` gives them.
    """
    waves = deal_waves(keys)
    spectrum = np.zeros((TILE, TILE), np.complex128)
    spectrum[tuple(waves.peaks.T)] = PEAK_HEIGHT * np.exp(1j * waves.peak_phases)
    spectrum[tuple(waves.pilots.T)] = np.exp(1j * waves.pilot_phases)
    spectrum[tuple(waves.payload.T)] = signs[waves.signs] * np.exp(1j * waves.payload_phases)
    tile = np.fft.ifft2(spectrum).real
    out: np.ndarray = (tile / tile.std()).astype(np.float32)
    return out


def _half_plane() -> np.ndarray:
    """(n, 2) int64: every wavevector of the ring, one of each pair k and -k."""
    ky, kx = np.meshgrid(np.arange(-QUICKEST, QUICKEST + 1), np.arange(-QUICKEST, QUICKEST + 1), indexing="ij")
    length = np.hypot(ky, kx)
    upper = (ky > 0) | ((ky == 0) & (kx > 0))
    return np.argwhere((length >= SLOWEST) & (length <= QUICKEST) & upper) - QUICKEST


def _choose_peaks(vectors: np.ndarray, key: bytes) -> np.ndarray:
    """(16,) int64: indices of one wave in each sixteenth of the half circle; no symmetry, so that none is ambiguous."""
    length = np.hypot(vectors[:, 0], vectors[:, 1])
    sector = np.floor(np.arctan2(vectors[:, 0], vectors[:, 1]) % math.pi / math.pi * PEAKS)
    chosen = []
    for number, chance in enumerate(draw(key, PEAKS)):
        fits = np.flatnonzero((sector == number) & (length > PEAK_SLOWEST) & (length < PEAK_QUICKEST))
        chosen.append(fits[int(chance * len(fits))])
    return np.array(chosen)
