"""Every language says everything, with the same blanks; and everything that is said exists."""

import re
from pathlib import Path
from string import Formatter

import pytest

from bot.messages import Offer, Trouble
from bot.texts import LANGUAGES, commands, language, place, say, sentence
from generation import errors
from generation.errors import UserError
from generation.job import Note
from generation.label.kinds import Kind

BOT = Path(__file__).parents[2] / "bot"


def every_error() -> list[type[UserError]]:
    found = [item for item in vars(errors).values() if isinstance(item, type) and issubclass(item, UserError)]
    return [error for error in found if error not in (errors.UserError, errors.PhotoError)]


def blanks(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_language_has_every_sentence_with_the_same_blanks(name: str) -> None:
    english = LANGUAGES["en"].TEXTS
    texts = LANGUAGES[name].TEXTS
    assert texts.keys() == english.keys()
    assert {key: blanks(text) for key, text in texts.items()} == {key: blanks(text) for key, text in english.items()}


@pytest.mark.parametrize("name", [name for name in LANGUAGES if name != "en"])
def test_a_language_has_every_error_with_the_same_blanks(name: str) -> None:
    templates = LANGUAGES[name].ERRORS
    assert {error.__name__: blanks(error.text) for error in every_error()} == {
        name: blanks(text) for name, text in templates.items()
    }


def test_every_note_and_kind_has_its_sentence() -> None:
    for note in Note:
        assert say("en", f"note_{note}")
    for kind in Kind:
        assert "AI" in say("en", f"caption_{kind}", emoji="", style="", strength="")


def test_every_offer_trouble_and_command_has_its_words() -> None:
    for name in LANGUAGES:
        assert all(say(name, item) for item in (*Offer, *Trouble))
        assert all(words and len(words) < 100 for _, words in commands(name))


def test_every_sentence_is_used_and_every_used_sentence_exists() -> None:
    code = "\n".join(
        file.read_text(encoding="utf-8") for file in BOT.rglob("*.py") if not {"texts", "platforms"} & set(file.parts)
    )
    said = set(re.findall(r'(?:say|reply|choice)\(\s*(?:[\w.]*lang, )?"(\w+)"', code))
    built = {
        key for key in LANGUAGES["en"].TEXTS if key.startswith(("pack_", "note_", "caption_", "command_", "discord_"))
    }
    built |= {str(item) for item in (*Offer, *Trouble)}
    mentioned = {key for key in LANGUAGES["en"].TEXTS if f'"{key}"' in code}
    assert said - set(LANGUAGES) <= LANGUAGES["en"].TEXTS.keys()
    assert LANGUAGES["en"].TEXTS.keys() - built - mentioned == set()


def test_a_language_is_found_by_its_tag_and_english_is_the_last_resort() -> None:
    assert [language(tag) for tag in ("de", "de-AT", "EN-gb", "tlh", "")] == ["de", "de", "en", "en", "en"]


def test_an_error_speaks_the_persons_language() -> None:
    assert sentence("de", errors.ManyFaces(3)).startswith("Ich sehe 3 Gesichter")
    assert sentence("en", errors.ManyFaces(3)).startswith("I see 3 faces")


def test_places_are_counted_as_people_do() -> None:
    assert [place("en", number) for number in (1, 2, 3, 4, 11, 12, 21, 102, 113)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "21st", "102nd", "113th",
    ]  # fmt: skip
    assert place("de", 2) == "2."
