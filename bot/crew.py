"""Work under way: one task an item, and what becomes of an item whose task ends badly. Knows not what the work is."""

import asyncio
import logging
import os
import random
import secrets
import socket
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")

log = logging.getLogger(__name__)

FIRST_S = 0.15
"""Most of the network's troubles are over at the second try."""


class Crew(Generic[Item]):
    """Args:
    work: what is done with an item.
    broken: what is done with an item whose work raised; a bug must not stop the others.
    ended: called when there is room for another.
    """

    def __init__(
        self,
        work: Callable[[Item], Awaitable[None]],
        broken: Callable[[Item, BaseException], Awaitable[None]],
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        self._work = work
        self._broken = broken
        self._ended = ended
        self._tasks: dict[asyncio.Task[None], Item] = {}

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def items(self) -> list[Item]:
        return list(self._tasks.values())

    def send(self, item: Item) -> None:
        task = asyncio.create_task(self._see_to(item))
        self._tasks[task] = item
        task.add_done_callback(self._end)

    def drop(self, item: Item) -> None:
        """Stop work on one item; what becomes of it is nobody's business any more."""
        for task, held in self._tasks.items():
            if held is item:
                task.cancel()

    async def dismiss(self) -> None:
        """Stop all work, and wait until it has stopped."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _end(self, task: asyncio.Task[None]) -> None:
        del self._tasks[task]
        self._ended()

    async def _see_to(self, item: Item) -> None:
        work = asyncio.ensure_future(self._work(item))
        try:
            await asyncio.wait({work})
        finally:
            if not work.done():
                work.cancel()
                await asyncio.wait({work})
        error = work.exception() if not work.cancelled() else None
        if error is not None:
            if not isinstance(error, OSError):
                log.error("a bug, which the work around it survives", exc_info=error)
            try:
                await self._broken(item, error)
            except OSError as down:
                log.warning("the store cannot be reached: %s", type(down).__name__)


def worker_name() -> str:
    """A name nobody else claims rows by."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}"


async def keep_looking(look: Callable[[], Awaitable[None]], wait: Callable[[], Awaitable[None]]) -> None:
    """Look for work, wait, and look again, whatever becomes of the database meanwhile."""
    while True:
        try:
            await look()
        except OSError as down:
            log.warning("the store cannot be reached: %s; trying again", type(down).__name__)
            await asyncio.sleep(1)
        await wait()


def backoff_s(attempts: int, most_s: float) -> float:
    """How long to wait after that many attempts: little at first, then doubling; never the same for everybody."""
    return min(most_s, FIRST_S * 2.0 ** min(attempts, 20)) * random.uniform(0.75, 1.25)
