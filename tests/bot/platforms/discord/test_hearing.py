"""What people do at Discord arrives, once, and is acknowledged in time."""

import asyncio

import pytest

from bot.messages import Message, Offer, Showing, Trouble
from tests.bot.platforms.discord.conftest import STYLES, Setting

ALONE, LOADING = 64, 128


async def _one(setting: Setting) -> Message:
    return (await setting.heard())[0]


async def test_a_command_with_everything_is_heard_whole(setting: Setting) -> None:
    ada = setting.discord.human("ada", "de")
    await ada.commands("style", style="goth", strength=60, photo=("me.jpg", b"\xff\xd8photo"))
    heard = await _one(setting)
    assert (heard.text, heard.lang, heard.offers) == ("/style goth 60", "de", (Offer.SHARE,))
    assert heard.user == f"discord:{ada.id}"
    assert heard.chat == f"{setting.discord.channel}/{ada.id}"
    assert await setting.platform.fetch(heard.photos[0].ref) == b"\xff\xd8photo"


async def test_free_words_are_heard_with_their_photo(setting: Setting) -> None:
    ada = setting.discord.human()
    await ada.commands("imagine", words="me  on the moon", photo=("me.jpg", b"\xff\xd8photo"))
    heard = await _one(setting)
    assert (heard.text, len(heard.photos)) == ("/imagine me on the moon", 1)


async def test_in_a_server_the_answer_is_awaited_by_one_person_alone(setting: Setting) -> None:
    made = await setting.discord.human().commands("start")
    response = await setting.discord.human().response(made)
    assert response == {"type": 5, "data": {"flags": ALONE}}
    assert (await _one(setting)).ref is not None


async def test_in_direct_messages_the_answer_stays(setting: Setting) -> None:
    ada = setting.discord.human()
    made = await ada.commands("start", dm=True)
    assert not (await ada.response(made))["data"].get("flags", 0) & ALONE
    heard = await _one(setting)
    assert heard.chat == f"{ada.dm}/{ada.id}/dm"
    assert heard.offers == ()


async def test_an_event_is_committed_before_it_is_acknowledged(setting: Setting) -> None:
    setting.inbox.trouble = OSError("the database is away")
    ada = setting.discord.human()
    made = await ada.commands("start")
    with pytest.raises(AssertionError):
        await setting.discord.until(lambda: setting.discord.interactions[made["id"]]["_response"] is not None, 0.3)
    setting.inbox.trouble = None
    await ada.response(made)
    assert len(await setting.heard()) == 1


async def test_a_database_that_is_away_for_a_moment_costs_no_message(setting: Setting) -> None:
    setting.inbox.trouble = OSError("the database is away")
    await setting.discord.human().says("hello")
    await asyncio.sleep(0.4)
    setting.inbox.trouble = None
    assert (await _one(setting)).text == "hello"


async def test_styles_are_completed_while_typed(setting: Setting) -> None:
    ada = setting.discord.human()
    assert await ada.completes("GO") == [{"name": "Goth", "value": "goth"}]
    assert (await ada.completes("o"))[0]["value"] == "goth"
    assert [one["value"] for one in await ada.completes("noi")] == ["noir"]
    assert len(await ada.completes("")) == 25 < len(STYLES)
    assert await ada.completes("zzz") == []
    assert setting.inbox.events == {}


async def test_the_form_takes_several_photos_and_a_style(setting: Setting) -> None:
    ada = setting.discord.human("ada", "de")
    form = (await ada.response(await ada.commands("selfie")))["data"]
    assert form["title"] == "Deine Selfies"
    await ada.fills_in(form, ("1.jpg", b"one"), ("2.jpg", b"two"), style="noir")
    heard = await _one(setting)
    assert heard.text == "/style noir"
    assert [await setting.platform.fetch(photo.ref) for photo in heard.photos] == [b"one", b"two"]


async def test_the_form_without_a_style_is_just_photos(setting: Setting) -> None:
    ada = setting.discord.human()
    form = (await ada.response(await ada.commands("selfie")))["data"]
    await ada.fills_in(form, ("1.jpg", b"one"))
    heard = await _one(setting)
    assert (heard.text, len(heard.photos)) == ("", 1)


async def test_ones_own_message_can_be_pointed_at(setting: Setting) -> None:
    ada = setting.discord.human()
    message = await ada.says("look", ("me.jpg", b"photo"), dm=False)
    await ada.points_at(message)
    heard = await _one(setting)
    assert (len(heard.photos), heard.trouble) == (1, None)


