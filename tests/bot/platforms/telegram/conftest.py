"""A Telegram to talk to, and our platform connected to it over real HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.messages import Message
from bot.platforms.telegram import TelegramPlatform
from bot.platforms.telegram.rates import Rates
from tests.bot.parts import eventually
from tests.fakes.telegram import TOKEN, BotApi

COMMANDS = {
    "en": (("start", "begin"), ("style", "draw my selfie in a style"), ("last", "my last picture again")),
    "de": (("start", "anfangen"), ("style", "mein Selfie zeichnen"), ("last", "mein letztes Bild")),
}
START_HERE = {"en": "Start me here: {link}", "de": "Starte mich hier: {link}"}
FAST = ((0.0, 1), (0.0, 1), (0.0, 1))
JPEG = b"\xff\xd8\xff\xe0 a selfie"


@dataclass
class Inbox:
    """What the platform gave us to keep, as the store would: each event once, the parts of albums together."""

    rows: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    gathered: dict[str, float | None] = field(default_factory=dict)
    troubles: list[Exception] = field(default_factory=list)
    calls: int = 0

    async def receive(self, event: str, chat: str, raw: Any, *, gather_s: float | None = None) -> bool:
        self.calls += 1
        if self.troubles:
            raise self.troubles.pop(0)
        self.gathered[event] = gather_s
        if gather_s is not None:
            parts = self.rows.get(event, (chat, {"parts": []}))[1]["parts"]
            if all(part["part"] != raw["part"] for part in parts):
                parts.append(dict(raw))
            self.rows[event] = chat, {"parts": parts}
            return True
        new = event not in self.rows
        self.rows.setdefault(event, (chat, dict(raw)))
        return new


@dataclass
class Line:
    """The platform at work, and what came of it."""

    api: BotApi
    platform: TelegramPlatform
    inbox: Inbox

    async def heard(self, count: int = 1) -> list[Message | None]:
        """Wait for that many events; the messages in all of them."""
        await eventually(lambda: len(self.inbox.rows) >= count)
        return [self.platform.parse(event, raw) for event, (_, raw) in self.inbox.rows.items()]

    async def only(self) -> Message:
        """The one message that was heard."""
        (message,) = await self.heard()
        assert message is not None
        return message

    async def nothing(self) -> bool:
        """Whether nothing was kept of all that was said so far."""
        await self.caught_up()
        return not self.inbox.rows

    async def caught_up(self) -> None:
        """Wait until everything said was confirmed."""
        await eventually(lambda: not self.api.world.queue)


def make(api: BotApi, **more: Any) -> TelegramPlatform:
    more = {"commands": COMMANDS, "start_here": START_HERE, "rates": Rates(*FAST), "pause_s": 0.02, "poll_s": 5} | more
    return TelegramPlatform(TOKEN, **{"base_url": api.url, **more})


@asynccontextmanager
async def connected(api: BotApi, inbox: Inbox | None = None, **more: Any) -> AsyncIterator[Line]:
    inbox, platform = inbox or Inbox(), make(api, **more)
    running = asyncio.create_task(platform.run(inbox.receive))
    try:
        yield Line(api, platform, inbox)
        assert not running.done(), running
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api
        assert api.complaints == []


@pytest.fixture
async def line(api: BotApi) -> AsyncIterator[Line]:
    async with connected(api) as line:
        await eventually(lambda: api.methods.polls > 0 and len(api.methods.commands) == len(COMMANDS) + 1)
        yield line
