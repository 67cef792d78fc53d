"""Processes of painters on this machine, one a device, many jobs at once in each. Knows no chat and no database."""

import asyncio
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Self

from generation.errors import PainterAway, PainterFull, RenderFailed, UserError
from generation.job import Job, Picture
from generation.painter import PAINTERS, Painter
from generation.pools import OnProgress
from generation.pools.process import WorkerDied, threads_each
from generation.pools.station import Station
from generation.pools.suspects import Suspects
from generation.pools.wire import Setup
from generation.styles.style import Style

log = logging.getLogger(__name__)

SILENT_SHARE = 0.5
"""Of a job's time: if it runs out, and the worker has said nothing of any job for so much of it, the worker hangs."""


class BatchingPool:
    """One process for each of the devices, with as many jobs as it has seats.

    Cancelling `render`, or a job that takes too long, costs that job alone. A worker that dies, or is killed for
    hanging or eating memory, costs each of its jobs a RenderFailed, and a new one is started at once. Of the jobs that
    died with a worker, no two travel together until they end well: so one that kills costs each of the others one try.

    Args:
        devices: as torch names them: "cuda:0", "cuda:1".
        models: the folder of the face models.
        job_timeout_s: for waiting until there is a seat, and again from then to the picture.
        memory_mb: what one worker may use of the machine's own memory while it has jobs.
        jobs_at_once: the seats of each worker; more than its model takes at once, so that none waits for its photo.
        warm: the styles each worker paints once before its first job; None: one of the catalogue's, (): none.
        engine: the module that loads the painter's engine.
    """

    def __init__(
        self,
        devices: Sequence[str],
        models: Path,
        painter: Painter,
        job_timeout_s: float = 180,
        memory_mb: float = 48_000,
        jobs_at_once: int = 16,
        *,
        warm: Sequence[Style] | None = None,
        engine: str = PAINTERS,
    ) -> None:
        self.job_timeout_s = job_timeout_s
        self.jobs_at_once = jobs_at_once
        threads = threads_each(len(devices))
        styles = None if warm is None else tuple(warm)
        setups = [Setup(os.getpid(), device, models, threads, styles, painter, engine) for device in devices]
        self._stations = [Station(setup, memory_mb) for setup in setups]
        self._keepers: list[asyncio.Task[None]] = []
        self._line: list[_Passenger] = []  # who waits, in the order they came
        self._suspects = Suspects()

    @property
    def slots(self) -> int:
        return len(self._stations) * self.jobs_at_once

    @property
    def open(self) -> bool:
        """Some worker is up: a job would be painted."""
        return any(station.is_up for station in self._stations)

    async def __aenter__(self) -> Self:
        """Begin to start the workers. Jobs are welcome at once; they wait for the first worker that is ready."""
        self._keepers = [asyncio.create_task(station.keep(self._seat_waiting)) for station in self._stations]
        return self

    async def __aexit__(self, *exc: object) -> None:
        """End the workers, with the jobs they have."""
        stations, self._stations = self._stations, []
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        await asyncio.gather(*(station.end() for station in stations))
        self._seat_waiting()

    async def ready(self) -> bool:
        """Wait until every worker is there. False: one would not start just now, or its trial picture failed."""
        await asyncio.gather(*(station.settled.wait() for station in self._stations))
        return all(station.is_warm for station in self._stations)

    def pids(self) -> list[int]:
        """Of the workers that run now."""
        return [station.worker.pid for station in self._stations if station.worker is not None]

    def forget(self) -> None:
        for station in self._stations:
            if station.worker is not None:
                station.worker.forget()

    async def render(self, job: Job, on_progress: OnProgress) -> Picture:
        passenger = _Passenger(job.id)
        self._line.append(passenger)
        self._seat_waiting()
        try:
            station = await self._seat_of(passenger)
            answer = await self._paint(job, on_progress, station)
        finally:
            self._leave(passenger)
        if not isinstance(answer, RenderFailed):
            self._suspects.clear(job.id)
        if isinstance(answer, UserError):
            raise answer
        return answer

    async def _paint(self, job: Job, on_progress: OnProgress, station: Station) -> Picture | UserError:
        worker = station.worker
        if worker is None:  # it was lost in the moment in which the seat was given
            return RenderFailed()
        try:
            async with asyncio.timeout(self.job_timeout_s):
                return await worker.ask(job, on_progress)
        except WorkerDied:
            log.error("job %s was aboard when the painter on %s was lost", job.id, station.device)
            self._suspects.add(job.id)
        except TimeoutError:
            log.error("job %s: the painter on %s gave no picture in %g s", job.id, station.device, self.job_timeout_s)
            if (silent_s := monotonic() - worker.heard_at) > SILENT_SHARE * self.job_timeout_s:
                self._suspects.add(job.id)
                worker.kill(f"it said nothing for {silent_s:.0f} s")
        return RenderFailed()

    async def _seat_of(self, passenger: "_Passenger") -> Station:
        """Wait until there is one.

        Raises:
            PainterAway, PainterFull
            RenderFailed: the pool is closed.
        """
        try:
            async with asyncio.timeout(self.job_timeout_s):
                await passenger.called.wait()
        except TimeoutError as error:
            raise (PainterFull if self.open else PainterAway)() from error
        if passenger.station is None:
            raise PainterAway if self._stations else RenderFailed
        return passenger.station

    def _seat_waiting(self) -> None:
        """Give each who waits, in turn, a seat if there is one for it; send all away when no worker is to be expected.

        Somebody who waits for a seat apart from other suspects does not hold up the rest.
        """
        hopeful = any(station.is_coming for station in self._stations)
        for passenger in list(self._line):
            passenger.station = self._fitting(passenger.job_id)
            if passenger.station:
                passenger.station.aboard.add(passenger.job_id)
            if passenger.station or not hopeful:
                self._line.remove(passenger)
                passenger.called.set()

    def _fitting(self, job_id: str) -> Station | None:
        """Where the job may go now; the emptiest of several."""
        fitting = [
            station
            for station in self._stations
            if station.is_up
            and len(station.aboard) < self.jobs_at_once
            and job_id not in station.aboard
            and self._suspects.may_join(job_id, station.aboard)
        ]
        return min(fitting, key=lambda station: len(station.aboard), default=None)

    def _leave(self, passenger: "_Passenger") -> None:
        if passenger in self._line:
            self._line.remove(passenger)
        if passenger.station:
            passenger.station.aboard.discard(passenger.job_id)
        self._seat_waiting()


class _Passenger:
    """A job that waits for a seat, or has one.

    Attributes:
        called: there is one, or there will be none.
    """

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        self.station: Station | None = None
        self.called = asyncio.Event()
