"""Questions about incoming events: received once, claimed in their chat's order, answered once."""

import hashlib
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import delete, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningUpdate

from db.bell import Bell
from db.bodies import add_post, change_post
from db.claims import NOW, claim_values, claiming
from db.engine import Database
from db.jobs import add_job, stop_job
from db.models import Blob, Inbox, Issued, Job, Outbox, Person
from db.records import Answer, AnswerIds, Event
from db.together import Together
from db.unbroken import unbroken

KEEP_HASHES_S = 7 * 86400.0
"""How long duplicates are recognised; platforms repeat events for a day at most."""
KEEP_ASIDE_S = 86400.0
EMPTY: Mapping[str, Any] = {"platform": "", "event": "", "chat": "", "raw": None, "due_at": None, "worker": None}


@unbroken
class Inboxes:
    def __init__(self, database: Database, jobs: Bell, posts: Bell, stopped: Bell) -> None:
        self.bell = Bell()  # an event is due
        self._db = database
        self._jobs, self._posts, self._stopped = jobs, posts, stopped
        self._keep = Together(self._keep_all)

    async def receive(
        self, platform: str, event: str, chat: str, raw: Mapping[str, Any], gather_s: float | None = None
    ) -> bool:
        """Write an event down. False: it was there already.

        Args:
            gather_s: the event comes in parts. They are gathered to {"parts": [raw, ...]}, each once by its "part",
                and the event is due so long after the last one. A part that comes after that is an event of its own.
        """
        place = {"platform": platform, "chat": chat}
        if gather_s is None:
            return await self._keep(_row(event, raw, 0.0, place))
        async with self._db.write() as c:
            fresh = await self._gather(c, event, raw, gather_s, place)
        self.bell.ring()
        return fresh

    async def _keep_all(self, rows: list[dict[str, Any]]) -> list[bool]:
        """Write rows down in one transaction. Returns which are new."""
        once = self._db.insert(Inbox).on_conflict_do_nothing(index_elements=["hash"]).returning(Inbox.hash)
        async with self._db.write() as c:
            new = set((await c.execute(once, rows)).scalars())
        self.bell.ring()
        fresh = []
        for row in rows:  # of two that are the same, the first is new
            fresh.append(row["hash"] in new)
            new.discard(row["hash"])
        return fresh

    async def _write_down(
        self, c: AsyncConnection, event: str, raw: Mapping[str, Any], wait_s: float, place: dict[str, str]
    ) -> bool:
        new = self._db.insert(Inbox).values(**_row(event, raw, wait_s, place))
        once = new.on_conflict_do_nothing(index_elements=["hash"]).returning(Inbox.id)
        return (await c.execute(once)).first() is not None

    async def _gather(
        self, c: AsyncConnection, event: str, raw: Mapping[str, Any], wait_s: float, place: dict[str, str]
    ) -> bool:
        if not await self._note_part(c, place["platform"], event, raw["part"]):
            return False
        if await self._write_down(c, event, {"parts": [dict(raw)]}, wait_s, place):
            return True
        same = select(Inbox).where(Inbox.hash == _hash(place["platform"], event)).with_for_update()
        row = (await c.execute(same.with_only_columns(Inbox.id, Inbox.raw, Inbox.due_at, Inbox.worker))).one()
        if row.due_at is None or row.worker is not None:
            return await self._write_down(c, f"{event}/late/{raw['part']}", {"parts": [dict(raw)]}, 0.0, place)
        more = {"raw": {"parts": [*row.raw["parts"], dict(raw)]}, "due_at": time.time() + wait_s}
        await c.execute(update(Inbox).where(Inbox.id == row.id).values(**more))
        return True

    async def _note_part(self, c: AsyncConnection, platform: str, event: str, part: str) -> bool:
        """A row that only tells duplicates, which the whole cannot once it is answered. False: it was there already."""
        row = {**EMPTY, "hash": _hash(platform, f"{event}/{part}"), "at": time.time()}
        once = self._db.insert(Inbox).values(row).on_conflict_do_nothing(index_elements=["hash"])
        return (await c.execute(once.returning(Inbox.id))).first() is not None

    async def claim(self, worker: str, n: int, lease_s: float) -> list[Event]:
        """Up to n events to be answered: each chat's oldest, and none while an older one of its chat is claimed."""
        async with self._db.write() as c:
            rows = (await c.execute(_claim(), claim_values(worker, n, lease_s, time.time()))).all()
        events = [Event(r.id, r.platform, r.event, r.chat, r.raw, r.attempts, r.lease, r.at) for r in rows]
        return sorted(events, key=lambda event: event.id)

    async def renew(self, events: Iterable[Event], lease_s: float) -> None:
        """Keep events claimed for another while."""
        held = [(event.id, event.lease) for event in events]
        mine = (tuple_(Inbox.id, Inbox.lease).in_(held), Inbox.due_at.is_not(None))
        async with self._db.write() as c:
            await c.execute(update(Inbox).where(*mine).values(due_at=time.time() + lease_s))

    async def answer(self, event: Event, user: str, answer: Answer | None, keep_until: float = 0.0) -> AnswerIds:
        """Answer an event, all at once: the message of ours, its buttons, the job, and the event is done.

        Nothing happens the second time, nor when the claim was lost.

        Args:
            answer: None if there is nothing to say.
            keep_until: an ordered picture's photo is kept at least until then.
        """
        key = _hash(event.platform, event.event)[:32]
        async with self._db.write() as c:
            whose = None if answer is None or answer.wipes else user
            done = update(Inbox).where(*_mine(event)).values(**EMPTY, user=whose)
            if not (await c.execute(done)).rowcount:
                return AnswerIds(key, await _job_of(c, key), fresh=False)
            if answer is None:
                return AnswerIds(key, None, fresh=True)
            job = await add_job(c, event, user, answer.order, key) if answer.order else None
            answer = answer.about(job) if job else answer
            if said := await _said_apart(c, answer, user):
                place = {"user": user, "platform": event.platform, "chat": event.chat}
                await add_post(c, said, key=key, **place)
            if answer.order and keep_until:
                theirs = (Blob.id.in_((answer.order.photo, *answer.order.also)), Blob.user == user)
                photos = update(Blob).where(*theirs, Blob.expires_at < keep_until)
                await c.execute(photos.values(expires_at=keep_until))
            answered = (Person.user == user, Person.consent_at > Person.held_at)  # an older consent releases nothing
            await c.execute(update(Person).where(*answered).values(held=None, held_at=None))
        if answer.deletes:
            await self._db.scrub()
        if answer.stops or answer.deletes:
            self._stopped.ring()
        for bell in (self.bell, self._posts, self._jobs) if job else (self.bell, self._posts):
            bell.ring()
        return AnswerIds(key, job, fresh=True)

    async def later(self, event: Event, at: float, failed: bool = True) -> None:
        """Not now: claim it again then. failed: whether that counts as an attempt."""
        again = {"due_at": at, "worker": None, "attempts": Inbox.attempts + int(failed)}
        async with self._db.write() as c:
            await c.execute(update(Inbox).where(*_mine(event)).values(**again))

    async def set_aside(self, event: Event, why: str) -> None:
        """Nobody can answer this one. It is kept for a day for whoever looks after the bot, and stops nobody."""
        async with self._db.write() as c:
            await c.execute(update(Inbox).where(*_mine(event)).values(due_at=None, worker=None, aside=why))

    async def expire(self, now: float) -> int:
        """Erase old events: hashes of answered ones, and what was set aside. Returns how many."""
        done, aside = Inbox.due_at.is_(None), Inbox.aside.is_not(None)
        old = or_(Inbox.at < now - KEEP_HASHES_S, aside & (Inbox.at < now - KEEP_ASIDE_S))
        async with self._db.write() as c:
            return (await c.execute(delete(Inbox).where(done, old))).rowcount

    async def release(self, worker: str | None = None) -> int:
        """Give back at once what a worker claimed, or what everybody did. Returns how many."""
        held = [Inbox.worker.is_not(None) if worker is None else Inbox.worker == worker, Inbox.due_at.is_not(None)]
        free = {"due_at": time.time(), "worker": None, "lease": Inbox.lease + 1}
        async with self._db.write() as c:
            return (await c.execute(update(Inbox).where(*held).values(**free))).rowcount


