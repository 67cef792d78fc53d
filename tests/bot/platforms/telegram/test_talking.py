"""The whole bot over Telegram: real store, intake, dispatch and delivery; people see what Telegram shows."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.whole import put_together
from db import Store
from generation.styles import Catalogue, read_catalogue
from tests.bot.parts import TestPool, eventually, running
from tests.fakes.telegram import Fault
from tests.fakes.telegram.talk import TelegramPerson, TelegramSide, telegram_side
from tests.talk import PROMISES

SELFIE = b"a selfie"


@dataclass
class Bot:
    store: Store
    pool: TestPool
    catalogue: Catalogue
    side: TelegramSide

    def person(self, name: str = "ada", lang: str = "en") -> TelegramPerson:
        return self.side.person(self, name, lang)


class _Running:
    def __init__(self, platform: Any, receive: Any) -> None:
        self._platform, self._receive = platform, receive

    async def run(self) -> None:
        await self._platform.run(self._receive)


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    catalogue, pool = read_catalogue(), TestPool()
    async with Store(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}") as store, telegram_side() as side:
        await store.migrate()
        platforms: Any = {"telegram": side.platform}
        whole = put_together(store, platforms, {"draw": pool}, catalogue, PROMISES)
        line = _Running(side.platform, whole.intake.receiver("telegram"))
        async with running(*whole.parts, line):
            yield Bot(store, pool, catalogue, side)


async def test_a_selfie_before_consent_is_answered_the_moment_consent_comes(bot: Bot) -> None:
    ada = bot.person()
    await ada.says("/style goth", SELFIE)
    picture = await ada.taps("I agree")
    assert picture.picture == b"\xff\xd8" + SELFIE
    assert not picture.as_file


async def test_an_album_is_one_order(bot: Bot) -> None:
    ada = bot.person()
    await ada.agrees()
    assert (await ada.says("/style goth", SELFIE, b"another", b"third")).picture is not None
    assert len(bot.pool.rendered) == 1


async def test_send_as_file_gives_a_document(bot: Bot) -> None:
    ada = bot.person()
    await ada.agrees()
    await ada.says("/style goth", SELFIE)
    file = await ada.taps("Send as file")
    assert file.as_file
    assert file.picture == b"\xff\xd8" + SELFIE


async def test_in_a_group_the_picture_is_the_persons_until_they_share_it(bot: Bot) -> None:
    ada = bot.person()
    await ada.agrees()
    ada.offers = ("share",)
    group = bot.side.api.group()
    first = await ada.says("/style goth", SELFIE)
    assert first.picture is not None
    assert ada._human.seen(group) == []
    shared = await ada.taps("Share here")
    assert shared.public
    assert len(ada._human.seen(group)) == 1


async def test_who_never_started_us_gets_the_picture_by_the_link(bot: Bot) -> None:
    ada = bot.person()
    await ada.agrees()
    ada._human.own.open = False
    group = bot.side.api.group()
    await ada._human.photo(SELFIE, "/style@selfie_test_bot goth", group)
    note = await ada._human.sees(lambda message: "Start me here" in message["text"], group)
    assert note["text"].endswith("?start=last")
    await eventually(lambda: len(bot.pool.rendered) == 1)
    await asyncio.sleep(0.3)
    await ada._human.says("/start last")
    await ada._human.sees(lambda message: "photo" in message)


async def test_a_deleted_picture_is_gone_from_the_chat(bot: Bot) -> None:
    ada = bot.person()
    await ada.agrees()
    await ada.says("/style goth", SELFIE)
    await ada.taps("Delete")
    assert all(showing.picture is None for showing in ada.screen.values())


async def test_faults_of_every_kind_cost_nobody_an_answer(bot: Bot) -> None:
    api = bot.side.api
    people = [bot.person(f"p{number}") for number in range(6)]
    for person in people:
        await person.agrees()
    for method in ("sendMessage", "editMessageMedia", "getFile", "getUpdates"):
        api.faults += [Fault(method, cut=True, times=2), Fault(method, raw=b"<html>", times=1)]
    api.faults.append(Fault("editMessageMedia", cut=True, after=True, times=2))
    for person in people:
        await person._human.photo(SELFIE, "/style goth")
    for person in people:
        await person._human.sees(lambda message: "photo" in message, seconds=30)
    await asyncio.sleep(0.5)
    for person in people:
        pictures = [message for message in person._human.seen() if "photo" in message]
        assert len(pictures) == 1
