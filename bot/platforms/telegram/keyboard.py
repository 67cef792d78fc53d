"""Buttons in rows that fit a phone. Knows no chat but the one its buttons belong to."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.messages import Button
from bot.platforms.telegram.places import Place, press_data

ROW_CHARS = 32
ROW_BUTTONS = 3


def keyboard(buttons: Sequence[Button], home: Place) -> InlineKeyboardMarkup | None:
    """As many to a row as can be read there, three at most. home: where a press belongs."""
    if not buttons:
        return None
    rows: list[list[InlineKeyboardButton]] = []
    width = 0
    for button in buttons:
        width += len(button.title)
        if not rows or len(rows[-1]) == ROW_BUTTONS or width > ROW_CHARS:
            rows.append([])
            width = len(button.title)
        rows[-1].append(InlineKeyboardButton(button.title, callback_data=press_data(button.token, home)))
    return InlineKeyboardMarkup(rows)
