"""Blobs, buttons, messages of ours and the web chat's history."""

import asyncio
import time

import pytest

from db import Answer, NotYours, Store, UnknownButton
from tests.db.rows import claimed, event, finished, ordered, photo_of


async def test_the_same_key_is_the_same_blob(store: Store) -> None:
    first = await photo_of(store, "web:anna", "e/0", b"photo")
    assert await photo_of(store, "web:anna", "e/0", b"photo") == first
    assert await photo_of(store, "web:ben", "e/0", b"photo") != first


async def test_a_blob_is_shown_to_its_owner_only(store: Store) -> None:
    id = await photo_of(store, "web:anna", "e/0", b"photo")
    assert await store.blobs.get(id, "web:anna") == b"photo"
    assert await store.blobs.get(id, "web:eve") is None
    assert await store.blobs.has(id, "web:anna")
    assert not await store.blobs.has(id, "web:eve")


async def test_blobs_expire_when_their_time_is_over(store: Store) -> None:
    now = time.time()
    longer, shorter = [await photo_of(store, "web:anna", key, b"x", now + s) for key, s in (("a", 100), ("b", 10))]
    assert await store.blobs.expire(now + 50) == 1
    assert await store.blobs.get(longer) == b"x"
    assert await store.blobs.get(shorter) is None


async def test_a_button_knows_its_owner(store: Store) -> None:
    await store.inbox.answer(await event(store, "1"), "web:anna", Answer("?", (("Yes", "/yes"), ("No", "/no"))))
    (post,) = await store.outbox.claim("test", 9, 60)
    assert [title for title, _ in post.body.buttons] == ["Yes", "No"]
    tokens = [token for _, token in post.body.buttons]
    assert all(len(token.encode()) <= 22 for token in tokens)
    assert [await store.buttons.command(token, "web:anna") for token in tokens] == ["/yes", "/no"]
    with pytest.raises(NotYours):
        await store.buttons.command(tokens[0], "web:eve")
    with pytest.raises(UnknownButton):
        await store.buttons.command("nothing", "web:anna")


async def test_the_buttons_of_a_placeholder_go_with_it(store: Store) -> None:
    await ordered(store, "1")
    (job,) = await claimed(store)
    await finished(store, job)
    (post,) = await store.outbox.claim("test", 9, 60)
    ((_, token),) = post.body.buttons
    assert await store.buttons.command(token, "web:anna") == f"/delete {job.id}"
    await store.inbox.answer(await event(store, "2"), "web:anna", Answer("Deleted.", deletes=job.id))
    with pytest.raises(UnknownButton):
        await store.buttons.command(token, "web:anna")


async def test_a_message_is_due_until_it_is_shown(store: Store) -> None:
    await store.inbox.answer(await event(store, "1"), "web:anna", Answer("hello"))
    (late,) = await store.outbox.claim("one", 9, -1)
    (post,) = await store.outbox.claim("two", 9, 60)
    await store.outbox.later(late, 0)  # its claim is lost
    assert await store.outbox.claim("three", 9, 60) == []
    await store.outbox.later(post, time.time() + 0.15)
    assert await store.outbox.claim("three", 9, 60) == []
    await asyncio.sleep(0.2)
    (again,) = await store.outbox.claim("three", 9, 60)
    assert (again.attempts, again.ref) == (1, None)
    await store.outbox.shown(again, "ref")
    assert await store.outbox.claim("four", 9, -1) == []
    seen = await store.outbox.get(again.key)
    assert seen is not None
    assert (seen.ref, seen.shown, seen.version) == ("ref", 1, 1)


async def test_a_message_that_changes_while_it_is_shown_is_due_again(store: Store) -> None:
    await ordered(store, "1")
    (placeholder,) = await store.outbox.claim("one", 9, 60)
    (job,) = await claimed(store)
    await finished(store, job)
    assert await store.outbox.claim("two", 9, 60) == []  # two at once could make it two messages
    await store.outbox.shown(placeholder, "ref")
    (post,) = await store.outbox.claim("two", 9, 60)
    assert (post.ref, post.version, post.final) == ("ref", 2, True)


async def test_a_message_given_up_is_tried_again_once_it_changes(store: Store) -> None:
    await ordered(store, "1")
    (placeholder,) = await store.outbox.claim("one", 9, 60)
    await store.outbox.give_up(placeholder, "gone")
    assert await store.outbox.claim("one", 9, 60) == []
    (job,) = await claimed(store)
    await finished(store, job)
    assert [post.version for post in await store.outbox.claim("one", 9, 60)] == [2]


async def test_pictures_go_before_placeholders(store: Store) -> None:
    await ordered(store, "1", "web:anna")
    await ordered(store, "2", "web:ben")
    first = await store.jobs.of("2", "web:ben")
    for job in await claimed(store, 2):
        if first is not None and job.id == first.id:
            await finished(store, job)
    assert [post.user for post in await store.outbox.claim("one", 1, 60)] == ["web:ben"]


async def test_the_web_history_is_replayed_from_where_it_was_left(store: Store) -> None:
    one = await store.web.write("anna", "a", "person", {"text": "hello"})
    two = await store.web.write("anna", "b", "bot", {"text": "queued"})
    await store.web.write("ben", "a", "person", {"text": "not hers"})
    three = await store.web.write("anna", "b", "bot", {"text": "done"})
    assert one < two < three
    rows = await store.web.since("anna", 0)
    assert [(row.seq, row.ref, row.author, row.body["text"]) for row in rows] == [
        (one, "a", "person", "hello"),
        (three, "b", "bot", "done"),
    ]
    assert rows[0].at <= rows[1].at
    assert [row.ref for row in await store.web.since("anna", two)] == ["b"]
    assert await store.web.since("anna", three) == []


async def test_seq_grows_even_after_everything_was_wiped(store: Store) -> None:
    before = await store.web.write("anna", "a", "person", {})
    await store.web.wipe("anna")
    assert await store.web.since("anna", 0) == []
    assert await store.web.write("anna", "a", "person", {}) > before


async def test_many_writing_at_once_never_share_a_seq(store: Store) -> None:
    seqs = await asyncio.gather(*(store.web.write("anna", str(n % 7), "bot", {"n": n}) for n in range(30)))
    assert len(set(seqs)) == 30


async def test_uploads_belong_to_their_chat_and_expire(store: Store) -> None:
    await store.web.put_upload("anna", "k", b"one", "image/png", time.time() + 60)
    await store.web.put_upload("anna", "k", b"two", "image/png", time.time() + 60)
    assert await store.web.upload("anna", "k") == (b"one", "image/png")
    assert await store.web.upload("eve", "k") is None
    assert await store.expire(time.time() + 61) == 1
    assert await store.web.upload("anna", "k") is None


async def test_a_picture_is_shown_in_its_owners_web_chat_only_and_photos_in_none(store: Store) -> None:
    await ordered(store, "e")
    (job,) = await claimed(store)
    await finished(store, job, picture=b"picture")
    done = await store.jobs.of(job.id, "web:anna")
    assert done is not None
    assert done.picture is not None
    picture, photo = done.picture, job.photo
    assert await store.web.picture("anna", picture) == b"picture"
    assert await store.web.picture("eve", picture) is None
    assert await store.web.picture("anna", photo) is None