async def test_somebody_elses_message_cannot(setting: Setting) -> None:
    ada, bob = setting.discord.human("ada"), setting.discord.human("bob")
    await bob.points_at(await ada.says("look", ("me.jpg", b"photo"), dm=False))
    heard = await _one(setting)
    assert (heard.photos, heard.trouble) == ((), Trouble.NOT_YOUR_PHOTO)


async def test_direct_messages_are_heard_with_their_photos(setting: Setting) -> None:
    ada = setting.discord.human("ada")
    await ada.says("goth please", ("IMG_1.HEIC", b"photo"), kind=None)
    heard = await _one(setting)
    assert (heard.text, len(heard.photos), heard.ref) == ("goth please", 1, None)


async def test_what_is_said_in_a_server_is_not_listened_to(setting: Setting) -> None:
    ada = setting.discord.human()
    await ada.says(f"hello <@{setting.discord.bot['id']}>", dm=False)
    await ada.says("hello")
    assert (await _one(setting)).text == "hello"


async def test_direct_messages_are_answered_in_the_language_the_person_used_before(setting: Setting) -> None:
    ada = setting.discord.human("ada", "de")
    await ada.commands("start")
    await setting.heard(1)
    await ada.says("hallo")
    assert [one.lang for one in await setting.heard(2)] == ["de", "de"]


@pytest.mark.parametrize(("name", "kind"), [("a.mp4", "video/mp4"), ("a.svg", "image/svg+xml"), ("voice", None)])
async def test_what_is_no_photo_is_a_trouble(setting: Setting, name: str, kind: str | None) -> None:
    await setting.discord.human().says("", (name, b"data"), kind=kind)
    assert (await _one(setting)).trouble == Trouble.NOT_A_PHOTO


async def test_a_sticker_is_a_trouble_too(setting: Setting) -> None:
    await setting.discord.human().says("", sticker_items=[{"id": "1" * 18, "name": "wave", "format_type": 1}])
    assert (await _one(setting)).trouble == Trouble.NOT_A_PHOTO


async def test_the_news_that_somebody_pinned_something_is_no_message(setting: Setting) -> None:
    await setting.discord.human().says("", type=6)
    assert await setting.heard(1) == []


async def test_a_photo_among_other_files_is_found(setting: Setting) -> None:
    ada = setting.discord.human()
    clip = setting.discord.attach(ada.dm, "a.mp4", b"clip", "video/mp4")
    photo = setting.discord.attach(ada.dm, "a.png", b"photo", "image/png")
    huge = {**photo, "size": 26_000_000}
    await setting.discord.gateway.dispatch_message(_message(ada, [clip, huge, photo]))
    heard = await _one(setting)
    assert ([one.ref for one in heard.photos], heard.trouble) == ([photo["url"]], None)


async def test_a_photo_too_large_to_fetch_is_a_trouble(setting: Setting) -> None:
    ada = setting.discord.human()
    photo = {**setting.discord.attach(ada.dm, "a.png", b"photo", "image/png"), "size": 25_000_001}
    await setting.discord.gateway.dispatch_message(_message(ada, [photo]))
    assert (await _one(setting)).trouble == Trouble.TOO_LARGE


def _message(ada: object, attachments: list[dict[str, object]]) -> dict[str, object]:
    from tests.fakes.discord import Human, things

    assert isinstance(ada, Human)
    return things.message(things.snowflake(), ada.dm, ada.who, attachments=attachments)


async def test_a_button_is_heard_as_its_token_even_from_before_a_restart(setting: Setting) -> None:
    from bot.messages import Button

    ada = setting.discord.human()
    made = await ada.commands("start")
    heard = await _one(setting)
    await setting.platform.show(heard.chat, "k1", Showing("hi", (Button("Again", "tok-1"),)), heard.ref)
    pressed = await ada.presses(await ada.answer(made), "Again")
    messages = await setting.heard(2)
    assert messages[1].pressed == "tok-1"
    assert (await ada.response(pressed))["data"] == {"flags": ALONE}


async def test_a_replayed_event_is_taken_in_once(setting: Setting) -> None:
    ada = setting.discord.human()
    message = await ada.says("once")
    await setting.discord.gateway.dispatch_message(message)
    await ada.says("twice")
    assert [one.text for one in await setting.heard(2)] == ["once", "twice"]
