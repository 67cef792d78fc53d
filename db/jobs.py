"""Questions about jobs: fair order between persons, leases, and finishing with the current lease only."""

import time
from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import cache
from typing import Any

from sqlalchemy import bindparam, case, delete, func, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate

from db.bell import Bell
from db.bodies import change_post
from db.claims import NOW, claim_values, claiming
from db.engine import Database
from db.issued import add_issued
from db.models import Blob, Errand, Job
from db.records import DRAW, Answer, Event, Issued, JobRow, Order
from db.unbroken import unbroken

OPEN = Job.state == "open"
FIELDS = (
    *(Job.id, Job.user, Job.platform, Job.chat, Job.style, Job.strength, Job.photo, Job.seed),
    *(Job.beside, Job.lang, Job.attempts, Job.lease, Job.outbox_key, Job.offers, Job.picture, Job.sheet, Job.many),
    *(Job.lane, Job.next_lane, Job.also, Job.words, Job.likeness),
)
PLAIN = {field.name for field in fields(JobRow)} - {"id", "offers", "sheet", "also"}

PHOTO_HERE = ~select(Errand.id).where(Errand.id == Job.photo).exists()


@unbroken
class Jobs:
    def __init__(self, database: Database, posts: Bell) -> None:
        self.bell = Bell()  # a job is due
        self.stopped = Bell()  # somebody wants no more of a job that is under way
        self._db = database
        self._posts = posts

    async def claim(self, worker: str, n: int, lease_s: float, lane: str = DRAW) -> list[JobRow]:
        """Up to n jobs of a lane whose photos are here, the fairest first. They come back when the lease runs out."""
        values = {**claim_values(worker, n, lease_s, time.time()), "of_lane": lane}
        async with self._db.write() as c:
            rows = (await c.execute(_claim(), values)).all()
        return [_record(row) for row in sorted(rows, key=lambda row: (row.priority, row.vtime, row.id))]

    async def renew(self, jobs: Iterable[JobRow], lease_s: float) -> set[str]:
        """Keep jobs claimed for another while. Returns the ids of those that are still ours."""
        held = [(int(job.id), job.lease) for job in jobs]
        mine = update(Job).where(OPEN, tuple_(Job.id, Job.lease).in_(held)).values(due_at=time.time() + lease_s)
        async with self._db.write() as c:
            return {str(id) for id in (await c.execute(mine.returning(Job.id))).scalars()}

    async def finish(
        self,
        job: JobRow,
        picture: bytes,
        body: Callable[[int], Answer],
        expires_at: float,
        issued: Issued | None = None,
    ) -> bool:
        """The picture is there, and the message shows it from now on. False if the job is not ours any more.

        Args:
            body: what the message shows, given the id of the picture.
            issued: what shall be known of the picture when somebody asks.
        """
        async with self._db.write() as c:
            if not await _close(c, job, "done"):
                return False
            await _show(c, job, picture, body, expires_at)
            if issued is not None:
                await add_issued(c, self._db, issued, user=job.user, job=int(job.id))
        self._posts.ring()
        return True

    async def draft(
        self,
        job: JobRow,
        picture: bytes,
        body: Callable[[int], Answer],
        expires_at: float,
        issued: Issued | None = None,
    ) -> bool:
        """A first picture is there, and the next lane goes on from here. False if the job is not ours any more.

        Args:
            body: what the message shows meanwhile, given the id of the draft.
        """
        onward = {"lane": job.next_lane, "next_lane": "", "worker": None, "due_at": time.time(), "attempts": 0}
        async with self._db.write() as c:
            passed = update(Job).where(*_mine(job)).values(**onward, lease=Job.lease + 1)
            if not (await c.execute(passed)).rowcount:
                return False
            await _show(c, job, picture, body, expires_at)
            if issued is not None:
                await add_issued(c, self._db, issued, user=job.user, job=int(job.id))
        self._posts.ring()
        self.bell.ring()
        return True

    async def keep(self, job: JobRow, body: Answer) -> bool:
        """The draft is the picture, for there will be no other. False if the job is not ours any more."""
        return await self._end(job, "done", body)

    async def fail(self, job: JobRow, body: Answer) -> bool:
        """There will be no picture, and the message says so. False if the job is not ours any more."""
        return await self._end(job, "failed", body)

    async def _end(self, job: JobRow, state: str, body: Answer) -> bool:
        async with self._db.write() as c:
            if not await _close(c, job, state):
                return False
            await change_post(c, body, key=job.outbox_key)
        self._posts.ring()
        return True

    async def again(self, job: JobRow, at: float, failed: bool = True) -> bool:
        """To be rendered again then. failed: whether this counts as an attempt. False if the job is not ours."""
        free = {"due_at": at, "worker": None, "lease": Job.lease + 1, "attempts": Job.attempts + int(failed)}
        async with self._db.write() as c:
            return bool((await c.execute(update(Job).where(*_mine(job)).values(**free))).rowcount)

    async def of(self, id: str, user: str) -> JobRow | None:
        """A person's own job, whether it is done or not; None if there is no such job of theirs."""
        if not id.isdecimal() or len(id) > 18:
            return None
        async with self._db.read() as c:
            row = (await c.execute(select(*FIELDS).where(Job.id == int(id), Job.user == user))).one_or_none()
        return None if row is None else _record(row)

    async def last(self, user: str) -> JobRow | None:
        """A person's latest job with a picture that is still there."""
        done = (Job.user == user, Job.state == "done", Job.picture.in_(select(Blob.id).where(Blob.user == user)))
        async with self._db.read() as c:
            row = (await c.execute(select(*FIELDS).where(*done).order_by(Job.id.desc()).limit(1))).one_or_none()
        return None if row is None else _record(row)

    async def open_of(self, user: str) -> int:
        """How many pictures of a person are still to be made."""
        async with self._db.read() as c:
            return (await c.execute(select(func.count()).where(OPEN, Job.user == user))).scalar_one()

    async def waiting(self, lane: str = DRAW, limit: int = 100) -> list[JobRow]:
        """The jobs of a lane that could be claimed, in the order in which they will be."""
        free = (OPEN, Job.lane == lane, PHOTO_HERE, Job.worker.is_(None) | (Job.due_at <= time.time()))
        async with self._db.read() as c:
            rows = (await c.execute(select(*FIELDS).where(*free).order_by(*_ORDER).limit(limit))).all()
        return [_record(row) for row in rows]

    async def expire(self) -> int:
        """Erase the words of pictures that are gone. Returns of how many."""
        gone = Job.picture.is_(None) | Job.picture.not_in(select(Blob.id))
        old = update(Job).where(Job.words != "", ~OPEN, gone)
        async with self._db.write() as c:
            return (await c.execute(old.values(words=""))).rowcount

    async def places(self) -> dict[str, int]:
        """Each waiting job's place in the queue; 1 is next."""
        return {job.id: place for place, job in enumerate(await self.waiting(), 1)}

    async def release(self, worker: str | None = None) -> int:
        """Give back at once what a worker claimed, or what everybody did. Returns how many."""
        held = [OPEN, Job.worker.is_not(None) if worker is None else Job.worker == worker]
        free = {"due_at": time.time(), "worker": None, "lease": Job.lease + 1}
        async with self._db.write() as c:
            return (await c.execute(update(Job).where(*held).values(**free))).rowcount


