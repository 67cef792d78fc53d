"""What people see on Telegram of what the bot wants shown."""

import re
import time

import pytest

from bot.messages import Button, Gone, Showing
from tests.bot.platforms.telegram.conftest import JPEG, Line
from tests.fakes.telegram import BotApi, Fault
from tests.fakes.telegram.faults import ApiError, bad
from tests.fakes.telegram.world import Json

QUEUED = Showing("2nd in the queue", progress=0.0)
DONE = Showing("AI-enhanced: goth", (Button("Again", "a1"), Button("Delete", "d1")), JPEG, picture_id=9)
TEXT = Showing("Hello!", (Button("Styles", "s1"),))


def titles(message: Json) -> list[list[str]]:
    return [[button["text"] for button in row] for row in message["reply_markup"]["inline_keyboard"]]


async def test_a_text_is_sent_with_its_buttons(api: BotApi, line: Line) -> None:
    ada = api.person()
    await line.platform.show("42", "k", TEXT, None)
    (message,) = ada.seen()
    assert message["text"] == "Hello!"
    assert titles(message) == [["Styles"]]


async def test_the_placeholder_becomes_the_picture(api: BotApi, line: Line) -> None:
    ada = api.person()
    ref = await line.platform.show("42", "k", QUEUED, None)
    ref = await line.platform.show("42", "k", DONE, ref)
    (message,) = ada.seen()
    assert message["caption"] == "AI-enhanced: goth"
    assert api.world.files[message["photo"][-1]["file_id"]].data == JPEG
    assert titles(message) == [["Again", "Delete"]]
    assert len(api.sent("sendMessage")) == 1


async def test_a_picture_can_be_shown_at_once(api: BotApi, line: Line) -> None:
    ada = api.person()
    await line.platform.show("42", "k", DONE, None)
    assert "photo" in ada.seen()[0]


async def test_progress_edits_the_placeholder_and_says_under_the_name_that_a_photo_is_coming(
    api: BotApi, line: Line
) -> None:
    ada = api.person()
    ref = await line.platform.show("42", "k", QUEUED, None)
    assert await line.platform.show("42", "k", Showing("drawing", progress=0.4), ref) == ref
    assert [message["text"] for message in ada.seen()] == ["drawing"]
    assert api.methods.actions == [(42, "upload_photo")]


async def test_the_same_again_is_no_error(api: BotApi, line: Line) -> None:
    api.person()
    ref = await line.platform.show("42", "k", TEXT, None)
    assert await line.platform.show("42", "k", TEXT, ref) == ref
    ref = await line.platform.show("42", "p", DONE, None)
    assert await line.platform.show("42", "p", DONE, ref) == ref


async def test_other_words_under_the_same_picture_do_not_send_it_again(api: BotApi, line: Line) -> None:
    ada = api.person()
    ref = await line.platform.show("42", "k", DONE, None)
    await line.platform.show("42", "k", Showing("other words", (), JPEG, 9), ref)
    assert [message["caption"] for message in ada.seen()] == ["other words"]
    assert "reply_markup" not in ada.seen()[0]
    assert len(api.sent("editMessageMedia")) == 1


async def test_a_picture_shown_before_is_not_uploaded_again(api: BotApi, line: Line) -> None:
    ada = api.person()
    await line.platform.show("42", "k", DONE, None)
    await line.platform.show("42", "again", DONE, None)
    first, again = ada.seen()
    assert first["photo"][-1] == again["photo"][-1]
    assert api.sent("editMessageMedia")[1].params["media"]["media"] == first["photo"][-1]["file_id"]


async def test_a_file_id_that_works_no_more_is_uploaded_again(api: BotApi, line: Line) -> None:
    ada = api.person()
    await line.platform.show("42", "k", DONE, None)
    api.world.files.clear()
    await line.platform.show("42", "again", DONE, None)
    assert api.world.files[ada.seen()[1]["photo"][-1]["file_id"]].data == JPEG


async def test_as_a_file_the_picture_arrives_byte_for_byte(api: BotApi, line: Line) -> None:
    ada = api.person()
    await line.platform.show("42", "k", Showing("here it is", (), JPEG, 9, as_file=True), None)
    (message,) = ada.seen()
    assert message["document"]["file_name"] == "selfiebot-9.jpg"
    assert api.world.files[message["document"]["file_id"]].data == JPEG


async def test_a_picture_that_cannot_be_a_photo_comes_as_a_file(api: BotApi, line: Line) -> None:
    ada = api.person()
    api.faults.append(Fault("editMessageMedia", bad("PHOTO_INVALID_DIMENSIONS")))
    await line.platform.show("42", "k", DONE, None)
    assert "document" in ada.seen()[0]


