"""Brings in the photos people sent, from where their platforms keep them. Knows neither what they show nor who waits.

A stage of its own before the rendering: a slow download holds up neither the placeholder nor anybody else's picture.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Mapping

from bot.crew import Crew, backoff_s, keep_looking, worker_name
from bot.dispatch import Failed
from bot.messages import Gone, Later
from bot.platforms import Platform
from bot.rows import answer_of
from db import Answer, Errand, JobRow, Store
from generation.errors import FileTooLarge, PhotoError, PhotoExpired

log = logging.getLogger(__name__)

MB = 1_000_000
FETCHES = 10
"""How often a photo is asked for, over about two minutes, before the person is asked to send it again."""
CLAIMS = 25
"""How often it is asked for when whoever did so disappeared: it may be what kills them."""
LONGEST_WAIT_S = 60.0


class Fetching:
    """Args:
    failed: what the message of a job says whose photo cannot be had.
    keep_photos_s: how long a photo is kept after it was last used.
    photo_bytes: the largest file taken in.
    at_once: how many photos of one platform are fetched at the same time; a platform that hangs holds up its own alone.
    lease_s: how long a photo stays claimed by a bot that died; while it lives it renews the claim.
    fetch_s: how long one attempt may take.
    """

    def __init__(
        self,
        store: Store,
        platforms: Mapping[str, Platform],
        *,
        failed: Failed,
        keep_photos_s: float,
        photo_bytes: int = 25 * MB,
        at_once: int = 8,
        lease_s: float = 30.0,
        fetch_s: float = 60.0,
        look_s: float = 0.25,
    ) -> None:
        self._store = store
        self._platforms = platforms
        self._failed = failed
        self._keep_photos_s = keep_photos_s
        self._photo_bytes = photo_bytes
        self._at_once = at_once
        self._lease_s = lease_s
        self._fetch_s = fetch_s
        self._look_s = look_s
        self._worker = worker_name()
        self._crew = Crew(self._bring, self._put_off, store.errands.bell.ring)

    async def run(self) -> None:
        """Fetch photos until cancelled; those under way are then free for others at once."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(keep_looking(self._claim, lambda: self._store.errands.bell.wait(self._look_s)))
                group.create_task(keep_looking(self._renew, lambda: asyncio.sleep(self._lease_s / 3)))
        finally:
            await self._crew.dismiss()
            await self._store.errands.release(self._worker)

    async def _claim(self) -> None:
        while room := self._room():
            n = min(room.values())
            errands = await self._store.errands.claim(self._worker, n, self._lease_s, room)
            for errand in errands:
                self._crew.send(errand)
            if len(errands) < n:
                return

    def _room(self) -> dict[str, int]:
        """How many more photos each platform may be asked for."""
        held = Counter(errand.platform for errand in self._crew.items)
        return {name: free for name in self._platforms if (free := self._at_once - held[name]) > 0}

    async def _renew(self) -> None:
        if errands := self._crew.items:
            await self._store.errands.renew(errands, self._lease_s)

    async def _bring(self, errand: Errand) -> None:
        started = time.perf_counter()
        try:
            data = await self._fetch(errand)
        except PhotoError as error:
            await self._lose(errand, error)
        except Later as later:
            await self._store.errands.later(errand, time.time() + later.seconds)
        else:
            await self._store.errands.arrived(errand, data, time.time() + self._keep_photos_s)
            log.debug("photo %d came in %.1f ms", errand.id, (time.perf_counter() - started) * 1000)

    async def _fetch(self, errand: Errand) -> bytes:
        """Raises PhotoExpired, FileTooLarge, Later, OSError."""
        if errand.attempts >= FETCHES or errand.lease >= CLAIMS:
            raise PhotoExpired
        try:
            async with asyncio.timeout(self._fetch_s):
                data = await self._platforms[errand.platform].fetch(errand.ref)
        except Gone as gone:
            raise PhotoExpired from gone
        if len(data) > self._photo_bytes:
            raise FileTooLarge(round(len(data) / MB), round(self._photo_bytes / MB))
        return data

    async def _lose(self, errand: Errand, error: PhotoError) -> None:
        def body(job: JobRow) -> Answer:
            return answer_of(self._failed(job, error), job.lang)

        log.info("photo %d of %s is not to be had: %s", errand.id, errand.platform, type(error).__name__)
        await self._store.errands.lost(errand, body)

    async def _put_off(self, errand: Errand, error: BaseException) -> None:
        """The network's troubles pass, and a bug is not asked for ever."""
        await self._store.errands.later(errand, time.time() + backoff_s(errand.attempts, LONGEST_WAIT_S))