_ORDER = (Job.priority, Job.vtime, Job.id)


@cache
def _claim() -> ReturningUpdate[Any]:
    lane = Job.lane == bindparam("of_lane")
    due = select(Job.id).where(OPEN, lane, Job.due_at <= NOW, PHOTO_HERE).order_by(*_ORDER)
    return claiming(Job, due, *FIELDS, Job.priority, Job.vtime)


async def add_job(c: AsyncConnection, event: Event, user: str, order: Order, key: str) -> str:
    """Queue an order, fairly: a person's next job stands one step behind their last open one, and a newcomer's first
    one beside those that are being made. (Start-time fair queueing with equal weights; Goyal, Vin, Cheng 1996.)
    """
    own = func.max(case((Job.user == user, Job.vtime)))
    drawn = func.max(case((Job.worker.is_not(None), Job.vtime)))
    last, current, first = (await c.execute(select(own, drawn, func.min(Job.vtime)).where(OPEN))).one()
    turn = (first or 0.0) if current is None else current
    vtime = turn if last is None else max(turn, last + 1)
    now = time.time()
    place = {"user": user, "platform": event.platform, "chat": event.chat, "outbox_key": key}
    wish = {"style": order.style, "strength": order.strength, "photo": order.photo, "seed": order.seed}
    wish |= {"beside": order.beside, "lang": order.lang, "offers": " ".join(order.offers)}
    wish |= {"sheet": ",".join(order.sheet), "many": order.many, "also": ",".join(map(str, order.also))}
    wish |= {"lane": order.lane, "next_lane": order.next_lane, "words": order.words, "likeness": order.likeness}
    row = {**place, **wish, "due_at": now, "at": now}
    new = insert(Job).values(**row, vtime=vtime).returning(Job.id)
    return str((await c.execute(new)).scalar_one())


