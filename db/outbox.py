"""Questions about messages of ours: which one the screen does not show as it should, and what became of showing it."""

import time
from functools import cache
from typing import Any

from sqlalchemy import case, delete, or_, select, update
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningUpdate

from db.bell import Bell
from db.claims import NOW, claim_values, claiming
from db.engine import Database
from db.models import Outbox
from db.records import Body, Post
from db.unbroken import unbroken

FIELDS = (
    *(Outbox.id, Outbox.key, Outbox.user, Outbox.platform, Outbox.chat, Outbox.ref, Outbox.body),
    *(Outbox.version, Outbox.shown, Outbox.attempts, Outbox.lease, Outbox.final),
)


@unbroken
class Outboxes:
    def __init__(self, database: Database) -> None:
        self.bell = Bell()  # a message is due
        self._db = database

    async def claim(self, worker: str, n: int, lease_s: float) -> list[Post]:
        """Up to n messages that should show something else than they do, finished ones first.

        New messages of a chat are sent in their order: the second waits until the first is sent or given up.
        """
        async with self._db.write() as c:
            rows = await c.execute(_claim(), claim_values(worker, n, lease_s, time.time()))
            posts = [_record(row) for row in rows]
        return sorted(posts, key=lambda post: (not post.final, post.id))

    async def get(self, key: str) -> Post | None:
        """A message as it stands, claimed or not; None if it was erased."""
        async with self._db.read() as c:
            row = (await c.execute(select(*FIELDS).where(Outbox.key == key))).one_or_none()
        return None if row is None else _record(row)

    async def shown(self, post: Post, ref: str) -> None:
        """It is on the screen, under that ref. If it has changed meanwhile, it is due again at once.

        A message that wiped its chat leaves nothing behind: it goes from here too.
        """
        now = time.time()
        due_at = case((Outbox.version == post.version, None), else_=now)
        seen = {"ref": ref, "shown": post.version, "due_at": due_at, "worker": None, "attempts": 0}
        done = delete(Outbox) if post.body.wipes else update(Outbox).values(**seen)
        async with self._db.write() as c:
            await c.execute(done.where(Outbox.id == post.id))
        self.bell.ring()  # it may have changed meanwhile, or the chat's next one was waiting for it

    async def later(self, post: Post, at: float) -> None:
        """It could not be shown: try again then."""
        again = {"due_at": at, "worker": None, "attempts": Outbox.attempts + 1}
        async with self._db.write() as c:
            await c.execute(update(Outbox).where(*_mine(post)).values(**again))
        self.bell.ring_at(at)

    async def free(self, post: Post) -> None:
        """It was not tried: anybody may show it now."""
        async with self._db.write() as c:
            await c.execute(update(Outbox).where(*_mine(post)).values(due_at=time.time(), worker=None))

    async def give_up(self, post: Post, why: str) -> None:
        """This version will never be shown; a later one is tried again."""
        now = time.time()
        due_at = case((Outbox.version == post.version, None), else_=now)
        async with self._db.write() as c:
            await c.execute(update(Outbox).where(*_mine(post)).values(due_at=due_at, worker=None, gave_up=why))

    async def redo(self, post: Post) -> None:
        """Something older may have been drawn over it: show it once more."""
        now = time.time()
        due_at = case((Outbox.worker.is_not(None) & (Outbox.due_at > now), Outbox.due_at), else_=now)
        once_more = {"version": Outbox.version + 1, "due_at": due_at}
        async with self._db.write() as c:
            await c.execute(update(Outbox).where(Outbox.id == post.id).values(**once_more))
        self.bell.ring()

    async def release(self, worker: str | None = None) -> int:
        """Give back at once what a worker claimed, or what everybody did. Returns how many."""
        held = [Outbox.worker.is_not(None) if worker is None else Outbox.worker == worker, Outbox.due_at.is_not(None)]
        free = {"due_at": time.time(), "worker": None, "lease": Outbox.lease + 1}
        async with self._db.write() as c:
            return (await c.execute(update(Outbox).where(*held).values(**free))).rowcount


@cache
def _claim() -> ReturningUpdate[Any]:
    earlier = aliased(Outbox)
    before = select(earlier.id).where(
        earlier.platform == Outbox.platform,
        earlier.chat == Outbox.chat,
        earlier.id < Outbox.id,
        earlier.ref.is_(None),
        earlier.due_at.is_not(None),
    )
    due = select(Outbox.id).where(Outbox.due_at <= NOW, or_(Outbox.ref.is_not(None), ~before.exists()))
    return claiming(Outbox, due.order_by(Outbox.final.desc(), Outbox.id), *FIELDS)


def _mine(post: Post) -> tuple[Any, ...]:
    return Outbox.id == post.id, Outbox.lease == post.lease


def _record(row: Any) -> Post:
    fields = row._asdict()
    return Post(**{**fields, "body": Body.from_json(fields["body"])})
