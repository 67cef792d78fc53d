"""Updates by webhook: only from Telegram, and taken only once they are kept."""

import socket
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from bot.platforms.telegram import Webhook
from bot.platforms.telegram.webhook import SECRET_HEADER
from tests.bot.parts import eventually
from tests.bot.platforms.telegram.conftest import Inbox, Line, connected
from tests.fakes.telegram import BotApi


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def webhook() -> Webhook:
    port = free_port()
    return Webhook(f"http://127.0.0.1:{port}/telegram", "a-good_secret", port=port)


@pytest.fixture
async def hooked(api: BotApi, webhook: Webhook) -> AsyncIterator[Line]:
    async with connected(api, webhook=webhook) as line:
        await eventually(lambda: api.methods.hook is not None)
        yield line


async def test_updates_come_by_webhook(api: BotApi, hooked: Line) -> None:
    await api.person().says("hello")
    assert (await hooked.only()).text == "hello"
    await hooked.caught_up()
    assert api.methods.polls == 0


async def test_an_update_comes_again_until_it_is_kept(api: BotApi, webhook: Webhook) -> None:
    inbox = Inbox(troubles=[OSError("the database is away")] * 2)
    async with connected(api, inbox, webhook=webhook) as line:
        await api.person().says("hello")
        assert (await line.only()).text == "hello"
        await line.caught_up()
    assert inbox.calls == 3


@pytest.mark.parametrize(
    ("secret", "body", "status"),
    [
        (None, '{"update_id": 1}', 401),
        ("a-wrong_secret", '{"update_id": 1}', 401),
        ("ä", '{"update_id": 1}', 401),
        ("a-good_secret", "no JSON", 400),
        ("a-good_secret", "[]", 400),
        ("a-good_secret", '{"update_id": "1"}', 400),
        ("a-good_secret", '{"update_id": 1}', 200),
    ],
)
async def test_only_telegram_is_listened_to(
    hooked: Line, webhook: Webhook, secret: str | None, body: str, status: int
) -> None:
    async with ClientSession() as session:
        headers = {} if secret is None else {SECRET_HEADER: secret}
        async with session.post(webhook.url, data=body, headers=headers) as answer:
            assert answer.status == status
    assert not hooked.inbox.rows


async def test_a_bot_that_polls_takes_an_old_webhook_away(api: BotApi, webhook: Webhook) -> None:
    async with connected(api, webhook=webhook):
        await eventually(lambda: api.methods.hook is not None)
    await api.person().says("hello")
    async with connected(api) as line:
        assert (await line.only()).text == "hello"


async def test_a_taken_address_is_tried_again(api: BotApi, webhook: Webhook) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", webhook.port))
        taken.listen()
        async with connected(api, webhook=webhook) as line:
            await eventually(lambda: api.methods.hook is not None)
            taken.close()
            await api.person().says("hello")
            assert (await line.only()).text == "hello"
