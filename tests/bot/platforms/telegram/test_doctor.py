"""What the doctor finds wrong with a bot on Telegram, and the list of commands Telegram shows."""

from typing import Any

from bot.platforms.telegram import Webhook, check
from tests.bot.parts import eventually
from tests.bot.platforms.telegram.conftest import COMMANDS, Line, connected
from tests.fakes.telegram import TOKEN, BotApi


async def wrong(api: BotApi, token: str = TOKEN, **more: Any) -> list[str]:
    """What is found wrong; each with something to do about it."""
    found = await check(token, commands=COMMANDS, base_url=api.url, **more)
    assert all(bool(remedy) is not ok for ok, _, remedy in found)
    return [what for ok, what, _ in found if not ok]


async def test_a_bot_that_was_started_is_healthy(api: BotApi, line: Line) -> None:
    await eventually(lambda: len(api.methods.commands) == 3)
    assert await wrong(api) == []


async def test_the_commands_are_listed_in_every_language(api: BotApi, line: Line) -> None:
    await eventually(lambda: len(api.methods.commands) == 3)
    assert api.methods.commands["de"][1] == {"command": "style", "description": "mein Selfie zeichnen"}
    assert api.methods.commands[None] == api.methods.commands["en"]


async def test_a_bot_that_was_never_started_has_no_commands(api: BotApi) -> None:
    assert len(await wrong(api)) == 3


async def test_a_wrong_token_is_found(api: BotApi) -> None:
    assert await wrong(api, "123456:wrong") == ["Telegram does not know this token"]


async def test_a_telegram_out_of_reach_is_found() -> None:
    async with BotApi() as api:
        pass
    assert "cannot be reached" in (await wrong(api))[0]


async def test_privacy_and_groups_are_looked_at(api: BotApi, line: Line) -> None:
    await eventually(lambda: len(api.methods.commands) == 3)
    api.world.me |= {"can_join_groups": False, "can_read_all_group_messages": True}
    (privacy,) = await wrong(api)
    assert "privacy mode is off" in privacy
    assert any("cannot be added to groups" in what for _, what, _ in await check(TOKEN, base_url=api.url))


async def test_somebody_elses_webhook_is_found(api: BotApi, line: Line) -> None:
    await eventually(lambda: len(api.methods.commands) == 3)
    api.methods.hook = {"url": "https://elsewhere.example.org/", "secret": None}
    (found,) = await wrong(api)
    assert "https://elsewhere.example.org/" in found
    api.methods.hook = None


async def test_a_webhook_that_is_not_set_and_one_that_fails_are_found(api: BotApi) -> None:
    webhook = Webhook("https://bot.example.org/telegram", "secret")
    assert "no webhook is set, but the settings want one" in await wrong(api, webhook=webhook)
    api.methods.hook = {"url": webhook.url, "secret": "secret"}
    api.methods.last_error = "Connection refused"
    assert "Telegram cannot deliver: Connection refused" in await wrong(api, webhook=webhook)
    api.methods.hook = None


async def test_a_list_of_commands_telegram_refuses_does_not_stop_the_bot(api: BotApi) -> None:
    async with connected(api, commands={"en": (("Not A Name", "x"),)}) as line:
        await api.person().says("hello")
        assert (await line.only()).text == "hello"
