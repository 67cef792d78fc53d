"""Connections and transactions, for SQLite and PostgreSQL alike. Knows no table.

SQLite: one writer connection whose transactions begin IMMEDIATE (a deferred one that reads before it writes fails with
"database is locked", and sqlite3's own default loses updates silently), and readers of their own beside it.
"""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from db.hops import connect
from db.unbroken import to_the_end

BUSY_MS = 30_000
SCRUB_MS = 500
"""How long somebody who reads from outside may keep us from scrubbing; the next time does it."""
PRAGMAS = ("journal_mode=WAL", f"busy_timeout={BUSY_MS}", "synchronous=NORMAL", "temp_store=MEMORY", "secure_delete=ON")
READERS = 4
CONNECTIONS = 10


class StoreDown(OSError):
    """The database cannot be reached just now: try again later."""


class Database:
    """An open database. `write` gives a transaction; `read` gives a connection for reading, statement by statement."""

    def __init__(self, url: str) -> None:
        self.sqlite = is_sqlite(url)
        self._writer = make_engine(url, 1 if self.sqlite else CONNECTIONS)
        self._reader = make_engine(url, READERS, begin=None) if self.sqlite else self._writer

    @property
    def insert(self) -> Any:
        """INSERT that knows ON CONFLICT."""
        return sqlite.insert if self.sqlite else postgresql.insert

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        with _outages():
            async with self._writer.begin() as connection:
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        with _outages():
            async with self._reader.connect() as connection:
                if not self.sqlite:
                    await connection.execution_options(isolation_level="AUTOCOMMIT")
                yield connection

    @to_the_end
    async def scrub(self) -> None:
        """Let what was erased go from SQLite's log too, where old pages live on until they are overwritten."""
        if not self.sqlite:
            return
        with _outages():
            async with self._writer.connect() as connection:
                raw = await connection.get_raw_connection()
                assert raw.driver_connection is not None
                for pragma in (f"busy_timeout={SCRUB_MS}", "wal_checkpoint(TRUNCATE)", f"busy_timeout={BUSY_MS}"):
                    await (await raw.driver_connection.execute(f"PRAGMA {pragma}")).close()

    async def close(self) -> None:
        await self._writer.dispose()
        await self._reader.dispose()


class _outages:
    """Turns what drivers raise when the database is away into StoreDown."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, StoreDown):
            return
        if _is_outage(error):
            raise StoreDown(str(getattr(error, "orig", error))) from error


def _is_outage(error: BaseException | None) -> bool:
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    cut_at_connecting = type(error).__module__.startswith("asyncpg.")  # SQLAlchemy does not translate these
    return cut_at_connecting or isinstance(error, sqlite3.OperationalError | PoolTimeout | OSError)


def is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def make_engine(url: str, size: int, begin: str | None = "BEGIN IMMEDIATE", foreign_keys: bool = True) -> AsyncEngine:
    """An engine of up to `size` connections.

    Args:
        begin: how SQLite's transactions begin; None: every statement is its own.
    """
    if not is_sqlite(url):
        return create_async_engine(url, pool_size=size, max_overflow=0, pool_timeout=60, pool_pre_ping=True)
    # every transaction ends by itself, and readers have none: there is nothing to roll back when one is returned
    engine = create_async_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=60,
        pool_reset_on_return=None,
        connect_args={"async_creator_fn": connect},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # no BEGIN of sqlite3's own
        cursor = connection.cursor()
        for pragma in (*PRAGMAS, f"foreign_keys={'ON' if foreign_keys else 'OFF'}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        if begin:
            connection.exec_driver_sql(begin)

    return engine
