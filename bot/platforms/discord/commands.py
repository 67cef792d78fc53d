"""The commands Discord lists, the form of /selfie and the names it completes. Knows no network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.platforms.discord.limits import CHOICES, PHOTOS

WORDS = ("selfie", "style", "photo", "strength", "words", "title", "photos", "menu", "ready")
"""What is said around the commands, by language: the descriptions of /selfie and of the options of /style and /imagine,
the form's title and the label of its photos, the entry in a message's menu, and the line in a channel that says a
picture waits for somebody who cannot be written to."""

SELFIE = "selfie"
MOST_LETTERS = 400
"""Of free words."""
_LOCALES = {
    "de": ("de",), "es": ("es-ES", "es-419"), "fr": ("fr",), "it": ("it",), "nl": ("nl",), "pl": ("pl",),
    "pt": ("pt-BR",), "sv": ("sv-SE",), "ja": ("ja",), "ko": ("ko",), "uk": ("uk",), "tr": ("tr",), "zh": ("zh-CN",),
}  # fmt: skip
_STRING, _INTEGER, _ATTACHMENT = 3, 4, 11  # kinds of option
_SLASH, _ON_MESSAGE = 1, 3  # kinds of command
_LABEL, _MENU, _UPLOAD = 18, 3, 19  # kinds of component
_EVERYWHERE = {"contexts": [0, 1, 2], "integration_types": [0, 1]}

Texts = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Menu:
    """Args:
    commands: by language, (name, what it does). Its first language is spoken where Discord's is none of ours.
    words: by language, a text for each of WORDS.
    styles: (name, title) of every style.
    """

    commands: Mapping[str, Sequence[tuple[str, str]]]
    words: Texts
    styles: Sequence[tuple[str, str]]

    def word(self, lang: str, key: str) -> str:
        words = self.words.get(lang) or self.words.get(lang.split("-")[0].lower()) or self.words[self._first]
        return words[key]

    @property
    def _first(self) -> str:
        return next(iter(self.words))

    def payload(self) -> list[dict[str, Any]]:
        """All commands as Discord registers them."""
        texts = {lang: dict(commands) for lang, commands in self.commands.items()}
        first = texts[next(iter(texts))]
        listed = []
        for name, what in first.items():
            others = {lang: more[name] for lang, more in texts.items() if name in more}
            options = {"options": self._options(name)} if name in ("style", "imagine") else {}
            listed.append({"type": _SLASH, "name": name, **_described(what, others), **options, **_EVERYWHERE})
        listed.append({"type": _SLASH, "name": SELFIE, **self._say(SELFIE), **_EVERYWHERE})
        menu = {lang: words["menu"][:32] for lang, words in self.words.items()}
        listed.append(
            {
                "type": _ON_MESSAGE,
                "name": menu[self._first],
                "name_localizations": _by_locale(menu),
                **_EVERYWHERE,
            }
        )
        return listed

    def _options(self, command: str) -> list[dict[str, Any]]:
        photo = {"type": _ATTACHMENT, "name": "photo", **self._say("photo")}
        if command == "imagine":
            words = {"type": _STRING, "name": "words", "required": True, "max_length": MOST_LETTERS}
            return [{**words, **self._say("words")}, photo]
        return [
            {"type": _STRING, "name": "style", "required": True, "autocomplete": True, **self._say("style")},
            photo,
            {"type": _INTEGER, "name": "strength", "min_value": 1, "max_value": 100, **self._say("strength")},
        ]

    def _say(self, key: str) -> dict[str, Any]:
        return _described(self.word(self._first, key), {lang: words[key] for lang, words in self.words.items()})

    def complete(self, typed: str) -> list[dict[str, str]]:
        """The styles whose name or title holds what was typed; those that begin with it first."""
        typed = typed.strip().lower()
        found = [(name, title) for name, title in self.styles if typed in name.lower() or typed in title.lower()]
        found.sort(key=lambda style: not (style[0].lower().startswith(typed) or style[1].lower().startswith(typed)))
        return [{"name": title[:100], "value": name} for name, title in found[:CHOICES]]

    def form(self, lang: str) -> dict[str, Any]:
        """The form /selfie opens."""
        upload = {"type": _UPLOAD, "custom_id": "photos", "min_values": 1, "max_values": PHOTOS, "required": True}
        fields = [{"type": _LABEL, "label": self.word(lang, "photos")[:45], "component": upload}]
        if self.styles:
            options = [{"label": title[:100], "value": name} for name, title in self.styles[:CHOICES]]
            menu = {"type": _MENU, "custom_id": "style", "required": False, "min_values": 0, "options": options}
            fields.append({"type": _LABEL, "label": self.word(lang, "style")[:45], "component": menu})
        return {"custom_id": SELFIE, "title": self.word(lang, "title")[:45], "components": fields}


def same(ours: Any, theirs: Any) -> bool:
    """Is what is registered what we want? Discord adds fields, and leaves out what is false or empty."""
    if isinstance(ours, Mapping):
        return all(same(value, (theirs or {}).get(key)) for key, value in ours.items())
    if isinstance(ours, list):
        theirs = theirs or []
        if ours and not isinstance(ours[0], Mapping):
            return sorted(ours) == sorted(theirs)
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    return bool(ours == theirs) or (not ours and not theirs)


def registered(ours: Sequence[Mapping[str, Any]], theirs: Sequence[Mapping[str, Any]]) -> bool:
    """Are exactly our commands registered?"""
    by_name = {(one.get("type", _SLASH), one["name"]): one for one in theirs}
    return len(ours) == len(theirs) and all(same(one, by_name.get((one["type"], one["name"]))) for one in ours)


def _described(what: str, by_lang: Mapping[str, str]) -> dict[str, Any]:
    short = {lang: text[:100] for lang, text in by_lang.items()}
    return {"description": what[:100], "description_localizations": _by_locale(short)}


def _by_locale(by_lang: Mapping[str, str]) -> dict[str, str]:
    return {locale: text for lang, text in by_lang.items() for locale in _LOCALES.get(lang, ())}
