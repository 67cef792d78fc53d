"""Things that come while others are being written down go down together."""

import asyncio

import pytest

from db import Store
from db.together import Together


async def test_what_comes_meanwhile_goes_together_in_its_order() -> None:
    done: list[list[int]] = []
    gate = asyncio.Event()

    async def do(items: list[int]) -> list[int]:
        await gate.wait()
        done.append(items)
        return [10 * item for item in items]

    together = Together(do, most=3)
    asked = [asyncio.create_task(together(n)) for n in range(6)]
    await asyncio.sleep(0.01)
    asked[1].cancel()
    gate.set()
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(results.pop(1), asyncio.CancelledError)
    assert results == [0, 20, 30, 40, 50]
    assert done == [[0, 1, 2], [3, 4, 5]]


async def test_an_error_is_told_to_all_it_concerns_and_to_nobody_else() -> None:
    async def do(items: list[int]) -> list[int]:
        await asyncio.sleep(0)
        if 1 in items:
            raise OSError("away")
        return items

    together = Together(do, most=2)
    results = await asyncio.gather(*(together(n) for n in range(4)), return_exceptions=True)
    assert [type(result) for result in results] == [OSError, OSError, int, int]
    assert await together(7) == 7


async def test_of_events_that_come_at_once_each_is_new_once_and_in_its_order(store: Store) -> None:
    events = ["a", "b", "a", "c", "b"]
    fresh = await asyncio.gather(*(store.inbox.receive("fake", event, event, {}) for event in events))
    assert fresh == [True, True, False, True, False]
    assert [event.event for event in await store.inbox.claim("w", 10, 60)] == ["a", "b", "c"]
    assert await store.inbox.receive("fake", "c", "c", {}) is False


async def test_web_messages_written_at_once_have_rising_seqs_and_the_last_word_stands(store: Store) -> None:
    refs = ["x", "y", "x"]
    seqs = await asyncio.gather(*(store.web.write("web:a", ref, "bot", {"n": n}) for n, ref in enumerate(refs)))
    assert list(seqs) == sorted(set(seqs))
    rows = await store.web.since("web:a", 0)
    assert [(row.ref, row.body["n"], row.seq) for row in rows] == [("y", 1, seqs[1]), ("x", 2, seqs[2])]


@pytest.mark.parametrize("cancelled", [0, 1])
async def test_who_stops_waiting_does_not_stop_the_writing(store: Store, cancelled: int) -> None:
    asked = [asyncio.create_task(store.inbox.receive("fake", str(n), "chat", {})) for n in range(2)]
    await asyncio.sleep(0)
    asked[cancelled].cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    assert [await store.inbox.receive("fake", str(n), "chat", {}) for n in range(2)] == [False, False]
