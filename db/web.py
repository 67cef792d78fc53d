"""Questions of the web chat, which has no server of its own to keep its messages."""

import time
from typing import Any

from sqlalchemy import delete, select

from db.engine import Database
from db.models import Blob, Counter, WebMessage, WebUpload
from db.records import WebRow
from db.together import Together
from db.unbroken import unbroken

COUNTER = "web"


@unbroken
class Web:
    def __init__(self, database: Database) -> None:
        self._db = database
        self._write = Together(self._write_all)

    async def write(self, chat: str, ref: str, author: str, body: dict[str, Any]) -> int:
        """Write a message, or write it again where the chat has this ref already. Returns its new seq.

        A lost connection asks for what it missed by seq alone, so nothing may ever appear below a seq already given:
        the counter's row is locked until the commit, and never starts again, whatever is erased.
        """
        return await self._write({"chat": chat, "ref": ref, "author": author, "body": body, "at": time.time()})

    async def _write_all(self, rows: list[dict[str, Any]]) -> list[int]:
        """Write messages in one transaction. Returns their seqs."""
        n = len(rows)
        count = self._db.insert(Counter).values(name=COUNTER, last=n)
        count = count.on_conflict_do_update(index_elements=["name"], set_={"last": Counter.last + n})
        new = self._db.insert(WebMessage)
        again = {name: new.excluded[name] for name in ("seq", "author", "body")}
        async with self._db.write() as c:
            last = int((await c.execute(count.returning(Counter.last))).scalar_one())
            seqs = list(range(last - n + 1, last + 1))
            with_seqs = [{**row, "seq": seq} for row, seq in zip(rows, seqs, strict=True)]
            await c.execute(new.on_conflict_do_update(index_elements=["chat", "ref"], set_=again), with_seqs)
        return seqs

    async def since(self, chat: str, seq: int) -> list[WebRow]:
        """The messages written after seq, in the order of their seq."""
        newer = select(WebMessage.__table__).where(WebMessage.chat == chat, WebMessage.seq > seq)
        async with self._db.read() as c:
            rows = (await c.execute(newer.order_by(WebMessage.seq))).all()
        return [WebRow(row.seq, row.ref, row.author, row.body, row.at) for row in rows]

    async def put_upload(self, chat: str, key: str, data: bytes, kind: str, expires_at: float) -> None:
        """Keep a person's file until expires_at. The same key again changes nothing."""
        row = {"chat": chat, "key": key, "data": data, "kind": kind, "expires_at": expires_at}
        async with self._db.write() as c:
            await c.execute(self._db.insert(WebUpload).values(**row).on_conflict_do_nothing())

    async def upload(self, chat: str, key: str) -> tuple[bytes, str] | None:
        """A person's file and its kind; None if there is none, or not in this chat."""
        mine = select(WebUpload.data, WebUpload.kind).where(WebUpload.chat == chat, WebUpload.key == key)
        async with self._db.read() as c:
            row = (await c.execute(mine)).one_or_none()
        return None if row is None else (row.data, row.kind)

    async def picture(self, chat: str, id: int) -> bytes | None:
        """A finished picture; None if there is none, or if it is not this chat's person's."""
        mine = (Blob.id == id, Blob.kind == "picture", Blob.user.in_([chat, f"web:{chat}"]))
        async with self._db.read() as c:
            data: bytes | None = (await c.execute(select(Blob.data).where(*mine))).scalar_one_or_none()
        return data

    async def wipe(self, chat: str) -> None:
        """Forget every message and upload of this chat."""
        async with self._db.write() as c:
            await c.execute(delete(WebMessage).where(WebMessage.chat == chat))
            await c.execute(delete(WebUpload).where(WebUpload.chat == chat))
        await self._db.scrub()

    async def expire(self, now: float) -> int:
        """Erase uploads that have had their time. Returns how many."""
        async with self._db.write() as c:
            return (await c.execute(delete(WebUpload).where(WebUpload.expires_at <= now))).rowcount


def chat_of(user: str) -> set[str]:
    """What the chat of a person of the web is called, with the platform's name and without."""
    return {user, user.removeprefix("web:")}
