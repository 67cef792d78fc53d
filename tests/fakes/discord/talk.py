"""The other end of a whole bot at Discord: a Discord in miniature, its oracle, and people in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.platforms.discord import WORDS, DiscordPlatform
from bot.texts import LANGUAGES, commands, say
from generation.styles import read_catalogue
from tests.fakes.discord.oracle import Oracle
from tests.fakes.discord.person import DiscordPerson
from tests.fakes.discord.server import FakeDiscord, redirect
from tests.talk import Bot


@dataclass
class DiscordSide:
    discord: FakeDiscord
    platform: DiscordPlatform

    def person(self, bot: Bot, name: str = "ada", lang: str = "en", *, server: bool = False) -> DiscordPerson:
        return DiscordPerson(bot, name, lang, discord=self.discord, server=server)

    async def ready(self) -> None:
        await self.discord.until(lambda: self.discord.gateway.listening)


@asynccontextmanager
async def fake_discord() -> AsyncIterator[FakeDiscord]:
    """A Discord whose every answer, event and request is held against the shapes: a difference is an error."""
    fake, oracle = FakeDiscord(), Oracle.known()
    fake.check, fake.gateway.events = oracle.check_answer, oracle.check_event
    await fake.start()
    with redirect(fake):
        yield fake
    await fake.stop()
    assert oracle.differences == {}


def side_at(fake: FakeDiscord) -> DiscordSide:
    """The real platform at that Discord, with its real commands, words and styles."""
    platform = DiscordPlatform(
        fake.token,
        commands={lang: commands(lang) for lang in LANGUAGES},
        words={lang: {word: say(lang, f"discord_{word}") for word in WORDS} for lang in LANGUAGES},
        styles=[(style.name, style.title) for style in read_catalogue()],
        retry_s=0.05,
        again_s=0.05,
    )
    return DiscordSide(fake, platform)


@asynccontextmanager
async def discord_side() -> AsyncIterator[DiscordSide]:
    async with fake_discord() as fake:
        yield side_at(fake)