@cache
def _claim() -> ReturningUpdate[Any]:
    earlier = aliased(Inbox)
    before = select(earlier.id).where(
        earlier.platform == Inbox.platform,
        earlier.chat == Inbox.chat,
        earlier.id < Inbox.id,
        earlier.due_at.is_not(None),
    )
    oldest = Inbox.id + 0  # sorts the few that are due; by the bare id all rows there ever were would be looked at
    due = select(Inbox.id).where(Inbox.due_at <= NOW, ~before.exists()).order_by(oldest)
    return claiming(Inbox, due, Inbox.__table__)


async def _said_apart(c: AsyncConnection, answer: Answer, user: str) -> Answer | None:
    """What is still to be said in a message of its own; None when that of a job has become the answer.

    A message that is there already must not stay as it is.
    """
    if answer.stops:
        if not await stop_job(c, answer.stops, user, answer):  # it has ended by itself, and has said so itself
            answer = await _as_it_ended(c, answer, user)
        return None if answer.ref is None else answer
    replaced = bool(answer.deletes) and await _replace(c, answer, user)
    return None if replaced and answer.ref is None else answer


async def _as_it_ended(c: AsyncConnection, answer: Answer, user: str) -> Answer:
    """Instead of what there is no more to stop: what the job's own message says."""
    job = int(answer.stops) if answer.stops and answer.stops.isdecimal() else -1
    post = select(Outbox.body).join(Job, Job.outbox_key == Outbox.key).where(Job.id == job, Job.user == user)
    said = (await c.execute(post)).scalar_one_or_none()
    if said is None:
        return replace(answer, choices=(), picture=None)
    return replace(answer, text=said["text"], alt=said["alt"], choices=(), picture=said["picture"])


