"""Takes updates in: written down first, confirmed afterwards, whatever is in them. Knows no conversation."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from telegram.error import Conflict, TelegramError

from bot.messages import Later
from bot.platforms import Receive, Unparsable
from bot.platforms.telegram.client import Client, dig, told
from bot.platforms.telegram.heard import Heard
from bot.platforms.telegram.limits import ALBUM_S
from bot.platforms.telegram.parse import KINDS, Me, Reader, raw_chat

log = logging.getLogger(__name__)

POLL_S = 30
PAUSE_S = 0.1
LONGEST_PAUSE_S = 30.0
CONFLICT_S = 1.0
"""Two pollers that end each other's calls do so no faster."""


class Intake:
    def __init__(self, client: Client, reader: Reader, me: Me, receive: Receive, heard: Heard) -> None:
        self._client, self._reader, self._me, self._receive = client, reader, me, receive
        self._heard = heard
        self._answers: set[asyncio.Task[None]] = set()

    async def take(self, update: Mapping[str, Any]) -> None:
        """Commit one raw update. A bug of ours in reading it must neither stop the others nor lose it.

        Raises:
            OSError: the database is away.
        """
        (error,) = await asyncio.gather(self._take(update), return_exceptions=True)
        if isinstance(error, OSError):
            raise error
        if error is not None:
            log.error("a bug: an update is kept unread", exc_info=error)
            await self._receive(self._event(update), raw_chat(update), self._raw(update))

    async def _take(self, update: Mapping[str, Any]) -> None:
        """Only what is for us is kept: what people say to each other in a group is none of our business."""
        raw, chat = self._raw(update), raw_chat(update)
        group = dig(update, "message", "media_group_id")
        album = f"{self._me.id}:album:{chat}:{group}" if isinstance(group, str) else None
        event = album or self._event(update)
        try:
            message = self._reader.read(event, raw)
        except Unparsable:
            await self._receive(self._event(update), chat, raw)
            return
        if message is not None:
            self._heard.note(message, dig(update, "message", "message_id"), album)
        place = message.chat if message is not None else self._heard.album(album)
        if place is not None:
            await self._receive(event, place, raw, gather_s=ALBUM_S if album else None)
        query = dig(update, "callback_query", "id")
        if isinstance(query, str):
            self._stop_the_spinner(query)

    def _event(self, update: Mapping[str, Any]) -> str:
        return f"{self._me.id}:{update['update_id']}"

    def _raw(self, update: Mapping[str, Any]) -> dict[str, Any]:
        me = {"id": self._me.id, "username": self._me.username}
        return {"update": dict(update), "me": me, "part": str(update["update_id"])}

    async def close(self) -> None:
        for task in self._answers:
            task.cancel()
        await asyncio.gather(*self._answers, return_exceptions=True)

    def _stop_the_spinner(self, query: str) -> None:
        task = asyncio.create_task(self._answer(query))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _answer(self, query: str) -> None:
        try:
            await self._client.bot.answer_callback_query(query)
        except TelegramError as error:
            log.debug("a button went on spinning: %s", type(error).__name__)


async def poll(client: Client, intake: Intake, *, poll_s: int = POLL_S, pause_s: float = PAUSE_S) -> None:
    """Ask for updates until cancelled. Updates are confirmed, by asking for those after them, once all are committed.

    Only one may ask at a time: Telegram ends the earlier of two pollers with a Conflict, and both try again.
    """
    offset, troubles = 0, 0
    while True:
        try:
            with told():
                updates = await client.updates(offset, poll_s, KINDS)
            await _take_all(intake, updates)
            offset = max([offset, *(update["update_id"] + 1 for update in updates)])
            troubles = 0
        except Later as later:
            await asyncio.sleep(later.seconds)
        except (OSError, TelegramError) as error:
            troubles += 1
            if troubles in (1, 10, 100):
                log.warning("no updates from Telegram: %s", error)
            await asyncio.sleep(_pause_s(error, troubles, pause_s))


def _pause_s(error: Exception, troubles: int, first_s: float) -> float:
    """Whoever writes to us meanwhile waits for it too: little at first, then doubling."""
    least_s = CONFLICT_S if isinstance(error.__cause__, Conflict) else 0.0
    return max(least_s, min(LONGEST_PAUSE_S, first_s * 2.0 ** min(troubles - 1, 10)))


async def _take_all(intake: Intake, updates: list[dict[str, Any]]) -> None:
    """Side by side, but written down in their order: each asks for the database before the next begins."""
    done = await asyncio.gather(*(intake.take(update) for update in updates), return_exceptions=True)
    for error in done:
        if isinstance(error, BaseException):
            raise error
