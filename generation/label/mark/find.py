"""Looks for a mark in any picture: cheap guesses first, dear ones only as long as nothing is found. Knows no database.

    1  the picture, or the part of it between uniform bars, is whole: only its size has changed, maybe it was mirrored
       or turned by quarters. Chats, previews and screenshots. Some 30 ms a part.
    2  it was cropped, turned, pasted: the guide peaks say how (search.py). About half a second.
    3  it is whole and was stretched along one side: every stretch within 10 % is tried.

Each step ends in readings of 512 soft signs, and a reading counts only if `code.decode` finds a word with the right tag
that fits far better than chance would in any of 64 readings. Which place is read is decided by the pilots alone, never
by the mask: that is what the bound in code.py asks for.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

import cv2
import numpy as np

from generation.label.mark.align import Aligned, Pose, align, pose_plane, refine
from generation.label.mark.canvas import LONG_SIDE, detail, luma, resize, work_size
from generation.label.mark.code import decode, least_rho
from generation.label.mark.keys import MarkKeys
from generation.label.mark.parts import SMALLEST_PX, likely_parts
from generation.label.mark.search import LONGEST, Guess, guess_changes
from generation.label.mark.sync import FLIPS, FORMS, HALF_TURNS, read_signs
from generation.label.mark.tile import deal_waves
from generation.label.mark.watermarker import IDS, Found

READINGS = 64
CHANCE = 1e-9  # of a false alarm, for a picture
SURE = least_rho(READINGS, IDS, CHANCE)
ISSUED = 1_000_000
LEAST = least_rho(READINGS, ISSUED, CHANCE)  # enough only for an id that was issued, if no more than ISSUED were
WORTH_READING = 4.8  # sync score; noise is seldom higher
WORTH_REFINING = 5.5
CERTAIN = 12.0
LARGEST_PX = 2400
ROOM = 1.2  # px of a plane to one work px when it is pulled straight
STRETCHES = np.arange(-0.1, 0.1001, 0.004)
NEARLY_SQUARE, LONG = 1.12, 1.5  # of the longer to the shorter side
REFINED = 3


def find_marks(pixels: np.ndarray, keys: Sequence[MarkKeys]) -> list[Found]:
    """The best mark in a picture, if there is one.

    Args:
        pixels: (H, W, 3 or 4) uint8 sRGB.
        keys: of the epochs to look for; the more, the slower.
    """
    plane = luma(pixels)
    shrunk = min(1, LARGEST_PX / max(plane.shape))
    if shrunk < 1:
        plane = resize(plane, max(round(plane.shape[0] * shrunk), 1), max(round(plane.shape[1] * shrunk), 1))
    if not keys or min(plane.shape) < SMALLEST_PX:
        return []
    best: Found | None = None
    for aligned in islice(_attempts(plane, keys), READINGS):
        found = _read(aligned, shrunk)
        if found is not None and (best is None or found.strength > best.strength):
            best = found
        if best is not None and best.sure:
            break
    return [] if best is None else [best]


def _read(aligned: Aligned, shrunk: float) -> Found | None:
    soft = read_signs(aligned.spectrum, aligned.place, aligned.pose.quickest)
    word = decode(soft, aligned.place.keys)
    if word is None or word.rho < LEAST:
        return None
    a, b, c, d, e, f = aligned.to_work()
    to_work = a * shrunk, b * shrunk, c, d * shrunk, e * shrunk, f
    return Found(word.payload, word.rho >= SURE, to_work, word.rho)


def _attempts(plane: np.ndarray, keys: Sequence[MarkKeys]) -> Iterator[Aligned]:
    """Alignments worth reading, the cheap ones first."""
    tried = []
    for part, corner in likely_parts(plane):
        tried.append(align(_whole(part, corner), keys, FORMS))
        if tried[-1].place.score > WORTH_READING:
            yield tried[-1]
    best = max(tried, key=lambda aligned: aligned.place.score)
    if best.place.score > WORTH_REFINING:
        yield refine(best)
    yield from _changed(plane, keys)
    yield from _stretched(_whole(plane, (0, 0)), keys)


def _whole(part: np.ndarray, corner: tuple[int, int]) -> Pose:
    return pose_plane(part, *work_size(*part.shape), corner, np.eye(2))


def _changed(plane: np.ndarray, keys: Sequence[MarkKeys]) -> Iterator[Aligned]:
    """Alignments as the guide peaks tell them, refined."""
    height, width = plane.shape
    shrunk = min(1, LONGEST / max(height, width))
    fine = detail(resize(plane, round(height * shrunk), round(width * shrunk)))
    tried = []
    for guess in guess_changes(fine, deal_waves(keys[0]), max(fine.shape) / LONG_SIDE):
        tried.append(align(_guessed(plane, guess, shrunk), keys, HALF_TURNS))
        if tried[-1].place.score > CERTAIN:
            break
    tried.sort(key=lambda aligned: -aligned.place.score)
    for aligned in tried[:REFINED]:
        better = refine(aligned)
        if better.place.score > WORTH_READING:
            yield better


def _guessed(plane: np.ndarray, guess: Guess, shrunk: float) -> Pose:
    """The picture in about the size of work space, so that what is finer than a work px cannot disturb."""
    scale = guess.scale / shrunk  # px of the picture to one work px
    size = min(1, ROOM / scale)
    height, width = round(plane.shape[0] * size), round(plane.shape[1] * size)
    return pose_plane(plane, height, width, (0, 0), guess.matrix() / guess.scale * scale * size)


def _stretched(whole: Pose, keys: Sequence[MarkKeys]) -> Iterator[Aligned]:
    """The best of all stretches along one side.

    Work space is counted from the longer side, so it is the shorter one that comes out wrong; but a very long picture's
    is counted from the shorter one, and of a square the longer side may have been the shorter.
    """
    height, width = whole.fine.shape
    ratio = max(height, width) / min(height, width)
    tried = []
    for axis in (0, 1):
        shorter = (height, width)[axis] == min(height, width)
        if shorter or ratio < NEARLY_SQUARE or ratio > LONG:
            tried += [align(_stretch(whole, axis, 1 + by), keys, FLIPS) for by in STRETCHES]
    better = refine(max(tried, key=lambda aligned: aligned.place.score))
    if better.place.score > WORTH_READING:
        yield better


def _stretch(whole: Pose, axis: int, by: float) -> Pose:
    size = list(whole.fine.shape)
    size[axis] = round(size[axis] * by)
    fine = cv2.resize(whole.fine, (size[1], size[0]), interpolation=cv2.INTER_CUBIC)
    y, x = size[0] / whole.fine.shape[0], size[1] / whole.fine.shape[1]
    resized = np.array([[x, 0, 0.5 * x - 0.5], [0, y, 0.5 * y - 0.5], [0, 0, 1]])
    return Pose(fine, resized @ whole.from_picture, np.eye(2), whole.quickest)
