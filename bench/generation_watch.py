"""A denoiser and an engine that note what they are asked, when, and how long it takes. They change nothing."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Generic

import numpy as np

from generation.engine import Report
from generation.engines.diffusion.denoiser import Denoiser, RowT, WishT
from generation.engines.diffusion.engine import DiffusionEngine, Prepared
from generation.engines.diffusion.references import References
from generation.job import Job


@dataclass(frozen=True)
class Pass:
    """One forward pass, copies that only fill a batch counted as rows."""

    rows: tuple[str, ...]
    start_s: float
    seconds: float


class Watched(Generic[WishT, RowT]):
    """A generation.engines.diffusion.denoiser.Denoiser around another.

    busy_s is all the time inside it, `prepare` left out, for that runs beside the rest.
    """

    def __init__(self, denoiser: Denoiser[WishT, RowT]) -> None:
        self._denoiser = denoiser
        self.passes: list[Pass] = []
        self.busy_s = 0.0

    def forget(self) -> None:
        self.passes, self.busy_s = [], 0.0

    def first_step_s(self, job_id: str) -> float:
        """When the job was first in a forward pass, by perf_counter."""
        return next(each.start_s for each in self.passes if job_id in each.rows)

    @property
    def mean_batch(self) -> float:
        return float(np.mean([len(set(each.rows)) for each in self.passes]))

    def prepare(self, job: Job, references: References) -> WishT:
        return self._denoiser.prepare(job, references)

    def blank(self, references: References) -> WishT:
        return self._denoiser.blank(references)

    def bucket(self, row: RowT) -> Hashable:
        return self._denoiser.bucket(row)

    def begin(self, wish: WishT) -> RowT:
        start_s = perf_counter()
        row = self._denoiser.begin(wish)
        self.busy_s += perf_counter() - start_s
        return row

    def step(self, rows: Sequence[RowT]) -> Sequence[bool]:
        start_s = perf_counter()
        sound = self._denoiser.step(rows)
        seconds = perf_counter() - start_s
        self.passes.append(Pass(tuple(row.id for row in rows), start_s, seconds))
        self.busy_s += seconds
        return sound

    def decode(self, rows: Sequence[RowT]) -> Sequence[np.ndarray | None]:
        start_s = perf_counter()
        pictures = self._denoiser.decode(rows)
        self.busy_s += perf_counter() - start_s
        return pictures


class WatchedEngine(DiffusionEngine[Any, Any]):
    """taken_s, left_s: when each job was taken, and when each cancelled one was out of it, by perf_counter."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.taken_s: dict[str, float] = {}
        self.left_s: dict[str, float] = {}

    def begin(self, job: Job, prepared: Prepared[Any], report: Report) -> None:
        self.taken_s[job.id] = perf_counter()
        super().begin(job, prepared, report)

    def cancel(self, job_id: str) -> None:
        super().cancel(job_id)
        self.left_s[job_id] = perf_counter()
