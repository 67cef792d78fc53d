"""The line to Discord: dropped, dead, poisoned, refused. The bot listens again, and no event is answered twice."""

import asyncio
import logging

import pytest

from bot.messages import Showing
from tests.bot.platforms.discord.conftest import Setting, running
from tests.fakes.discord import FakeDiscord


async def _says(setting: Setting, text: str) -> None:
    """Somebody writes, and it arrives."""
    before = len(setting.inbox.events)
    await setting.discord.human(text).says(text)
    await setting.discord.until(lambda: len(setting.inbox.events) > before)


async def _listening(discord: FakeDiscord, identified: int) -> None:
    await discord.until(lambda: discord.gateway.identified >= identified and discord.gateway.listening)


@pytest.mark.parametrize("cut", [False, True])
async def test_what_happens_while_the_line_is_down_is_heard_when_it_is_back(setting: Setting, cut: bool) -> None:
    await setting.discord.gateway.drop(cut=cut)
    await setting.discord.human().says("while you were away")
    assert [one.text for one in await setting.heard()] == ["while you were away"]
    assert (setting.discord.gateway.identified, setting.discord.gateway.resumed) == (1, 1)


async def test_it_reconnects_when_it_is_asked_to(setting: Setting) -> None:
    await setting.discord.gateway.ask_to_reconnect()
    await setting.discord.until(lambda: setting.discord.gateway.resumed == 1)
    await _says(setting, "again")


async def test_a_session_that_is_no_longer_valid_is_replaced(setting: Setting) -> None:
    await setting.discord.gateway.invalidate()
    await _listening(setting.discord, 2)
    await _says(setting, "again")


async def test_a_zombie_is_noticed(discord: FakeDiscord) -> None:
    discord.gateway.beat_ms = 100
    async with running(discord, beat_s=0.4) as setting:
        await _listening(discord, 1)
        discord.gateway.answers_beats = False
        await discord.until(lambda: discord.gateway.resumed + discord.gateway.identified > 1)
        discord.gateway.answers_beats = True
        await discord.until(lambda: discord.gateway.listening)
        await _says(setting, "alive")


async def test_a_line_that_turns_to_gibberish_is_replaced(setting: Setting) -> None:
    await setting.discord.gateway.say("this is no JSON {")
    await _listening(setting.discord, 2)
    await _says(setting, "again")


@pytest.mark.parametrize(
    "poison",
    [
        ("INTERACTION_CREATE", {"id": "x", "type": 2}),
        ("INTERACTION_CREATE", {"id": "1", "type": 99, "data": {}}),
        ("MESSAGE_CREATE", {"id": "notanumber"}),
        ("GUILD_CREATE", {"id": "nonsense"}),
        ("SOMETHING_NEW", []),
    ],
)
async def test_a_poisoned_event_harms_nobody_else(setting: Setting, poison: tuple[str, object]) -> None:
    setting.discord.gateway.events = None
    await setting.discord.gateway.dispatch(*poison)
    await _says(setting, "hello")
    assert setting.discord.gateway.identified == 1


async def test_a_gateway_that_refuses_the_first_connections_is_tried_again(discord: FakeDiscord) -> None:
    discord.gateway.refuses = 2
    async with running(discord) as setting:
        await _listening(discord, 1)
        await _says(setting, "hello")


async def test_a_discord_that_is_away_at_the_start_is_found_when_it_comes(
    discord: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    await discord.stop()
    async with running(discord) as setting:
        await asyncio.sleep(0.2)
        await discord.start()
        await _listening(discord, 1)
        await _says(setting, "hello")


async def test_a_refused_token_is_said_in_one_sentence_and_tried_again_slowly(
    discord: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(discord, token="MTIz.wrong.token"):
        await asyncio.sleep(0.5)
    errors = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert 1 <= len(errors) <= 2
    assert "Discord does not accept DISCORD_TOKEN" in errors[0].getMessage()
    assert discord.count("GET", "/users/@me") <= 2
    assert "wrong" not in caplog.text


async def test_a_token_refused_by_the_gateway_alone_is_the_same(
    discord: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(discord):
        await _listening(discord, 1)
        discord.token, before = "MTIz.another.token", discord.token
        await discord.gateway.drop(code=4004)
        await discord.until(lambda: "does not accept" in caplog.text)
        discord.token = before
        await _listening(discord, 2)


async def test_no_intent_is_asked_for_that_needs_permission(setting: Setting) -> None:
    [session] = setting.discord.gateway.sessions.values()
    assert session.intents == 1 << 12, "direct messages alone"


async def test_what_is_shown_while_the_bot_stops_is_for_later(discord: FakeDiscord) -> None:
    async with running(discord) as setting:
        await _listening(discord, 1)
        discord.fail("POST", "/messages", status=502)
        ada = discord.human()
        showing = asyncio.create_task(setting.platform.show(f"{ada.dm}/{ada.id}/dm", "k", Showing("hi"), None))
        await discord.until(lambda: discord.count("POST", "/messages") == 1)
    with pytest.raises(OSError, match="hung up"):
        await showing
    with pytest.raises(OSError, match="not logged in"):
        await setting.platform.show(f"{ada.dm}/{ada.id}/dm", "k", Showing("hi"), None)


async def test_a_bot_that_stops_leaves_nothing_running(discord: FakeDiscord) -> None:
    async with running(discord) as setting:
        await _listening(discord, 1)
        setting.inbox.delay_s = 30.0
        await discord.human().commands("start")
        await asyncio.sleep(0.1)
    await discord.until(lambda: not discord.gateway.listening)
    assert {task.get_coro().__qualname__ for task in asyncio.all_tasks() if "iscord" in repr(task.get_coro())} <= {
        asyncio.current_task().get_coro().__qualname__
    }
