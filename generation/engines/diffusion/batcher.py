"""Many people's pictures through one model, step by step: who goes next, and with whom. Knows no model and no words."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Generic

import torch

from generation.engine import Report
from generation.engines.diffusion.aboard import Drawn, Ended, Newcomer, Rider
from generation.engines.diffusion.admission import Due, best_size, more, sizes_up_to
from generation.engines.diffusion.denoiser import Denoiser, RowT, WishT
from generation.engines.diffusion.timetable import TimeTable
from generation.errors import RenderFailed

if TYPE_CHECKING:
    import numpy as np

STARVED_S = 2.0
"""A bucket that waited longer than this goes first."""

DECODED_AT_ONCE = 4
"""The decoder needs more memory a picture than the model does."""

PATIENCE = 2.0
"""Times as long as a picture takes alone, and its person waits without noticing that others are served, too."""

ABOARD_PER_SEAT = 2
"""Jobs aboard for each seat of the largest batch, so that rows of several buckets still fill their batches."""


class Batcher(Generic[WishT, RowT]):
    """Step-level continuous batching: a job joins at the next step, and leaves when it is done.

    Rows that may share a forward pass are a bucket. The bucket with the oldest row goes first, unless another waited
    too long; of its rows the oldest, as many as deadlines, patience and memory allow, and no more than make it faster.

    Args:
        static: batches are filled up to one of a few sizes with copies of a row, as compiled models want them.
        clock: seconds, ever rising.
    """

    def __init__(
        self,
        denoiser: Denoiser[WishT, RowT],
        max_batch: int,
        *,
        static: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.table = TimeTable()
        self._denoiser = denoiser
        self._sizes = sizes_up_to(max_batch)
        self._static = static
        self._clock = clock
        self._newcomers: dict[str, Newcomer[WishT]] = {}
        self._aboard: dict[str, Rider[RowT]] = {}  # the oldest first
        self._served_s: dict[Hashable, float] = {}  # when a bucket with rows aboard last had its turn
        self._most: dict[Hashable, int] = {}  # of a bucket, once memory ran out
        self._usual: tuple[Hashable, int] | None = None  # the bucket and the steps of whoever came last

    def warm(self, wishes: Iterable[WishT], within_s: float) -> bool:
        """Measure a step of each wish's bucket at every size, until `within_s` is spent; and decode a picture each.

        Returns:
            Whether there is memory for the first wish alone; the more usual come first.
        """
        until_s = self._clock() + within_s
        for number, wish in enumerate(wishes):
            fits = self._try_out(wish, until_s)
            if number == 0 and not fits:
                return False
            if self._clock() > until_s:
                break
        return True

    def join(self, job_id: str, wish: WishT, report: Report, within_s: float) -> None:
        """The job is aboard from the next step on."""
        self._newcomers[job_id] = Newcomer(wish, report, self._clock(), within_s)

    def cancel(self, job_id: str) -> None:
        """Forget a job; without a word if it is not there."""
        self._newcomers.pop(job_id, None)
        self._leave(job_id)

    def __len__(self) -> int:
        return len(self._newcomers) + len(self._aboard)

    @property
    def room(self) -> int:
        """How many more jobs like the last one it takes, so that each is done in time as far as the table can tell."""
        seats = ABOARD_PER_SEAT * self._sizes[-1] - len(self)
        if self._usual is None:
            return seats
        bucket, steps = self._usual
        each_s = steps * self._seat_s(bucket)
        work_s = sum(self._left_s(rider) for rider in self._aboard.values()) + each_s * len(self._newcomers)
        patience_s = [rider.within_s for rider in self._aboard.values()]
        patience_s += [newcomer.within_s for newcomer in self._newcomers.values()]
        return more(work_s, each_s, min(patience_s, default=math.inf), seats)

    def step(self) -> list[Ended]:
        """Newcomers come aboard, one batch goes through the model once. Gives the jobs that ended with it."""
        ended = self._take_aboard()
        if self._aboard:
            ended += self._advance(*self._whose_turn())
        return ended

    def _take_aboard(self) -> list[Ended]:
        """A newcomer that finds no memory waits until somebody leaves; if nobody is there to leave, it fails."""
        for job_id, newcomer in list(self._newcomers.items()):
            try:
                row = self._denoiser.begin(newcomer.wish)
            except torch.OutOfMemoryError:
                row = None
            if row is None:
                torch.cuda.empty_cache()
                if self._aboard:
                    return []
                del self._newcomers[job_id]
                return [(job_id, RenderFailed())]
            del self._newcomers[job_id]
            bucket = self._denoiser.bucket(row)
            self._aboard[job_id] = Rider(row, bucket, newcomer.report, newcomer.joined_s, newcomer.within_s)
            self._served_s.setdefault(bucket, self._clock())
            self._usual = bucket, row.steps
        return []

    def _whose_turn(self) -> tuple[Hashable, list[Rider[RowT]]]:
        """The bucket with the oldest row, or the one that starves; and as many of its rows as go together."""
        now_s = self._clock()
        hungriest = min(self._served_s, key=lambda bucket: self._served_s[bucket])
        oldest = next(iter(self._aboard.values())).bucket
        bucket = hungriest if now_s - self._served_s[hungriest] > STARVED_S else oldest
        riders = [rider for rider in self._aboard.values() if rider.bucket == bucket]
        dues = [self._due(rider, now_s) for rider in riders]
        size = best_size(dues, self._sizes_of(bucket), partial(self._step_s, bucket))
        return bucket, riders[:size]

    def _advance(self, bucket: Hashable, riders: list[Rider[RowT]]) -> list[Ended]:
        rows = [rider.row for rider in riders]
        start_s = self._clock()
        sound = self._forward(self._filled(rows))
        if sound is None:
            return self._with_less(bucket, riders)
        now_s = self._served_s[bucket] = self._clock()
        self.table.note(bucket, self._shape(len(rows)), now_s - start_s)
        for rider in riders:
            rider.note_step(start_s, now_s)
        failed = [rider for rider, fine in zip(riders, sound, strict=False) if not fine]
        done = [rider for rider, fine in zip(riders, sound, strict=False) if fine and rider.row.done]
        ended = [self._end(rider, None) for rider in failed]
        for at in range(0, len(done), DECODED_AT_ONCE):
            ended += self._decode(done[at : at + DECODED_AT_ONCE])
        return ended

    def _forward(self, rows: Sequence[RowT]) -> Sequence[bool] | None:
        """None: memory ran out."""
        try:
            return self._denoiser.step(rows)
        except torch.OutOfMemoryError:
            return None

    def _with_less(self, bucket: Hashable, riders: list[Rider[RowT]]) -> list[Ended]:
        """Memory ran out: the same rows come again in half as many a step. One that has no room even alone fails."""
        torch.cuda.empty_cache()
        if len(riders) == 1:
            return [self._end(riders[0], None)]
        self._most[bucket] = len(riders) // 2
        return []

    def _decode(self, riders: list[Rider[RowT]]) -> list[Ended]:
        try:
            pictures = self._denoiser.decode([rider.row for rider in riders])
        except torch.OutOfMemoryError:
            pictures = None
        if pictures is not None:
            return [self._end(rider, pixels) for rider, pixels in zip(riders, pictures, strict=True)]
        torch.cuda.empty_cache()
        if len(riders) == 1:
            return [self._end(riders[0], None)]
        half = len(riders) // 2
        return self._decode(riders[:half]) + self._decode(riders[half:])

    def _end(self, rider: Rider[RowT], pixels: np.ndarray | None) -> Ended:
        self._leave(rider.row.id)
        if pixels is None:
            return rider.row.id, RenderFailed()
        return rider.row.id, Drawn(pixels, rider.stages(self._clock()))

    def _leave(self, job_id: str) -> None:
        rider = self._aboard.pop(job_id, None)
        if rider and all(other.bucket != rider.bucket for other in self._aboard.values()):
            del self._served_s[rider.bucket]

    def _try_out(self, wish: WishT, until_s: float) -> bool:
        """False: there is no memory for it even alone."""
        try:
            row = self._denoiser.begin(wish)
            self._denoiser.decode([row])
        except torch.OutOfMemoryError:
            return False
        bucket = self._denoiser.bucket(row)
        self._usual = self._usual or (bucket, row.steps)
        for size in self._sizes:
            if self._clock() > until_s:
                break
            if not self._measure(bucket, row, size):
                self._most[bucket] = max(1, size // 2)
                return size > 1
        return True

    def _measure(self, bucket: Hashable, row: RowT, size: int) -> bool:
        """One step of `size` copies, the second time; False: there is no memory for so many."""
        for timed in (False, True):
            start_s = self._clock()
            if self._forward([copy.copy(row) for _ in range(size)]) is None:
                torch.cuda.empty_cache()
                return False
            if timed:
                self.table.note(bucket, size, self._clock() - start_s)
        return True

    def _filled(self, rows: list[RowT]) -> list[RowT]:
        """With copies, whose results are dropped, up to a batch's shape."""
        return rows + [copy.copy(rows[-1]) for _ in range(self._shape(len(rows)) - len(rows))]

    def _shape(self, rows: int) -> int:
        return next(size for size in self._sizes if size >= rows) if self._static else rows

    def _sizes_of(self, bucket: Hashable) -> tuple[int, ...]:
        most = self._most.get(bucket, self._sizes[-1])
        return tuple(size for size in self._sizes if size <= most)

    def _step_s(self, bucket: Hashable, rows: int) -> float:
        return self.table.seconds(bucket, self._shape(rows))

    def _seat_s(self, bucket: Hashable) -> float:
        """A step's share of one row in a full batch."""
        most = self._sizes_of(bucket)[-1]
        return self._step_s(bucket, most) / most

    def _due(self, rider: Rider[RowT], now_s: float) -> Due:
        waited_s = now_s - rider.joined_s
        patience_s = PATIENCE * rider.row.steps * self._step_s(rider.bucket, 1)
        return Due(rider.row.steps - rider.row.step, rider.within_s - waited_s, patience_s - waited_s)

    def _left_s(self, rider: Rider[RowT]) -> float:
        return (rider.row.steps - rider.row.step) * self._seat_s(rider.bucket)
