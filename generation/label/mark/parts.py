"""Where in a screenshot may a picture be? Rectangles between bars of one colour. Knows no mark and no app."""

from collections.abc import Iterator
from itertools import islice

import numpy as np

SMALLEST_PX = 96
FLAT = 4.0  # grey levels: rows and columns that spread no more may be an app's bars
GAP = 0.01  # of the height: thinner bars do not part anything
RUNS = 5
MOST = 10

Part = tuple[np.ndarray, tuple[int, int]]
"""A plane, and x, y of its left upper corner."""


def likely_parts(plane: np.ndarray) -> list[Part]:
    """The whole picture first, then what may be a picture within it, the largest first.

    An app shows a picture between bars of one colour with a little text in them: clock, name, message field. So rows
    that are not flat come in runs. The picture is one of these runs, or several that follow one another, for it may
    have flat rows of its own; and it fills the width, or has bars at its sides too.

    Args:
        plane: (H, W) float32, the luma.
    """
    boxes = {(0, plane.shape[0], 0, plane.shape[1])} | set(_boxes(plane))
    largest = sorted(boxes, key=lambda box: (-(box[1] - box[0]) * (box[3] - box[2]), box))
    large = [box for box in largest if min(box[1] - box[0], box[3] - box[2]) >= SMALLEST_PX]
    return [(plane[top:bottom, left:right], (left, top)) for top, bottom, left, right in islice(large, MOST)]


def _boxes(plane: np.ndarray) -> Iterator[tuple[int, int, int, int]]:
    """Top, bottom, left, right of every run of rows and every chain of runs."""
    height, width = plane.shape
    runs = _runs(plane.std(axis=1) > FLAT, round(GAP * height))
    runs = sorted(sorted(runs, key=lambda run: run[0] - run[1])[:RUNS])
    for first, (top, _) in enumerate(runs):
        for _, bottom in runs[first:]:
            yield top, bottom, 0, width
            columns = _runs(plane[top:bottom].std(axis=0) > FLAT, width)
            if columns:
                yield top, bottom, columns[0][0], columns[-1][1]


def _runs(busy: np.ndarray, gap: int) -> list[tuple[int, int]]:
    """Start and stop of each run of True; runs that are no more than `gap` apart are one."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], busy, [False]]).astype(np.int8))).tolist()
    runs: list[tuple[int, int]] = []
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        if runs and start - runs[-1][1] <= gap:
            start = runs.pop()[0]
        runs.append((start, stop))
    return runs
