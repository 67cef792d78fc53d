"""Jobs are rendered fairly and to their end; what fails is told once, and only our own failures are tried again."""

import asyncio
import logging
from types import MappingProxyType
from typing import Any

import pytest

from bot.dispatch import CLAIMS, Dispatch
from db import Answer, Store
from generation.errors import NoFace, RenderFailed
from generation.pools import Pool
from generation.styles import Catalogue
from tests.bot.parts import CATALOGUE, Captions, Deaf, TestPool, eventually, running
from tests.db.rows import event, ordered


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.dispatch.backoff_s", lambda attempts, most: 0.01)


def dispatch(store: Store, pool: Pool, **changes: Any) -> Dispatch:
    texts = Captions()
    given = {
        "finished": texts.finished,
        "drafted": texts.drafted,
        "kept": texts.kept,
        "failed": texts.failed,
        **changes,
    }
    given = {"delivery": Deaf(), "keep_pictures_s": 60, **given}
    pools = {"draw": pool, **given.pop("more_pools", {})}
    return Dispatch(store, pools, given.pop("catalogue", CATALOGUE), **given)


async def outcome(store: Store, job: str, user: str = "web:anna") -> str:
    """What the job's message says at its end."""
    row = await store.jobs.of(job, user)
    assert row is not None
    said: list[str] = []

    async def ended() -> bool:
        post = await store.outbox.get(row.outbox_key)
        assert post is not None
        said[:] = [post.body.text]
        return post.final

    await eventually(ended)
    return said[0]


async def test_a_job_becomes_a_picture(store: Store) -> None:
    job = await ordered(store, "e", photo=b"me")
    pool = TestPool()
    async with running(dispatch(store, pool)):
        assert await outcome(store, job) == "goth done"
    (rendered,) = pool.rendered
    assert (rendered.id, rendered.style.name, rendered.photos, rendered.strength) == (job, "goth", (b"me",), 0.8)
    post = (await store.outbox.claim("test", 9, 60))[0]
    assert post.body.picture is not None
    assert await store.blobs.get(post.body.picture) == b"\xff\xd8me"


async def test_no_more_jobs_are_claimed_than_the_pool_has_room_for(store: Store) -> None:
    jobs = [await ordered(store, f"e{n}") for n in range(6)]
    pool = TestPool(slots=2, seconds=0.02)
    async with running(dispatch(store, pool)):
        for job in jobs:
            await outcome(store, job)
    assert pool.most_at_once == 2
    assert sorted(job.id for job in pool.rendered) == jobs


async def test_the_next_job_begins_as_soon_as_there_is_room(store: Store) -> None:
    jobs = [await ordered(store, f"e{n}") for n in range(5)]
    pool = TestPool()
    async with running(dispatch(store, pool, look_s=30)):
        for job in jobs:
            assert await outcome(store, job) == "goth done"


async def test_what_the_person_can_mend_is_told_at_once(store: Store) -> None:
    job = await ordered(store, "e")
    pool = TestPool(outcomes={job: [NoFace()]})
    async with running(dispatch(store, pool)):
        assert await outcome(store, job) == "failed: NoFace"
    assert len(pool.rendered) == 1


async def test_our_own_failure_is_tried_three_times(store: Store) -> None:
    lucky, unlucky = await ordered(store, "e1"), await ordered(store, "e2", "web:ben")
    pool = TestPool(outcomes={lucky: [RenderFailed()] * 2, unlucky: [RenderFailed()] * 9})
    async with running(dispatch(store, pool)):
        assert await outcome(store, lucky) == "goth done"
        assert await outcome(store, unlucky, "web:ben") == "failed: RenderFailed"
    assert sorted(job.id for job in pool.rendered) == [lucky] * 3 + [unlucky] * 3


async def test_a_bug_in_the_pool_costs_one_job(store: Store) -> None:
    broken, fine = await ordered(store, "e1"), await ordered(store, "e2", "web:ben")
    pool = TestPool(outcomes={broken: [KeyError("bug")] * 9})
    async with running(dispatch(store, pool)):
        assert await outcome(store, broken) == "failed: RenderFailed"
        assert await outcome(store, fine, "web:ben") == "goth done"


