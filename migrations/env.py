"""What Alembic runs: one connection, one transaction, on either database. Leaves the program's logging alone."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text

from db.engine import make_engine
from db.models import Table

LOCK = 5_233_947_061
"""Two bots that start at once on one PostgreSQL migrate one after the other; on SQLite BEGIN IMMEDIATE sees to that."""


def migrate(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        render_as_batch=sqlite,
        compare_type=True,
        transactional_ddl=True,  # else Alembic commits after each step on SQLite, and another bot begins in between
    )
    with context.begin_transaction():
        if not sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.run_migrations()
        if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
            raise RuntimeError(f"rows point to rows that are gone: {broken[:5]}")


async def connect(url: str) -> None:
    """Foreign keys are off while SQLite migrates: it changes a table by dropping it and making a new one, and with
    them on the rows that point to it would go too."""
    engine = make_engine(url, 1, foreign_keys=False)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
        await connection.commit()
    await engine.dispose()


given = context.config.attributes.get("url") or context.get_x_argument(as_dictionary=True).get("url")
asyncio.run(connect(str(given or context.config.get_main_option("sqlalchemy.url"))))
