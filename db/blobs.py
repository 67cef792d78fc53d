"""Questions about photos and pictures, kept as bytes for a while: errands bring photos, jobs pictures."""

from sqlalchemy import delete, select

from db.engine import Database
from db.models import Blob
from db.unbroken import unbroken


@unbroken
class Blobs:
    def __init__(self, database: Database) -> None:
        self._db = database

    async def get(self, id: int, user: str | None = None) -> bytes | None:
        """A blob's bytes, none of which are there while it is on its way; None if it is gone, or not that person's."""
        mine = [Blob.id == id] if user is None else [Blob.id == id, Blob.user == user]
        async with self._db.read() as c:
            data: bytes | None = (await c.execute(select(Blob.data).where(*mine))).scalar_one_or_none()
        return data

    async def has(self, id: int, user: str) -> bool:
        """Whether a blob is that person's and there, or a photo still on its way; the bytes stay where they are."""
        async with self._db.read() as c:
            return (await c.execute(select(Blob.id).where(Blob.id == id, Blob.user == user))).first() is not None

    async def expire(self, now: float) -> int:
        """Erase what has had its time. Returns how many."""
        async with self._db.write() as c:
            return (await c.execute(delete(Blob).where(Blob.expires_at <= now))).rowcount
