"""What a message shows at Discord, to whom, and what happens when the place it was shown in has closed."""

import json

import pytest

from bot.messages import Button, Gone, Message, Showing
from bot.platforms.discord.draw import draw, escape
from tests.bot.platforms.discord.conftest import Setting
from tests.fakes.discord import Human
from tests.fakes.discord.rules import check_message

ALONE, LOADING = 64, 128
JPEG = b"\xff\xd8\xff a picture"
BUTTONS = tuple(Button(f"Title {n}", f"token-{n}") for n in range(12))
WAITING = Showing("in the queue", progress=0.0)
DONE = Showing("done", BUTTONS, JPEG, 7, "you, as a goth")


async def _asked(setting: Setting, ada: Human, *, dm: bool = False) -> tuple[Message, str]:
    """A command that waits for its answer, and the interaction's id."""
    before = len(setting.inbox.events)
    made = await ada.commands("start", dm=dm)
    await ada.response(made)
    return (await setting.heard(before + 1))[-1], made["id"]


async def test_a_placeholder_becomes_the_picture_in_one_message(setting: Setting) -> None:
    ada, bob = setting.discord.human("ada"), setting.discord.human("bob")
    heard, _ = await _asked(setting, ada)
    ref = heard.ref
    for showing in (WAITING, Showing("drawing", progress=0.5), DONE):
        ref = await setting.platform.show(heard.chat, "k", showing, ref)
    [message] = ada.screen().values()
    assert bob.screen() == {}
    assert message["content"] == "done"
    assert ada.picture(message) == JPEG
    assert message["attachments"][0]["description"] == "you, as a goth"
    assert [len(row["components"]) for row in message["components"]] == [5, 5, 2]
    assert message["components"][0]["components"][0]["custom_id"] == "token-0"


async def test_progress_is_seen_as_a_bar(setting: Setting) -> None:
    ada = setting.discord.human()
    heard, _ = await _asked(setting, ada)
    await setting.platform.show(heard.chat, "k", Showing("drawing", progress=0.5), heard.ref)
    [message] = ada.screen().values()
    assert message["content"] == "drawing\n▰▰▰▰▰▱▱▱▱▱"


async def test_a_draft_stays_while_the_bar_under_it_grows(setting: Setting) -> None:
    ada = setting.discord.human()
    heard, _ = await _asked(setting, ada)
    ref = await setting.platform.show(heard.chat, "k", Showing("draft", (), JPEG, 9, "you", progress=0.0), heard.ref)
    uploads = len(setting.discord.files)
    ref = await setting.platform.show(heard.chat, "k", Showing("draft", (), None, 9, "you", progress=0.5), ref)
    [message] = ada.screen().values()
    assert message["content"] == "draft\n▰▰▰▰▰▱▱▱▱▱"
    assert ada.picture(message) == JPEG
    assert len(setting.discord.files) == uploads
    await setting.platform.show(heard.chat, "k", DONE, ref)
    [message] = ada.screen().values()
    assert (message["content"], len(message["attachments"])) == ("done", 1)


async def test_showing_the_same_again_changes_nothing(setting: Setting) -> None:
    ada = setting.discord.human()
    heard, _ = await _asked(setting, ada)
    ref = await setting.platform.show(heard.chat, "k", DONE, heard.ref)
    again = await setting.platform.show(heard.chat, "k", DONE, ref)
    [message] = ada.screen().values()
    assert again == ref
    assert len(message["attachments"]) == 1


async def test_a_deleted_picture_is_gone_from_the_message_and_from_the_cdn(setting: Setting) -> None:
    ada = setting.discord.human()
    heard, _ = await _asked(setting, ada)
    ref = await setting.platform.show(heard.chat, "k", DONE, heard.ref)
    await setting.platform.show(heard.chat, "k", Showing("deleted"), ref)
    [message] = ada.screen().values()
    assert (message["content"], message["attachments"], message["components"]) == ("deleted", [], [])
    assert JPEG not in setting.discord.files.values()


async def test_an_answer_to_a_direct_message_is_one_message_however_often_it_is_sent(setting: Setting) -> None:
    ada = setting.discord.human()
    await ada.says("hi")
    heard = (await setting.heard())[0]
    first = await setting.platform.show(heard.chat, "k", WAITING, None)
    assert await setting.platform.show(heard.chat, "k", WAITING, None) == first
    await setting.platform.show(heard.chat, "k", DONE, first)
    [message] = ada.screen(dm=True).values()
    assert (message["content"], ada.picture(message)) == ("done", JPEG)