async def test_a_photo_that_has_expired_has_its_own_sentence(store: Store) -> None:
    job = await ordered(store, "e")
    await store.blobs.expire(2e12)
    pool = TestPool()
    async with running(dispatch(store, pool)):
        assert await outcome(store, job) == "failed: PhotoExpired"
    assert pool.rendered == []


async def test_a_style_whose_pack_is_gone_has_its_own_sentence(store: Store) -> None:
    job = await ordered(store, "e")
    async with running(dispatch(store, TestPool(), catalogue=Catalogue(MappingProxyType({})))):
        assert await outcome(store, job) == "failed: UnknownStyle"


async def test_a_job_that_kills_whoever_takes_it_is_given_up(store: Store) -> None:
    job = await ordered(store, "e")
    for _ in range(CLAIMS - 1):
        assert len(await store.jobs.claim("the dead", 1, -1)) == 1
    pool = TestPool()
    async with running(dispatch(store, pool)):
        assert await outcome(store, job) == "failed: RenderFailed"
    assert pool.rendered == []


async def test_a_job_under_way_at_a_stop_is_free_at_once(store: Store) -> None:
    job = await ordered(store, "e")
    pool = TestPool(seconds=60)
    async with running(dispatch(store, pool)):
        await eventually(lambda: pool.at_once == 1)
        assert await store.jobs.claim("test", 1, 60) == []
    (row,) = await store.jobs.claim("test", 1, 60)
    assert (row.id, row.attempts) == (job, 0)


async def test_a_job_of_a_dead_bot_is_taken_up_when_its_lease_ends(store: Store) -> None:
    job = await ordered(store, "e")
    (late,) = await store.jobs.claim("the dead", 1, 0.3)
    async with running(dispatch(store, TestPool())):
        assert await outcome(store, job) == "goth done"
    assert not await store.jobs.fail(late, Answer("too late"))


async def test_a_long_job_keeps_its_lease(store: Store) -> None:
    job = await ordered(store, "e")
    one, two = TestPool(seconds=0.9), TestPool(seconds=0.9)
    async with running(dispatch(store, one, lease_s=0.4), dispatch(store, two, lease_s=0.4)):
        assert await outcome(store, job) == "goth done"
    assert len(one.rendered) + len(two.rendered) == 1


async def test_people_take_turns(store: Store) -> None:
    for n in range(4):
        await ordered(store, f"a{n}", "web:A")
    for user in ("web:B", "web:C"):
        for n in range(2):
            await ordered(store, f"{user}{n}", user)
    pool = TestPool()
    async with running(dispatch(store, pool)):
        await eventually(lambda: len(pool.rendered) == 8)
    order = "".join([await user_of(store, job.id) for job in pool.rendered])
    assert sorted(order[:3]) == sorted(order[3:6]) == ["A", "B", "C"]
    assert order[6:] == "AA"


async def user_of(store: Store, job: str) -> str:
    for user in ("A", "B", "C"):
        if await store.jobs.of(job, f"web:{user}"):
            return user
    raise AssertionError(job)


