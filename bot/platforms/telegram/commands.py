"""Tells Telegram which commands we have, in every language, so that it can list them. Knows no chat."""

import asyncio
import logging
from collections.abc import Mapping, Sequence

from telegram import BotCommand
from telegram.error import TelegramError

from bot.messages import Gone, Later
from bot.platforms.telegram.client import Client, told
from bot.platforms.telegram.limits import COMMAND_CHARS

log = logging.getLogger(__name__)

Commands = Mapping[str, Sequence[tuple[str, str]]]
"""In each language, (name, what it does) of every command."""
TRIES = 6


def bot_commands(commands: Sequence[tuple[str, str]]) -> list[BotCommand]:
    return [BotCommand(name, what[:COMMAND_CHARS]) for name, what in commands]


def per_language(commands: Commands) -> dict[str | None, list[BotCommand]]:
    """English also under None: for everybody whose language we do not speak."""
    lists: dict[str | None, list[BotCommand]] = {lang: bot_commands(listed) for lang, listed in commands.items()}
    if "en" in lists:
        lists[None] = lists["en"]
    return lists


async def register(client: Client, commands: Commands, *, pause_s: float = 2.0) -> bool:
    """Give Telegram the list. It is only a convenience: if that fails in the end, the bot goes on without."""
    for attempt in range(TRIES):
        try:
            with told():
                for lang, listed in per_language(commands).items():
                    await client.bot.set_my_commands(listed, language_code=lang)
            return True
        except Later as later:
            await asyncio.sleep(later.seconds)
        except (Gone, OSError, TelegramError) as error:
            log.warning("Telegram did not take the list of commands: %s", error)
            await asyncio.sleep(pause_s * 2**attempt)
    return False
