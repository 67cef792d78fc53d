"""Whoever waits for work wakes when there is some, and stops when told to."""

import asyncio
import time
from contextlib import suppress

from db.bell import Bell


async def test_a_bell_wakes_who_waits_and_who_comes_later() -> None:
    bell = Bell()
    started = time.monotonic()
    waiting = asyncio.create_task(bell.wait(5))
    await asyncio.sleep(0)
    bell.ring()
    await waiting
    bell.ring()
    await bell.wait(5)
    assert time.monotonic() - started < 1


async def test_a_bell_that_does_not_ring_is_waited_for_no_longer_than_asked() -> None:
    await Bell().wait(0.01)


async def test_whoever_is_cancelled_as_the_bell_rings_stops() -> None:
    bell = Bell()
    waiting = asyncio.create_task(bell.wait(5))
    await asyncio.sleep(0)
    bell.ring()
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting
    assert waiting.cancelled()
