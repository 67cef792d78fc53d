"""SQLite through aiosqlite with few hops to its thread: each costs more than most of our statements. Knows no table.

aiosqlite asks its thread four times for a statement (cursor, execute, fetch, close) and once for BEGIN's every part.
Here a statement is run and read in one hop, and takes the BEGIN before it along.
"""

import sqlite3
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import aiosqlite


def connect(database: str, **how: Any) -> aiosqlite.Connection:
    """A connection as SQLAlchemy's `async_creator_fn` wants it: not open yet."""
    connection = _Connection(lambda: sqlite3.connect(database, **how), 64)
    thread: Any = getattr(connection, "_thread", connection)  # a connection is its thread before aiosqlite 0.22
    thread.daemon = True  # as SQLAlchemy has it
    return connection


class _Connection(aiosqlite.Connection):
    """begin: a BEGIN that waits for its first statement."""

    begin: str | None = None

    def cursor(self) -> "_Cursor":  # type: ignore[override]
        return _Cursor(self)

    async def commit(self) -> None:
        if not self._nothing_done():
            await super().commit()

    async def rollback(self) -> None:
        if not self._nothing_done():
            await super().rollback()

    def _nothing_done(self) -> bool:
        self.begin = None
        return not self._conn.in_transaction


class _Cursor(aiosqlite.Cursor):
    """Good for statements whose rows are all wanted at once, as SQLAlchemy wants them."""

    def __init__(self, connection: _Connection) -> None:
        self._conn: _Connection = connection
        self._found: list[Any] = []

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "_Cursor":
        if sql.startswith("BEGIN"):
            self._conn.begin, self._cursor = sql, _NOTHING
            return self
        begin, self._conn.begin = self._conn.begin, None
        await self._do(partial(self._run, begin, sql, () if parameters is None else parameters))
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> "_Cursor":
        begin, self._conn.begin = self._conn.begin, None
        await self._do(partial(self._run_many, begin, sql, parameters))
        return self

    async def fetchall(self) -> list[Any]:
        found, self._found = self._found, []
        return found

    async def close(self) -> None:
        """All rows are read: nothing is open."""

    async def _do(self, work: Callable[[], None]) -> None:
        await self._execute(work)  # type: ignore[no-untyped-call]

    def _run(self, begin: str | None, sql: str, parameters: Any) -> None:
        self._start(begin)
        self._cursor.execute(sql, parameters)
        if self._cursor.description:
            self._found = self._cursor.fetchall()

    def _run_many(self, begin: str | None, sql: str, parameters: Any) -> None:
        self._start(begin)
        self._cursor.executemany(sql, parameters)

    def _start(self, begin: str | None) -> None:
        """In the connection's thread."""
        self._cursor = self._conn._conn.cursor()
        if begin is not None:
            self._cursor.execute(begin)


class _Nothing:
    """What a BEGIN that was put off left behind."""

    description = None
    rowcount = -1
    lastrowid = None


_NOTHING: Any = _Nothing()
