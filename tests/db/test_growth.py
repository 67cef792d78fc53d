"""Years of finished rows must not slow down the few that are due: claims find those by an index."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from db import Store, inbox, outbox

OLD_INBOX = """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
    INSERT INTO inbox (hash, platform, event, chat, at, attempts, lease) SELECT i, '', '', '', 1e10, 0, 1 FROM n
"""
OLD_OUTBOX = """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
    INSERT INTO outbox ("key", "user", platform, chat, ref, body, version, shown, final, attempts, lease)
    SELECT 'old' || i, 'web:anna', 'web', 'anna', 'r', '{}', 1, 1, true, 0, 1 FROM n
"""


@pytest.mark.parametrize("claim", [inbox._claim, outbox._claim])
async def test_claims_never_walk_through_finished_rows(store: Store, claim: Callable[[], Any]) -> None:
    engine = create_async_engine(store.url)
    values = {"worker": "test", "n": 1, "until": 2.0, "now": 1.0}
    statement = claim().compile(engine)
    filled = statement.construct_params(values)
    positions = tuple(filled[name] for name in statement.positiontup)
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    async with engine.begin() as connection:
        await connection.execute(text(OLD_INBOX))
        await connection.execute(text(OLD_OUTBOX))
        await connection.execute(text("ANALYZE"))
        plan = [str(row[-1]) for row in await connection.exec_driver_sql(f"{explain} {statement}", positions)]
    await engine.dispose()
    walks = [step for step in plan if re.search(r"Seq Scan on (in|out)box|SCAN (in|out)box(?!.*USING)", step)]
    assert (walks, plan != []) == ([], True)
