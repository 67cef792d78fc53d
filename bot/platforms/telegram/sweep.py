"""Empties a private chat, as far as Telegram lets a bot: what was said in the last 48 hours. Knows no database.

Nobody keeps a list of what was said, and none is needed: the ids of a bot's private chats are given out one after the
other, and deleteMessages skips those that are not in this chat.
"""

from telegram import Bot
from telegram.error import BadRequest

from bot.platforms.telegram.rates import Rates

AT_ONCE = 100
BACK = 2000
"""How far back to look; in a bot's busy hours the ids of one chat lie far apart."""


async def sweep(bot: Bot, rates: Rates, chat: int, newest: int) -> None:
    """Delete what can be deleted of the messages up to `newest`, from the newest backwards."""
    for last in range(newest, max(0, newest - BACK), -AT_ONCE):
        if not await _delete(bot, rates, chat, list(range(max(1, last - AT_ONCE + 1), last + 1))):
            return


async def _delete(bot: Bot, rates: Rates, chat: int, ids: list[int]) -> bool:
    """Whether it is worth going on to older ones. One message too old spoils a whole call, so its halves are tried."""
    await rates.step()
    try:
        await bot.delete_messages(chat, ids)
    except BadRequest:
        if len(ids) == 1:
            return False
        middle = len(ids) // 2
        return await _delete(bot, rates, chat, ids[middle:]) and await _delete(bot, rates, chat, ids[:middle])
    return True
