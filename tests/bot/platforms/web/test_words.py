"""The page speaks the person's language: every sentence of it is in the book, and the book has no other."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.platforms import web as package
from bot.texts import LANGUAGES
from tests.bot.platforms.web.conftest import Running
from tests.fakes.browser import visit

STATIC = Path(package.__file__).parent / "static"
STRING = r'"((?:[^"\\]|\\.)*)"'
SAME = {"selfiebot"}
"""What is the same in every language."""


class Sentences(HTMLParser):
    """Everything in the page a person can read or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._skipping = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skipping = self._skipping or tag == "noscript"
        self.found |= {
            value for name, value in attrs if value and name in ("aria-label", "title", "placeholder", "alt")
        }

    def handle_endtag(self, tag: str) -> None:
        self._skipping = self._skipping and tag != "noscript"

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._skipping:
            self.found.add(data.strip())


def in_the_page() -> set[str]:
    reader = Sentences()
    reader.feed((STATIC / "index.html").read_text())
    return reader.found - SAME


def in_the_scripts() -> set[str]:
    """Strings that look like words: with a capital and small letters, or a blank between them."""
    found = set()
    for file in STATIC.glob("*.js"):
        if file.name != "de.js":
            code = re.sub(r"^\s*//.*$|\s// .*$|^import .*$", "", file.read_text(), flags=re.MULTILINE)
            found |= set(re.findall(STRING, code))
    likely = {it for it in found if re.match(r"[A-Z][a-z]+.*[ a-z…]$|.* .*[.…]$|[a-z]+ [a-z ]+", it)}
    return {it for it in likely if " " in it or it[0].isupper()}


def book(name: str) -> dict[str, str]:
    return dict(re.findall(rf"^\s*{STRING}:\s*{STRING},$", (STATIC / f"{name}.js").read_text(), flags=re.MULTILINE))


KEYS = {"Enter", "Escape", "Tab", "ArrowDown", "ArrowUp", "Files"}
"""Names of the browser's that look like words."""


def test_there_is_a_book_for_every_language_the_bot_speaks() -> None:
    assert {"en"} | {file.stem for file in STATIC.glob("??.js")} == set(LANGUAGES)


@pytest.mark.parametrize("name", [lang for lang in LANGUAGES if lang != "en"])
def test_every_sentence_is_in_the_book_with_the_same_blanks(name: str) -> None:
    words = book(name)
    assert len(words) > 50
    assert in_the_page() - words.keys() == set()
    assert in_the_scripts() - words.keys() - KEYS == set()
    for english, other in words.items():
        assert sorted(re.findall(r"\{\d\}", english)) == sorted(re.findall(r"\{\d\}", other)), english


def test_the_book_has_no_sentence_that_nobody_says() -> None:
    said = "".join(file.read_text() for file in STATIC.glob("*.*") if file.name != "de.js")
    said += (Path(package.__file__).parent / "errors.py").read_text()
    assert [english for english in book("de") if english not in said] == []


@pytest.mark.asyncio(loop_scope="session")
async def test_a_german_person_gets_a_german_page(web: Running, browser: Browser) -> None:
    async with visit(browser, web.url, locale="de-AT") as person:
        page = person.page
        await expect(page.get_by_label("Nachricht", exact=True)).to_have_attribute(
            "placeholder", "Selfie schicken, oder / für Befehle"
        )
        await expect(page.get_by_role("button", name="Foto aufnehmen")).to_be_visible()
        await expect(page.get_by_text("KI-Bilder · auf deinem Rechner")).to_be_visible()
        await expect(page.locator("html")).to_have_attribute("lang", "de")
        await expect(page.get_by_role("article")).to_have_count(1)
        assert web.bot.heard[0].lang == "de-AT"
