"""Jobs that are drawn first and painted then: drafts, lanes, and stopping."""

import time

from db import Answer, JobRow, Order, Store
from db.records import PAINT
from tests.db.rows import PICTURE, claimed, event, finished, ordered, photo_of


async def drafted(store: Store, name: str, user: str = "web:anna") -> JobRow:
    """A job whose draft is there and whose painter has not begun."""
    claimed_event = await event(store, name, user)
    photo = await photo_of(store, user, f"{name}/0")
    order = Order("goth", 0.8, photo, 7, next_lane=PAINT, also=(photo,), likeness=0.75)
    await store.inbox.answer(claimed_event, user, Answer("queued", order=order))
    (job,) = await claimed(store)

    def body(id: int) -> Answer:
        return Answer("a draft", picture=id, unfinished=True)

    assert await store.jobs.draft(job, b"draft", body, time.time() + 60)
    row = await store.jobs.of(job.id, user)
    assert row is not None
    return row


async def test_a_drafted_job_passes_to_the_next_lane_and_its_message_stays_open(store: Store) -> None:
    job = await drafted(store, "e")
    assert (job.lane, job.next_lane, job.likeness, len(job.also)) == (PAINT, "", 0.75, 1)
    post = await store.outbox.get(job.outbox_key)
    assert post is not None
    assert (post.final, post.body.text, post.body.picture) == (False, "a draft", job.picture)
    assert await store.jobs.claim("drawer", 9, 60) == []
    assert [row.id for row in await store.jobs.claim("painter", 9, 60, PAINT)] == [job.id]


async def test_the_finished_picture_takes_the_drafts_place(store: Store) -> None:
    draft = await drafted(store, "e")
    (job,) = await store.jobs.claim("painter", 1, 60, PAINT)
    assert await finished(store, job)
    row = await store.jobs.of(job.id, job.user)
    assert row is not None
    assert row.picture is not None
    assert await store.blobs.get(row.picture) == PICTURE
    assert draft.picture is not None
    assert await store.blobs.get(draft.picture) is None


async def test_a_draft_can_be_all_there_is(store: Store) -> None:
    await drafted(store, "e")
    (job,) = await store.jobs.claim("painter", 1, 60, PAINT)
    assert await store.jobs.keep(job, Answer("kept", picture=job.picture))
    assert not await store.jobs.keep(job, Answer("kept twice", picture=job.picture))
    kept = await store.jobs.last(job.user)
    assert kept is not None
    assert kept.picture == job.picture


async def test_a_late_drawer_drafts_nothing(store: Store) -> None:
    await ordered(store, "e")
    (late,) = await claimed(store, lease_s=-1)
    await claimed(store)
    assert not await store.jobs.draft(late, b"draft", lambda id: Answer("a draft", picture=id), time.time() + 60)


async def test_a_stopped_job_ends_where_it_is_and_is_nobodys_any_more(store: Store) -> None:
    await drafted(store, "e")
    (job,) = await store.jobs.claim("painter", 1, 60, PAINT)
    tap = await event(store, "tap")
    await store.inbox.answer(tap, job.user, Answer("stopped", picture=job.picture, stops=job.id))
    post = await store.outbox.get(job.outbox_key)
    assert post is not None
    assert (post.final, post.body.text) == (True, "stopped")
    assert await store.jobs.renew([job], 60) == set()
    assert not await finished(store, job)
    assert await store.jobs.last(job.user) is not None


async def test_a_job_that_ended_by_itself_is_not_stopped_and_says_nothing_twice(store: Store) -> None:
    id = await ordered(store, "e")
    (job,) = await claimed(store)
    assert await finished(store, job)
    tap = await event(store, "tap")
    ids = await store.inbox.answer(tap, "web:anna", Answer("stopped", stops=id))
    assert await store.outbox.get(ids.key) is None
    post = await store.outbox.get(job.outbox_key)
    assert post is not None
    assert post.body.text == "done"


async def test_nobody_stops_a_strangers_job(store: Store) -> None:
    id = await ordered(store, "e")
    tap = await event(store, "tap", "web:ben")
    await store.inbox.answer(tap, "web:ben", Answer("stopped", stops=id))
    assert len(await claimed(store)) == 1


async def test_free_words_go_with_their_picture(store: Store) -> None:
    tap = await event(store, "e")
    photo = await photo_of(store, "web:anna", "e/0")
    order = Order("imagine", 1.0, photo, 7, lane=PAINT, words="me on the moon")
    ids = await store.inbox.answer(tap, "web:anna", Answer("queued", order=order))
    assert ids.job is not None
    (job,) = await store.jobs.claim("painter", 1, 60, PAINT)
    assert await finished(store, job)
    await store.expire(time.time() + 1)
    kept = await store.jobs.of(ids.job, "web:anna")
    await store.expire(time.time() + 100)
    gone = await store.jobs.of(ids.job, "web:anna")
    assert kept is not None
    assert gone is not None
    assert (kept.words, gone.words) == ("me on the moon", "")
