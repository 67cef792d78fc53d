"""Worker processes on this machine, one job each at a time, each replaced alone. Knows no chat and no database."""

import asyncio
import logging
import os
from collections import deque
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, Self

from generation.errors import RenderFailed, UserError
from generation.job import Job, Picture
from generation.pools import OnProgress
from generation.pools.process import WorkerDied, WorkerProcess
from generation.pools.wire import Setup
from generation.styles.style import Style

log = logging.getLogger(__name__)

START_TIMEOUT_S = 180.0


class LocalPool:
    """One process for each of the devices.

    A worker that dies, or is killed for hanging or eating memory, costs the one job it had; the others go on, and a
    new one is started at once. Cancelling `render` kills that job's worker, for nothing else stops an engine.

    Args:
        devices: as torch names them: "cpu", "cuda:0". Naming one twice makes two workers on it.
        models: the folder of the model files.
        job_timeout_s: from the worker's taking the job to its picture.
        memory_mb: what one worker may use of the machine's memory while it renders.
        warm: the styles each worker renders once before its first job; None: one of the catalogue's, (): none.
    """

    def __init__(
        self,
        devices: Sequence[str],
        models: Path,
        job_timeout_s: float = 120,
        memory_mb: float = 2048,
        *,
        warm: Sequence[Style] | None = None,
    ) -> None:
        self.devices = tuple(devices)
        self.models = models
        self.job_timeout_s = job_timeout_s
        self.memory_mb = memory_mb
        self.warm = None if warm is None else tuple(warm)
        self._slots: list[_Slot] = []
        self._idle: asyncio.Queue[_Slot | None] = asyncio.Queue()  # None: the pool is closed
        self._errands: set[asyncio.Task[None]] = set()

    @property
    def slots(self) -> int:
        return len(self.devices)

    async def __aenter__(self) -> Self:
        """Begin to start the workers. Jobs are welcome at once; they wait for the first worker that is ready."""
        threads = max(1, _cores() // max(1, len(self.devices)))
        for device in self.devices:
            slot = _Slot(Setup(os.getpid(), device, self.models, threads, self.warm))
            self._slots.append(slot)
            self._send_on(self._start(slot))
        return self

    async def __aexit__(self, *exc: object) -> None:
        """End the workers, with the jobs they have."""
        slots, self._slots = self._slots, []
        self._idle.put_nowait(None)
        errands = list(self._errands)
        for errand in errands:
            errand.cancel()
        await asyncio.gather(*errands, return_exceptions=True)
        await asyncio.gather(*(slot.end() for slot in slots))

    async def ready(self) -> bool:
        """Wait until every worker that is being started is there. False: one is not, or its trial picture failed."""
        await asyncio.gather(*self._errands)
        return all(slot.worker is not None and slot.worker.warm for slot in self._slots)

    def pids(self) -> list[int]:
        """Of the workers that run now."""
        return [slot.worker.pid for slot in self._slots if slot.worker is not None]

    def forget(self) -> None:
        for slot in self._slots:
            if slot.worker is not None:
                slot.worker.forget()

    async def render(self, job: Job, on_progress: OnProgress) -> Picture:
        slot = await self._next_slot(job)
        if slot.worker is None:
            self._replace(slot)  # for later jobs
            raise RenderFailed
        try:
            outcome = await slot.worker.ask(job, on_progress, self.job_timeout_s, self.memory_mb)
        except WorkerDied as error:
            log.error("job %s: the worker on %s was lost: %s", job.id, slot.setup.device, error)
            self._replace(slot)
            raise RenderFailed from error
        except BaseException:  # cancelled
            self._replace(slot)
            raise
        self._idle.put_nowait(slot)
        if isinstance(outcome, UserError):
            raise outcome
        return outcome

    async def _next_slot(self, job: Job) -> "_Slot":
        """One with a worker that lives and has nothing to do, or that has none because none would start.

        Of several, one that drew on the same photo last: it may remember the face.
        """
        photo = hash(job.photos[0])
        while slot := await self._idle.get():
            slot = self._swapped(slot, photo)
            if slot.worker is None or slot.worker.alive:
                slot.photos.append(photo)
                return slot
            self._replace(slot)  # it died while it had nothing to do
        self._idle.put_nowait(None)  # for whoever else waits
        raise RenderFailed

    def _swapped(self, slot: "_Slot", photo: int) -> "_Slot":
        """Another idle slot in its place, if that one knows the photo."""
        others = [self._idle.get_nowait() for _ in range(self._idle.qsize())]
        knowing = [other for other in (slot, *others) if other is not None and photo in other.photos]
        best = knowing[0] if knowing else slot
        for other in (slot, *others):
            if other is not best:
                self._idle.put_nowait(other)
        return best

    def _replace(self, slot: "_Slot") -> None:
        if slot.worker is not None:
            slot.worker.kill("its job was given up")
        if slot in self._slots:  # else the pool is closing
            self._send_on(self._start(slot))

    async def _start(self, slot: "_Slot") -> None:
        """Give the slot a new worker, then offer it; without one too, so that a job can tell that nothing works."""
        try:
            await slot.renew()
        except WorkerDied as error:
            log.error("the worker on %s did not start: %s", slot.setup.device, error)
        self._idle.put_nowait(slot)

    def _send_on(self, errand: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)


class _Slot:
    """A place for one worker, which is empty after a failed start."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.worker: WorkerProcess | None = None
        self.photos: deque[int] = deque(maxlen=2)  # hashes of those it drew on last

    async def renew(self) -> None:
        await self.end()
        self.worker = await WorkerProcess.start(self.setup, START_TIMEOUT_S)
        if not self.worker.warm:
            log.error("the worker on %s started, but its trial picture failed", self.setup.device)

    async def end(self) -> None:
        if self.worker is not None:
            await self.worker.end()
            self.worker = None  # only now: should this be cancelled, somebody must end it again


def _cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
