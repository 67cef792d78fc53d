"""Rate limits, broken answers and cut lines on the way to Discord: nothing twice, nothing lost, nobody held up."""

import asyncio
import time

import pytest

from bot.messages import Gone, Later, Showing
from bot.platforms.discord.rest import CROWD, Refused
from tests.bot.platforms.discord.conftest import Setting

JPEG = b"\xff\xd8\xff a picture"
DONE = Showing("done", (), JPEG, 7, "you")


async def _chat(setting: Setting) -> str:
    ada = setting.discord.human()
    return f"{ada.dm}/{ada.id}/dm"


@pytest.mark.parametrize("everywhere", [False, True])
async def test_a_rate_limit_is_waited_for(setting: Setting, everywhere: bool) -> None:
    chat = await _chat(setting)
    setting.discord.fail("POST", "/messages", status=429, retry_after_s=0.3, everywhere=everywhere)
    started = time.monotonic()
    await setting.platform.show(chat, "k", DONE, None)
    assert time.monotonic() - started >= 0.3
    assert len(setting.discord.messages) == 1


async def test_a_long_rate_limit_is_left_for_later(setting: Setting) -> None:
    setting.discord.fail("POST", "/messages", status=429, retry_after_s=90.0)
    with pytest.raises(Later) as later:
        await setting.platform.show(await _chat(setting), "k", DONE, None)
    assert later.value.seconds == 90.0


async def test_a_ban_in_front_of_discord_is_waited_out(setting: Setting) -> None:
    setting.discord.fail("POST", "/messages", status=429, retry_after_s=70.0, banned=True)
    with pytest.raises(Later) as later:
        await setting.platform.show(await _chat(setting), "k", DONE, None)
    assert later.value.seconds == 70.0


@pytest.mark.parametrize("status", [0, 502])
async def test_a_message_cut_off_after_it_was_sent_is_not_sent_twice(setting: Setting, status: int) -> None:
    chat = await _chat(setting)
    setting.discord.fail("POST", "/messages", status=status, after=True)
    ref = None
    for _ in range(3):
        try:
            ref = await setting.platform.show(chat, "k", DONE, None)
            break
        except OSError:
            continue
    assert ref is not None
    assert len(setting.discord.messages) == 1


@pytest.mark.parametrize("after", [False, True])
async def test_an_edit_cut_off_is_the_networks_trouble_and_can_be_repeated(setting: Setting, after: bool) -> None:
    ada = setting.discord.human()
    await ada.response(await ada.commands("start"))
    heard = (await setting.heard())[0]
    setting.discord.fail("PATCH", "@original|%40original", status=0, after=after)
    with pytest.raises(OSError, match="Disconnected"):
        await setting.platform.show(heard.chat, "k", DONE, heard.ref)
    await setting.platform.show(heard.chat, "k", DONE, heard.ref)
    [message] = ada.screen().values()
    assert len(message["attachments"]) == 1


