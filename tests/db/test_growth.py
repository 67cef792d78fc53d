"""Years of finished rows must not slow down the few that are due."""

import time

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from db import Store
from tests.db.rows import ordered

OLD_INBOX = """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
    INSERT INTO inbox (hash, platform, event, chat, at, attempts, lease) SELECT i, '', '', '', 1e10, 0, 1 FROM n
"""
OLD_OUTBOX = """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
    INSERT INTO outbox ("key", "user", platform, chat, ref, body, version, shown, final, attempts, lease)
    SELECT 'old' || i, 'web:anna', 'web', 'anna', 'r', '{}', 1, 1, true, 0, 1 FROM n
"""


async def test_claims_stay_fast_beside_finished_rows(store: Store) -> None:
    fresh_s = await least_claim_s(store, "fresh")
    engine = create_async_engine(store.url)
    async with engine.begin() as connection:
        await connection.execute(text(OLD_INBOX))
        await connection.execute(text(OLD_OUTBOX))
        await connection.execute(text("ANALYZE"))  # as PostgreSQL does by itself now and then
    await engine.dispose()
    assert await least_claim_s(store, "grown") < 3 * fresh_s + 0.002


async def least_claim_s(store: Store, name: str) -> float:
    """The quickest of a few rounds of claims, each with something to claim."""
    least = 60.0
    for n in range(8):
        await ordered(store, f"{name} {n}")
        started = time.perf_counter()
        assert await store.inbox.claim("test", 1, 60) == []
        (post,) = await store.outbox.claim("test", 1, 60)
        least = min(least, time.perf_counter() - started)
        await store.outbox.shown(post, "ref")
    return least
