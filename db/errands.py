"""Questions about photos that still lie at their platforms: noted at once, fetched later, each once.

A photo has its id, and can be ordered from, as soon as it is noted. Knows no platform.
"""

import time
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate

from db.bell import Bell
from db.claims import NOW, claim_values, claiming
from db.engine import Database
from db.jobs import fail_waiting
from db.models import Blob, Errand
from db.records import Answer, JobRow
from db.records import Errand as ErrandRecord
from db.unbroken import unbroken

FIELDS = (Errand.id, Errand.platform, Errand.ref, Errand.attempts, Errand.lease)
NOT_HERE = b""


@unbroken
class Errands:
    def __init__(self, database: Database, jobs: Bell, posts: Bell) -> None:
        self.bell = Bell()  # a photo is to be fetched
        self._db = database
        self._jobs, self._posts = jobs, posts

    async def note(self, user: str, key: str, platform: str, ref: str, expires_at: float) -> int:
        """Note where a person's photo lies, and say under which id it will be kept.

        Args:
            key: the same key again is the same photo and the same id, fetched or not.
        """
        photo = {"user": user, "key": key, "kind": "photo", "data": NOT_HERE, "expires_at": expires_at}
        new = self._db.insert(Blob).values(**photo).on_conflict_do_nothing(index_elements=["user", "key"])
        again = update(Blob).where(Blob.user == user, Blob.key == key).values(expires_at=expires_at)
        async with self._db.write() as c:
            id = (await c.execute(new.returning(Blob.id))).scalar_one_or_none()
            if id is None:
                return int((await c.execute(again.returning(Blob.id))).scalar_one())
            await c.execute(insert(Errand).values(id=id, platform=platform, ref=ref, due_at=time.time()))
        self.bell.ring()
        return int(id)

    async def claim(self, worker: str, n: int, lease_s: float, platforms: Iterable[str]) -> list[ErrandRecord]:
        """Up to n photos to be fetched from these platforms, the oldest first."""
        values = {**claim_values(worker, n, lease_s, time.time()), "platforms": list(platforms)}
        async with self._db.write() as c:
            rows = (await c.execute(_claim(), values)).all()
        return sorted((ErrandRecord(*row) for row in rows), key=lambda errand: errand.id)

    async def renew(self, errands: Iterable[ErrandRecord], lease_s: float) -> None:
        """Keep errands claimed for another while."""
        held = [(errand.id, errand.lease) for errand in errands]
        mine = update(Errand).where(tuple_(Errand.id, Errand.lease).in_(held))
        async with self._db.write() as c:
            await c.execute(mine.values(due_at=time.time() + lease_s))

    async def arrived(self, errand: ErrandRecord, data: bytes, expires_at: float) -> bool:
        """The photo is here, and what was ordered from it can be drawn.

        False if it was erased meanwhile or is another's to fetch: then nothing is kept.
        """
        async with self._db.write() as c:
            photo = update(Blob).where(Blob.id == errand.id, _mine(errand))
            if not (await c.execute(photo.values(data=data, expires_at=expires_at))).rowcount:
                return False
            await c.execute(delete(Errand).where(Errand.id == errand.id))
        self._jobs.ring()
        return True

    async def lost(self, errand: ErrandRecord, body: Callable[[JobRow], Answer]) -> bool:
        """The photo cannot be had: it goes, and the messages of all jobs that wait for it say so.

        False if it was erased meanwhile or is another's to fetch.

        Args:
            body: what such a job's message says.
        """
        async with self._db.write() as c:
            if not await _is_mine(c, errand):
                return False
            await fail_waiting(c, errand.id, body)
            await c.execute(delete(Blob).where(Blob.id == errand.id))
        self._posts.ring()
        return True

    async def later(self, errand: ErrandRecord, at: float) -> None:
        """It could not be had: ask again then."""
        again = {"due_at": at, "worker": None, "attempts": Errand.attempts + 1}
        async with self._db.write() as c:
            await c.execute(update(Errand).where(Errand.id == errand.id, Errand.lease == errand.lease).values(**again))
        self.bell.ring_at(at)

    async def release(self, worker: str | None = None) -> int:
        """Give back at once what a worker claimed, or what everybody did. Returns how many."""
        held = Errand.worker.is_not(None) if worker is None else Errand.worker == worker
        free = {"due_at": time.time(), "worker": None, "lease": Errand.lease + 1}
        async with self._db.write() as c:
            return (await c.execute(update(Errand).where(held).values(**free))).rowcount


@cache
def _claim() -> ReturningUpdate[Any]:
    here = Errand.platform.in_(bindparam("platforms", expanding=True))
    due = select(Errand.id).where(Errand.due_at <= NOW, here).order_by(Errand.id)
    return claiming(Errand, due, *FIELDS)


def _mine(errand: ErrandRecord) -> Any:
    return select(Errand.id).where(Errand.id == errand.id, Errand.lease == errand.lease).exists()


async def _is_mine(c: AsyncConnection, errand: ErrandRecord) -> bool:
    """Whether the errand is still ours; its photo stays as it is until the end of the transaction."""
    photo = select(Blob.id).where(Blob.id == errand.id, _mine(errand)).with_for_update(of=Blob)
    return (await c.execute(photo)).first() is not None