async def test_sharing_shows_it_to_everybody_and_says_whose_it_is(setting: Setting) -> None:
    ada, bob = setting.discord.human("ada"), setting.discord.human("bob")
    heard, _ = await _asked(setting, ada)
    shared = Showing("AI-modified", (), JPEG, 7, "ada", public=True)
    ref = await setting.platform.show(heard.chat, "k", shared, heard.ref)
    assert await setting.platform.show(heard.chat, "k", shared, heard.ref) == ref
    [message] = bob.screen().values()
    assert message["content"] == f"AI-modified\n— <@{ada.id}>"
    assert list(ada.screen()) == [message["id"]], "nothing is left that is awaited"


async def test_sharing_works_where_the_bot_is_no_member(setting: Setting) -> None:
    ada, bob = setting.discord.human("ada"), setting.discord.human("bob")
    setting.discord.closed.add(setting.discord.channel)
    heard, _ = await _asked(setting, ada)
    await setting.platform.show(heard.chat, "k", Showing("shared", (), JPEG, 7, "ada", public=True), heard.ref)
    assert [one["content"] for one in bob.screen().values()] == [f"shared\n— <@{ada.id}>"]


async def test_after_a_quarter_of_an_hour_the_picture_comes_as_a_direct_message(setting: Setting) -> None:
    ada = setting.discord.human()
    heard, _ = await _asked(setting, ada)
    ref = await setting.platform.show(heard.chat, "k", WAITING, heard.ref)
    setting.discord.expire()
    assert await setting.platform.show(heard.chat, "k", Showing("drawing", progress=0.9), ref) == ref
    assert ada.screen(dm=True) == {}, "progress is not worth a new message"
    ref = await setting.platform.show(heard.chat, "k", DONE, ref)
    assert await setting.platform.show(heard.chat, "k", DONE, ref) == ref
    [message] = ada.screen(dm=True).values()
    assert ada.picture(message) == JPEG


async def test_in_direct_messages_the_same_message_is_edited_however_late(setting: Setting) -> None:
    ada = setting.discord.human()
    heard, _ = await _asked(setting, ada, dm=True)
    ref = await setting.platform.show(heard.chat, "k", WAITING, heard.ref)
    setting.discord.expire()
    await setting.platform.show(heard.chat, "k", DONE, ref)
    [message] = ada.screen(dm=True).values()
    assert message["content"] == "done"


async def test_who_takes_no_direct_messages_is_told_in_the_channel_and_nobody_sees_the_picture(
    setting: Setting,
) -> None:
    ada, bob = setting.discord.human("ada", "de"), setting.discord.human("bob")
    setting.discord.deaf.add(ada.id)
    heard, _ = await _asked(setting, ada)
    ref = await setting.platform.show(heard.chat, "k", WAITING, heard.ref)
    setting.discord.expire()
    for _ in range(2):
        ref = await setting.platform.show(heard.chat, "k", DONE, ref)
    told = [one for one in bob.screen().values() if one["flags"] & ALONE == 0]
    assert [one["content"] for one in told] == [f"<@{ada.id}> etwas wartet auf dich: /last"]
    assert JPEG not in setting.discord.files.values()


async def test_who_cannot_be_reached_at_all_is_gone(setting: Setting) -> None:
    ada = setting.discord.human()
    heard, _ = await _asked(setting, ada)
    setting.discord.expire()
    setting.discord.deaf.add(ada.id)
    setting.discord.closed.add(setting.discord.channel)
    with pytest.raises(Gone):
        await setting.platform.show(heard.chat, "k", DONE, heard.ref)


async def test_a_deletion_that_comes_too_late_for_its_message_makes_no_new_one(setting: Setting) -> None:
    ada = setting.discord.human()
    heard, _ = await _asked(setting, ada)
    ref = await setting.platform.show(heard.chat, "k", DONE, heard.ref)
    setting.discord.expire()
    with pytest.raises(Gone):
        await setting.platform.show(heard.chat, "k", Showing("deleted"), ref)
    assert ada.screen(dm=True) == {}


async def test_an_interaction_that_was_never_acknowledged_is_answered_all_the_same(setting: Setting) -> None:
    ada = setting.discord.human()
    setting.discord.ack_s = -1.0
    await ada.commands("start")
    heard = (await setting.heard())[0]
    await setting.platform.show(heard.chat, "k", Showing("hello"), heard.ref)
    assert [one["content"] for one in ada.screen(dm=True).values()] == ["hello"]


