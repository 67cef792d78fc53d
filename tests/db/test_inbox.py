"""Events: received once, in their chat's order, answered once."""

import asyncio
import time

from db import Answer, Order, Store
from tests.db.rows import event, ordered, photo_of


async def test_an_event_is_received_once(store: Store) -> None:
    assert await store.inbox.receive("web", "e", "anna", {"n": 1})
    assert not await store.inbox.receive("web", "e", "anna", {"n": 1})
    assert await store.inbox.receive("telegram", "e", "anna", {"n": 1})
    assert [e.raw for e in await store.inbox.claim("test", 9, 60)] == [{"n": 1}, {"n": 1}]


async def test_a_duplicate_of_an_answered_event_is_recognised(store: Store) -> None:
    claimed = await event(store, "e")
    assert (await store.inbox.answer(claimed, "web:anna", Answer("hello"))).fresh
    assert not await store.inbox.receive("web", "e", "anna", {"text": "e"})
    assert await store.inbox.claim("test", 9, 60) == []


async def test_a_chat_is_worked_on_in_order_and_other_chats_beside_it(store: Store) -> None:
    for name, chat in [("a1", "a"), ("a2", "a"), ("b1", "b"), ("a3", "a")]:
        await store.inbox.receive("web", name, chat, {})
    first = await store.inbox.claim("test", 9, 60)
    assert [e.event for e in first] == ["a1", "b1"]
    assert await store.inbox.claim("test", 9, 60) == []
    await store.inbox.answer(first[0], "web:a", Answer("1"))
    assert [e.event for e in await store.inbox.claim("test", 9, 60)] == ["a2"]


async def test_an_event_is_answered_once(store: Store) -> None:
    claimed = await event(store, "e")
    photo = await photo_of(store, "web:anna", "e/0", b"photo")
    order = Answer("queued", order=Order("goth", 0.8, photo, 1))
    first = await store.inbox.answer(claimed, "web:anna", order)
    second = await store.inbox.answer(claimed, "web:anna", order)
    assert (first.key, first.job) == (second.key, second.job)
    assert (first.fresh, second.fresh) == (True, False)
    assert len(await store.outbox.claim("test", 9, 60)) == 1
    assert len(await store.jobs.claim("test", 9, 60)) == 1


async def test_whoever_lost_the_claim_on_an_event_cannot_answer_it(store: Store) -> None:
    await store.inbox.receive("web", "e", "anna", {})
    (late,) = await store.inbox.claim("one", 1, -1)
    (current,) = await store.inbox.claim("two", 1, 60)
    assert not (await store.inbox.answer(late, "web:anna", Answer("late"))).fresh
    assert (await store.inbox.answer(current, "web:anna", Answer("current"))).fresh
    assert [post.body.text for post in await store.outbox.claim("test", 9, 60)] == ["current"]


async def test_an_event_put_off_comes_back_and_holds_its_chat(store: Store) -> None:
    first = await event(store, "e1")
    await store.inbox.receive("web", "e2", "anna", {})
    await store.inbox.later(first, time.time() + 0.2)
    assert await store.inbox.claim("test", 9, 60) == []
    await asyncio.sleep(0.25)
    (again,) = await store.inbox.claim("test", 9, 60)
    assert (again.event, again.attempts) == ("e1", 1)


async def test_an_event_set_aside_stops_nobody(store: Store) -> None:
    first = await event(store, "e1")
    await store.inbox.receive("web", "e2", "anna", {})
    await store.inbox.set_aside(first, "unparsable")
    assert [e.event for e in await store.inbox.claim("test", 9, 60)] == ["e2"]
    assert await store.inbox.expire(time.time()) == 0
    assert await store.inbox.expire(time.time() + 2 * 86400) == 1


async def test_an_event_with_nothing_to_say_is_done(store: Store) -> None:
    claimed = await event(store, "e")
    assert (await store.inbox.answer(claimed, "", None)).job is None
    assert await store.inbox.claim("test", 9, 60) == []
    assert await store.outbox.claim("test", 9, 60) == []


async def test_renewed_events_stay_claimed(store: Store) -> None:
    await store.inbox.receive("web", "e", "anna", {})
    held = await store.inbox.claim("test", 1, 0.2)
    await store.inbox.renew(held, 60)
    await asyncio.sleep(0.25)
    assert await store.inbox.claim("test", 1, 60) == []


async def test_an_order_keeps_its_photo(store: Store) -> None:
    claimed = await event(store, "e")
    photo = await photo_of(store, "web:anna", "e/0", b"photo", time.time() + 1)
    await store.inbox.answer(claimed, "web:anna", Answer("q", order=Order("goth", 1, photo, 1)), time.time() + 100)
    assert await store.blobs.expire(time.time() + 50) == 0


async def test_deleting_a_picture_erases_it_and_its_message_says_so(store: Store) -> None:
    job = await ordered(store, "e")
    (placeholder,) = await store.outbox.claim("test", 9, 60)
    await store.outbox.shown(placeholder, "ref")
    (row,) = await store.jobs.claim("test", 9, 60)
    await store.jobs.finish(row, b"picture", lambda id: Answer("done", picture=id), time.time() + 60)
    (post,) = await store.outbox.claim("test", 9, 60)
    await store.outbox.shown(post, "ref")
    asked = await event(store, "delete")
    await store.inbox.answer(asked, "web:anna", Answer("Deleted.", deletes=job))
    (post,) = await store.outbox.claim("test", 9, 60)
    assert (post.ref, post.body.text, post.body.picture) == ("ref", "Deleted.", None)
    assert await store.jobs.of(job, "web:anna") is None
    assert await store.blobs.get(2) is None


async def test_nobody_deletes_a_strangers_picture(store: Store) -> None:
    job = await ordered(store, "e")
    asked = await event(store, "delete", "web:eve")
    await store.inbox.answer(asked, "web:eve", Answer("Nothing there.", deletes=job))
    assert await store.jobs.of(job, "web:anna") is not None


async def test_a_picture_deleted_while_it_is_made_is_never_shown(store: Store) -> None:
    job = await ordered(store, "e")
    (row,) = await store.jobs.claim("test", 9, 60)
    asked = await event(store, "delete")
    await store.inbox.answer(asked, "web:anna", Answer("Deleted.", deletes=job))
    assert not await store.jobs.finish(row, b"picture", lambda id: Answer("done", picture=id), time.time() + 60)
    assert [post.body.text for post in await store.outbox.claim("test", 9, 60)] == ["Deleted."]
