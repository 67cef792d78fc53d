"""From a payload to 512 signs and back, through so much noise that single signs are right by a whisker only.

64 bits = 4 epoch, 40 id, 20 tag (HMAC-SHA-256 over the other 44, cut). They go through a convolutional code of
constraint length 9 and rate 1/4 with the generators 463, 535, 733, 745 (octal; Proakis, Digital Communications, table
8.2-3: free distance 24), tail-biting: the register starts with the message's own last bits, so no bits are spent on
emptying it (Ma and Wolf, 1986). The 256 signs are sent twice and multiplied by a secret mask of 512.

**Why nobody's holiday photo is ours.** Let r be the 512 soft signs read from a picture that was made without the key,
before the mask m is taken off, and c any one code word. Neither r nor the search for the picture's geometry has seen
m, which is 512 coin tosses to whoever lacks the key. So <m*r, c> is a sum of independent, zero-mean terms in
[-|r_i|, |r_i|], and by Hoeffding's inequality (1963, theorem 2)

    P(rho >= t) <= exp(-t^2 / 2),    rho = <m*r, c> / ||r||_2.

With S readings of a picture and M words that would be accepted, P(false) <= S M exp(-t^2 / 2) by the union bound.
Epoch and tag must be right, which leaves M = 2^40 words a key; `least_rho` turns this round. If an id must moreover
have been issued, M is the number of issued ids: with a million of them rho >= 8.8 will do. rho is at most
sqrt(512) = 22.6, for the undamaged mark.

Never is rho alone proof of anything: the best of 2^64 words reaches 9.3 on pure noise. The bound is about pictures
that know nothing of the key; it does not speak of somebody who copies a mark (bind.py does).
"""

import hmac
import math
from functools import cache
from typing import NamedTuple

import numpy as np

from generation.label.mark.keys import MarkKeys, draw_signs
from generation.label.mark.watermarker import IDS, Payload

GENERATORS = (0o463, 0o535, 0o733, 0o745)
MEMORY = 8  # bits of the register beside the newest one
STATES = 1 << MEMORY
BITS = 64
TAG_BITS = 20
SIGNS = 512
LAPS = 3  # round the tail-biting trellis; the middle one no longer feels where it was begun


class Word(NamedTuple):
    """A code word that was read.

    Args:
        payload: what it says; its tag is right.
        rho: how well it fits, as in the module's docstring.
    """

    payload: Payload
    rho: float


def least_rho(readings: int, words: int, chance: float) -> float:
    """The threshold t that keeps S M exp(-t^2 / 2) within `chance` for a picture: 10.2 for S=64, M=2^40, 1e-9."""
    return math.sqrt(2 * math.log(readings * words / chance))


def encode(payload: Payload, keys: MarkKeys) -> np.ndarray:
    """(512,) float32 of -1 and +1, masked."""
    word = _convolve(_bits(payload, keys))
    out: np.ndarray = np.concatenate([word, word]) * draw_signs(keys.mask, SIGNS)
    return out


def decode(soft: np.ndarray, keys: MarkKeys) -> Word | None:
    """The payload whose word fits best, if its tag is right.

    Args:
        soft: (512,) float, masked as they were read: the sign is the bit, the size how sure it is.
    """
    clear = soft * draw_signs(keys.mask, SIGNS)
    bits = _viterbi((clear[: SIGNS // 2] + clear[SIGNS // 2 :]).astype(np.float32))
    value = int("".join(map(str, bits)), 2)
    payload = Payload(value >> (BITS - 4), (value >> TAG_BITS) % IDS)
    if payload.epoch != keys.epoch or value % (1 << TAG_BITS) != _tag(payload, keys):
        return None
    return Word(payload, fit(soft, payload, keys))


def fit(soft: np.ndarray, payload: Payload, keys: MarkKeys) -> float:
    """rho of the signs that were read against the word of a payload: -22.6 to 22.6."""
    return float(soft @ encode(payload, keys)) / (float(np.linalg.norm(soft)) + 1e-12)


def _bits(payload: Payload, keys: MarkKeys) -> list[int]:
    value = (payload.epoch * IDS + payload.id) << TAG_BITS | _tag(payload, keys)
    return [value >> place & 1 for place in reversed(range(BITS))]


def _tag(payload: Payload, keys: MarkKeys) -> int:
    message = (payload.epoch * IDS + payload.id).to_bytes(6, "big")
    return int.from_bytes(hmac.digest(keys.tag, message, "sha256")[:4], "big") >> (32 - TAG_BITS)


def _convolve(bits: list[int]) -> np.ndarray:
    """(4 n,) float32: four signs a bit, from the register's parity under each generator."""
    outputs, _, _ = _trellis()
    state = 0
    for bit in bits[-MEMORY:]:
        state = (bit << MEMORY | state) >> 1
    signs = []
    for bit in bits:
        signs.append(outputs[bit, state])
        state = (bit << MEMORY | state) >> 1
    return np.concatenate(signs)


@cache
def _trellis() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The code as a graph of 256 states; a bit b leads from state s to (b << 8 | s) >> 1.

    Returns:
        outputs: (2, 256, 4) float32, the signs sent for a bit in a state.
        before: (256, 2) int64, the two states that lead into a state.
        into: (256, 2, 4) float32, the signs sent on those two ways.
    """
    register = np.arange(2)[:, None] << MEMORY | np.arange(STATES)
    parities = [np.bitwise_count(register & generator) & 1 for generator in GENERATORS]
    outputs = 1 - 2 * np.stack(parities, axis=-1).astype(np.float32)
    after = np.arange(STATES)
    bit = after >> (MEMORY - 1)  # the newest bit is the state's highest one, whichever way led here
    before = (after << 1 & (STATES - 1))[:, None] | np.arange(2)
    return outputs, before, outputs[bit[:, None], before]


def _viterbi(soft: np.ndarray) -> list[int]:
    """The likeliest bits (Viterbi, 1967), round a tail-biting trellis: laps enough, then the middle one is kept.

    Args:
        soft: (4 n,) float32.
    """
    _, before, into = _trellis()
    steps = soft.reshape(-1, 4)
    gains = np.einsum("swk,nk->nsw", into, steps)  # what each way into each state wins at each step
    score = np.zeros(STATES, np.float32)
    came = []
    for step in [*range(len(steps))] * LAPS:
        ways = score[before] + gains[step]
        came.append(ways[:, 1] > ways[:, 0])
        score = ways.max(axis=1)
        score -= score[0]  # only differences count; the sums stay small
    state = int(score.argmax())
    bits = []
    for way in reversed(came):
        bits.append(state >> (MEMORY - 1))
        state = int(before[state, int(way[state])])
    middle = LAPS // 2 * len(steps)
    return bits[::-1][middle : middle + len(steps)]
