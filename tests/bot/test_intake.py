"""Events are answered once, each chat's in order, whatever breaks in between."""

import asyncio
import logging
import time
from typing import Any

import pytest

from bot.intake import Intake
from bot.messages import Fetch, Message, Reply
from db import Store
from tests.bot.parts import Talk, eventually, running
from tests.fakes.platform import FakePlatform, Fault


class Bench:
    """An intake with everything around it."""

    def __init__(self, store: Store, **settings: Any) -> None:
        self.store = store
        self.platform = FakePlatform(photos={"p1": b"photo one"})
        self.talk = Talk()
        self.intake = self.another(**settings)
        self.receive = self.intake.receiver("fake")

    def another(self, **settings: Any) -> Intake:
        given = {"keep_photos_s": 60, **settings}
        return Intake(self.store, {"fake": self.platform}, self.talk.reply_to, **given)

    async def says(self, event: str, text: str = "", user: str = "anna", **raw: Any) -> bool:
        return await self.receive(event, user, {"user": user, "chat": user, "text": text, **raw})

    async def answers(self, n: int) -> list[str]:
        """The texts of n messages of ours, oldest first."""
        texts: list[str] = []

        async def there() -> bool:
            for post in await self.store.outbox.claim("test", 99, 60):
                await self.store.outbox.shown(post, "ref")
                texts.append(post.body.text)
            return len(texts) >= n

        await eventually(there)
        return texts


@pytest.fixture
def bench(store: Store) -> Bench:
    return Bench(store)


async def test_a_message_gets_an_answer(bench: Bench) -> None:
    async with running(bench.intake):
        assert await bench.says("1", "hello")
        assert await bench.answers(1) == ["you said hello"]


async def test_duplicates_of_an_event_are_answered_once(bench: Bench) -> None:
    async with running(bench.intake):
        assert await bench.says("1", "hello")
        assert not await bench.says("1", "hello")
        await bench.answers(1)
        assert not await bench.says("1", "hello")
        await bench.says("2", "bye")
        assert await bench.answers(1) == ["you said bye"]
    assert bench.talk.heard == ["1", "2"]


async def test_what_was_received_while_nobody_answered_is_answered_at_the_start(bench: Bench) -> None:
    await bench.says("1", "hello")
    async with running(bench.intake):
        assert await bench.answers(1) == ["you said hello"]


async def test_a_chat_is_answered_in_order_while_others_go_on(store: Store) -> None:
    bench = Bench(store)
    gate, order = asyncio.Event(), list[str]()

    async def reply_to(message: Message, fetch: Fetch) -> Reply:
        if message.text == "slow":
            await gate.wait()
        order.append(message.event)
        return Reply(message.text)

    intake = Intake(store, {"fake": bench.platform}, reply_to, keep_photos_s=60)
    async with running(intake):
        await bench.says("a1", "slow", "anna")
        await bench.says("a2", "quick", "anna")
        await bench.says("b1", "quick", "ben")
        await eventually(lambda: order == ["b1"])
        gate.set()
        await eventually(lambda: order == ["b1", "a1", "a2"])


async def test_a_photo_is_ordered_from_without_waiting_for_it(bench: Bench) -> None:
    bench.platform.faults = [Fault("fetch", AssertionError("somebody fetched"))]
    async with running(bench.intake):
        await bench.says("1", photos=["p1"])
        assert await bench.answers(1) == ["queued"]
    assert await bench.store.jobs.claim("test", 9, 60) == []
    (errand,) = await bench.store.errands.claim("test", 9, 60, ["fake"])
    await bench.store.errands.arrived(errand, b"photo one", time.time() + 60)
    (job,) = await bench.store.jobs.claim("test", 9, 60)
    assert (job.user, job.style, job.photo, errand.ref) == ("fake:anna", "goth", errand.id, "p1")


async def test_a_reply_that_breaks_is_tried_again_and_given_once(bench: Bench) -> None:
    bench.talk.troubles = [ConnectionError(), KeyError("a bug"), TimeoutError()]
    async with running(bench.intake):
        await bench.says("1", photos=["p1"])
        assert await bench.answers(1) == ["queued"]
    assert bench.talk.heard == ["1"] * 4
    assert await bench.store.jobs.open_of("fake:anna") == 1


async def test_a_bot_cut_off_in_the_middle_leaves_the_event_to_the_next(bench: Bench) -> None:
    waits = asyncio.Event()

    async def stuck(message: Message, fetch: Fetch) -> Reply:
        await fetch(message.photos[0])
        waits.set()
        await asyncio.Event().wait()
        return Reply("never")

    first = Intake(bench.store, {"fake": bench.platform}, stuck, keep_photos_s=60)
    async with running(first):
        await bench.says("1", photos=["p1"])
        await waits.wait()
    async with running(bench.intake):
        assert await bench.answers(1) == ["queued"]
    (errand,) = await bench.store.errands.claim("test", 9, 60, ["fake"])
    assert errand.id == 1  # noted twice, kept once
    assert await bench.store.jobs.open_of("fake:anna") == 1


async def test_an_event_outlives_a_bot_that_died_without_a_word(bench: Bench) -> None:
    await bench.says("1", "hello")
    assert len(await bench.store.inbox.claim("the dead", 9, 0.3)) == 1
    async with running(bench.intake):
        assert await bench.answers(1) == ["you said hello"]


async def test_an_event_nobody_can_read_is_set_aside_and_its_content_is_not_logged(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "bot"):
        async with running(bench.intake):
            await bench.receive("1", "anna", {"odd": "a secret"})
            await bench.says("2", "hello")
            assert await bench.answers(1) == ["you said hello"]
    assert "set aside" in caplog.text
    assert "secret" not in caplog.text
    assert "anna" not in caplog.text


async def test_an_event_that_always_breaks_stops_nobody_for_ever(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.intake.backoff_s", lambda attempts, most: 0.0)
    async with running(bench.intake):
        await bench.says("1", kind="bug")
        await bench.says("2", "hello")
        assert await bench.answers(1) == ["you said hello"]


async def test_noise_is_done_without_an_answer(bench: Bench) -> None:
    async with running(bench.intake):
        await bench.says("1", kind="noise")
        await bench.says("2", "hello")
        assert await bench.answers(1) == ["you said hello"]
    assert bench.talk.heard == ["2"]


async def test_a_slow_answer_keeps_its_claim(store: Store) -> None:
    bench = Bench(store)
    heard: list[str] = []

    async def reply_to(message: Message, fetch: Fetch) -> Reply:
        heard.append(message.event)
        await asyncio.sleep(0.8)
        return Reply("at last")

    one, two = (Intake(store, {"fake": bench.platform}, reply_to, keep_photos_s=60, lease_s=0.4) for _ in range(2))
    async with running(one, two):
        await bench.says("1", "hello")
        assert await bench.answers(1) == ["at last"]
    assert heard == ["1"]
