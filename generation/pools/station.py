"""A device and the painter's worker on it, which is replaced when it is lost. Knows no queue."""

import asyncio
import logging
from collections.abc import Callable

from generation.pools.process import WorkerDied, WorkerProcess
from generation.pools.wire import Setup

log = logging.getLogger(__name__)

START_TIMEOUT_S = 1800.0
"""A large model is read from a slow disk, and compiled."""
FIRST_REST_S, LONGEST_REST_S = 1.0, 60.0
"""Between two attempts to start a worker, while none will start."""


class Station:
    """Empty until `keep` runs.

    Attributes:
        worker: None while there is none.
        aboard: the jobs it has, by their ids; the pool's to keep.
        is_coming: a worker is up or to be expected: the last attempt to start one did not fail.
        settled: set while no attempt is under way.
    """

    def __init__(self, setup: Setup, memory_mb: float) -> None:
        self.worker: WorkerProcess | None = None
        self.aboard: set[str] = set()
        self.is_coming = True
        self.settled = asyncio.Event()
        self._setup = setup
        self._memory_mb = memory_mb

    @property
    def device(self) -> str:
        return self._setup.device

    @property
    def is_up(self) -> bool:
        return self.worker is not None and self.worker.alive

    @property
    def is_warm(self) -> bool:
        """It is up, and its trial picture came out."""
        return self.worker is not None and self.worker.alive and self.worker.warm

    async def keep(self, changed: Callable[[], None]) -> None:
        """Start a worker, and another at once whenever one is lost; rest longer and longer while none will start.

        Args:
            changed: called when a worker is there, and when none is to be expected for a while.
        """
        rest_s = FIRST_REST_S
        while True:
            self.is_coming = await self._start()
            self.settled.set()
            changed()
            if self.worker is not None:
                rest_s = FIRST_REST_S
                await self.worker.lost.wait()
                log.error("the painter on %s was lost: %s", self.device, self.worker.lost_for)
            else:
                await asyncio.sleep(rest_s)
                rest_s = min(2 * rest_s, LONGEST_REST_S)
            self.settled.clear()
            await self.end()

    async def end(self) -> None:
        if self.worker is not None:
            await self.worker.end()
            self.worker = None  # only now: should this be cancelled, somebody must end it again

    async def _start(self) -> bool:
        try:
            self.worker = await WorkerProcess.start(self._setup, START_TIMEOUT_S, self._memory_mb)
        except (WorkerDied, OSError) as error:  # no pipe is left
            log.error("the painter on %s did not start: %s", self.device, error)
            return False
        if not self.worker.warm:
            log.error("the painter on %s started, but its trial picture failed", self.device)
        return True