async def test_people_hear_of_their_place_and_of_the_work(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.dispatch.PLACES_S", 0.02)
    first, second, third = [await ordered(store, f"e{n}") for n in range(3)]
    screen = Deaf()
    async with running(dispatch(store, TestPool(seconds=0.3), delivery=screen)):
        await outcome(store, third)
    assert (first, None, 0.0) in screen.told
    assert (first, None, 0.5) in screen.told
    assert [place for id, place, _ in screen.told if id == third and place][-2:] == [2, 1]
    assert second in {id for id, _, _ in screen.told}


async def test_a_picture_whose_job_was_deleted_meanwhile_is_dropped(store: Store) -> None:
    await ordered(store, "e")
    pool = TestPool(seconds=0.2)
    async with running(dispatch(store, pool)):
        await eventually(lambda: pool.at_once == 1)
        await store.people.forget("web:anna")
        await eventually(lambda: pool.at_once == 0)
        await asyncio.sleep(0.05)
    assert await store.outbox.claim("test", 9, 60) == []
    assert await store.blobs.get(2) is None


async def test_the_log_has_one_line_a_job_and_nobody_in_it(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    job = await ordered(store, "e", photo=b"my face")
    with caplog.at_level(logging.INFO, "bot"):
        async with running(dispatch(store, TestPool())):
            await outcome(store, job)
            await asyncio.sleep(0.05)
    (line,) = [record.getMessage() for record in caplog.records if record.name == "bot.dispatch"]
    assert line.startswith(f"job {job} goth retouch ")
    assert line.endswith(" s done")
    assert "anna" not in line


async def test_a_job_whose_painter_was_taken_away_learns_it(store: Store) -> None:
    job = await ordered(store, "e", lane="paint")
    async with running(dispatch(store, TestPool())):
        assert await outcome(store, job) == "failed: PainterAway"


async def test_lanes_do_not_take_each_others_room(store: Store) -> None:
    drawn = [await ordered(store, f"d{n}") for n in range(3)]
    painted = [await ordered(store, f"p{n}", lane="paint") for n in range(3)]
    drawer, painter = TestPool(slots=1), TestPool(slots=3, seconds=0.05)
    async with running(dispatch(store, drawer, more_pools={"paint": painter})):
        for job in (*drawn, *painted):
            assert await outcome(store, job) == "goth done"
    assert sorted(job.id for job in drawer.rendered) == drawn
    assert sorted(job.id for job in painter.rendered) == painted
    assert painter.most_at_once == 3


async def test_a_draft_passes_on_to_the_painter(store: Store) -> None:
    job = await ordered(store, "e", next_lane="paint")
    drawer, painter = TestPool(), TestPool()
    async with running(dispatch(store, drawer, more_pools={"paint": painter})):
        assert await outcome(store, job) == "goth done"
    assert [len(drawer.rendered), len(painter.rendered)] == [1, 1]


async def test_with_too_many_waiting_for_the_painter_the_draft_is_the_picture(store: Store) -> None:
    waiting = [await ordered(store, f"p{n}", lane="paint") for n in range(3)]
    job = await ordered(store, "e", "web:ben", next_lane="paint")
    painter = TestPool(slots=0)
    async with running(dispatch(store, TestPool(), more_pools={"paint": painter}, full=2)):
        assert await outcome(store, job, "web:ben") == "goth drafted, kept: PainterFull"
    assert len(await store.jobs.waiting("paint")) == len(waiting)


async def test_a_painter_waits_for_photos_on_their_way_but_not_for_ever(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.dispatch.PHOTOS_S", 0.02)
    more = await store.errands.note("web:anna", "more", "y", "web:anna/more", 2e12)
    job = await ordered(store, "e", lane="paint", also=(more,))
    late = await ordered(store, "late", lane="paint", also=(await store.errands.note("web:anna", "x", "y", "z", 2e12),))
    painter = TestPool()
    async with running(dispatch(store, TestPool(), more_pools={"paint": painter})):
        await asyncio.sleep(0.1)
        assert painter.rendered == []
        errand = (await store.errands.claim("test", 9, 60, ["y"]))[0]
        await store.errands.arrived(errand, b"another", 2e12)
        assert await outcome(store, job) == "goth done"
        assert await outcome(store, late) == "goth done"
    assert {job.id: job.photos for job in painter.rendered} == {job: (b"photo", b"another"), late: (b"photo",)}


async def test_a_stopped_job_leaves_its_painter(store: Store) -> None:
    job = await ordered(store, "e", lane="paint")
    painter = TestPool(seconds=60)
    async with running(dispatch(store, TestPool(), more_pools={"paint": painter})):
        await eventually(lambda: painter.at_once == 1)
        tap = await event(store, "tap")
        await store.inbox.answer(tap, "web:anna", Answer("stopped", stops=job))
        await eventually(lambda: painter.at_once == 0)
        assert await outcome(store, job) == "stopped"


async def test_a_deleted_job_leaves_its_painter(store: Store) -> None:
    job = await ordered(store, "e", lane="paint")
    painter = TestPool(seconds=60)
    async with running(dispatch(store, TestPool(), more_pools={"paint": painter})):
        await eventually(lambda: painter.at_once == 1)
        await store.inbox.answer(await event(store, "tap"), "web:anna", Answer("gone", deletes=job))
        await eventually(lambda: painter.at_once == 0, timeout_s=5)
