"""Neither the bot's token nor an interaction's is ever written down where people read."""

import logging
import traceback

import pytest

from bot.messages import Gone, Later, Showing
from bot.platforms.discord.rest import Refused
from db.records import Answer, Body, Event, Post
from tests.bot.platforms.discord.conftest import Setting, running
from tests.fakes.discord import FakeDiscord, Human


async def _ask(setting: Setting, ada: Human) -> tuple[str, str, str]:
    before = len(setting.inbox.events)
    made = await ada.commands("start")
    await ada.response(made)
    heard = (await setting.heard(before + 1))[-1]
    assert heard.ref is not None
    return heard.chat, heard.ref, made["token"]


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "retry_after_s": 0.05},
        {"status": 429, "retry_after_s": 60.0, "banned": True},
        {"status": 400, "code": 50035},
        {"status": 403, "code": 50001},
        {"status": 502},
        {"status": 0},
        {"status": 0, "after": True},
    ],
)
async def test_whatever_goes_wrong_the_tokens_stay_secret(
    discord: FakeDiscord, caplog: pytest.LogCaptureFixture, fault: dict[str, object]
) -> None:
    caplog.set_level(logging.DEBUG)
    async with running(discord) as setting:
        await discord.until(lambda: discord.gateway.listening)
        ada = discord.human()
        chat, ref, token = await _ask(setting, ada)
        told = ""
        for method, path in (("PATCH", "/webhooks/"), ("POST", "/channels")):
            discord.fail(method, path, **fault)
            try:
                await setting.platform.show(chat, "k", Showing("hi"), ref if method == "PATCH" else None)
            except (OSError, Gone, Later, Refused) as error:
                told += "".join(traceback.format_exception(error)) + repr(error)
        await discord.gateway.drop(cut=True)
        await discord.gateway.say("no JSON")
        await discord.gateway.invalidate()
        await discord.until(lambda: discord.gateway.listening)
        told += repr(setting.platform) + repr(await setting.heard()) + caplog.text
        told += "".join(one.exc_text or "" for one in caplog.records)
    for secret in (discord.token, discord.token.split(".")[-1], token):
        assert secret not in told


async def test_a_late_acknowledgement_is_logged_without_its_token(
    discord: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with running(discord) as setting:
        await discord.until(lambda: discord.gateway.listening)
        discord.ack_s = -1.0
        made = await discord.human().commands("start")
        await setting.heard()
        await discord.until(lambda: "closed before it was acknowledged" in caplog.text)
    assert made["token"] not in caplog.text


async def test_rate_limits_are_told_of_without_addresses(setting: Setting, caplog: pytest.LogCaptureFixture) -> None:
    """discord.py's own warning names the address, and an interaction's address holds its token."""
    logger = logging.getLogger("discord.http")
    logger.warning("limited: %s", "https://discord.com/api/v10/webhooks/123456/aW50ZXJ-hidden/messages/@original")
    assert "hidden" not in caplog.text
    assert "/webhooks/123456/…/messages/@original" in caplog.text


async def test_what_is_kept_of_an_interaction_does_not_print_its_token(setting: Setting) -> None:
    ada = setting.discord.human()
    made = await ada.commands("start")
    heard = (await setting.heard())[0]
    raw = next(raw for _, raw in setting.inbox.events.values())
    kept = (
        heard,
        Event(1, "discord", heard.event, heard.chat, raw, 0, 1, 0.0),
        Answer("hi", ref=heard.ref),
        Post(1, "k", heard.user, "discord", heard.chat, heard.ref, Body("hi"), 1, 0, 0, 1, True),
    )
    assert made["token"] in str(heard.ref)
    assert made["token"] not in repr(kept)
