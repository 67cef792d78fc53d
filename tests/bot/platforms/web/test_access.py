"""Can everybody use the page? Names, contrast, sizes, small screens, both colour schemes, calm motion."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bot.messages import Button, Showing
from tests.bot.platforms.web.conftest import Running
from tests.fakes.browser import Visit, visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Every text on the page with its colour, its ground, and its size: [{text, ink, ground, px, bold}].
TEXTS = """() => {
    const found = [];
    const parse = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode, it = node.parentElement;
        if (!node.data.trim() || !it.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        let under = it;
        while (under && (parse(getComputedStyle(under).backgroundColor)[3] ?? 1) === 0) under = under.parentElement;
        const style = getComputedStyle(it);
        found.push({
            text: node.data.trim().slice(0, 40),
            ink: parse(style.color).slice(0, 3),
            ground: parse(getComputedStyle(under ?? document.body).backgroundColor).slice(0, 3),
        });
    }
    return found;
}"""

# Everything that can be used, with its name and size.
CONTROLS = """() => [...document.querySelectorAll('button, a, input, textarea, [tabindex="0"]')]
    .filter((it) => it.checkVisibility())
    .map((it) => {
        const { width, height } = it.getBoundingClientRect();
        const name = it.ariaLabel || it.innerText || it.labels?.[0]?.innerText || '';
        return { tag: it.tagName, name: name.trim(), width, height };
    })"""


def luminance(rgb: list[float]) -> float:
    """WCAG 2.2's relative luminance of an sRGB colour, 0 to 255 each."""
    parts = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: list[float], other: list[float]) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


async def talk(web: Running, page: Page, astronaut: bytes) -> None:
    """A conversation with everything in it: pictures, buttons, a photo to be sent, the list of commands."""
    web.bot.may_finish.set()
    photo: Any = {"name": "IMG_2041.jpg", "mimeType": "image/jpeg", "buffer": astronaut}
    await expect(page.get_by_role("button", name="I agree")).to_be_visible()
    await page.get_by_label("Photo file").set_input_files(photo)
    await page.get_by_label("Message", exact=True).fill("/style goth")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Stronger")).to_be_visible()
    await page.get_by_label("Photo file").set_input_files(photo)
    await page.get_by_label("Message", exact=True).press_sequentially("/st")
    await expect(page.get_by_role("option")).to_have_count(2)
    await expect(page.get_by_role("img", name="You with dark lips")).to_be_visible()


async def keep(page: Page, name: str) -> None:
    """A screenshot for people to look at, where one asks for it by the variable SCREENSHOTS (a folder)."""
    if folder := os.environ.get("SCREENSHOTS"):
        await page.wait_for_timeout(600)
        await page.screenshot(path=f"{folder}/{name}.png")


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
async def test_every_text_has_enough_contrast(
    web: Running, browser: Browser, astronaut: bytes, phone: bool, dark: bool
) -> None:
    async with visit(browser, web.url, phone=phone, dark=dark, calm=True) as person:
        await talk(web, person.page, astronaut)
        texts = await person.page.evaluate(TEXTS)
        await keep(person.page, f"{'phone' if phone else 'desktop'}-{'dark' if dark else 'light'}")
    assert len(texts) > 15
    weak = [(it["text"], round(contrast(it["ink"], it["ground"]), 2)) for it in texts]
    assert [it for it in weak if it[1] < 4.5] == []


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
async def test_every_control_has_a_name_and_room_for_a_thumb(
    web: Running, browser: Browser, astronaut: bytes, phone: bool
) -> None:
    async with visit(browser, web.url, phone=phone, calm=True) as person:
        await talk(web, person.page, astronaut)
        controls = await person.page.evaluate(CONTROLS)
        await person.page.get_by_role("button", name="Take a photo").click()
        await expect(person.page.get_by_role("button", name="Take the photo")).to_be_enabled()
        controls += await person.page.evaluate(CONTROLS)
    assert len(controls) > 12
    assert [it for it in controls if not it["name"]] == []
    assert [it for it in controls if min(it["width"], it["height"]) < 43.5] == []


async def test_nothing_is_wider_than_a_small_phone(web: Running, browser: Browser, astronaut: bytes) -> None:
    async with visit(browser, web.url, phone=True, calm=True) as person:
        await talk(web, person.page, astronaut)
        chat = web.bot.heard[0].chat
        long = Showing("x" * 300 + "\nhttps://example.com/" + "y" * 200, (Button("A rather long title " * 4, "t"),))
        await web.platform.show(chat, "long", long, None)
        await expect(person.page.get_by_text("xxxx")).to_be_visible()
        scroller = person.page.get_by_role("region", name="Conversation")
        assert await scroller.evaluate("it => it.scrollWidth - it.clientWidth") == 0
        assert await person.page.evaluate("document.documentElement.scrollWidth") == 360