async def test_a_deleted_picture_goes_and_words_come_in_its_place(api: BotApi, line: Line) -> None:
    ada = api.person()
    ref = await line.platform.show("42", "k", DONE, None)
    await line.platform.show("42", "k", Showing("It is gone."), ref)
    assert [message.get("text") for message in ada.seen()] == ["It is gone."]


async def test_a_picture_too_old_to_delete_is_emptied(api: BotApi, line: Line) -> None:
    ada = api.person()
    ref = await line.platform.show("42", "k", DONE, None)
    (message,) = ada.seen()
    message["date"] = int(time.time()) - 50 * 3600
    await line.platform.show("42", "k", Showing("It is gone."), ref)
    (message,) = ada.seen()
    assert message["caption"] == "It is gone."
    assert api.world.files[message["photo"][-1]["file_id"]].data.startswith(b"\x89PNG")


async def test_words_for_a_message_that_became_a_picture_unseen_replace_it(api: BotApi, line: Line) -> None:
    ada = api.person()
    ref = await line.platform.show("42", "k", QUEUED, None)
    await line.platform.show("42", "k", DONE, ref)  # and then the bot died before it kept the new ref
    await line.platform.show("42", "k", Showing("It is gone."), ref)
    assert [message.get("text") for message in ada.seen()] == ["It is gone."]


async def test_the_result_comes_anew_where_the_person_deleted_the_placeholder(api: BotApi, line: Line) -> None:
    ada = api.person()
    ref = await line.platform.show("42", "k", QUEUED, None)
    api.world.messages.clear()
    assert await line.platform.show("42", "k", Showing("drawing", progress=0.5), ref) == ref
    assert ada.seen() == []
    await line.platform.show("42", "k", DONE, ref)
    assert "photo" in ada.seen()[0]


async def test_who_blocked_us_is_gone(api: BotApi, line: Line) -> None:
    api.person().own.open = False
    with pytest.raises(Gone):
        await line.platform.show("42", "k", TEXT, None)


async def test_a_chat_that_is_not_there_is_gone(api: BotApi, line: Line) -> None:
    with pytest.raises(Gone):
        await line.platform.show("4711", "k", TEXT, None)


async def test_long_words_are_cut_as_telegram_counts_them(api: BotApi, line: Line) -> None:
    ada = api.person()
    await line.platform.show("42", "t", Showing("🦊" * 4000), None)
    await line.platform.show("42", "c", Showing("🦊" * 1000, (), JPEG, 9), None)
    text, picture = ada.seen()
    assert (len(text["text"]), len(picture["caption"])) == (2048, 512)
    assert text["text"].endswith("🦊…")


async def test_buttons_stand_in_rows_that_can_be_read(api: BotApi, line: Line) -> None:
    ada = api.person()
    words = ("🦇 Goth", "🎬 Noir", "🌸 Natural", "🧛 Vampire", "A rather long title it is", "Another long one")
    await line.platform.show("42", "k", Showing("choose", tuple(Button(word, word[-4:]) for word in words)), None)
    assert titles(ada.seen()[0]) == [
        ["🦇 Goth", "🎬 Noir", "🌸 Natural"],
        ["🧛 Vampire"],
        ["A rather long title it is"],
        ["Another long one"],
    ]


async def test_in_a_group_the_answer_comes_to_the_person_alone(api: BotApi, line: Line) -> None:
    ada, group = api.person(), api.group()
    ref = await line.platform.show("-1001/42", "k", QUEUED, None)
    await line.platform.show("-1001/42", "k", DONE, ref)
    (message,) = ada.seen()
    assert "photo" in message
    assert ada.seen(group) == []
    press = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    assert press == "a1@-1001"


async def test_only_what_is_public_is_shown_to_the_group(api: BotApi, line: Line) -> None:
    ada, group = api.person(), api.group(forum=True)
    await line.platform.show("-1001/42/9", "k", Showing("Ada's", (), JPEG, 9, public=True), None)
    (message,) = ada.seen(group)
    assert (message["caption"], message["message_thread_id"]) == ("Ada's", 9)
    assert ada.seen() == []


async def test_a_group_gets_no_progress(api: BotApi, line: Line) -> None:
    ada, group = api.person(), api.group()
    ref = await line.platform.show("-1001/42", "k", Showing("waiting", progress=0.0, public=True), None)
    await line.platform.show("-1001/42", "k", Showing("drawing", progress=0.5, public=True), ref)
    assert [message["text"] for message in ada.seen(group)] == ["waiting"]
    assert api.methods.actions == []