async def fail_waiting(c: AsyncConnection, photo: int, body: Callable[[JobRow], Answer]) -> None:
    """A photo will never be here: the messages of all jobs that wait for it say so."""
    for row in (await c.execute(select(*FIELDS).where(OPEN, Job.photo == photo))).all():
        job = _record(row)
        if await _close(c, job, "failed"):
            await change_post(c, body(job), key=job.outbox_key)


async def stop_job(c: AsyncConnection, id: str, user: str, body: Answer) -> bool:
    """End a person's own job where it is; its message becomes the answer. False if it has ended by itself.

    A draft that the answer does not show, because it came while the answer was thought of, goes.
    """
    ended = {"state": "failed" if body.picture is None else "done", "worker": None}
    mine = update(Job).where(OPEN, Job.id == (int(id) if id.isdecimal() else -1), Job.user == user)
    row = (await c.execute(mine.values(**ended).returning(Job.id, Job.outbox_key, Job.picture))).one_or_none()
    if row is None:
        return False
    if body.picture is None and row.picture is not None:
        await c.execute(update(Job).where(Job.id == row.id).values(picture=None))
        await c.execute(delete(Blob).where(Blob.id == row.picture, Blob.user == user))
    return await change_post(c, body, key=row.outbox_key)


async def _show(
    c: AsyncConnection, job: JobRow, picture: bytes, body: Callable[[int], Answer], expires_at: float
) -> None:
    """The job's picture is this one from now on, and its message shows it; a draft from before goes."""
    kept = {"user": job.user, "key": f"picture/{job.id}/{job.lane}", "kind": "picture"}
    new = insert(Blob).values(**kept, data=picture, expires_at=expires_at).returning(Blob.id)
    id = (await c.execute(new)).scalar_one()
    await c.execute(update(Job).where(Job.id == int(job.id)).values(picture=id))
    if job.picture is not None:
        await c.execute(delete(Blob).where(Blob.id == job.picture, Blob.user == job.user))
    await change_post(c, body(id), key=job.outbox_key)


async def _close(c: AsyncConnection, job: JobRow, state: str) -> bool:
    closed = update(Job).where(*_mine(job)).values(state=state, worker=None)
    return bool((await c.execute(closed)).rowcount)


def _mine(job: JobRow) -> tuple[Any, ...]:
    return OPEN, Job.id == int(job.id), Job.lease == job.lease


def _record(row: Any) -> JobRow:
    plain = {name: value for name, value in row._mapping.items() if name in PLAIN}
    sheet = tuple(row.sheet.split(",")) if row.sheet else ()
    also = tuple(map(int, row.also.split(","))) if row.also else ()
    return JobRow(**plain, id=str(row.id), offers=tuple(row.offers.split()), sheet=sheet, also=also)