@pytest.mark.parametrize("after", [False, True])
async def test_discords_own_trouble_is_told_at_once_and_an_answer_is_not_held_up(
    setting: Setting, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    ada = setting.discord.human()
    made = await ada.commands("start")
    heard = (await setting.heard())[0]
    slept: list[float] = []
    real_sleep = asyncio.sleep

    async def sleep(seconds: float, result: object = None) -> None:
        slept.append(seconds)
        await real_sleep(min(seconds, 0.01))

    setting.discord.fail("PATCH", "@original|%40original", status=502, after=after)
    with monkeypatch.context() as patch:
        patch.setattr(asyncio, "sleep", sleep)
        with pytest.raises(OSError, match="ClientConnectionError"):
            await setting.platform.show(heard.chat, "k", DONE, heard.ref)
    assert max(slept, default=0.0) < 1
    await setting.platform.show(heard.chat, "k", DONE, heard.ref)
    assert (await ada.answer(made))["content"] == "done"


async def test_discord_being_down_is_the_networks_trouble(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    real_sleep = asyncio.sleep
    monkeypatch.setattr(asyncio, "sleep", lambda seconds: real_sleep(min(seconds, 0.01)))
    setting.discord.fail("POST", "/messages", status=502, times=5)
    with pytest.raises(OSError, match="502"):
        await setting.platform.show(await _chat(setting), "k", DONE, None)


async def test_an_acknowledgement_cut_off_is_repeated(setting: Setting) -> None:
    ada = setting.discord.human()
    setting.discord.fail("POST", "callback", status=0, times=2)
    setting.discord.fail("POST", "callback", status=0, after=True)
    made = await ada.commands("start")
    heard = (await setting.heard())[0]
    await setting.platform.show(heard.chat, "k", DONE, heard.ref)
    assert (await ada.answer(made))["content"] == "done"


async def test_a_photo_that_cannot_be_had_now_may_be_had_later(setting: Setting) -> None:
    photo = setting.discord.attach("1", "me.jpg", b"photo", "image/jpeg")
    setting.discord.fail("GET", "/attachments", status=503)
    with pytest.raises(OSError, match="ConnectionError"):
        await setting.platform.fetch(photo["url"])
    setting.discord.fail("GET", "/attachments", status=429, retry_after_s=3.0)
    with pytest.raises(Later):
        await setting.platform.fetch(photo["url"])
    assert await setting.platform.fetch(photo["url"]) == b"photo"


@pytest.mark.parametrize(("status", "code"), [(403, 50007), (404, 10003), (404, 10008)])
async def test_a_place_that_is_closed_is_gone(setting: Setting, status: int, code: int) -> None:
    setting.discord.fail("POST", "/messages", status=status, code=code)
    with pytest.raises(Gone):
        await setting.platform.show(await _chat(setting), "k", DONE, None)


async def test_what_discord_does_not_take_is_a_bug_of_ours(setting: Setting) -> None:
    with pytest.raises(Refused, match="413"):
        await setting.platform.show(await _chat(setting), "k", Showing("big", (), JPEG + bytes(11 * 2**20)), None)


async def test_fifty_pictures_for_one_channel_all_arrive_without_a_burst(setting: Setting) -> None:
    """Discord lets a bot send 5 messages in 5 s to a channel; here 5 in 0.25 s, to be done in time."""
    setting.discord.buckets.limits["/channels/.*/messages"] = (5, 0.25)
    people = [setting.discord.human(f"p{n}") for n in range(50)]
    other = await _chat(setting)

    async def deliver(number: int) -> None:
        chat = f"{setting.discord.channel}/{people[number].id}"
        for _ in range(2000):
            try:
                await setting.platform.show(chat, f"k{number}", Showing(f"done {number}", (), JPEG, public=True), None)
                return
            except Later:
                await asyncio.sleep(0.02)

    crowd = [asyncio.create_task(deliver(number)) for number in range(50)]
    await asyncio.sleep(0.1)
    started = time.monotonic()
    await setting.platform.show(other, "k", DONE, None)
    assert time.monotonic() - started < 0.25 * CROWD + 0.5, "another chat is not held up"
    await asyncio.gather(*crowd)
    shown = [one["content"].split("\n")[0] for one in people[0].screen().values()]
    assert sorted(shown) == sorted(f"done {number}" for number in range(50))
    assert setting.discord.buckets.exceeded <= 5


async def test_few_messages_wait_for_one_channel_at_a_time_and_the_others_are_left_for_later(setting: Setting) -> None:
    """So that the delivery's hands are free for other chats."""
    setting.discord.fail("POST", "/messages", status=200, delay_s=0.3, times=CROWD)
    chat = await _chat(setting)
    tries = (setting.platform.show(chat, f"k{number}", Showing("hi"), None) for number in range(CROWD + 4))
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(one) for one in done] == [str] * CROWD + [Later] * 4
