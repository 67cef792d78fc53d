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
from generation.pools.process import WorkerDied, WorkerProcess, threads_each
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
        self._idle: list[_Slot] = []
        self._waiting: deque[asyncio.Future[_Slot | None]] = deque()  # jobs in the order they came; None: closed
        self._errands: set[asyncio.Task[None]] = set()

    @property
    def slots(self) -> int:
        return len(self.devices)

    async def __aenter__(self) -> Self:
        """Begin to start the workers. Jobs are welcome at once; they wait for the first worker that is ready."""
        threads = threads_each(len(self.devices))
        for device in self.devices:
            slot = _Slot(Setup(os.getpid(), device, self.models, threads, self.warm))
            self._slots.append(slot)
            self._send_on(self._start(slot))
        return self

    async def __aexit__(self, *exc: object) -> None:
        """End the workers, with the jobs they have."""
        slots, self._slots = self._slots, []
        self._idle.clear()
        while self._waiting:
            _give(self._waiting.popleft(), None)
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
            async with asyncio.timeout(self.job_timeout_s):
                outcome = await slot.worker.ask(job, on_progress)
        except (WorkerDied, TimeoutError) as error:
            why = str(error) or f"it gave no answer within {self.job_timeout_s:g} s"
            log.error("job %s: the worker on %s was lost: %s", job.id, slot.setup.device, why)
            self._replace(slot)
            raise RenderFailed from error
        except BaseException:  # cancelled
            self._replace(slot)
            raise
        self._offer(slot)
        if isinstance(outcome, UserError):
            raise outcome
        return outcome

    async def _next_slot(self, job: Job) -> "_Slot":
        """One with a worker that lives and has nothing to do, or that has none because none would start.

        Of several, one that drew on the same photo last: it may remember the face. Where none is idle, whoever came
        first goes first.
        """
        photo = hash(job.photos[0])
        while self._slots:
            slot = self._idle_slot(photo) or await self._turn()
            if slot is None:
                break
            if slot.worker is None or slot.worker.alive:
                slot.photos.append(photo)
                return slot
            self._replace(slot)  # it died while it had nothing to do
        raise RenderFailed

    def _idle_slot(self, photo: int) -> "_Slot | None":
        if not self._idle:
            return None
        knowing = [slot for slot in self._idle if photo in slot.photos]
        slot = (knowing or self._idle)[0]
        self._idle.remove(slot)
        return slot

    async def _turn(self) -> "_Slot | None":
        """Wait for the slot that `_offer` gives to the job that has waited longest. None: the pool is closed."""
        turn: asyncio.Future[_Slot | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and (slot := turn.result()):
                self._offer(slot)  # it was given in the same moment
            raise

    def _offer(self, slot: "_Slot") -> None:
        """Give a slot that has nothing to do to the first who waits for one."""
        if slot not in self._slots:
            return  # the pool is closing
        while self._waiting:
            if _give(self._waiting.popleft(), slot):
                return
        self._idle.append(slot)

    def _replace(self, slot: "_Slot") -> None:
        if slot.worker is not None:
            slot.worker.kill("its job was given up")
        if slot in self._slots:  # else the pool is closing
            self._send_on(self._start(slot))

    async def _start(self, slot: "_Slot") -> None:
        """Give the slot a new worker, then offer it; without one too, so that a job can tell that nothing works."""
        try:
            await slot.renew(self.memory_mb)
        except WorkerDied as error:
            log.error("the worker on %s did not start: %s", slot.setup.device, error)
        self._offer(slot)

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

    async def renew(self, memory_mb: float) -> None:
        await self.end()
        self.worker = await WorkerProcess.start(self.setup, START_TIMEOUT_S, memory_mb)
        if not self.worker.warm:
            log.error("the worker on %s started, but its trial picture failed", self.setup.device)

    async def end(self) -> None:
        if self.worker is not None:
            await self.worker.end()
            self.worker = None  # only now: should this be cancelled, somebody must end it again


def _give(turn: "asyncio.Future[_Slot | None]", slot: _Slot | None) -> bool:
    """False: whoever waited has gone."""
    if turn.done():
        return False
    turn.set_result(slot)
    return True
