"""What the platform makes of what people do on Telegram: text, photos, albums, groups, buttons."""

import asyncio
from pathlib import Path

import pytest

from bot.messages import Offer, Trouble
from tests.bot.platforms.telegram.conftest import JPEG, Line, connected
from tests.fakes.telegram import BotApi

AT = "@selfie_test_bot"


async def test_a_text_in_a_private_chat_is_heard(api: BotApi, line: Line) -> None:
    await api.person(lang="de").says("hallo")
    message = await line.only()
    assert (message.user, message.chat, message.text, message.lang) == ("telegram:42", "42", "hallo", "de")
    assert message.offers == (Offer.FILE,)


async def test_a_photo_is_fetched_in_its_largest_size(api: BotApi, line: Line) -> None:
    await api.person().photo(JPEG, "/style goth")
    message = await line.only()
    assert message.text == "/style goth"
    (photo,) = message.photos
    assert await line.platform.fetch(photo.ref) == JPEG


@pytest.mark.parametrize("name", ["selfie.png", "IMG_0001.HEIC", "me.jpeg"])
async def test_an_image_file_is_a_photo(api: BotApi, line: Line, name: str) -> None:
    await api.person().document(b"....ftypheic", name)
    message = await line.only()
    assert await line.platform.fetch(message.photos[0].ref) == b"....ftypheic"


async def test_any_other_file_is_no_photo(api: BotApi, line: Line) -> None:
    await api.person().document(b"%PDF", "thesis.pdf")
    assert (await line.only()).trouble is Trouble.NOT_A_PHOTO


THINGS = {
    "sticker": {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False},
    "voice": {"duration": 3},
    "video": {"duration": 3, "width": 320, "height": 240},
    "animation": {"duration": 3, "width": 320, "height": 240},
}


@pytest.mark.parametrize("kind", THINGS)
async def test_what_is_no_photo_gets_a_kind_word(api: BotApi, line: Line, kind: str) -> None:
    body = {"file_id": "x", "file_unique_id": "x", **THINGS[kind]}
    await api.person().sends({kind: body})
    assert (await line.only()).trouble is Trouble.NOT_A_PHOTO


async def test_a_gif_is_no_photo_although_it_is_an_image_file(api: BotApi, line: Line) -> None:
    animation = {"file_id": "x", "file_unique_id": "x", **THINGS["animation"]}
    await api.person().document(b"GIF89a", "me.gif", animation=animation)
    assert (await line.only()).trouble is Trouble.NOT_A_PHOTO


async def test_a_file_too_large_to_fetch_is_said_to_be(api: BotApi, line: Line) -> None:
    document = {"file_id": "x", "file_unique_id": "x", "mime_type": "image/png", "file_size": 20_000_001}
    await api.person().sends({"document": document})
    assert (await line.only()).trouble is Trouble.TOO_LARGE


async def test_a_command_answering_ones_own_photo_is_about_it(api: BotApi, line: Line) -> None:
    ada = api.person()
    photo = await ada.photo(JPEG)
    await ada.says("/style goth", reply_to_message=photo)
    _, message = await line.heard(2)
    assert message is not None
    assert message.text == "/style goth"
    assert await line.platform.fetch(message.photos[0].ref) == JPEG


async def test_somebody_elses_photo_is_refused(api: BotApi, line: Line) -> None:
    group, bob = api.group(), api.person(7, "Bob")
    photo = await bob.photo(JPEG, chat=group)
    await api.person().says(f"/style{AT} goth", group, reply_to_message=photo)
    message = await line.only()
    assert (message.trouble, message.photos) == (Trouble.NOT_YOUR_PHOTO, ())


@pytest.mark.parametrize("hidden", [False, True])
async def test_a_forwarded_photo_is_somebody_elses(api: BotApi, line: Line, hidden: bool) -> None:
    ada, bob = api.person(), api.person(7, "Bob")
    await ada.photo(JPEG, **ada.forward_of(bob, hidden))
    assert (await line.only()).trouble is Trouble.NOT_YOUR_PHOTO


@pytest.mark.parametrize("hidden", [False, True])
async def test_ones_own_photo_may_be_forwarded(api: BotApi, line: Line, hidden: bool) -> None:
    ada = api.person()
    await ada.photo(JPEG, **ada.forward_of(ada, hidden))
    assert len((await line.only()).photos) == 1


async def test_an_album_is_one_message(api: BotApi, line: Line) -> None:
    await api.person().album([JPEG + b"1", JPEG + b"2", JPEG + b"3"], "/style goth")
    await line.caught_up()
    message = await line.only()
    assert [await line.platform.fetch(photo.ref) for photo in message.photos] == [JPEG + n for n in (b"1", b"2", b"3")]
    assert message.text == "/style goth"
    assert set(line.inbox.gathered.values()) == {1.2}


async def test_an_album_in_a_group_is_heard_whole_although_one_part_names_us(api: BotApi, line: Line) -> None:
    await api.person().album([JPEG + b"1", JPEG + b"2"], f"/style{AT} goth", api.group())
    await line.caught_up()
    message = await line.only()
    assert (len(message.photos), message.chat, message.text) == (2, "-1001/42", "/style goth")


