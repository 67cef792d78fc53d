"""What goes wrong between Telegram and us: floods, cut lines, poison, a second poller, a database that is away."""

import asyncio

import pytest

from bot.messages import Gone, Later, Showing
from bot.platforms import Unparsable
from tests.bot.parts import eventually
from tests.bot.platforms.telegram.conftest import JPEG, Inbox, Line, connected
from tests.fakes.telegram import BotApi, Fault
from tests.fakes.telegram.faults import ApiError, flood

TEXT = Showing("Hello!")
DONE = Showing("AI-enhanced", (), JPEG, picture_id=9)
SERVER_ERROR = ApiError(500, "Internal Server Error")


async def test_a_flood_is_waited_out(api: BotApi, line: Line) -> None:
    api.person()
    api.faults.append(Fault("sendMessage", flood(7)))
    with pytest.raises(Later) as later:
        await line.platform.show("42", "k", TEXT, None)
    assert later.value.seconds == 7


async def test_a_flood_in_one_chat_pauses_no_other(api: BotApi, line: Line) -> None:
    ada, bob = api.person(), api.person(7, "Bob")
    api.faults.append(Fault("sendMessage", flood(30), chat=42))
    with pytest.raises(Later):
        await line.platform.show("42", "k", TEXT, None)
    with pytest.raises(Later) as later:
        await line.platform.show("42", "other", TEXT, None)
    assert 25 < later.value.seconds <= 31
    await line.platform.show("7", "k", TEXT, None)
    assert (len(ada.seen()), len(bob.seen())) == (0, 1)
    assert len([call for call in api.calls if call.chat == 42]) == 0


@pytest.mark.parametrize(
    "fault",
    [Fault("*", SERVER_ERROR), Fault("*", cut=True), Fault("*", raw=b"<html>Bad Gateway</html>")],
    ids=["500", "cut", "502"],
)
async def test_the_networks_troubles_are_for_trying_again(api: BotApi, line: Line, fault: Fault) -> None:
    ada = api.person()
    fault.times = 1
    api.faults.append(fault)
    with pytest.raises(OSError, match="Telegram"):
        await line.platform.show("42", "k", TEXT, None)
    await line.platform.show("42", "k", TEXT, None)
    assert len(ada.seen()) == 1


async def test_a_result_whose_answer_was_lost_is_seen_once(api: BotApi, line: Line) -> None:
    ada = api.person()
    ref = await line.platform.show("42", "k", Showing("queued", progress=0.0), None)
    api.faults.append(Fault("editMessageMedia", cut=True, after=True))
    with pytest.raises(OSError, match="Telegram"):
        await line.platform.show("42", "k", DONE, ref)
    await line.platform.show("42", "k", DONE, ref)
    assert [message.get("caption") for message in ada.seen()] == ["AI-enhanced"]


async def test_a_picture_without_a_placeholder_is_seen_once_although_its_answer_was_lost(
    api: BotApi, line: Line
) -> None:
    ada = api.person()
    api.faults.append(Fault("editMessageMedia", cut=True, after=True))
    with pytest.raises(OSError, match="Telegram"):
        await line.platform.show("42", "k", DONE, None)
    await line.platform.show("42", "k", DONE, None)
    assert [message.get("caption") for message in ada.seen()] == ["AI-enhanced"]


async def test_progress_that_fails_says_so_and_harms_nothing(api: BotApi, line: Line) -> None:
    ada = api.person()
    ref = await line.platform.show("42", "k", Showing("queued", progress=0.0), None)
    api.faults.append(Fault("editMessageText", SERVER_ERROR))
    with pytest.raises(OSError, match="Telegram"):
        await line.platform.show("42", "k", Showing("drawing", progress=0.5), ref)
    await line.platform.show("42", "k", DONE, ref)
    assert len(ada.seen()) == 1


@pytest.mark.parametrize("fault", [Fault("file", SERVER_ERROR), Fault("file", cut=True), Fault("getFile", cut=True)])
async def test_a_photo_that_cannot_be_had_now_is_had_later(api: BotApi, line: Line, fault: Fault) -> None:
    await api.person().photo(JPEG)
    (photo,) = (await line.only()).photos
    fault.times = 1
    api.faults.append(fault)
    with pytest.raises(OSError, match="Telegram"):
        await line.platform.fetch(photo.ref)
    assert await line.platform.fetch(photo.ref) == JPEG


