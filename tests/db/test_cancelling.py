"""A question may be cancelled at any moment, and the store goes on as before."""

import asyncio
import random
import time
from contextlib import suppress

from db import Store
from tests.db.rows import claimed, ordered


async def test_cancelled_questions_leave_the_store_usable(store: Store) -> None:
    chance = random.Random(7)
    for n in range(60):
        asked = [
            asyncio.create_task(store.inbox.receive("web", f"e{n}", "anna", {"n": n})),
            asyncio.create_task(store.people.remember("web:anna", style=f"style{n}")),
            asyncio.create_task(store.people.get("web:anna")),
        ]
        await asyncio.sleep(chance.uniform(0, 0.004))
        for task in asked:
            task.cancel()
        for task in asked:
            with suppress(asyncio.CancelledError):
                await task
    started = time.monotonic()
    await ordered(store, "after", "web:ben")
    assert len(await claimed(store)) == 1
    assert time.monotonic() - started < 2
