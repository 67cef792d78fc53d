"""Events that come in parts: gathered until they are all there, each part once, and none is lost."""

from db import Event, Store
from db.records import Answer
from tests.bot.parts import eventually


async def claimed(store: Store) -> list[Event]:
    events: list[Event] = []

    async def some() -> bool:
        events.extend(await store.inbox.claim("w", 10, 30))
        return bool(events)

    await eventually(some)
    return events


async def send(store: Store, part: str, wait_s: float = 0.3) -> bool:
    return await store.inbox.receive("fake", "album", "c", {"part": part, "photo": part}, gather_s=wait_s)


async def test_parts_are_one_event_that_waits_for_the_last(store: Store) -> None:
    assert await send(store, "a")
    assert await send(store, "b")
    assert await store.inbox.claim("w", 10, 30) == []
    (event,) = await claimed(store)
    assert [part["photo"] for part in event.raw["parts"]] == ["a", "b"]


async def test_a_part_that_comes_twice_is_there_once_even_after_the_answer(store: Store) -> None:
    await send(store, "a", 0.0)
    assert not await send(store, "a", 0.0)
    (event,) = await claimed(store)
    assert len(event.raw["parts"]) == 1
    await store.inbox.answer(event, "fake:u", Answer("seen"))
    assert not await send(store, "a", 0.0)
    assert await store.inbox.claim("w", 10, 30) == []


async def test_a_part_that_comes_too_late_is_an_event_of_its_own(store: Store) -> None:
    await send(store, "a", 0.0)
    (event,) = await claimed(store)
    assert await send(store, "b", 0.0)
    await store.inbox.answer(event, "fake:u", Answer("seen"))
    (late,) = await claimed(store)
    assert [part["photo"] for part in late.raw["parts"]] == ["b"]


async def test_what_is_said_after_an_album_is_answered_after_it(store: Store) -> None:
    await send(store, "a", 0.3)
    await store.inbox.receive("fake", "next", "c", {"text": "/style goth"})
    first = await claimed(store)
    assert [event.event for event in first] == ["album"]
