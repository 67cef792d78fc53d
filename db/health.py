"""Whether the database can be used, in a sentence for the operator. Knows no row."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from db.engine import make_engine
from db.store import Store


class DatabaseUnusable(Exception):
    """The database cannot be used; the text says which, why and what to do, and holds no password."""


@asynccontextmanager
async def open_store(url: str) -> AsyncIterator[Store]:
    """The store with its tables up to date.

    Raises:
        DatabaseUnusable
    """
    async with AsyncExitStack() as stack:
        with _told(url):
            store = await stack.enter_async_context(Store(url))
            await store.migrate()
        yield store


async def version(url: str) -> str | None:
    """The revision of the tables; None if there are none yet.

    Raises:
        DatabaseUnusable
    """
    with _told(url):
        engine = make_engine(url, 1, begin=None)
        try:
            async with engine.connect() as connection:
                if not await connection.run_sync(_has_versions):
                    return None
                return (await connection.execute(text("select version_num from alembic_version"))).scalar_one_or_none()
        finally:
            await engine.dispose()


def _has_versions(connection: Connection) -> bool:
    return bool(inspect(connection).has_table("alembic_version"))


@contextmanager
def _told(url: str) -> Iterator[None]:
    try:
        if make_url(url).get_backend_name() not in ("sqlite", "postgresql"):
            raise ArgumentError(url)
        yield
    except (ArgumentError, NoSuchModuleError) as error:
        raise DatabaseUnusable(
            "DATABASE_URL is not an address I can read. Leave it empty for SQLite, or write "
            "postgresql+asyncpg://user:password@host/name."
        ) from error
    except ModuleNotFoundError as error:
        raise DatabaseUnusable(
            f"DATABASE_URL needs the package {error.name}: pip install selfiebot[postgres]."
        ) from error
    except (SQLAlchemyError, OSError) as error:
        shown = make_url(url).render_as_string(hide_password=True)
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        raise DatabaseUnusable(f"The database {shown} can't be used: {reason}") from error
