"""Things that come while others are being written down go down together, in their order. Knows no database."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Together(Generic[Item, Result]):
    """Called with one thing, has many done at once: what a transaction costs is shared. Nobody waits for company.

    Args:
        do: does it with some things, and returns a result for each. What it raises is raised to all of them.
        most: how many at once.
    """

    def __init__(self, do: Callable[[list[Item]], Awaitable[Sequence[Result]]], most: int = 64) -> None:
        self._do = do
        self._most = most
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._work: asyncio.Task[None] | None = None

    async def __call__(self, item: Item) -> Result:
        result: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, result))
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._do_all())
        return await result

    async def _do_all(self) -> None:
        while self._waiting:
            some, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            work = asyncio.ensure_future(self._do([item for item, _ in some]))
            await asyncio.wait({work})
            error = work.exception()
            for n, (_, result) in enumerate(some):
                if result.done():  # whoever asked is gone
                    continue
                if error is not None:
                    result.set_exception(error)
                else:
                    result.set_result(work.result()[n])
