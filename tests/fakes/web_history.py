"""A web history in memory that keeps the promises of bot/platforms/web/history.py, for tests of the web chat alone."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    seq: int
    ref: str
    author: str
    body: dict[str, Any]
    at: float


class MemoryHistory:
    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Row] = {}
        self.uploads: dict[tuple[str, str], tuple[bytes, str, float]] = {}
        self.pictures: dict[int, tuple[str, bytes]] = {}
        self._seq = 0

    def add_picture(self, chat: str, data: bytes) -> int:
        id = len(self.pictures) + 1
        self.pictures[id] = (chat, data)
        return id

    async def write(self, chat: str, ref: str, author: str, body: dict[str, Any]) -> int:
        self._seq += 1
        known = self.rows.get((chat, ref))
        at = known.at if known else time.time()
        self.rows[chat, ref] = Row(self._seq, ref, author, body, at)
        return self._seq

    async def since(self, chat: str, seq: int) -> Sequence[Row]:
        rows = [row for (owner, _), row in self.rows.items() if owner == chat and row.seq > seq]
        return sorted(rows, key=lambda row: row.seq)

    async def put_upload(self, chat: str, key: str, data: bytes, kind: str, expires_at: float) -> None:
        self.uploads.setdefault((chat, key), (data, kind, expires_at))

    async def upload(self, chat: str, key: str) -> tuple[bytes, str] | None:
        found = self.uploads.get((chat, key))
        return (found[0], found[1]) if found and found[2] > time.time() else None

    async def picture(self, chat: str, id: int) -> bytes | None:
        owner, data = self.pictures.get(id, ("", b""))
        return data if owner == chat else None

    async def wipe(self, chat: str) -> None:
        for kept in (self.rows, self.uploads):
            for key in [key for key in kept if key[0] == chat]:
                del kept[key]
