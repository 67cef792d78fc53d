"""From what a message should show to what Discord is sent. Knows no network and no place."""

import re
from dataclasses import dataclass, replace
from typing import Any

from bot.messages import Button, Showing
from bot.platforms.discord.limits import (
    ALT_CHARS,
    CHOICES,
    CONTENT_CHARS,
    EMBED_CHARS,
    LABEL_CHARS,
    ROW_BUTTONS,
    ROWS,
)

_ROW, _BUTTON, _MENU, _GREY = 1, 2, 3, 2  # kinds of component, and a button's colour
_BAR = 10
_MARKDOWN = re.compile(r"[\\*_~|`<]|^(?:#|>|-(?= ))", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A message to be sent or edited. payload: JSON. file: with its name, to go along."""

    payload: dict[str, Any]
    file: tuple[str, bytes] | None = None

    def signed(self, user: str) -> "Sheet":
        """With the person it is of below, whom that does not disturb."""
        return replace(self, payload={**self.payload, "content": f"{self.payload['content']}\n— <@{user}>"})


def draw(showing: Showing) -> Sheet:
    """The whole message: whatever an older drawing had and this one lacks is taken away."""
    text = escape(showing.text)
    if showing.progress is not None:
        done = round(showing.progress * _BAR)
        text += f"\n{'▰' * done}{'▱' * (_BAR - done)}"
    long = len(text) > CONTENT_CHARS
    payload: dict[str, Any] = {
        "content": "" if long else text,
        "embeds": [{"description": text}] if long else [],
        "components": _rows(showing.buttons),
        "attachments": [],
        "allowed_mentions": {"parse": []},
    }
    if showing.picture is None:
        if showing.picture_id is not None:
            del payload["attachments"]  # what is attached stays
        return Sheet(payload)
    name = "selfiebot.png" if showing.picture.startswith(b"\x89PNG") else "selfiebot.jpg"
    payload["attachments"] = [{"id": "0", "filename": name, "description": showing.alt[:ALT_CHARS]}]
    return Sheet(payload, (name, showing.picture))


def note(text: str, user: str) -> Sheet:
    """A line for one person in a channel, who is told of it."""
    return Sheet({"content": f"<@{user}> {escape(text)}", "allowed_mentions": {"parse": [], "users": [user]}})


def escape(text: str) -> str:
    """A text that looks as it is written; unescaped where it would grow too long."""
    escaped = _MARKDOWN.sub(lambda found: "\\" + found[0], text)
    return escaped if len(escaped) <= EMBED_CHARS - 100 else text


def _rows(buttons: tuple[Button, ...]) -> list[dict[str, Any]]:
    """Rows of five; of too many for that, menus of twenty-five."""
    if len(buttons) > ROWS * ROW_BUTTONS:
        menus = [buttons[start : start + CHOICES] for start in range(0, len(buttons), CHOICES)]
        return [{"type": _ROW, "components": [_menu(number, some)]} for number, some in enumerate(menus[:ROWS])]
    drawn = [
        {"type": _BUTTON, "style": _GREY, "label": _short(button.title), "custom_id": button.token}
        for button in buttons
    ]
    return [
        {"type": _ROW, "components": drawn[start : start + ROW_BUTTONS]} for start in range(0, len(drawn), ROW_BUTTONS)
    ]


def _menu(number: int, buttons: tuple[Button, ...]) -> dict[str, Any]:
    return {
        "type": _MENU,
        "custom_id": f"menu-{number}",
        "placeholder": f"{_short(buttons[0].title)[:60]} … {_short(buttons[-1].title)[:60]}",
        "options": [{"label": _short(button.title), "value": button.token} for button in buttons],
    }


def _short(title: str) -> str:
    return title if len(title) <= LABEL_CHARS else title[: LABEL_CHARS - 1] + "…"
