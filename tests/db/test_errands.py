"""Photos are ordered from before they are here, fetched once, and never come back once they are erased."""

import time

from db import Answer, Errand, JobRow, Order, Store
from tests.db.rows import claimed, event
from tests.db.test_people import rows_about

LATER = 60.0


async def noted(store: Store, key: str = "1", platform: str = "web") -> int:
    return await store.errands.note("web:anna", key, platform, "where/it/lies", time.time() + LATER)


async def errands(store: Store, *platforms: str, n: int = 9, lease_s: float = LATER) -> list[Errand]:
    return await store.errands.claim("test", n, lease_s, platforms or ("web",))


async def ordered_from(store: Store, photo: int, name: str, style: str = "goth") -> str:
    order = Order(style, 0.8, photo, 7)
    ids = await store.inbox.answer(await event(store, name), "web:anna", Answer("queued", order=order))
    assert ids.job is not None
    return ids.job


async def test_a_photo_noted_twice_is_one_photo_and_one_errand(store: Store) -> None:
    photo = await noted(store)
    assert await noted(store) == photo
    assert [(errand.id, errand.ref) for errand in await errands(store)] == [(photo, "where/it/lies")]
    assert await store.blobs.has(photo, "web:anna")


async def test_a_photo_that_is_here_is_not_fetched_again(store: Store) -> None:
    photo = await noted(store)
    (errand,) = await errands(store)
    assert await store.errands.arrived(errand, b"me", time.time() + LATER)
    assert await noted(store) == photo
    assert await errands(store) == []
    assert await store.blobs.get(photo, "web:anna") == b"me"


async def test_jobs_wait_for_their_photo_and_hold_up_nobody(store: Store) -> None:
    photo, other = await noted(store), await noted(store, "2")
    first = await ordered_from(store, photo, "e1")
    second = await ordered_from(store, photo, "e2", "noir")
    third = await ordered_from(store, other, "e3")
    assert (await claimed(store, 9), await store.jobs.waiting()) == ([], [])
    mine, theirs = await errands(store)
    await store.errands.arrived(theirs, b"quick", time.time() + LATER)
    assert [job.id for job in await claimed(store, 9)] == [third]
    await store.errands.arrived(mine, b"slow", time.time() + LATER)
    assert await store.jobs.places() == {first: 1, second: 2}
    assert [job.id for job in await claimed(store, 9)] == [first, second]


async def test_only_the_platforms_asked_for_are_claimed_from(store: Store) -> None:
    web, telegram = await noted(store), await noted(store, "2", "telegram")
    assert [errand.id for errand in await errands(store, "telegram", "discord")] == [telegram]
    assert [errand.id for errand in await errands(store, "web", "telegram")] == [web]


async def test_whoever_lost_the_claim_brings_nothing(store: Store) -> None:
    photo = await noted(store)
    (late,) = await errands(store, lease_s=-1)
    (current,) = await errands(store)
    assert not await store.errands.arrived(late, b"late", time.time() + LATER)
    assert not await store.errands.lost(late, sorry)
    await store.errands.later(late, time.time() - 1)
    assert await errands(store) == []
    assert await store.errands.arrived(current, b"current", time.time() + LATER)
    assert await store.blobs.get(photo) == b"current"


async def test_an_errand_put_off_counts_and_waits_its_time(store: Store) -> None:
    await noted(store)
    (errand,) = await errands(store)
    await store.errands.later(errand, time.time() + LATER)
    assert await errands(store) == []
    await store.errands.later(errand, time.time() - 1)
    assert [again.attempts for again in await errands(store)] == [2]


async def test_an_errand_that_is_renewed_stays_claimed(store: Store) -> None:
    await noted(store)
    held = await errands(store, lease_s=-1)
    await store.errands.renew(held, LATER)
    assert await errands(store) == []


async def test_a_photo_that_cannot_be_had_ends_every_job_that_waits_for_it(store: Store) -> None:
    photo = await noted(store)
    await store.people.remember("web:anna", photo=photo)
    jobs = [await ordered_from(store, photo, f"e{n}") for n in range(2)]
    (errand,) = await errands(store)
    assert await store.errands.lost(errand, sorry)
    assert await store.jobs.open_of("web:anna") == 0
    for id in jobs:
        job = await store.jobs.of(id, "web:anna")
        assert job is not None
        post = await store.outbox.get(job.outbox_key)
        assert post is not None
        assert (post.body.text, post.final) == (f"no photo for {id}", True)
    assert not await store.blobs.has(photo, "web:anna")
    assert (await store.people.get("web:anna")).photo is None


async def test_a_photo_forgotten_while_it_is_fetched_does_not_come_back(store: Store) -> None:
    await ordered_from(store, await noted(store), "e")
    (errand,) = await errands(store)
    await store.people.forget("web:anna")
    assert not await store.errands.arrived(errand, b"anna's face", time.time() + LATER)
    assert not await store.errands.lost(errand, sorry)
    assert await rows_about(store.url, "anna") == []
    assert await rows_about(store.url, "where/it/lies") == []


async def test_a_photo_whose_time_is_over_is_not_fetched_any_more(store: Store) -> None:
    await noted(store)
    await store.expire(time.time() + LATER + 1)
    assert await errands(store) == []


async def test_after_a_crash_photos_under_way_are_free_at_once(store: Store) -> None:
    photo = await noted(store)
    await errands(store)
    assert await store.release("somebody else") == 0
    assert await store.release() == 1
    assert [errand.id for errand in await errands(store)] == [photo]


def sorry(job: JobRow) -> Answer:
    return Answer(f"no photo for {job.id}")
