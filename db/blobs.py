"""Questions about photos and pictures, kept as bytes for a while. Knows nothing of what they show."""

from sqlalchemy import delete, select, update

from db.engine import Database
from db.models import Blob
from db.unbroken import unbroken


@unbroken
class Blobs:
    def __init__(self, database: Database) -> None:
        self._db = database

    async def put(self, user: str, key: str, kind: str, data: bytes, expires_at: float) -> int:
        """Keep data for a person, and say under which id. The same key again is the same blob, and the same id.

        Args:
            kind: "photo" or "picture".
        """
        insert = self._db.insert(Blob).values(user=user, key=key, kind=kind, data=data, expires_at=expires_at)
        again = insert.on_conflict_do_update(index_elements=["user", "key"], set_={"expires_at": expires_at})
        async with self._db.write() as c:
            return int((await c.execute(again.returning(Blob.id))).scalar_one())

    async def get(self, id: int, user: str | None = None) -> bytes | None:
        """A blob's bytes; None if it is gone, or not that person's."""
        mine = [Blob.id == id] if user is None else [Blob.id == id, Blob.user == user]
        async with self._db.read() as c:
            data: bytes | None = (await c.execute(select(Blob.data).where(*mine))).scalar_one_or_none()
        return data

    async def has(self, id: int, user: str) -> bool:
        """Whether a blob is still there and that person's; the bytes stay where they are."""
        async with self._db.read() as c:
            return (await c.execute(select(Blob.id).where(Blob.id == id, Blob.user == user))).first() is not None

    async def touch(self, id: int, expires_at: float) -> None:
        """Keep it at least until then."""
        async with self._db.write() as c:
            later = update(Blob).where(Blob.id == id, Blob.expires_at < expires_at)
            await c.execute(later.values(expires_at=expires_at))

    async def expire(self, now: float) -> int:
        """Erase what has had its time. Returns how many."""
        async with self._db.write() as c:
            return (await c.execute(delete(Blob).where(Blob.expires_at <= now))).rowcount