async def test_who_never_started_us_is_asked_to_in_the_group_once(api: BotApi, line: Line) -> None:
    group, ada = api.group(), api.person(lang="de", started=False)
    said = await ada.says("/style goth", group)
    await line.only()
    ref = await line.platform.show("-1001/42", "k", QUEUED, None)
    assert await line.platform.show("-1001/42", "k", DONE, ref) == ref
    assert await line.platform.show("-1001/42", "other", TEXT, None) == ref
    (note,) = ada.seen(group)
    assert note["text"] == "Starte mich hier: https://t.me/selfie_test_bot?start=last"
    assert note["reply_to_message"]["message_id"] == said["message_id"]


async def test_who_starts_us_meanwhile_gets_the_picture_after_all(api: BotApi, line: Line) -> None:
    group, ada = api.group(), api.person(started=False)
    ref = await line.platform.show("-1001/42", "k", QUEUED, None)
    ada.own.open = True
    await line.platform.show("-1001/42", "k", DONE, ref)
    assert "photo" in ada.seen()[0]
    assert len(ada.seen(group)) == 1


async def test_a_group_we_were_thrown_out_of_is_gone(api: BotApi, line: Line) -> None:
    api.group().open = False
    with pytest.raises(Gone):
        await line.platform.show("-1001/42", "k", Showing("x", public=True), None)


async def test_a_group_that_moved_is_followed(api: BotApi, line: Line) -> None:
    ada = api.person()
    old, new = api.group(-5), api.group(-1005)
    old.moved_to = new.id
    showing = Showing("x", public=True)
    with pytest.raises(Exception, match="0.1"):
        await line.platform.show("-5/42", "k", showing, None)
    await line.platform.show("-5/42", "k", showing, None)
    assert len(ada.seen(new)) == 1


async def test_the_bots_own_mistakes_are_not_hidden(api: BotApi, line: Line) -> None:
    api.person()
    api.faults.append(Fault("sendMessage", bad("BUTTON_DATA_INVALID")))
    with pytest.raises(Exception, match=re.compile("button_data_invalid", re.I)):
        await line.platform.show("42", "k", TEXT, None)


async def test_a_refused_token_keeps_messages_for_later(api: BotApi, line: Line) -> None:
    api.person()
    api.faults.append(Fault("sendMessage", ApiError(401, "Unauthorized")))
    with pytest.raises(OSError, match="token"):
        await line.platform.show("42", "k", TEXT, None)


async def test_wiping_empties_the_private_chat_and_no_other(api: BotApi, line: Line) -> None:
    ada, bob, group = api.person(), api.person(7, "Bob"), api.group()
    for person in (ada, bob):
        await person.photo(JPEG)
        await line.platform.show(str(person.id), "k", DONE, None)
    await ada.says("/forget", group)
    await line.platform.show("-1001/42", "p", Showing("Ada's", public=True), None)
    await ada.says("/forget")
    await line.heard(3)
    await line.platform.wipe("42")
    places = [chat for chat, _ in api.world.messages]
    assert (places.count(42), places.count(7), places.count(-1001)) == (0, 2, 2)


async def test_wiping_leaves_what_is_too_old_to_delete(api: BotApi, line: Line) -> None:
    ada = api.person()
    said = [await ada.says(f"number {number}") for number in range(130)]
    for message in said[:50]:
        message["date"] -= 50 * 3600
    await line.heard(130)
    await line.platform.wipe("42")
    assert [message["text"] for message in api.world.messages.values()] == [f"number {number}" for number in range(50)]
    assert len([call for call in api.calls if call.method == "deleteMessages"]) < 20


async def test_a_draft_stays_while_its_caption_tells_how_far_the_painter_is(api: BotApi, line: Line) -> None:
    ada = api.person()
    stop = (Button("Stop", "s1"),)
    ref = await line.platform.show("42", "k", QUEUED, None)
    ref = await line.platform.show("42", "k", Showing("draft\ngoing on", stop, JPEG, 9, progress=0.0), ref)
    ref = await line.platform.show("42", "k", Showing("draft\n50 %", stop, picture_id=9, progress=0.5), ref)
    (message,) = ada.seen()
    assert (message["caption"], titles(message)) == ("draft\n50 %", [["Stop"]])
    assert api.world.files[message["photo"][-1]["file_id"]].data == JPEG
    assert len(api.sent("editMessageMedia")) == 1
    await line.platform.show("42", "k", Showing("done", (), JPEG + b"!", picture_id=10), ref)
    (message,) = ada.seen()
    assert message["caption"] == "done"
    assert api.world.files[message["photo"][-1]["file_id"]].data == JPEG + b"!"


async def test_news_of_a_draft_that_is_not_on_the_screen_change_nothing(api: BotApi, line: Line) -> None:
    ada = api.person()
    ref = await line.platform.show("42", "k", QUEUED, None)
    await line.platform.show("42", "k", Showing("draft\n50 %", picture_id=9, progress=0.5), ref)
    assert [message["text"] for message in ada.seen()] == ["2nd in the queue"]
