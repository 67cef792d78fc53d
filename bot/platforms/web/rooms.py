"""Who is looking at which chat right now: every open page follows the history and keeps in step. Keeps no history."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.platforms.web.history import WebHistory, WebRow

Body = Mapping[str, Any]
LAST_ROWS = 400  # what a page that opens gets to see


class Room:
    """One chat with at least one open page, or with work under way."""

    def __init__(self) -> None:
        self.pages: set[Page] = set()
        self.passing: dict[str, tuple[int, Body]] = {}
        self.wipes = 0
        self._count = 0

    def pass_by(self, ref: str, body: Body) -> None:
        """Show a state of a message that is not worth keeping: how far its work is."""
        self._count += 1
        self.passing[ref] = (self._count, body)
        self.wake()

    def settle(self, ref: str) -> None:
        """The message `ref` was written: no passing state of it is shown any more."""
        self.passing.pop(ref, None)
        self.wake()

    def wipe(self) -> None:
        self.passing.clear()
        self.wipes += 1
        self.wake()

    def wake(self) -> None:
        for page in self.pages:
            page.news.set()


class Page:
    """One open page: sends what its room has, in order, at the page's own pace."""

    def __init__(self, chat: str, room: Room, history: WebHistory, socket: web.WebSocketResponse) -> None:
        self.news = asyncio.Event()
        self.socket = socket
        self._chat, self._room, self._history = chat, room, history
        self._wipes = room.wipes
        self._seq = 0
        self._passed = 0

    async def open(self, after: int, first: str) -> bool:
        """Send what the page does not have yet. Returns whether the chat has any message.

        Args:
            after: the last seq the page has seen, 0 if it is new.
            first: the ref of the page's first message. If the chat has none of that name, the chat was wiped while
                the page was away, and the page starts anew.
        """
        rows = await self._history.since(self._chat, 0)
        if after and not any(row.ref == first for row in rows):
            await self._send(kind="reset")
            after = 0
        self._seq = max((row.seq for row in rows), default=0)
        for row in sorted(rows, key=lambda row: row.at)[-LAST_ROWS:]:
            if row.seq > after:
                await self._send_row(row)
        await self._send(kind="ready", seq=self._seq)
        return bool(rows)

    async def follow(self) -> None:
        """Until cancelled, or the page or the database is gone. Hangs up at its end, so that the page comes back."""
        try:
            with contextlib.suppress(OSError):
                while not self.socket.closed:
                    self.news.clear()
                    await self._catch_up()
                    await self.news.wait()
        finally:
            await self.socket.close()

    async def _catch_up(self) -> None:
        if self._wipes != self._room.wipes:
            self._wipes, self._seq = self._room.wipes, 0
            await self._send(kind="reset")
        for row in await self._history.since(self._chat, self._seq):
            self._seq = row.seq
            await self._send_row(row)
        for ref, (count, body) in sorted(self._room.passing.items(), key=lambda item: item[1][0]):
            if count > self._passed:
                self._passed = count
                await self._send(kind="passing", ref=ref, body=body)

    async def _send_row(self, row: WebRow) -> None:
        await self._send(kind="row", seq=row.seq, ref=row.ref, author=row.author, body=row.body, at=row.at)

    async def _send(self, **frame: Any) -> None:
        await self.socket.send_json(frame)


class Rooms:
    """All chats somebody looks at."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}

    def of(self, chat: str) -> Room:
        return self._rooms.setdefault(chat, Room())

    def tidy(self, chat: str) -> None:
        """Forget a room nobody needs."""
        room = self._rooms.get(chat)
        if room is not None and not room.pages and not room.passing:
            del self._rooms[chat]

    def pages(self) -> list[Page]:
        return [page for room in self._rooms.values() for page in room.pages]
