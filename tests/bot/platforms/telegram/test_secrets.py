"""The token is in the requests and nowhere else."""

import logging
import traceback

import pytest

from bot.messages import Gone, Later, Showing
from bot.platforms.telegram import Webhook, check
from tests.bot.platforms.telegram.conftest import JPEG, connected, make
from tests.fakes.telegram import TOKEN, BotApi, Fault
from tests.fakes.telegram.faults import ApiError, flood

SECRET = TOKEN.partition(":")[2]
FAULTS = [
    Fault("sendMessage", cut=True),
    Fault("sendMessage", cut=True, after=True),
    Fault("sendMessage", raw=b"<html>"),
    Fault("sendMessage", ApiError(401, "Unauthorized")),
    Fault("sendMessage", ApiError(404, "Not Found")),
    Fault("sendMessage", ApiError(403, "Forbidden: bot was blocked by the user")),
    Fault("sendMessage", ApiError(500, "Internal Server Error")),
    Fault("sendMessage", flood(3)),
]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that anybody logs, at the finest level."""
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "telegram", "asyncio"):
        caplog.set_level(logging.DEBUG, name)
    return caplog


async def test_the_token_is_in_no_log_and_no_error(api: BotApi, log: pytest.LogCaptureFixture) -> None:
    ada = api.person()
    told: list[str] = []
    async with connected(api) as line:
        await ada.photo(JPEG)
        (photo,) = (await line.only()).photos
        await line.platform.fetch(photo.ref)
        for fault in FAULTS:
            api.faults.append(fault)
            with pytest.raises((OSError, Gone, Later)) as error:
                await line.platform.show("42", "k", Showing("Hello"), None)
            told += traceback.format_exception(error.value)
        told.append(repr(vars(line.platform)))
    assert "HTTP Request" in log.text
    assert "/bottoken/sendMessage" in log.text
    assert SECRET not in log.text + "".join(told)


async def test_the_token_is_in_no_log_when_telegram_cannot_be_reached(log: pytest.LogCaptureFixture) -> None:
    async with BotApi() as gone:
        pass
    async with connected(gone) as line:
        with pytest.raises(OSError, match="Telegram") as error:
            await line.platform.show("42", "k", Showing("Hello"), None)
    assert SECRET not in log.text + "".join(traceback.format_exception(error.value))


async def test_the_doctor_does_not_tell_the_token(api: BotApi, log: pytest.LogCaptureFixture) -> None:
    api.faults.append(Fault("getMe", ApiError(401, "Unauthorized")))
    found = await check(TOKEN, base_url=api.url)
    assert SECRET not in log.text + repr(found)


async def test_an_odd_address_does_not_tell_the_token() -> None:
    platform = make(BotApi(), base_url="http://[broken")
    with pytest.raises((OSError, ValueError)) as error:
        await platform.show("42", "k", Showing("Hello"), None)
    assert SECRET not in "".join(traceback.format_exception(error.value))


def test_the_webhooks_secret_is_not_shown() -> None:
    assert "hush" not in repr(Webhook("https://bot.example.org/telegram", "hush"))