async def _replace(c: AsyncConnection, answer: Answer, user: str) -> bool:
    """The message of the job that is to be erased becomes the answer. False if there is none."""
    job = int(answer.deletes) if answer.deletes and answer.deletes.isdecimal() else -1
    gone = delete(Job).where(Job.id == job, Job.user == user).returning(Job.outbox_key, Job.picture)
    row = (await c.execute(gone)).one_or_none()
    if row is None:
        return False
    await c.execute(delete(Issued).where(Issued.job == job, Issued.user == user))
    if row.picture is not None:
        await c.execute(delete(Blob).where(Blob.id == row.picture))
        posts = (await c.execute(select(Outbox.key, Outbox.body).where(Outbox.user == user))).all()
        for post in posts:  # the same picture may stand under other messages too
            if post.body["picture"] == row.picture and post.key != row.outbox_key:
                await change_post(c, answer, key=post.key)
    return await change_post(c, answer, key=row.outbox_key)


async def _job_of(c: AsyncConnection, key: str) -> str | None:
    job = (await c.execute(select(Job.id).where(Job.outbox_key == key))).scalar_one_or_none()
    return None if job is None else str(job)


def _mine(event: Event) -> tuple[Any, ...]:
    return Inbox.id == event.id, Inbox.lease == event.lease, Inbox.due_at.is_not(None)


def _row(event: str, raw: Mapping[str, Any], wait_s: float, place: dict[str, str]) -> dict[str, Any]:
    now = time.time()
    row = {"hash": _hash(place["platform"], event), "event": event, "raw": dict(raw)}
    return {**place, **row, "at": now, "due_at": now + wait_s}


def _hash(platform: str, event: str) -> str:
    return hashlib.sha256(f"{platform}\0{event}".encode()).hexdigest()
