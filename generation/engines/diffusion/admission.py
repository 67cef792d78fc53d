"""Arithmetic of deadlines: how many rows go through the model together, and how many more are taken. No clock."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Due:
    """What a row still has before it.

    Args:
        steps: those left.
        within_s: seconds from now until it should be done; below 0 when that has passed.
    """

    steps: int
    within_s: float


StepTime = Callable[[int], float]
"""Seconds one step of so many rows takes."""


def sizes_up_to(most: int) -> tuple[int, ...]:
    """The few batch sizes there are: powers of two, and the most."""
    return (*(1 << power for power in range(most.bit_length()) if 1 << power < most), most)


def best_size(rows: Sequence[Due], sizes: Sequence[int], step_s: StepTime) -> int:
    """The largest size at which every row that can be in time at all is in time.

    More rows a step finish more pictures a second, but each of them later. If no size suits all, the one that makes
    the fewest late.

    Args:
        rows: of one bucket, in the order they are served.
        sizes: in rising order.
    """
    fewest_late, best = len(rows) + 1, sizes[0]
    for size in reversed(sizes):
        late = _late(rows, size, step_s)
        if late == 0:
            return size
        if late < fewest_late:
            fewest_late, best = late, size
    return best


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


def _late(rows: Sequence[Due], size: int, step_s: StepTime) -> int:
    """How many rows miss a deadline that they would meet alone, if the first `size` unfinished ones are served."""
    alone_s = step_s(1)
    left = [row.steps for row in rows]
    unfinished = list(range(len(rows)))
    now_s, late = 0.0, 0
    while unfinished:
        seated = unfinished[:size]
        steps = min(left[at] for at in seated)
        now_s += steps * step_s(len(seated))
        for at in seated:
            left[at] -= steps
            if not left[at]:
                late += rows[at].steps * alone_s <= rows[at].within_s < now_s
        unfinished = [at for at in unfinished if left[at]]
    return late