async def test_a_message_taller_than_the_window_is_read_from_its_beginning(web: Running, browser: Browser) -> None:
    async with visit(browser, web.url, phone=True, calm=True) as person:
        page = person.page
        await expect(page.get_by_role("article")).to_have_count(1)
        chat = web.bot.heard[0].chat
        await web.platform.show(chat, "tall", Showing("The beginning.\n" + "more\n" * 60 + "The end."), None)
        last = page.get_by_role("article").last
        await expect(last).to_contain_text("The end.")
        top = "it => it.getBoundingClientRect().top - document.querySelector('#scroller').getBoundingClientRect().top"
        assert 0 <= await last.evaluate(top) < 30
        await web.platform.show(chat, "next", Showing("And on."), None)
        await expect(page.get_by_text("And on.")).to_be_in_viewport()


async def test_the_conversation_is_announced_but_not_its_past(web: Running, person: Visit) -> None:
    log = person.page.get_by_role("log", name="Messages")
    await expect(log).to_have_attribute("aria-live", "polite")
    await expect(log).to_have_attribute("aria-relevant", "additions")
    assert await person.page.locator("[aria-live=assertive]").count() == 0
    await expect(person.page.get_by_role("article", name="selfiebot")).to_have_count(1)
    await expect(person.page.get_by_role("heading", name="selfiebot", level=1)).to_be_visible()


async def test_calm_people_see_no_motion(web: Running, browser: Browser, astronaut: bytes) -> None:
    async with visit(browser, web.url, calm=True) as person:
        web.bot.may_finish.clear()
        photo: Any = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": astronaut}
        await person.page.get_by_label("Photo file").set_input_files(photo)
        await person.page.get_by_role("button", name="Send").click()
        await expect(person.page.get_by_role("progressbar", name="Painting")).to_be_visible()
        await person.page.wait_for_timeout(200)
        running = "document.getAnimations().filter((it) => it.playState === 'running').length"
        assert await person.page.evaluate(running) == 0
        await keep(person.page, "working")


async def test_a_dialog_keeps_the_focus_and_gives_it_back(person: Visit) -> None:
    page = person.page
    button = page.get_by_role("button", name="Take a photo")
    await button.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Take the photo")).to_be_focused()
    for _ in range(6):
        await page.keyboard.press("Tab")
        inside = "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        assert await page.evaluate(inside)
    await keep(page, "camera")
    await page.keyboard.press("Escape")
    await expect(button).to_be_focused()


async def test_a_focused_control_can_be_seen(person: Visit) -> None:
    page = person.page
    await expect(page.get_by_role("button", name="I agree")).to_be_visible()
    for _ in range(6):
        await page.keyboard.press("Tab")
        style = await page.evaluate(
            "() => { const it = document.activeElement; const s = getComputedStyle(it.id === 'text' ? it.parentElement"
            " : it); return [it.id || it.innerText, s.outlineStyle, s.boxShadow] }"
        )
        assert style[1] != "none" or style[2] != "none", style


async def test_a_link_from_another_site_brings_the_same_person(web: Running, browser: Browser, tmp_path: Path) -> None:
    async with visit(browser, web.url) as person:
        await expect(person.page.get_by_role("article")).to_have_count(1)
        before = {cookie["value"] for cookie in await person.context.cookies()}
        elsewhere = await person.context.new_page()
        await elsewhere.route(
            "http://elsewhere.example/",
            lambda r: r.fulfill(body=f'<a href="{web.url}">selfie</a>', content_type="text/html"),
        )
        await elsewhere.goto("http://elsewhere.example/")
        await elsewhere.get_by_role("link").click()
        await expect(elsewhere.get_by_role("article")).to_have_count(1)
        assert {cookie["value"] for cookie in await person.context.cookies()} == before
        assert len(web.bot.heard) == 1


async def test_a_page_that_lost_its_cookie_gets_a_new_one(web: Running, person: Visit) -> None:
    person.forgiven = ("401",)
    await expect(person.page.get_by_role("article")).to_have_count(1)
    chat = web.bot.heard[0].chat
    await person.context.clear_cookies()
    await web.platform.disconnect(chat)
    await expect(person.page.get_by_role("article")).to_have_count(1)
    await expect(person.page.get_by_text("Hello!")).to_be_visible()
    for _ in range(50):
        if len(web.bot.heard) == 2:
            break
        await person.page.wait_for_timeout(100)
    assert len({message.chat for message in web.bot.heard}) == 2
