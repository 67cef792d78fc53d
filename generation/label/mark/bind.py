"""Is that the picture which the mark was issued for? A map of light and dark, kept with the record. Knows no key.

A mark can be lifted off one picture and laid onto another, a real photo, say (the copy attack: Kutter, Voloshynovskiy
and Herrigel, 2000), and is then as genuine as ever. So a record also keeps of each cell of 16 work px whether it is
lighter or darker than its surroundings, or neither. A found mark tells exactly where these cells lie in the picture at
hand, so they can be compared one by one, whatever was cropped, turned or put around it. A picture of ours agrees in
nearly all of them; another picture in half, or two thirds if both are portraits.

What an app puts around a picture lies outside the record's cells and is not compared. What it lays over it in one
colour (captions, bars) is left out: such cells are flat. The map is far too coarse to show a face, and yet it is a
trace of a picture: it is erased with its record.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from generation.label.mark.canvas import luma, resize, work_size
from generation.label.mark.tile import TILE
from generation.label.mark.watermarker import Found

CELL = 16
AROUND = 5  # cells across
CLEAR = 2.0  # grey levels: a smaller difference says nothing, and may be gone after the next JPEG
FLAT = 0.6  # grey levels of spread within a cell: a bar of an app, or so smooth that nothing can be said
NOTHING = 0.5  # grey levels of difference: whatever was there has been cut off as black or white
LEAST_CELLS = 100
LEAST_PART = 0.5  # of what could be compared, for a shift by whole tiles to be believed
AGREE = 0.75


@dataclass(frozen=True, slots=True)
class Match:
    """How far a picture agrees with a record.

    Args:
        cells: how many were compared.
        share: of them that agree, 0 to 1.
    """

    cells: int
    share: float

    @property
    def enough(self) -> bool:
        """Whether anything can be said: of a sliver, or of a picture that has become nearly black, it cannot."""
        return self.cells >= LEAST_CELLS

    @property
    def same(self) -> bool:
        return self.enough and self.share >= AGREE


def map_picture(pixels: np.ndarray) -> bytes:
    """The map for the record, some 250 bytes: rows, columns, then two bits a cell (lighter; clearly so or not).

    Args:
        pixels: (H, W, 3 or 4) uint8 sRGB, as it is issued.
    """
    plane = luma(pixels)
    plane = resize(plane, *work_size(*plane.shape))
    means, _ = _cells(plane)
    difference = _difference(means, np.ones_like(means))
    bits = np.stack([difference > 0, np.abs(difference) >= CLEAR])
    return bytes(means.shape) + np.packbits(bits).tobytes()


def match_picture(record: bytes, pixels: np.ndarray, found: Found) -> Match:
    """Compares a picture with the map of the record that its mark names.

    Args:
        record: of `map_picture`.
        pixels: (H, W, 3 or 4) uint8 sRGB, the picture `found` was found in.
    """
    rows, columns = record[0], record[1]
    bits = np.unpackbits(np.frombuffer(record, np.uint8, offset=2), count=2 * rows * columns)
    lighter, clear = bits.reshape(2, rows, columns).astype(bool)
    means, usable = _straight_cells(luma(pixels), found)
    best = Match(0, 0.0)
    tile = TILE // CELL
    for down in range(-(rows // tile + 1) * tile, means.shape[0], tile):
        for across in range(-(columns // tile + 1) * tile, means.shape[1], tile):
            match = _match_at(down, across, lighter, clear, means, usable)
            if match.share > best.share:
                best = match
    return best


def _match_at(
    down: int, across: int, lighter: np.ndarray, clear: np.ndarray, means: np.ndarray, usable: np.ndarray
) -> Match:
    """The match if the record's first cell were cell (down, across) of the picture."""
    rows, columns = lighter.shape
    here = np.s_[max(down, 0) : max(down + rows, 0), max(across, 0) : max(across + columns, 0)]
    seen = usable[here]
    there = np.s_[max(-down, 0) :, max(-across, 0) :]
    high, wide = min(seen.shape[0], rows - max(-down, 0)), min(seen.shape[1], columns - max(-across, 0))
    if high <= 0 or wide <= 0:
        return Match(0, 0.0)
    seen = seen[:high, :wide]
    if seen.sum() < LEAST_PART * min(usable.sum(), rows * columns):
        return Match(0, 0.0)
    difference = _difference(means[here][:high, :wide], seen)
    compared = clear[there][:high, :wide] & (seen > 0) & (np.abs(difference) > NOTHING)
    cells = int(compared.sum())
    if cells < LEAST_CELLS:
        return Match(cells, 0.0)
    return Match(cells, float(((difference > 0) == lighter[there][:high, :wide])[compared].mean()))


def _straight_cells(plane: np.ndarray, found: Found) -> tuple[np.ndarray, np.ndarray]:
    """The picture's cells as they lay when it was marked, up to whole tiles: their mean luma, and 1 where usable."""
    to_work = np.vstack([np.reshape(found.to_work, (2, 3)), [0, 0, 1]])
    size = min(1.0, float(np.sqrt(abs(np.linalg.det(to_work[:2, :2])))))
    small = resize(plane, max(round(plane.shape[0] * size), 1), max(round(plane.shape[1] * size), 1))
    x, y = plane.shape[1] / small.shape[1], plane.shape[0] / small.shape[0]
    to_work = to_work @ np.array([[x, 0, 0.5 * x - 0.5], [0, y, 0.5 * y - 0.5], [0, 0, 1]])
    height, width = small.shape
    corners = to_work[:2] @ np.array([[0, width, 0, width], [0, 0, height, height], [1, 1, 1, 1]])
    first = np.floor(corners.min(axis=1) / TILE) * TILE
    across, down = (np.ceil((corners.max(axis=1) - first) / CELL).astype(int) * CELL).tolist()
    to_work[:2, 2] -= first
    straight = cv2.warpAffine(small, to_work[:2], (across, down), flags=cv2.INTER_LINEAR)
    inside = cv2.warpAffine(np.ones_like(small), to_work[:2], (across, down), flags=cv2.INTER_LINEAR)
    means, spread = _cells(straight)
    whole = _cells(inside)[0] > 0.95
    return means, (whole & (spread > FLAT)).astype(np.float32)


def _cells(plane: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and spread of each whole cell, (rows, columns) float32."""
    rows, columns = plane.shape[0] // CELL, plane.shape[1] // CELL
    cells = plane[: rows * CELL, : columns * CELL].reshape(rows, CELL, columns, CELL)
    return cells.mean(axis=(1, 3)), cells.std(axis=(1, 3))


def _difference(means: np.ndarray, usable: np.ndarray) -> np.ndarray:
    """(rows, columns) float32, grey levels: each cell over the mean of the usable ones around it."""
    around = (AROUND, AROUND)
    total = cv2.blur(means * usable, around, borderType=cv2.BORDER_CONSTANT)
    count = cv2.blur(usable, around, borderType=cv2.BORDER_CONSTANT)
    out: np.ndarray = means - total / np.maximum(count, 1e-6)
    return out
