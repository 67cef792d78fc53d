"""Questions about pictures that left us: what anybody may be told of one, and its place in the public log."""

import hashlib
import json
import secrets
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.engine import Database
from db.ledger import add_leaf
from db.models import Issued as Rows
from db.records import Issued
from db.unbroken import unbroken

SALT_BYTES = 32
VERSION = 1
FIELDS = (Rows.id, Rows.day, Rows.style, Rows.kind, Rows.epoch, Rows.file_hash, Rows.map, Rows.look)


@unbroken
class Issues:
    def __init__(self, database: Database) -> None:
        self._db = database

    async def of(self, id: str) -> Issued | None:
        """By the id in its mark; None if it was erased, or never was."""
        return await self._one(Rows.id == id)

    async def of_file(self, file_hash: bytes) -> Issued | None:
        """By the SHA-256 of the very file that left us."""
        return await self._one(Rows.file_hash == file_hash)

    async def looks(self, most: int = 100_000) -> list[tuple[str, bytes]]:
        """(id, perceptual hash) of the latest."""
        async with self._db.read() as c:
            rows = await c.execute(select(Rows.id, Rows.look).order_by(Rows.leaf.desc()).limit(most))
            return [(row.id, row.look) for row in rows]

    async def _one(self, which: Any) -> Issued | None:
        async with self._db.read() as c:
            row = (await c.execute(select(*FIELDS, Rows.salt, Rows.leaf).where(which).limit(1))).one_or_none()
        return None if row is None else Issued(**row._asdict())


async def add_issued(c: AsyncConnection, database: Database, issued: Issued, *, user: str, job: int) -> None:
    """Note a picture and append its leaf, inside the transaction that shows it."""
    salt = secrets.token_bytes(SALT_BYTES)
    leaf = await add_leaf(c, database, leaf_data(commitment(issued, salt)))
    row = {name: getattr(issued, name) for name in ("id", "day", "style", "kind", "epoch", "file_hash", "map", "look")}
    await c.execute(insert(Rows).values(**row, user=user, job=job, salt=salt, leaf=leaf))


def commitment(issued: Issued, salt: bytes) -> str:
    """Binds what is known of a picture without telling any of it: SHA-256 of the salt and the public facts."""
    return hashlib.sha256(salt + canonical(public_facts(issued))).hexdigest()


def public_facts(issued: Issued) -> dict[str, str]:
    """What anybody may know of it: never who it is of."""
    return {
        "id": issued.id,
        "day": issued.day,
        "style": issued.style,
        "kind": issued.kind,
        "file_sha256": issued.file_hash.hex(),
        "map_sha256": hashlib.sha256(issued.map).hexdigest(),
    }


def leaf_data(commitment: str) -> bytes:
    return canonical({"v": VERSION, "commit": commitment})


def canonical(fields: dict[str, Any]) -> bytes:
    """JSON that is the same to the byte for the same fields (RFC 8785, for the strings and small numbers we have)."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
