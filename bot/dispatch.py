"""Has jobs rendered: as many as the pools have room for, fairly, each until its end. Knows no chat and draws nothing.

A job is claimed once its photo is here; `bot.fetching` sees to that. One that is drawn first and painted then passes
from one lane to the next; whatever becomes of the painting, its draft is kept.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Protocol

from bot.crew import Crew, backoff_s, keep_looking, worker_name
from bot.messages import Reply
from bot.rows import answer_of
from db import Answer, JobRow, Store
from db.records import DRAW, PAINT
from generation.errors import PainterAway, PainterFull, PhotoExpired, RenderFailed, UnknownStyle, UserError
from generation.job import Job, Picture, Progress
from generation.pools import Pool
from generation.styles import Catalogue, Style

log = logging.getLogger(__name__)

Finished = Callable[[JobRow, Picture, int], Reply]
Kept = Callable[[JobRow, int, str, UserError], Reply]
Failed = Callable[[JobRow, UserError], Reply]

ATTEMPTS = 3
"""How often a job is rendered when the failure is ours."""
CLAIMS = 25
"""How often a job is taken up when whoever took it disappeared: it may be what kills them."""
PATIENCE, PHOTOS_S = 16, 1.0
"""A painter waits for all of somebody's photos until the job was taken up so often, and looks again after so long."""
FORGET_S = 3600.0
"""Workers forget by themselves long before; this is for the wish of somebody at another bot on this database."""
LANES = {DRAW, PAINT}
ORPHANS_S, AT_ONCE = 10.0, 8
PLACES_S = 1.0
"""How often people hear of their place in the queue."""


class Screen(Protocol):
    """Where people see how far their picture is; what it is told may be lost."""

    def progress(self, job: JobRow, *, place: int | None = None, share: float | None = None) -> None: ...


