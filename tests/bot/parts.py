"""Short cuts for tests of the bot's parts: run them for a while, wait for something, a small conversation, a pool."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from types import MappingProxyType
from typing import Protocol

from bot.messages import Choice, Fetch, Message, Order, Reply
from db import JobRow
from generation.errors import UserError
from generation.job import Job, Picture, Progress
from generation.pools import OnProgress
from generation.styles import Catalogue, Style

STYLES = {name: Style(name, "test", name.title(), "A line.", "🙂") for name in ("goth", "noir")}
CATALOGUE = Catalogue(MappingProxyType(STYLES))


class Part(Protocol):
    async def run(self) -> None: ...


@asynccontextmanager
async def running(*parts: Part) -> AsyncIterator[None]:
    """The parts' loops, until the block ends."""
    tasks = [asyncio.create_task(part.run()) for part in parts]
    await asyncio.sleep(0)
    try:
        yield
        assert not any(task.done() for task in tasks)
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def eventually(
    holds: Callable[[], bool] | Callable[[], Awaitable[bool]], timeout_s: float = 10, every_s: float = 0.005
) -> None:
    """Wait until something holds; AssertionError if it never does."""
    end = time.monotonic() + timeout_s
    while True:
        answer = holds()
        if answer if isinstance(answer, bool) else await answer:
            return
        assert time.monotonic() < end, "it never came to hold"
        await asyncio.sleep(every_s)


class Talk:
    """A conversation in a few lines: a photo is an order, "/buttons" gives buttons, anything else comes back."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.troubles: list[BaseException] = []

    async def reply_to(self, message: Message, fetch: Fetch) -> Reply:
        self.heard.append(message.event)
        if self.troubles:
            raise self.troubles.pop(0)
        if message.photos:
            photo = await fetch(message.photos[0])
            return Reply("queued", order=Order(message.text or "goth", 0.5, photo, 1))
        if message.text == "/buttons":
            return Reply("choose", tuple(Choice(str(n), f"/style {n}") for n in range(20)))
        return Reply(f"you said {message.text}")


class Captions:
    def finished(self, job: JobRow, picture: Picture, picture_id: int) -> Reply:
        return Reply(f"{job.style} done", (Choice("delete", f"/delete {job.id}"),), picture=picture_id)

    def failed(self, job: JobRow, error: UserError) -> Reply:
        return Reply(f"failed: {type(error).__name__}")

    def drafted(self, job: JobRow, picture: Picture, picture_id: int) -> Reply:
        choices = (Choice("stop", f"/stop {job.id}"),)
        return Reply(f"{job.style} drafted\ngoing on", choices, picture=picture_id, unfinished=True)

    def kept(self, job: JobRow, picture_id: int, text: str, error: UserError) -> Reply:
        return Reply(f"{text.splitlines()[0]}, kept: {type(error).__name__}", picture=picture_id)

    def waiting(self, job: JobRow, place: int) -> str:
        return f"place {place}"

    def working(self, job: JobRow, share: float) -> str:
        return "working"


class TestPool:
    """A pool in this process.

    Args:
        outcomes: by job, what it raises at each attempt; a picture where nothing is said.
    """

    __test__ = False

    def __init__(
        self, slots: int = 1, seconds: float = 0.0, outcomes: dict[str, list[Exception]] | None = None
    ) -> None:
        self.slots = slots
        self.seconds = seconds
        self.outcomes = outcomes or {}
        self.rendered: list[Job] = []
        self.at_once = self.most_at_once = 0
        self.forgotten = 0

    def forget(self) -> None:
        self.forgotten += 1

    async def render(self, job: Job, on_progress: OnProgress) -> Picture:
        self.rendered.append(job)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            on_progress(Progress(job.id, 0.5))
            await asyncio.sleep(self.seconds)
            if errors := self.outcomes.get(job.id):
                raise errors.pop(0)
            return Picture(job.id, b"\xff\xd8" + job.photos[0], 1, 1, "enhanced", (), self.seconds, ())
        finally:
            self.at_once -= 1


class Deaf:
    """A screen nobody looks at."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int | None, float | None]] = []

    def progress(self, job: JobRow, *, place: int | None = None, share: float | None = None) -> None:
        self.told.append((job.id, place, share))