async def test_a_flood_at_a_photos_download_is_waited_out(
    api: BotApi, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    await api.person().photo(JPEG)
    (photo,) = (await line.only()).photos
    api.faults.append(Fault("file", flood(7)))
    with pytest.raises(Later) as later:
        await line.platform.fetch(photo.ref)
    assert later.value.seconds == 7
    assert [record for record in caplog.records if record.exc_info] == []


async def test_a_photo_telegram_will_not_give_is_gone(api: BotApi, line: Line) -> None:
    await api.person().photo(JPEG)
    (photo,) = (await line.only()).photos
    api.faults.append(Fault("getFile", ApiError(400, "Bad Request: file is too big")))
    with pytest.raises(Gone):
        await line.platform.fetch(photo.ref)


async def test_a_poisoned_update_is_set_aside_and_stops_nobody(api: BotApi, line: Line) -> None:
    poison = {"message_id": 1, "date": "no date", "chat": {"id": 42, "type": "private"}, "from": {"id": 42}}
    await api.world.push("message", poison)
    await api.person().says("hello")
    await eventually(lambda: len(line.inbox.rows) == 2)
    (bad, (_, raw)), (good, (_, other)) = line.inbox.rows.items()
    with pytest.raises(Unparsable):
        line.platform.parse(bad, raw)
    message = line.platform.parse(good, other)
    assert message is not None
    assert message.text == "hello"
    await line.caught_up()


async def test_an_update_our_code_breaks_on_is_kept_and_stops_nobody(api: BotApi) -> None:
    inbox = Inbox()
    inbox.troubles.append(KeyError("a bug"))
    async with connected(api, inbox) as line:
        ada = api.person()
        await ada.says("first")
        await ada.says("second")
        assert {message and message.text for message in await line.heard(2)} == {"first", "second"}
        await line.caught_up()


async def test_an_update_telegram_brings_twice_is_one_event(api: BotApi, line: Line) -> None:
    message = await api.person().says("hello")
    await line.caught_up()
    number = int(next(iter(line.inbox.rows)).split(":")[1])
    await api.world.push("message", message, number)
    await eventually(lambda: line.inbox.calls == 2)
    assert len(line.inbox.rows) == 1


async def test_updates_are_confirmed_only_once_they_are_kept(api: BotApi) -> None:
    inbox = Inbox(troubles=[OSError("the database is away")] * 3)
    async with connected(api, inbox) as line:
        await api.person().says("hello")
        await eventually(lambda: inbox.calls >= 2)
        assert len(api.world.queue) == 1
        assert (await line.only()).text == "hello"
        await line.caught_up()


async def test_what_was_said_while_we_were_away_is_heard(api: BotApi) -> None:
    async with connected(api) as line:
        await line.caught_up()
    await api.person().says("anybody there?")
    async with connected(api) as line:
        assert (await line.only()).text == "anybody there?"


@pytest.mark.parametrize(
    "fault",
    [
        Fault("getUpdates", ApiError(502, "Bad Gateway"), times=3),
        Fault("getUpdates", cut=True, times=3),
        Fault("getUpdates", raw=b"not JSON", times=3),
        Fault("getUpdates", flood(1)),
        Fault("getMe", SERVER_ERROR, times=2),
        Fault("getMe", ApiError(401, "Unauthorized"), times=2),
        Fault("deleteWebhook", cut=True, times=2),
        Fault("setMyCommands", SERVER_ERROR, times=9),
    ],
    ids=lambda fault: fault.method,
)
async def test_the_bot_goes_on_whatever_meets_its_polling(api: BotApi, fault: Fault) -> None:
    fault.times = max(1, fault.times)
    api.faults.append(fault)
    async with connected(api) as line:
        await api.person().says("hello")
        assert (await line.only()).text == "hello"


async def test_a_second_poller_is_outlived(api: BotApi) -> None:
    async with connected(api, poll_s=1) as line, connected(api, poll_s=1) as other:
        await asyncio.sleep(0.2)
        await api.person().says("hello")
        await eventually(lambda: bool(line.inbox.rows or other.inbox.rows))


async def test_the_server_comes_later_than_the_bot() -> None:
    async with BotApi() as first:
        port = int(first.url.rpartition(":")[2])
    async with connected(first) as line:
        await asyncio.sleep(0.1)
        async with BotApi(port=port) as api:
            await api.person().says("hello")
            assert (await line.only()).text == "hello"
