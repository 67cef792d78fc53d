"""Every sentence a person reads, per language. Knows the words; knows no platform and no rule of the talk.

A language is a module with two mappings: TEXTS (key → template) and ERRORS (error class → template).
`tests/bot/test_texts.py` proves that every language has every key and every error, with the same blanks.
"""

from collections.abc import Mapping
from typing import Protocol

from bot.texts import de, en
from generation.errors import UserError

CONSENT_VERSION = "2026-11"
"""Changes whenever the consent text changes its meaning: everybody is then asked again."""
WITH_PAINTER = f"{CONSENT_VERSION}-painter"
"""Of the text of a bot that paints, which says more; who agreed to it has agreed to the other, too."""


class _Language(Protocol):
    @property
    def TEXTS(self) -> Mapping[str, str]: ...

    @property
    def ERRORS(self) -> Mapping[str, str]: ...

    def ordinal(self, number: int, /) -> str: ...


LANGUAGES: Mapping[str, _Language] = {"en": en, "de": de}


def language(lang: str) -> str:
    """The language we speak that is nearest to a tag like "de-AT"; English if there is none."""
    short = lang.split("-")[0].lower()
    return short if short in LANGUAGES else "en"


def say(lang: str, key: str, **values: object) -> str:
    """A sentence of ours, its blanks filled. An unknown key is a bug, and raises KeyError."""
    return LANGUAGES[language(lang)].TEXTS[key].format(**values)


def pack_title(lang: str, pack: str) -> str:
    """A pack's name; an operator's own is called as its file."""
    return LANGUAGES[language(lang)].TEXTS.get(f"pack_{pack}", pack.replace("-", " ").capitalize())


def sentence(lang: str, error: UserError) -> str:
    """An error's sentence in the person's language."""
    template = LANGUAGES[language(lang)].ERRORS.get(type(error).__name__)
    return str(error) if template is None else template.format(*error.args)


COMMANDS = ("start", "style", "styles", "sheet", "imagine", "last", "help", "privacy", "forget")


def commands(lang: str, *, paints: bool = False) -> tuple[tuple[str, str], ...]:
    """(name, what it does) of every command people can type, for platforms that list them."""
    return tuple((name, say(lang, f"command_{name}")) for name in COMMANDS if paints or name != "imagine")


def place(lang: str, number: int) -> str:
    """A place in a queue: "2nd"."""
    return LANGUAGES[language(lang)].ordinal(number)
