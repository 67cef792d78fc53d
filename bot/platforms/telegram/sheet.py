"""One message of ours as it is about to be drawn: what kind, which words, which buttons. Does no input or output."""

import dataclasses
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup

from bot.messages import Showing
from bot.platforms.telegram.keyboard import keyboard
from bot.platforms.telegram.limits import LIMITS
from bot.platforms.telegram.places import Place


@dataclass(frozen=True, slots=True)
class Sheet:
    """Args:
    to: the chat it is shown in.
    key: the same for the same message however often it is tried.
    home: the chat it belongs to, and its buttons with it.
    """

    to: int
    key: str
    home: Place
    showing: Showing
    whole: bool = False

    @property
    def kind(self) -> str:
        if self.showing.picture is None:
            return "text"
        return "file" if self.showing.as_file or self.whole else "photo"

    @property
    def text(self) -> str:
        most = LIMITS.text_chars if self.kind == "text" else LIMITS.caption_chars
        return cut(self.showing.text, most)

    @property
    def keyboard(self) -> InlineKeyboardMarkup | None:
        return keyboard(self.showing.buttons, self.home)

    @property
    def filename(self) -> str:
        return f"selfiebot-{self.showing.picture_id or 0}.jpg"

    def as_file(self) -> "Sheet":
        """The same with its picture as a file, for pictures that cannot be photos."""
        return dataclasses.replace(self, whole=True)

    def in_words(self) -> "Sheet":
        """The same without its picture and buttons, while that is on its way."""
        return dataclasses.replace(self, showing=Showing(self.showing.text))


def cut(text: str, most: int) -> str:
    """Telegram counts UTF-16 units, in which an emoji is two."""
    units = text.encode("utf-16-le")
    if len(units) <= most * 2:
        return text
    return units[: (most - 1) * 2].decode("utf-16-le", errors="ignore") + "…"
