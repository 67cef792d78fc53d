"""Talking in a real browser: text, buttons, keys, tabs, reloads."""

import asyncio

import pytest
from playwright.async_api import Page, expect

from bot.messages import Button, Showing
from tests.bot.platforms.web.conftest import Running, serve
from tests.fakes.browser import Visit
from tests.fakes.scripted_bot import HELLO

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Message", exact=True).fill(text)
    await page.get_by_label("Message", exact=True).press("Enter")


async def texts(page: Page) -> list[str]:
    return await page.get_by_role("article").locator(".words").all_text_contents()


async def test_a_new_person_is_greeted_once(web: Running, person: Visit) -> None:
    await expect(person.page.get_by_role("article")).to_have_count(1)
    await person.page.reload()
    await expect(person.page.get_by_text("AI picture bot")).to_be_visible()
    assert await texts(person.page) == [HELLO]
    assert [message.text for message in web.bot.heard] == ["/start"]


async def test_a_greeting_asks_in_the_persons_language(web: Running, person: Visit) -> None:
    await expect(person.page.get_by_role("article")).to_have_count(1)
    assert web.bot.heard[0].lang == "en-GB"


async def test_a_text_is_answered(person: Visit) -> None:
    await expect(person.page.get_by_role("article")).to_have_count(1)
    await say(person.page, "good\nmorning")
    await expect(person.page.get_by_text("You said: good morning")).to_be_visible()
    assert await texts(person.page) == [HELLO, "good\nmorning", "You said: good\nmorning"]
    await expect(person.page.get_by_label("Message", exact=True)).to_have_value("")


async def test_markup_stays_text(web: Running, person: Visit) -> None:
    evil = "<img src=x onerror=alert(1)><b>bold</b>&amp;"
    await say(person.page, evil)
    await expect(person.page.get_by_role("article")).to_have_count(3)
    assert (await texts(person.page))[1:] == [evil, f"You said: {evil}"]
    assert await person.page.locator(".log b, .log img").count() == 0


async def test_a_button_sends_its_token_once(web: Running, person: Visit) -> None:
    await person.page.get_by_role("button", name="I agree").dblclick()
    await expect(person.page.get_by_text("You pressed tok-agree")).to_be_visible()
    assert [message.pressed for message in web.bot.heard[1:]] == ["tok-agree"]


async def test_a_button_can_be_pressed_again_later(web: Running, person: Visit) -> None:
    button = person.page.get_by_role("button", name="I agree")
    await button.click()
    await expect(person.page.get_by_text("You pressed tok-agree")).to_have_count(1)
    await expect(button).to_be_enabled()
    await button.click()
    await expect(person.page.get_by_text("You pressed tok-agree")).to_have_count(2)


async def test_buttons_that_change_are_drawn_anew(web: Running, person: Visit) -> None:
    await person.page.get_by_role("button", name="I agree").focus()
    chat = web.bot.heard[0].chat
    await web.platform.show(chat, "x", Showing("Thank you.", (Button("Styles", "tok-1"),)), f"bot-hello:{chat}")
    await expect(person.page.get_by_role("button", name="I agree")).to_have_count(0)
    await expect(person.page.get_by_role("button", name="Styles")).to_be_focused()
    assert await texts(person.page) == ["Thank you."]


async def test_a_message_written_again_stays_in_its_place_after_a_reload(web: Running, person: Visit) -> None:
    await expect(person.page.get_by_role("article")).to_have_count(1)
    await say(person.page, "one")
    await expect(person.page.get_by_role("article")).to_have_count(3)
    chat = web.bot.heard[0].chat
    await web.platform.show(chat, "x", Showing("Hello again."), f"bot-hello:{chat}")
    await expect(person.page.get_by_text("Hello again.")).to_be_visible()
    before = await texts(person.page)
    await person.page.reload()
    await expect(person.page.get_by_role("article")).to_have_count(3)
    assert await texts(person.page) == before == ["Hello again.", "one", "You said: one"]


async def test_two_tabs_stay_in_step(web: Running, person: Visit) -> None:
    await expect(person.page.get_by_role("article")).to_have_count(1)
    other = await person.another_tab(web.url)
    await expect(other.get_by_role("article")).to_have_count(1)
    await say(other, "from here")
    await expect(person.page.get_by_text("You said: from here")).to_be_visible()
    await say(person.page, "and from there")
    for page in (person.page, other):
        await expect(page.get_by_text("You said: and from there")).to_be_visible()
    assert await texts(other) == await texts(person.page)


async def test_a_wiped_chat_is_empty_in_every_tab(web: Running, person: Visit) -> None:
    await expect(person.page.get_by_role("article")).to_have_count(1)
    other = await person.another_tab(web.url)
    await say(person.page, "/forget")
    for page in (person.page, other):
        await expect(page.get_by_text("Everything is erased.")).to_be_visible()
        await expect(page.get_by_role("article")).to_have_count(1)


