"""A fake Discord and the real client talking to it, and a bot that takes in all it hears."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.messages import Message
from bot.platforms import Raw
from bot.platforms.discord import DiscordPlatform
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.talk import fake_discord

COMMANDS = {
    "en": [
        ("start", "begin"),
        ("style", "draw my selfie in a style"),
        ("styles", "all"),
        ("last", "the last one"),
        ("imagine", "paint me"),
    ],
    "de": [
        ("start", "anfangen"),
        ("style", "mein Selfie zeichnen"),
        ("styles", "alle"),
        ("last", "das letzte"),
        ("imagine", "mal mich"),
    ],
}
WORDS = {
    "en": {
        "selfie": "draw on new photos",
        "style": "the style",
        "words": "the words",
        "photo": "your selfie",
        "strength": "how strong",
        "title": "Your selfies",
        "photos": "1 to 4 photos of you",
        "menu": "Style this selfie",
        "ready": "something waits for you: /last",
    },
    "de": {
        "selfie": "auf neuen Fotos zeichnen",
        "style": "der Stil",
        "words": "die Worte",
        "photo": "dein Selfie",
        "strength": "wie stark",
        "title": "Deine Selfies",
        "photos": "1 bis 4 Fotos von dir",
        "menu": "Selfie zeichnen",
        "ready": "etwas wartet auf dich: /last",
    },
}
STYLES = [("goth", "Goth"), ("noir", "Film noir"), *((f"look-{n}", f"Look {n}") for n in range(30))]
NAMES: dict[str, Any] = {"commands": COMMANDS, "words": WORDS, "styles": STYLES}


@dataclass
class Inbox:
    """What the platform committed, in order, each event once."""

    events: dict[str, tuple[str, Raw]] = field(default_factory=dict)
    trouble: Exception | None = None
    delay_s: float = 0.0

    async def receive(self, event: str, chat: str, raw: Raw, *, gather_s: float | None = None) -> bool:
        await asyncio.sleep(self.delay_s)
        if self.trouble is not None:
            raise self.trouble
        new = event not in self.events
        self.events.setdefault(event, (chat, raw))
        return new


@dataclass
class Setting:
    """A running platform, its Discord, and what it took in."""

    discord: FakeDiscord
    platform: DiscordPlatform
    inbox: Inbox

    async def heard(self, number: int = 1) -> list[Message]:
        """All messages heard, when there are so many."""
        await self.discord.until(lambda: len(self.inbox.events) >= number)
        parsed = [self.platform.parse(event, raw) for event, (_, raw) in self.inbox.events.items()]
        assert len(parsed) == number
        return [one for one in parsed if one is not None]


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    async with fake_discord() as fake:
        yield fake


@asynccontextmanager
async def running(discord: FakeDiscord, token: str | None = None, **how: Any) -> AsyncIterator[Setting]:
    names: Mapping[str, Any] = {"retry_s": 0.05, "again_s": 0.05, "refused_s": 0.3, **NAMES, **how}
    platform, inbox = DiscordPlatform(token or discord.token, **names), Inbox()
    task = asyncio.create_task(platform.run(inbox.receive))
    try:
        yield Setting(discord, platform, inbox)
        assert not task.done()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def setting(discord: FakeDiscord) -> AsyncIterator[Setting]:
    async with running(discord) as setting:
        await discord.until(lambda: discord.gateway.listening)
        yield setting
