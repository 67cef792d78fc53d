"""Has jobs rendered: as many as the pool has room for, fairly, each until its end. Knows no chat and draws nothing.

A job is claimed once its photo is here; `bot.fetching` sees to that.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Protocol

from bot.crew import Crew, backoff_s, keep_looking, worker_name
from bot.messages import Reply
from bot.rows import answer_of
from db import Answer, JobRow, Store
from generation.errors import PhotoExpired, RenderFailed, UnknownStyle, UserError
from generation.job import Job, Picture, Progress
from generation.pools import Pool
from generation.styles import Catalogue, Style

log = logging.getLogger(__name__)

Finished = Callable[[JobRow, Picture, int], Reply]
Failed = Callable[[JobRow, UserError], Reply]

ATTEMPTS = 3
"""How often a job is rendered when the failure is ours."""
CLAIMS = 25
"""How often a job is taken up when whoever took it disappeared: it may be what kills them."""
FORGET_S = 3600.0
"""Workers forget by themselves long before; this is for the wish of somebody at another bot on this database."""
PLACES_S = 1.0
"""How often people hear of their place in the queue."""


class Screen(Protocol):
    """Where people see how far their picture is; what it is told may be lost."""

    def progress(self, job: JobRow, *, place: int | None = None, share: float | None = None) -> None: ...


class Dispatch:
    """Args:
    finished, failed: what a job's message says at its end.
    keep_pictures_s: how long a finished picture is kept.
    lease_s: how long a job stays claimed by a bot that died; while it lives it renews the claim.
    """

    def __init__(
        self,
        store: Store,
        pool: Pool,
        catalogue: Catalogue,
        *,
        finished: Finished,
        failed: Failed,
        delivery: Screen,
        keep_pictures_s: float,
        lease_s: float = 30.0,
        look_s: float = 0.25,
    ) -> None:
        self._store = store
        self._pool = pool
        self._catalogue = catalogue
        self._finished = finished
        self._failed = failed
        self._screen = delivery
        self._keep_pictures_s = keep_pictures_s
        self._lease_s = lease_s
        self._look_s = look_s
        self._worker = worker_name()
        self._crew = Crew(self._work, self._give_back, store.jobs.bell.ring)
        self._told: dict[str, int] = {}

    async def run(self) -> None:
        """Render jobs until cancelled; those under way are then free for others at once."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(keep_looking(self._claim, lambda: self._store.jobs.bell.wait(self._look_s)))
                group.create_task(keep_looking(self._renew, lambda: asyncio.sleep(self._lease_s / 3)))
                group.create_task(keep_looking(self._tell_places, lambda: asyncio.sleep(PLACES_S)))
                group.create_task(keep_looking(self._forget, lambda: self._store.people.forgotten.wait(FORGET_S)))
        finally:
            await self._crew.dismiss()
            await self._store.jobs.release(self._worker)

    async def _claim(self) -> None:
        free = self._pool.slots - len(self._crew)
        if free > 0:
            for job in await self._store.jobs.claim(self._worker, free, self._lease_s):
                self._crew.send(job)

    async def _renew(self) -> None:
        if jobs := self._crew.items:
            await self._store.jobs.renew(jobs, self._lease_s)

    async def _forget(self) -> None:
        """What is erased here shall be gone from the workers' memory, too."""
        self._pool.forget()

    async def _tell_places(self) -> None:
        """Each waiting job's place, when it has changed."""
        places = {job.id: (place, job) for place, job in enumerate(await self._store.jobs.waiting(), 1)}
        for id, (place, job) in places.items():
            if self._told.get(id) != place and self._catalogue.named(job.style):
                self._screen.progress(job, place=place)
        self._told = {id: place for id, (place, _) in places.items()}

    async def _work(self, job: JobRow) -> None:
        """From a claimed job to its end, or to another attempt."""
        started = time.perf_counter()
        style = self._catalogue.named(job.style)
        outcome = await self._outcome(job, style)
        engine = style.engine if style else "none"
        log.info("job %s %s %s %.2f s %s", job.id, job.style, engine, time.perf_counter() - started, outcome)

    async def _outcome(self, job: JobRow, style: Style | None) -> str:
        try:
            picture = await self._render(job, style)
        except RenderFailed as error:
            if job.attempts + 1 < ATTEMPTS and job.lease < CLAIMS:
                await self._store.jobs.again(job, time.time() + backoff_s(job.attempts, 10))
                return "to be tried again"
            return await self._fail(job, error)
        except UserError as error:
            return await self._fail(job, error)
        until = time.time() + self._keep_pictures_s

        def body(id: int) -> Answer:
            return answer_of(self._finished(job, picture, id), job.lang)

        return "done" if await self._store.jobs.finish(job, picture.data, body, until) else "too late"

    async def _render(self, job: JobRow, style: Style | None) -> Picture:
        """Raises UserError."""
        if style is None:
            raise UnknownStyle(job.style, ())
        if job.lease >= CLAIMS:
            raise RenderFailed
        photo = await self._store.blobs.get(job.photo, job.user)
        if photo is None:
            raise PhotoExpired

        def tell(progress: Progress) -> None:
            self._screen.progress(job, share=progress.share)

        self._screen.progress(job, share=0.0)
        sheet = tuple(each for name in job.sheet if (each := self._catalogue.styles.get(name)))
        drawn = Job(job.id, style, (photo,), job.strength, job.seed, job.beside, sheet)
        return await self._pool.render(drawn, tell)

    async def _fail(self, job: JobRow, error: UserError) -> str:
        why = type(error).__name__
        told = await self._store.jobs.fail(job, answer_of(self._failed(job, error), job.lang))
        return why if told else f"{why}, too late"

    async def _give_back(self, job: JobRow, error: BaseException) -> None:
        """A bug around the rendering, or the database was away: the job is tried again, but not for ever."""
        if isinstance(error, OSError) or job.attempts + 1 < ATTEMPTS:
            failed = not isinstance(error, OSError)
            await self._store.jobs.again(job, time.time() + backoff_s(job.attempts, 10), failed=failed)
        else:
            await self._fail(job, RenderFailed())
