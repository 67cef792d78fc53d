"""Where does the tile lie in a plane of work px, and which signs do its waves carry? Knows no file and no scale.

A mark repeats every 128 px, and the picture does not: with all tiles added onto one another ("folded") the mark grows
with their number and the picture only with its root. Mirroring or turning a picture by quarters does the same to the
folded tile and so to its wavevectors; all eight such forms are read off one transform.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generation.label.mark.code import SIGNS
from generation.label.mark.keys import MarkKeys
from generation.label.mark.tile import QUICKEST, TILE, Waves, deal_waves

FINER = 2  # places are found to half a work px
PEAK_TRUST = 3.0  # a guide peak counts as much as that many pilots: one that the picture itself made cannot lead astray
LOUDEST = 3.0  # a coefficient beyond that many times its ring's mean is the picture's, not ours
RINGS = np.array([0, 18, 25, 31, 36, 40, 44, 47, QUICKEST + 1])  # |k|, about as many pilots in each

DOUBT = 150  # pilots

UPRIGHT = np.eye(2, dtype=np.int64)
MIRRORED = np.array([[1, 0], [0, -1]])  # rows and columns: down, across
QUARTER = np.array([[0, -1], [1, 0]])
FORMS: tuple[np.ndarray, ...] = tuple(
    mirror @ np.linalg.matrix_power(QUARTER, turns) for mirror in (UPRIGHT, MIRRORED) for turns in range(4)
)
"""(2, 2) matrices D: at D q in the picture stands what stood at q, up to a shift."""
FLIPS = (FORMS[0], FORMS[4])
HALF_TURNS = (FORMS[0], FORMS[2])


@dataclass(frozen=True, slots=True)
class Place:
    """A guess where the tile lies.

    Args:
        score: of the pilots' phase correlation, in standard deviations. Noise reaches 5 to 6, a mark 8 to 30.
        form: (2, 2) int64, one of FORMS.
        shift: (2,) float64, down and across, 0 to 128 work px: what stands at D q stood at q - shift.
        keys: of the epoch whose pilots answered.
    """

    score: float
    form: np.ndarray
    shift: np.ndarray
    keys: MarkKeys


def fold(fine: np.ndarray) -> np.ndarray:
    """(128, 128) complex128: the transform of all tiles of an (h, w) plane, added; each ring of |k| has the mean 1."""
    height, width = fine.shape
    rows, columns = -(-height // TILE), -(-width // TILE)
    padded = np.zeros((rows * TILE, columns * TILE), np.float32)
    padded[:height, :width] = fine
    spectrum = np.fft.fft2(padded.reshape(rows, TILE, columns, TILE).sum(axis=(0, 2)))
    ring = _rings()
    sums = np.bincount(ring.ravel(), np.abs(spectrum).ravel())
    means = sums / np.maximum(np.bincount(ring.ravel()), 1) + 1e-9
    out: np.ndarray = spectrum / means[ring]
    return out


def locate(spectrum: np.ndarray, keys: Sequence[MarkKeys], forms: Sequence[np.ndarray], quickest: float) -> Place:
    """The likeliest place of the tile of any of the keys in any of the forms.

    Args:
        spectrum: as `fold` gives it.
        quickest: waves with a larger |k| are not looked at: the picture is too small to hold them.
    """
    best: Place | None = None
    for key in keys:
        waves = deal_waves(key)
        vectors = np.concatenate([waves.pilots, waves.peaks])
        trust = np.repeat([1.0, PEAK_TRUST], [len(waves.pilots), len(waves.peaks)])
        trust[np.hypot(*vectors.T) > quickest] = 0
        expected = trust * np.exp(-1j * np.concatenate([waves.pilot_phases, waves.peak_phases]))
        for form in forms:
            values = _calm(_at(spectrum, vectors @ form.T)) * expected
            score, shift = _correlate(values, vectors)
            if best is None or score > best.score:
                best = Place(score, form, shift, key)
    if best is None:
        raise ValueError("There is no key to look for a mark with.")
    return best


def read_signs(spectrum: np.ndarray, place: Place, quickest: float) -> np.ndarray:
    """(512,) float64: the soft signs of the payload waves, still masked, for `code.decode`.

    The pilots say how much of each ring of |k| has come through; its payload waves count by that (the matched filter
    for noise of that spectrum: North, 1943). A preview that has lost all quick waves is read by its slow ones.
    """
    waves = deal_waves(place.keys)
    values = _aligned(spectrum, waves.payload, waves.payload_phases, place)
    lengths = np.hypot(*waves.payload.T)
    weight = _ring_weights(spectrum, waves, place)[np.digitize(lengths, RINGS) - 1]
    values *= weight * (lengths <= quickest)
    return np.bincount(waves.signs, values, SIGNS)


def _ring_weights(spectrum: np.ndarray, waves: Waves, place: Place) -> np.ndarray:
    """(8,) float64: of each ring, the pilots' mean amplitude over their power, and a little for rings with none.

    A ring has some 120 pilots, so where little came through its own mean is drawn to that of all.
    """
    values = _aligned(spectrum, waves.pilots, waves.pilot_phases, place)
    ring = np.digitize(np.hypot(*waves.pilots.T), RINGS) - 1
    count = np.bincount(ring, minlength=len(RINGS) - 1)
    heard = (np.bincount(ring, values, len(RINGS) - 1) + DOUBT * values.mean()) / (count + DOUBT)
    power = np.bincount(ring, values * values, len(RINGS) - 1) / count
    out: np.ndarray = np.maximum(heard / power, 0.03)
    return out


def _aligned(spectrum: np.ndarray, vectors: np.ndarray, phases: np.ndarray, place: Place) -> np.ndarray:
    """(n,) float64: how far each wave points the way it should, with the tile moved back to where it was."""
    turn = 2 * np.pi / TILE * (vectors @ place.shift) - phases
    out: np.ndarray = (_calm(_at(spectrum, vectors @ place.form.T)) * np.exp(1j * turn)).real
    return out


def _correlate(values: np.ndarray, vectors: np.ndarray) -> tuple[float, np.ndarray]:
    """The best shift (down, across, in px) for pilots that would all be real and positive at none, and its score."""
    side = TILE * FINER
    grid = np.zeros((side, side), np.complex64)
    grid[tuple((vectors % side).T)] = values
    grid[tuple((-vectors % side).T)] = values.conj()
    surface = np.fft.irfft2(grid[:, : side // 2 + 1], (side, side)) * (side * side / 2)
    spread = float(np.sqrt((np.abs(values) ** 2).sum() / 2)) + 1e-9
    top = int(surface.argmax())
    return float(surface.flat[top]) / spread, np.array(divmod(top, side)) / FINER


def _at(spectrum: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    out: np.ndarray = spectrum[tuple((vectors % TILE).T)]
    return out


def _calm(values: np.ndarray) -> np.ndarray:
    """The same directions, none longer than LOUDEST."""
    out: np.ndarray = values * np.minimum(1, LOUDEST / (np.abs(values) + 1e-9))
    return out


def _rings() -> np.ndarray:
    """(128, 128) int64: |k| of each coefficient, rounded."""
    k = np.fft.fftfreq(TILE) * TILE
    out: np.ndarray = np.rint(np.hypot(k[:, None], k[None, :])).astype(np.int64)
    return out