async def test_the_page_outlives_its_server(web: Running, person: Visit, picture: bytes) -> None:
    await expect(person.page.get_by_role("article")).to_have_count(1)
    history, port = web.history, web.port
    await web.stop()
    person.forgiven = ("ERR_CONNECTION",)
    await say(person.page, "is anybody there?")
    await expect(person.page.get_by_role("status").filter(has_text="Connection lost")).to_be_visible()
    await expect(person.page.get_by_text("Sending…")).to_be_visible()
    async with serve(history, picture, port):
        await expect(person.page.get_by_text("You said: is anybody there?")).to_be_visible(timeout=15_000)
        await expect(person.page.locator("#banner")).to_be_hidden()
        assert await texts(person.page) == [HELLO, "is anybody there?", "You said: is anybody there?"]


async def test_what_happened_while_the_page_was_away_is_shown(web: Running, person: Visit) -> None:
    await expect(person.page.get_by_role("article")).to_have_count(1)
    chat = web.bot.heard[0].chat
    person.forgiven = ("ERR_INTERNET_DISCONNECTED",)
    await person.context.set_offline(True)
    await web.platform.disconnect(chat)
    await web.platform.show(chat, "news", Showing("You missed this."), None)
    await asyncio.sleep(0.5)
    await person.context.set_offline(False)
    await expect(person.page.get_by_text("You missed this.")).to_be_visible()


async def test_a_chat_that_was_wiped_while_the_page_was_away_is_empty(web: Running, person: Visit) -> None:
    await expect(person.page.get_by_role("article")).to_have_count(1)
    chat = web.bot.heard[0].chat
    await web.history.wipe(chat)
    await web.history.write(chat, "fresh", "bot", {"text": "A new start.", "picture_id": None, "progress": None})
    await web.platform.disconnect(chat)
    await expect(person.page.get_by_text("A new start.")).to_be_visible()
    assert await texts(person.page) == ["A new start."]


async def test_a_draft_survives_a_reload(person: Visit) -> None:
    field = person.page.get_by_label("Message", exact=True)
    await field.fill("half a thought")
    await person.page.reload()
    await expect(field).to_have_value("half a thought")
    assert await person.page.evaluate("Object.keys(localStorage).length") == 0


async def test_a_slash_opens_the_commands(web: Running, person: Visit) -> None:
    field = person.page.get_by_label("Message", exact=True)
    await field.press_sequentially("/")
    options = person.page.get_by_role("option")
    await expect(options).to_have_count(7)
    await field.press_sequentially("st")
    await expect(options).to_have_count(2)
    await field.press("ArrowDown")
    await expect(person.page.get_by_role("option", selected=True)).to_contain_text("/styles")
    await field.press("Enter")
    await expect(field).to_have_value("/styles")
    await field.press("Enter")
    await expect(person.page.get_by_text("You said: /styles")).to_be_visible()


async def test_escape_closes_the_commands_and_keeps_the_text(person: Visit) -> None:
    field = person.page.get_by_label("Message", exact=True)
    await field.press_sequentially("/s")
    await field.press("Escape")
    await expect(person.page.get_by_role("listbox")).to_be_hidden()
    await expect(field).to_have_value("/s")


async def test_a_reader_who_scrolled_up_is_not_pulled_down(web: Running, person: Visit) -> None:
    await expect(person.page.get_by_role("article")).to_have_count(1)
    chat = web.bot.heard[0].chat
    for i in range(30):
        await web.platform.show(chat, f"old-{i}", Showing(f"Message {i}"), None)
    await expect(person.page.get_by_text("Message 29")).to_be_in_viewport()
    scroller = person.page.get_by_role("region", name="Conversation")
    await scroller.evaluate("it => it.scrollTo(0, 0)")
    await expect(person.page.get_by_text("Message 29")).not_to_be_in_viewport()
    await web.platform.show(chat, "new", Showing("Something new"), None)
    await expect(person.page.get_by_text("Something new")).to_be_attached()
    assert await scroller.evaluate("it => it.scrollTop") == 0
    await person.page.get_by_role("button", name="New message").click()
    await expect(person.page.get_by_text("Something new")).to_be_in_viewport()
    await expect(person.page.get_by_role("button", name="New message")).to_be_hidden()


async def test_everything_can_be_done_with_the_keyboard(web: Running, person: Visit) -> None:
    page = person.page
    await expect(page.get_by_role("button", name="I agree")).to_be_visible()
    reached = []
    for _ in range(8):
        await page.keyboard.press("Tab")
        reached.append(
            await page.evaluate("() => { const it = document.activeElement; return it.ariaLabel || it.innerText }")
        )
    order = ["I agree", "What happens to photos?", "Choose a photo", "Take a photo", "Message"]
    assert [name for name in reached if name in order][:5] == order
    await page.get_by_role("button", name="I agree").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("You pressed tok-agree")).to_be_visible()
    await expect(page.get_by_role("button", name="I agree")).to_be_focused()
