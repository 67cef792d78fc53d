"""Conversations that only Discord knows, with the whole bot: in servers, in forms, late, shared, and many at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.messages import Trouble
from db import Store
from tests.bot.parts import TestPool
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.person import DiscordPerson
from tests.fakes.discord.talk import DiscordSide, side_at
from tests.talk import Bot, whole_bot

SELFIE = b"a selfie"


def person(bot: Bot, name: str = "ada", lang: str = "en", *, server: bool = False) -> DiscordPerson:
    assert isinstance(bot.side, DiscordSide)
    return bot.side.person(bot, name, lang, server=server)


@pytest.fixture
async def bot(store: Store, discord: FakeDiscord) -> AsyncIterator[Bot]:
    async with whole_bot(store, side_at(discord)) as bot:
        yield bot


@pytest.mark.parametrize("server", [False, True])
async def test_a_selfie_becomes_a_picture(bot: Bot, server: bool) -> None:
    ada = person(bot, server=server)
    await ada.agrees()
    answer = await ada.says("/style goth 60", SELFIE)
    assert answer.picture is not None
    assert bot.pool.rendered[-1].strength == 0.6
    assert (await ada.says("", SELFIE)).picture is not None
    assert bot.pool.rendered[-1].style.name == "goth"


async def test_what_is_sent_before_consent_is_answered_after_it(bot: Bot) -> None:
    ada = person(bot, server=True)
    asked = await ada.says("/style noir", SELFIE)
    assert "AI picture bot" in asked.text
    assert (await ada.taps("I agree")).picture is not None
    assert bot.pool.rendered[-1].style.name == "noir"


async def test_a_german_is_answered_in_german(bot: Bot) -> None:
    ada = person(bot, "ada", "de")
    await ada.agrees()
    answer = await ada.says("", SELFIE)
    assert "KI-" in answer.text


async def test_sharing_shows_the_picture_to_everybody_without_buttons(bot: Bot) -> None:
    ada, bob = person(bot, "ada", server=True), person(bot, "bob", server=True)
    await ada.agrees()
    await ada.says("/style goth", SELFIE)
    assert [one for one in bob.screen.values() if one.picture] == []
    shared = await ada.taps("Share here")
    assert shared.public
    [seen] = [one for one in bob.screen.values() if one.picture]
    assert (seen.picture, seen.buttons) == (shared.picture, ())
    assert f"<@{ada.human.id}>" in str(ada.discord.messages)


async def test_in_direct_messages_there_is_nobody_to_share_with(bot: Bot) -> None:
    ada = person(bot)
    await ada.agrees()
    answer = await ada.says("/style goth", SELFIE)
    assert not any("Share" in button.title for button in answer.buttons)


async def test_a_button_belongs_to_its_owner(bot: Bot) -> None:
    ada, bob = person(bot, "ada"), person(bot, "bob")
    await ada.agrees()
    await bob.agrees()
    answer = await ada.says("/style goth", SELFIE)
    assert "somebody else" in (await bob.taps("Softer", answer)).text


async def test_buttons_work_after_a_restart(store: Store, discord: FakeDiscord) -> None:
    async with whole_bot(store, side_at(discord)) as bot:
        ada = person(bot, server=True)
        await ada.agrees()
        answer = await ada.says("/style goth", SELFIE)
    async with whole_bot(store, side_at(discord)) as bot:
        ada.bot = bot
        assert (await ada.taps("Stronger", answer)).picture is not None


@pytest.mark.parametrize("trouble", list(Trouble))
async def test_trouble_gets_its_sentence(bot: Bot, trouble: Trouble) -> None:
    ada = person(bot)
    await ada.agrees()
    assert (await ada.shows_trouble(trouble)).text
    assert bot.pool.rendered == []


async def test_deleting_takes_the_picture_off_the_screen_and_the_cdn(bot: Bot) -> None:
    ada = person(bot, server=True)
    await ada.agrees()
    answer = await ada.says("/style goth", SELFIE)
    await ada.taps("Delete", changes=2)
    assert [one for one in ada.screen.values() if one.picture] == []
    assert answer.picture not in ada.discord.files.values()


async def test_forgetting_clears_the_direct_messages(bot: Bot) -> None:
    ada = person(bot)
    await ada.agrees()
    answer = await ada.says("/style goth", SELFIE)
    await ada.says("/forget")
    done = await ada.taps("Yes")
    assert list(ada.screen.values()) == [done]
    assert answer.picture not in ada.discord.files.values()


async def test_a_picture_that_takes_too_long_comes_as_a_direct_message_and_last_shows_it_again(
    store: Store, discord: FakeDiscord
) -> None:
    async with whole_bot(store, side_at(discord), TestPool(seconds=1.5)) as bot:
        ada = person(bot, server=True)
        await ada.agrees()
        await ada.human.commands("style", style="goth", photo=("me.jpg", SELFIE))
        await discord.until(lambda: any("in the queue" in one.text for one in ada.screen.values()))
        discord.expire()
        await discord.until(lambda: any(one["attachments"] for one in ada.human.screen(dm=True).values()))
        assert (await ada.says("/last")).picture is not None


async def test_fifty_people_in_one_channel_all_get_their_picture(store: Store, discord: FakeDiscord) -> None:
    async with whole_bot(store, side_at(discord), TestPool(slots=4)) as bot:
        people = [person(bot, f"p{n}", server=True) for n in range(50)]
        await asyncio.gather(*(person.agrees() for person in people))
        answers = await asyncio.gather(*(person.says("/style goth", SELFIE) for person in people))
        assert all(answer.picture for answer in answers)
        assert len(bot.pool.rendered) == 50
        assert all(len([one for one in person.screen.values() if one.picture]) == 1 for person in people)
