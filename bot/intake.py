"""Takes events in and has them answered: each chat in its order, many chats side by side, each event once.

Knows neither what a platform's events look like nor what is said; a platform parses and the conversation answers.
"""

import asyncio
import hashlib
import logging
import time
from collections.abc import Awaitable, Callable, Mapping

from bot.crew import Crew, backoff_s, keep_looking, worker_name
from bot.messages import Fetch, Message, PhotoRef, Reply
from bot.platforms import Platform, Raw, Receive, Unparsable
from bot.rows import answer_of
from db import Event, Store

log = logging.getLogger(__name__)

ReplyTo = Callable[[Message, Fetch], Awaitable[Reply]]

BUGS = 5
"""How often an event whose answering breaks is tried."""


class Intake:
    """Args:
    reply_to: the conversation. An OSError it raises means: ask again later.
    keep_photos_s: how long a photo is kept after it was last used.
    chats: how many chats are answered at the same time.
    lease_s: how long an event stays claimed by a bot that died; while it lives it renews the claim.
    """

    def __init__(
        self,
        store: Store,
        platforms: Mapping[str, Platform],
        reply_to: ReplyTo,
        *,
        keep_photos_s: float,
        chats: int = 32,
        lease_s: float = 30.0,
        look_s: float = 0.25,
    ) -> None:
        self._store = store
        self._platforms = platforms
        self._reply_to = reply_to
        self._keep_photos_s = keep_photos_s
        self._chats = chats
        self._lease_s = lease_s
        self._look_s = look_s
        self._worker = worker_name()
        self._crew = Crew(self._answer, self._put_off, store.inbox.bell.ring)

    def receiver(self, platform: str) -> Receive:
        """What a platform calls with each raw event; only then may it be acknowledged."""

        async def receive(event: str, chat: str, raw: Raw, *, gather_s: float | None = None) -> bool:
            return await self._store.inbox.receive(platform, event, chat, raw, gather_s)

        return receive

    async def run(self) -> None:
        """Answer events until cancelled; those under way are then free for others at once."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(keep_looking(self._claim, lambda: self._store.inbox.bell.wait(self._look_s)))
                group.create_task(keep_looking(self._renew, lambda: asyncio.sleep(self._lease_s / 3)))
        finally:
            await self._crew.dismiss()
            await self._store.inbox.release(self._worker)

    async def _claim(self) -> None:
        free = self._chats - len(self._crew)
        if free > 0:
            for event in await self._store.inbox.claim(self._worker, free, self._lease_s):
                self._crew.send(event)

    async def _renew(self) -> None:
        if events := self._crew.items:
            await self._store.inbox.renew(events, self._lease_s)

    async def _answer(self, event: Event) -> None:
        platform = self._platforms.get(event.platform)
        if platform is None:
            await self._set_aside(event, "its platform is not running")
            return
        try:
            message = platform.parse(event.event, event.raw)
        except Unparsable:
            await self._set_aside(event, "it cannot be read")
            return
        if message is None:
            await self._store.inbox.answer(event, "", None)
            return

        async def fetch(photo: PhotoRef) -> int:
            return await self._note(event, message.user, photo)

        reply = await self._reply_to(message, fetch)
        keep_until = time.time() + self._keep_photos_s
        answer = answer_of(reply, message.lang, message.offers, message.ref)
        await self._store.inbox.answer(event, message.user, answer, keep_until)
        log.debug("event %d answered %.1f ms after it came", event.id, (time.time() - event.at) * 1000)

    async def _note(self, event: Event, user: str, photo: PhotoRef) -> int:
        """Have a photo fetched. The same photo of the same event has one id, however often it is noted."""
        key = hashlib.sha256(f"{event.platform}\0{event.event}\0{photo.ref}".encode()).hexdigest()
        keep_until = time.time() + self._keep_photos_s
        return await self._store.errands.note(user, key, event.platform, photo.ref, keep_until)

    async def _put_off(self, event: Event, error: BaseException) -> None:
        """The network's and the database's troubles pass; a bug is tried a few times and must not hold the chat."""
        if not isinstance(error, OSError) and event.attempts + 1 >= BUGS:
            await self._set_aside(event, f"answering it broke: {type(error).__name__}")
            return
        await self._store.inbox.later(event, time.time() + backoff_s(event.attempts, 60))

    async def _set_aside(self, event: Event, why: str) -> None:
        log.warning("event %d of %s is set aside: %s", event.id, event.platform, why)
        await self._store.inbox.set_aside(event, why)