async def test_what_is_not_meant_for_us_in_a_group_is_not_even_kept(api: BotApi, line: Line) -> None:
    ada, group = api.person(), api.group()
    await ada.says("how are you all?", group)
    await ada.photo(JPEG, "me on holiday", group)
    await ada.album([JPEG, JPEG], None, group)
    await ada.says("/style@other_bot goth", group)
    await ada.says("/weather", group)
    await ada.says("@somebody look", group)
    assert await line.nothing()


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("/style goth", "/style goth"),
        (f"/style{AT} goth", "/style goth"),
        (f"/STYLE{AT.upper()} goth", "/STYLE goth"),
        (f"{AT} goth please", "goth please"),
        (f"🦊🦊 make me goth {AT}", "🦊🦊 make me goth"),
    ],
)
async def test_what_names_us_in_a_group_is_heard(api: BotApi, line: Line, said: str, heard: str) -> None:
    await api.person().says(said, api.group())
    message = await line.only()
    assert (message.text, message.chat, message.user) == (heard, "-1001/42", "telegram:42")
    assert message.offers == (Offer.FILE, Offer.SHARE)


async def test_an_answer_to_us_in_a_group_is_heard(api: BotApi, line: Line) -> None:
    group = api.group()
    ours = await api.world.write(group, api.world.me, {"text": "hello"})
    await api.person().says("goth", group, reply_to_message=ours)
    assert (await line.only()).text == "goth"


async def test_a_remark_under_a_shared_picture_is_not_for_us(api: BotApi, line: Line) -> None:
    group, ada = api.group(), api.person()
    ours = await api.world.write(group, api.world.me, {"photo": api.world.photo(JPEG)})
    await ada.says("haha, great", group, reply_to_message=ours)
    assert await line.nothing()
    await ada.photo(JPEG, "me too", group, reply_to_message=ours)
    assert len((await line.only()).photos) == 1


async def test_a_topic_is_a_place_of_its_own(api: BotApi, line: Line) -> None:
    more = {"message_thread_id": 9, "is_topic_message": True}
    await api.person().says("/style goth", api.group(forum=True), **more)
    assert (await line.only()).chat == "-1001/42/9"


async def test_nobody_answers_bots_channels_and_anonymous_administrators(api: BotApi, line: Line) -> None:
    ada, group = api.person(), api.group()
    ada.me["is_bot"] = True
    await ada.says("/style goth", group)
    ada.me["is_bot"] = False
    await ada.says("/style goth", group, sender_chat=group.json())
    assert await line.nothing()


async def test_noise_is_not_asked_for(api: BotApi, line: Line) -> None:
    await api.person().says("hello")
    await line.only()
    assert await api.world.push("edited_message", {"message_id": 1}) is None
    assert await api.world.push("my_chat_member", {}) is None


async def test_who_joins_and_leaves_is_no_message(api: BotApi, line: Line) -> None:
    ada, group = api.person(), api.group()
    await ada.sends({"new_chat_members": [api.world.me]}, group)
    await ada.sends({"left_chat_member": ada.me}, group)
    assert await line.nothing()


async def test_a_press_brings_its_token_and_stops_spinning_at_once(api: BotApi, line: Line) -> None:
    ada = api.person()
    ours = await api.world.write(ada.own, api.world.me, {"text": "which?"})
    answered = await ada.press_data("tok", ours)
    message = await line.only()
    assert (message.pressed, message.chat, message.text) == ("tok", "42", "")
    assert await asyncio.wait_for(answered, 5) is None


async def test_a_press_under_a_message_telegram_no_longer_has_is_heard(api: BotApi, line: Line) -> None:
    ada = api.person()
    await ada.press_data("tok", {"chat": ada.own.json(), "message_id": 3, "date": 0})
    assert (await line.only()).pressed == "tok"


async def test_a_press_in_a_private_chat_may_belong_to_a_group(api: BotApi, line: Line) -> None:
    ada = api.person()
    ours = await api.world.write(ada.own, api.world.me, {"text": "which?"})
    await ada.press_data("tok@-1001/9", ours)
    message = await line.only()
    assert (message.pressed, message.chat) == ("tok", "-1001/42/9")
    assert Offer.SHARE in message.offers


async def test_a_press_in_a_group_is_the_pressers(api: BotApi, line: Line) -> None:
    ours = await api.world.write(api.group(), api.world.me, {"text": "which?"})
    await api.person(7, "Bob").press_data("tok", ours)
    message = await line.only()
    assert (message.user, message.chat) == ("telegram:7", "-1001/7")


async def test_the_link_under_a_note_asks_for_the_last_picture(api: BotApi, line: Line) -> None:
    await api.person().says("/start last")
    assert (await line.only()).text == "/last"


async def test_a_thread_of_answers_is_no_topic(api: BotApi, line: Line) -> None:
    ada, group = api.person(), api.group()
    await ada.says("/style goth", group, message_thread_id=5)
    ours = await api.world.write(group, api.world.me, {"text": "which?", "message_thread_id": 5})
    await ada.press_data("tok", ours)
    assert [message and message.chat for message in await line.heard(2)] == ["-1001/42", "-1001/42"]


async def test_in_local_mode_large_files_are_read_from_the_disk(api: BotApi, tmp_path: Path) -> None:
    api.methods.local = tmp_path
    async with connected(api, local_mode=True) as line:
        await api.person().document(b"x" * 21_000_000, "me.png")
        (photo,) = (await line.only()).photos
        assert len(await line.platform.fetch(photo.ref)) == 21_000_000


async def test_a_person_without_a_language_is_spoken_to_in_english(api: BotApi, line: Line) -> None:
    await api.person(lang=None).says("hello")
    assert (await line.only()).lang == "en"