class Dispatch:
    """Args:
    pools: who renders the jobs of each lane. Those of a lane without a pool have lost their painter.
    finished, failed: what a job's message says at its end.
    drafted: what it says while the painter goes on from a draft; kept: when the draft is all there will be, given
        its id, what was said so far, and why.
    full: with more jobs waiting in a lane, drafts are not passed on to it.
    keep_pictures_s: how long a finished picture is kept.
    lease_s: how long a job stays claimed by a bot that died; while it lives it renews the claim.
    """

    def __init__(
        self,
        store: Store,
        pools: Mapping[str, Pool],
        catalogue: Catalogue,
        *,
        finished: Finished,
        drafted: Finished,
        kept: Kept,
        failed: Failed,
        delivery: Screen,
        keep_pictures_s: float,
        lease_s: float = 30.0,
        look_s: float = 0.25,
        full: int = 40,
    ) -> None:
        self._store = store
        self._pools = dict(pools)
        self._catalogue = catalogue
        self._finished = finished
        self._drafted = drafted
        self._kept = kept
        self._failed = failed
        self._full = full
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
                group.create_task(keep_looking(self._renew, lambda: self._store.jobs.stopped.wait(self._lease_s / 3)))
                group.create_task(keep_looking(self._tell_places, lambda: asyncio.sleep(PLACES_S)))
                group.create_task(keep_looking(self._tell_orphans, lambda: asyncio.sleep(ORPHANS_S)))
                group.create_task(keep_looking(self._forget, lambda: self._store.people.forgotten.wait(FORGET_S)))
        finally:
            await self._crew.dismiss()
            await self._store.jobs.release(self._worker)

    async def _claim(self) -> None:
        held = Counter(job.lane for job in self._crew.items)
        for lane, pool in self._pools.items():
            await self._take(lane, pool.slots - held[lane])

    async def _take(self, lane: str, n: int) -> None:
        if n > 0:
            for job in await self._store.jobs.claim(self._worker, n, self._lease_s, lane):
                self._crew.send(job)

    async def _tell_orphans(self) -> None:
        """Jobs of a lane that nobody serves any more, from before the bot was started without its painter."""
        for lane in LANES - self._pools.keys():
            await self._take(lane, AT_ONCE)

    async def _renew(self) -> None:
        """Keep what is still wanted; work on what was stopped, erased or taken over ends."""
        if jobs := self._crew.items:
            ours = await self._store.jobs.renew(jobs, self._lease_s)
            for job in jobs:
                if job.id not in ours:
                    self._crew.drop(job)

    async def _forget(self) -> None:
        """What is erased here shall be gone from the workers' memory, too, and not be worked on any more."""
        self._store.jobs.stopped.ring()
        for pool in self._pools.values():
            pool.forget()

    async def _tell_places(self) -> None:
        """Each waiting job's place, when it has changed."""
        told = {}
        for lane in self._pools:
            for place, job in enumerate(await self._store.jobs.waiting(lane), 1):
                told[job.id] = place
                if self._told.get(job.id) != place and self._catalogue.named(job.style, job.words):
                    self._screen.progress(job, place=place)
        self._told = told

    async def _work(self, job: JobRow) -> None:
        """From a claimed job to its end, or to another attempt."""
        started = time.perf_counter()
        if await self._lacks_photos(job):
            await self._store.jobs.again(job, time.time() + PHOTOS_S, failed=False)
            return
        style = self._catalogue.named(job.style, job.words)
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
        return await self._end(job, picture)

    async def _end(self, job: JobRow, picture: Picture) -> str:
        """The picture is there: show it, as a draft if somebody goes on with it and is not too busy for that."""
        until = time.time() + self._keep_pictures_s
        goes_on = bool(job.next_lane)
        full = goes_on and len(await self._store.jobs.waiting(job.next_lane, self._full + 1)) > self._full

        def body(id: int) -> Answer:
            says = (self._drafted if goes_on else self._finished)(job, picture, id)
            return answer_of(self._kept(job, id, says.text, PainterFull()) if full else says, job.lang)

        close = self._store.jobs.draft if goes_on and not full else self._store.jobs.finish
        outcome = "drafted" if goes_on else "done"
        return outcome if await close(job, picture.data, body, until) else "too late"

    async def _lacks_photos(self, job: JobRow) -> bool:
        """More photos of the person are on their way, for which a painter waits a while."""
        if job.lane != PAINT or job.lease >= PATIENCE:
            return False
        return any([await self._store.blobs.get(id, job.user) == b"" for id in job.also])

    async def _render(self, job: JobRow, style: Style | None) -> Picture:
        """Raises UserError."""
        if style is None:
            raise UnknownStyle(job.style, ())
        if job.lease >= CLAIMS:
            raise RenderFailed
        photo = await self._store.blobs.get(job.photo, job.user)
        if photo is None:
            raise PhotoExpired
        also = [more for id in job.also if (more := await self._store.blobs.get(id, job.user))]

        def tell(progress: Progress) -> None:
            self._screen.progress(job, share=progress.share)

        self._screen.progress(job, share=0.0)
        sheet = tuple(each for name in job.sheet if (each := self._catalogue.styles.get(name)))
        given = (job.strength, job.seed, job.beside, sheet, job.likeness)
        if job.lane not in self._pools:
            raise PainterAway
        return await self._pools[job.lane].render(Job(job.id, style, (photo, *also), *given), tell)

    async def _fail(self, job: JobRow, error: UserError) -> str:
        why = type(error).__name__
        if job.picture is not None and (post := await self._store.outbox.get(job.outbox_key)) is not None:
            says = self._kept(job, job.picture, post.body.text, error)
            told = await self._store.jobs.keep(job, answer_of(says, job.lang))
        else:
            told = await self._store.jobs.fail(job, answer_of(self._failed(job, error), job.lang))
        return why if told else f"{why}, too late"

    async def _give_back(self, job: JobRow, error: BaseException) -> None:
        """A bug around the rendering, or the database was away: the job is tried again, but not for ever."""
        if isinstance(error, OSError) or job.attempts + 1 < ATTEMPTS:
            failed = not isinstance(error, OSError)
            await self._store.jobs.again(job, time.time() + backoff_s(job.attempts, 10), failed=failed)
        else:
            await self._fail(job, RenderFailed())
