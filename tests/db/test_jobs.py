"""The fair order, and who may finish a job."""

import asyncio
import time

from db import Answer, Order, Store
from tests.db.rows import PICTURE, claimed, event, finished, ordered, photo_of


async def order_of_claims(store: Store, n: int) -> str:
    return "".join([(await claimed(store))[0].user[-1] for _ in range(n)])


async def test_jobs_of_one_person_are_claimed_in_their_order(store: Store) -> None:
    jobs = [await ordered(store, f"e{i}") for i in range(3)]
    assert [job.id for job in await claimed(store, 3)] == jobs


async def test_newcomers_take_turns_with_somebody_who_queued_forty(store: Store) -> None:
    for i in range(12):
        await ordered(store, f"a{i}", "web:A")
    assert await order_of_claims(store, 4) == "AAAA"
    for i in range(3):
        await ordered(store, f"b{i}", "web:B")
        await ordered(store, f"c{i}", "web:C")
    order = await order_of_claims(store, 14)
    assert sorted(order[:3]) == sorted(order[3:6]) == sorted(order[6:9]) == ["A", "B", "C"]
    assert order[9:] == "AAAAA"


async def test_places_count_from_the_next_one(store: Store) -> None:
    jobs = [await ordered(store, f"e{i}") for i in range(3)]
    await claimed(store)
    assert await store.jobs.places() == {jobs[1]: 1, jobs[2]: 2}


async def test_a_finished_job_turns_its_message_into_the_picture(store: Store) -> None:
    await ordered(store, "e")
    (placeholder,) = await store.outbox.claim("test", 9, 60)
    await store.outbox.shown(placeholder, "ref")
    (job,) = await claimed(store)
    assert await finished(store, job)
    (post,) = await store.outbox.claim("test", 9, 60)
    assert (post.key, post.ref, post.version, post.body.text, post.final) == (job.outbox_key, "ref", 2, "done", True)
    assert post.body.picture is not None
    assert await store.blobs.get(post.body.picture, job.user) == PICTURE
    assert await claimed(store) == []


async def test_a_worker_that_lost_its_lease_cannot_answer(store: Store) -> None:
    await ordered(store, "e")
    (late,) = await claimed(store, lease_s=-1)
    (current,) = await claimed(store)
    assert (current.id, current.lease) == (late.id, late.lease + 1)
    assert not await finished(store, late, "late")
    assert not await store.jobs.fail(late, Answer("late"))
    assert not await store.jobs.again(late, time.time())
    assert await store.jobs.renew([late, current], 60) == {current.id}
    assert await finished(store, current, "current")
    (post,) = await store.outbox.claim("test", 9, 60)
    assert (post.body.text, post.version) == ("current", 2)


async def test_a_job_is_finished_once(store: Store) -> None:
    await ordered(store, "e")
    (job,) = await claimed(store)
    assert await finished(store, job)
    assert not await finished(store, job)


async def test_a_lease_that_is_renewed_lasts(store: Store) -> None:
    await ordered(store, "e")
    (job,) = await claimed(store, lease_s=0.2)
    await store.jobs.renew([job], 60)
    await asyncio.sleep(0.25)
    assert await claimed(store) == []


async def test_a_job_to_be_rendered_again_waits_its_time_and_counts(store: Store) -> None:
    await ordered(store, "e")
    (job,) = await claimed(store)
    assert await store.jobs.again(job, time.time() + 0.2)
    assert await claimed(store) == []
    await asyncio.sleep(0.25)
    (again,) = await claimed(store)
    assert (again.attempts, again.id) == (1, job.id)
    assert await store.jobs.again(again, time.time(), failed=False)
    assert (await claimed(store))[0].attempts == 1


async def test_after_a_crash_everything_claimed_is_free_at_once(store: Store) -> None:
    job = await ordered(store, "e")
    await claimed(store)
    await store.outbox.claim("test", 9, 60)
    await event(store, "e2")
    assert await store.release("somebody else") == 0
    assert await store.release() == 3
    assert [row.id for row in await claimed(store)] == [job]
    assert len(await store.outbox.claim("test", 9, 60)) == 1
    assert len(await store.inbox.claim("test", 9, 60)) == 1


async def test_many_claiming_at_once_never_get_the_same_job(store: Store) -> None:
    jobs = [await ordered(store, f"e{i}", f"web:{i % 5}") for i in range(30)]

    async def work() -> list[str]:
        mine: list[str] = []
        while rows := await claimed(store, 2):
            mine += [row.id for row in rows]
        return mine

    got = [id for mine in await asyncio.gather(*(work() for _ in range(6))) for id in mine]
    assert sorted(got) == sorted(jobs)


async def test_a_job_is_shown_to_its_owner_only(store: Store) -> None:
    job = await ordered(store, "e")
    row = await store.jobs.of(job, "web:anna")
    assert row is not None
    assert (row.style, row.strength, row.seed) == ("goth", 0.8, 7)
    assert await store.jobs.of(job, "web:eve") is None
    assert await store.jobs.of("12 or 1=1", "web:anna") is None
    assert await store.jobs.of("9" * 30, "web:anna") is None


async def test_open_jobs_of_a_person_are_counted_until_they_are_made(store: Store) -> None:
    await ordered(store, "e1")
    await ordered(store, "e2")
    (job,) = await claimed(store)
    assert await store.jobs.open_of("web:anna") == 2
    await finished(store, job)
    assert await store.jobs.open_of("web:anna") == 1


async def test_what_was_ordered_is_what_the_job_says(store: Store) -> None:
    photo = await photo_of(store, "web:anna", "1")
    wish = Order("goth", 0.8, photo, 7, True, "de", ("file", "share"), ("goth", "noir", "comic"), many=True)
    await store.inbox.answer(await event(store, "e"), "web:anna", Answer("queued", order=wish))
    (job,) = await claimed(store)
    assert (job.beside, job.lang, job.offers, job.sheet, job.many) == (True, "de", wish.offers, wish.sheet, True)
