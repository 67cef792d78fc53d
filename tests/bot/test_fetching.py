"""Photos come in behind the placeholder, whatever their platform does meanwhile, and hold up nobody."""

import asyncio
import logging
import time
from typing import Any

import pytest

from bot.fetching import CLAIMS, FETCHES, Fetching
from bot.messages import Later
from db import Answer, Order, Store
from tests.bot.parts import Captions, Deaf, TestPool, eventually, running
from tests.bot.test_dispatch import dispatch
from tests.db.rows import event
from tests.db.test_people import rows_about
from tests.fakes.platform import FakePlatform, Fault


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.fetching.backoff_s", lambda attempts, most: 0.01)


class Bench:
    """A platform with photos, and everything behind the conversation."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.platform = FakePlatform(photos={"p1": b"photo one", "p2": b"photo two", "big": bytes(2000)})
        self.pool = TestPool()
        self.fetching = self.another()
        self.dispatch = dispatch(store, self.pool, delivery=Deaf())

    def another(self, **settings: Any) -> Fetching:
        given = {"keep_photos_s": 60, "photo_bytes": 1000, "failed": Captions().failed, **settings}
        return Fetching(self.store, {"fake": self.platform, "other": self.platform}, **given)

    async def notes(self, ref: str, platform: str = "fake") -> int:
        return await self.store.errands.note("fake:anna", ref, platform, ref, time.time() + 60)

    async def orders(self, name: str, photo: int, style: str = "goth") -> str:
        order = Order(style, 0.8, photo, 7)
        ids = await self.store.inbox.answer(
            await event(self.store, name, "fake:anna"), "fake:anna", Answer("queued", order=order)
        )
        return ids.key

    async def ends(self, key: str, text: str) -> None:
        """A message says that in the end."""

        async def said() -> bool:
            post = await self.store.outbox.get(key)
            return post is not None and post.final and post.body.text == text

        await eventually(said)


@pytest.fixture
def bench(store: Store) -> Bench:
    return Bench(store)


async def test_a_photo_comes_in_and_is_drawn(bench: Bench) -> None:
    key = await bench.orders("1", await bench.notes("p1"))
    async with running(bench.fetching, bench.dispatch):
        await bench.ends(key, "goth done")
    assert [job.photos for job in bench.pool.rendered] == [(b"photo one",)]


async def test_a_second_style_can_be_taken_while_the_photo_is_on_its_way(bench: Bench) -> None:
    bench.platform.holds = asyncio.Event()
    photo = await bench.notes("p1")
    first = await bench.orders("1", photo)
    async with running(bench.fetching, bench.dispatch):
        await eventually(lambda: bench.platform.fetching == 1)
        second = await bench.orders("2", photo, "noir")
        bench.platform.holds.set()
        await bench.ends(first, "goth done")
        await bench.ends(second, "noir done")
    assert bench.platform.fetched == ["p1"]


async def test_slow_photos_hold_up_nobody_else_and_no_other_platform(bench: Bench) -> None:
    bench.platform.holds, bench.platform.slow = asyncio.Event(), {"p1"}
    stuck = await bench.orders("1", await bench.notes("p1"))
    free = await bench.orders("2", await bench.notes("p2", "other"))
    async with running(bench.another(at_once=1), bench.dispatch):
        await bench.ends(free, "goth done")
        bench.platform.holds.set()
        await bench.ends(stuck, "goth done")


async def test_no_more_photos_of_a_platform_are_fetched_at_once_than_it_may(bench: Bench) -> None:
    bench.platform.holds = asyncio.Event()
    bench.platform.photos = {str(n): b"photo" for n in range(5)}
    for name in bench.platform.photos:
        await bench.notes(name)
    async with running(bench.another(at_once=2, look_s=0.01)):
        await eventually(lambda: bench.platform.fetching == 2)
        await asyncio.sleep(0.1)
        assert bench.platform.fetching == 2
        bench.platform.holds.set()
        await eventually(lambda: len(bench.platform.fetched) == 5)


@pytest.mark.parametrize("error", [ConnectionResetError(), TimeoutError(), Later(0.02), KeyError("a bug")])
async def test_what_cannot_be_had_now_is_had_later(bench: Bench, error: Exception) -> None:
    bench.platform.faults = [Fault("fetch", error, times=3)]
    key = await bench.orders("1", await bench.notes("p1"))
    async with running(bench.fetching, bench.dispatch):
        await bench.ends(key, "goth done")


async def test_a_platform_that_hangs_is_asked_again(bench: Bench) -> None:
    bench.platform.holds = asyncio.Event()
    key = await bench.orders("1", await bench.notes("p1"))
    async with running(bench.another(fetch_s=0.1), bench.dispatch):
        await eventually(lambda: bench.platform.fetching == 1)
        await eventually(lambda: bench.platform.fetching == 0)
        bench.platform.holds.set()
        await bench.ends(key, "goth done")


async def test_a_photo_that_is_gone_is_told_to_every_message_that_waits_for_it(bench: Bench) -> None:
    photo = await bench.notes("gone")
    keys = [await bench.orders(str(n), photo) for n in range(2)]
    async with running(bench.fetching, bench.dispatch):
        for key in keys:
            await bench.ends(key, "failed: PhotoExpired")
    assert bench.pool.rendered == []


async def test_a_photo_over_the_limit_is_refused(bench: Bench) -> None:
    key = await bench.orders("1", await bench.notes("big"))
    async with running(bench.fetching, bench.dispatch):
        await bench.ends(key, "failed: FileTooLarge")


async def test_a_photo_that_cannot_be_had_in_a_long_while_is_given_up(bench: Bench) -> None:
    bench.platform.faults = [Fault("fetch", ConnectionError(), times=999)]
    key = await bench.orders("1", await bench.notes("p1"))
    async with running(bench.fetching, bench.dispatch):
        await bench.ends(key, "failed: PhotoExpired")
    assert 999 - bench.platform.faults[0].times == FETCHES


async def test_a_photo_that_kills_whoever_fetches_it_is_given_up(bench: Bench) -> None:
    key = await bench.orders("1", await bench.notes("p1"))
    for _ in range(CLAIMS - 1):
        assert len(await bench.store.errands.claim("the dead", 1, -1, ["fake"])) == 1
    async with running(bench.fetching):
        await bench.ends(key, "failed: PhotoExpired")
    assert bench.platform.fetched == []


async def test_a_photo_of_a_dead_bot_is_fetched_when_its_lease_ends(bench: Bench) -> None:
    key = await bench.orders("1", await bench.notes("p1"))
    assert len(await bench.store.errands.claim("the dead", 1, 0.3, ["fake"])) == 1
    async with running(bench.fetching, bench.dispatch):
        await bench.ends(key, "goth done")


async def test_a_slow_photo_keeps_its_claim(bench: Bench) -> None:
    bench.platform.holds = asyncio.Event()
    key = await bench.orders("1", await bench.notes("p1"))
    async with running(bench.another(lease_s=1.0), bench.another(lease_s=1.0), bench.dispatch):
        await eventually(lambda: bench.platform.fetching == 1)
        await asyncio.sleep(1.4)
        bench.platform.holds.set()
        await bench.ends(key, "goth done")
    assert bench.platform.fetched == ["p1"]


async def test_a_photo_under_way_at_a_stop_is_free_at_once(bench: Bench) -> None:
    bench.platform.holds = asyncio.Event()
    photo = await bench.notes("p1")
    async with running(bench.fetching):
        await eventually(lambda: bench.platform.fetching == 1)
    (errand,) = await bench.store.errands.claim("test", 9, 60, ["fake"])
    assert (errand.id, errand.attempts) == (photo, 0)


async def test_a_person_forgotten_while_their_photo_is_fetched_stays_forgotten(bench: Bench) -> None:
    bench.platform.holds = asyncio.Event()
    await bench.orders("1", await bench.notes("p1"))
    async with running(bench.fetching, bench.dispatch):
        await eventually(lambda: bench.platform.fetching == 1)
        await bench.store.people.forget("fake:anna")
        bench.platform.holds.set()
        await eventually(lambda: bench.platform.fetched == ["p1"])
        await asyncio.sleep(0.1)
    assert await rows_about(bench.store.url, "anna") == []
    assert await rows_about(bench.store.url, "photo one") == []


async def test_a_photo_nobody_wants_any_more_says_nothing_to_anybody(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "bot"):
        photo = await bench.notes("gone")
        async with running(bench.fetching):
            await eventually(lambda: "not to be had" in caplog.text)
            await asyncio.sleep(0.05)
    assert not await bench.store.blobs.has(photo, "fake:anna")
    assert "anna" not in caplog.text
