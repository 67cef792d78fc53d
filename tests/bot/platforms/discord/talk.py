"""The whole bot at Discord: real store, intake, dispatch, delivery, conversation and client; only Discord is ours."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.conversation import Captions, Conversation
from bot.delivery import Delivery
from bot.dispatch import Dispatch
from bot.intake import Intake
from bot.platforms.discord import WORDS, DiscordPlatform
from bot.texts import LANGUAGES, commands, say
from db import Store
from generation.styles import Catalogue, read_catalogue
from tests.bot.parts import Part, TestPool, running
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.person import DiscordPerson
from tests.talk import PROMISES, _as_pool


@dataclass
class DiscordBot:
    store: Store
    discord: FakeDiscord
    platform: DiscordPlatform
    intake: Intake
    pool: TestPool
    catalogue: Catalogue

    def person(self, name: str = "ada", lang: str = "en", *, server: bool = False) -> DiscordPerson:
        return DiscordPerson(self, name, lang, discord=self.discord, server=server)


@dataclass
class _Listening:
    platform: DiscordPlatform
    intake: Intake

    async def run(self) -> None:
        await self.platform.run(self.intake.receiver("discord"))


@asynccontextmanager
async def discord_bot(store: Store, discord: FakeDiscord, pool: TestPool | None = None) -> AsyncIterator[DiscordBot]:
    catalogue, pool = read_catalogue(), pool or TestPool()
    names: dict[str, Any] = {
        "commands": {lang: commands(lang) for lang in LANGUAGES},
        "words": {lang: {word: say(lang, f"discord_{word}") for word in WORDS} for lang in LANGUAGES},
        "styles": [(style.name, style.title) for style in catalogue],
    }
    platform = DiscordPlatform(discord.token, **names, retry_s=0.05, again_s=0.05)
    platforms, captions = {"discord": platform}, Captions(catalogue)
    intake = Intake(store, platforms, Conversation(store, catalogue, PROMISES).reply_to, keep_photos_s=3600)
    delivery = Delivery(store, platforms, waiting=captions.waiting, working=captions.working)
    dispatch = Dispatch(
        store, _as_pool(pool), catalogue, finished=captions.finished, failed=captions.failed, delivery=delivery,
        keep_pictures_s=3600,
    )  # fmt: skip
    parts: list[Part] = [intake, dispatch, delivery, _Listening(platform, intake)]
    async with running(*parts):
        identified = discord.gateway.identified
        await discord.until(lambda: discord.gateway.listening and discord.gateway.identified > identified - 1)
        yield DiscordBot(store, discord, platform, intake, pool, catalogue)