async def test_an_answer_waits_until_its_interaction_is_acknowledged(setting: Setting) -> None:
    ada = setting.discord.human()
    setting.discord.fail("POST", "callback", status=200, delay_s=0.4)
    await ada.commands("start")
    heard = (await setting.heard())[0]
    await setting.platform.show(heard.chat, "k", Showing("hello"), heard.ref)
    assert [one["content"] for one in ada.screen().values()] == ["hello"]
    assert ada.screen(dm=True) == {}


async def test_forgetting_takes_our_direct_messages_away_but_not_the_answer_that_is_awaited(setting: Setting) -> None:
    ada = setting.discord.human()
    await ada.says("hi")
    first = (await setting.heard())[0]
    await setting.platform.show(first.chat, "k1", DONE, None)
    heard, id = await _asked(setting, ada, dm=True)
    await setting.platform.wipe(heard.chat)
    await setting.platform.show(heard.chat, "k2", Showing("forgotten"), heard.ref)
    assert list(ada.screen(dm=True)) == [setting.discord.interactions[id]["_original"]]
    assert [one["content"] for one in ada.screen(dm=True).values()] == ["forgotten"]
    assert JPEG not in setting.discord.files.values()


async def test_forgetting_in_a_channel_takes_away_what_the_person_shared_there_and_nothing_else(
    setting: Setting,
) -> None:
    ada, bob = setting.discord.human("ada"), setting.discord.human("bob")
    for who in (ada, bob):
        await who.says(f"I am <@{ada.id}>", dm=False)
        heard, _ = await _asked(setting, who)
        shared = Showing("shared", (), JPEG, 7, "me", public=True)
        await setting.platform.show(heard.chat, f"k{who.id}", shared, heard.ref)
    await setting.platform.wipe(f"{setting.discord.channel}/{ada.id}")
    assert [one["content"] for one in bob.screen().values()] == [f"shared\n— <@{bob.id}>"]
    assert len(setting.discord.messages) == 3, "what people said themselves stays"


async def test_a_photo_that_is_gone_is_gone(setting: Setting) -> None:
    with pytest.raises(Gone):
        await setting.platform.fetch(f"{setting.discord.base}/attachments/1/2/gone.jpg")


async def test_nobody_is_disturbed_by_what_a_message_says(setting: Setting) -> None:
    ada = setting.discord.human()
    heard, _ = await _asked(setting, ada)
    await setting.platform.show(heard.chat, "k", Showing("I don't know /<@1> *@everyone*"), heard.ref)
    assert draw(Showing("@everyone")).payload["allowed_mentions"] == {"parse": []}
    [message] = ada.screen().values()
    assert message["content"] == r"I don't know /\<@1> \*@everyone\*"


@pytest.mark.parametrize(
    ("text", "drawn"), [("a_b*c", r"a\_b\*c"), ("# no", r"\# no"), ("- x\n> y", "\\- x\n\\> y"), ("a - b #", "a - b #")]
)
def test_text_looks_as_it_is_written(text: str, drawn: str) -> None:
    assert escape(text) == drawn


@pytest.mark.parametrize("text", ["_" * 3800, "x" * 3800, "_" * 1800, "x" * 1945, "-" * 1000])
def test_the_longest_message_fits_whatever_is_in_it(text: str) -> None:
    payload = draw(Showing(text, progress=0.5)).payload
    check_message(payload, {}, [], new=True)
    shown = payload["content"] or payload["embeds"][0]["description"]
    assert shown.count(text[0]) == len(text)


async def test_more_buttons_than_fit_become_menus_that_can_be_picked_from(setting: Setting) -> None:
    ada = setting.discord.human()
    heard, id = await _asked(setting, ada)
    many = tuple(Button(f"Style {n}", f"token-{n}") for n in range(60))
    await setting.platform.show(heard.chat, "k", Showing("all of them", many), heard.ref)
    [message] = ada.screen().values()
    assert [len(row["components"][0]["options"]) for row in message["components"]] == [25, 25, 10]
    await ada.presses_token("token-33")
    assert (await setting.heard(2))[1].pressed == "token-33"


def test_a_reference_keeps_no_secret_from_the_database_but_shows_none(setting: Setting) -> None:
    from bot.platforms.discord.refs import Answer, read_ref, write_ref

    answer = Answer("1", "secret-token", 0.0, "2", "3", False, "en")
    assert read_ref(write_ref(answer)) == answer
    assert "secret-token" not in repr(answer)
    assert json.loads(write_ref(answer))["token"] == "secret-token"
