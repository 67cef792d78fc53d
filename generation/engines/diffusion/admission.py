"""Arithmetic of deadlines: how many rows go through the model together, and how many more are taken. No clock."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Due:
    """What a row still has before it.

    Args:
        steps: those left.
        within_s: seconds from now until it must be done; below 0 when that has passed.
        soon_s: seconds from now until its person runs out of patience, likewise.
    """

    steps: int
    within_s: float
    soon_s: float = math.inf


StepTime = Callable[[int], float]
"""Seconds one step of so many rows takes; 0 while nothing is known."""

SAME = 0.98
"""A batch that finishes at least this share of another's rows a second is as fast; measurements are no better."""


LEAST_S = 1e-9
"""Nobody is late by the rounding of sums."""


def sizes_up_to(most: int) -> tuple[int, ...]:
    """The few batch sizes there are: powers of two, and the most."""
    return (*(1 << power for power in range(most.bit_length()) if 1 << power < most), most)


def best_size(rows: Sequence[Due], sizes: Sequence[int], step_s: StepTime) -> int:
    """How many rows go through the model together.

    Of the sizes that make the fewest late, and then of those that try nobody's patience if there are any, the one
    that finishes the most rows a second. Of those that finish as many, the smallest: where a step of twice the rows
    takes twice the time, whoever shares it waits longer for nothing. While nothing is known, the largest.

    Args:
        rows: of one bucket, in the order they are served.
        sizes: in rising order.
    """
    alone_s = step_s(1)
    if alone_s <= 0:
        return sizes[-1]
    ends_s = {size: _ends_s(rows, size, step_s) for size in sizes}

    def late(size: int, due_s: Sequence[float]) -> int:
        """How many miss what they would meet alone."""
        dues = zip(rows, due_s, ends_s[size], strict=True)
        return sum(row.steps * alone_s <= due < end - LEAST_S for row, due, end in dues)

    within_s, soon_s = [row.within_s for row in rows], [row.soon_s for row in rows]
    fewest = min(late(size, within_s) for size in sizes)
    fit = [size for size in sizes if late(size, within_s) == fewest]
    fit = [size for size in fit if not late(size, soon_s)] or fit
    rates = [min(size, len(rows)) / step_s(min(size, len(rows))) for size in fit]
    return next(size for size, rate in zip(fit, rates, strict=True) if rate >= SAME * max(rates))


def more(backlog_s: float, each_s: float, patience_s: float, seats: int) -> int:
    """How many more jobs are taken so that the last of them is still done in time; at least one if nobody is aboard.

    Args:
        backlog_s: the work aboard.
        each_s: what one more job adds to it.
        patience_s: how long a newcomer waits for its picture.
        seats: how many more are taken at most.
    """
    if each_s <= 0 or math.isinf(patience_s):
        return max(0, seats)
    fitting = int((patience_s - backlog_s) / each_s)
    return max(0, min(seats, max(fitting, 0 if backlog_s > 0 else 1)))


def _ends_s(rows: Sequence[Due], size: int, step_s: StepTime) -> list[float]:
    """In how many seconds each row is done, if the first `size` unfinished ones are served."""
    left = [row.steps for row in rows]
    ends_s = [0.0] * len(rows)
    unfinished = list(range(len(rows)))
    now_s = 0.0
    while unfinished:
        seated = unfinished[:size]
        steps = min(left[at] for at in seated)
        now_s += steps * step_s(len(seated))
        for at in seated:
            left[at] -= steps
            if not left[at]:
                ends_s[at] = now_s
        unfinished = [at for at in unfinished if left[at]]
    return ends_s
