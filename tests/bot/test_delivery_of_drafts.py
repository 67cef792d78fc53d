"""A draft, news of its painting and the painting race to one message: what is on the screen at last is the painting."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from bot.delivery import Delivery
from bot.messages import Later, Showing
from bot.platforms import Limits
from db import Answer, JobRow, Order, Store
from db.records import PAINT
from tests.bot.parts import eventually, running
from tests.db.rows import event, photo_of


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.backoff_s", lambda attempts, most: 0.01)
    monkeypatch.setattr("bot.delivery.NEWS_S", 0.002)


def waiting(job: JobRow, place: int) -> str:
    return f"{job.lane} waits"


def working(job: JobRow, share: float) -> str:
    return f"{job.lane} works"


@dataclass
class Wall:
    """A platform with one message, whose every edit takes its time, and may fail before it or after it came through.

    Attributes:
        text, picture: what everybody sees; story: all texts there were.
        blind: edits that were to leave a picture that was not there.
    """

    chance: random.Random
    troubles: bool = False
    name: str = "web"
    limits: Limits = Limits(text_chars=200, caption_chars=200, buttons=8, photo_bytes=1000, edits_per_minute=60_000)
    text: str = ""
    picture: int | None = None
    story: list[str] = field(default_factory=list)
    blind: list[str] = field(default_factory=list)

    async def show(self, chat: str, key: str, showing: Showing, ref: str | None) -> str:
        await asyncio.sleep(self.chance.uniform(0, 0.02))
        fails = self.troubles and self.chance.random() < 0.2
        if fails and self.chance.random() < 0.5:
            raise Later(0.01) if self.chance.random() < 0.5 else ConnectionResetError
        if showing.picture_id is not None and showing.picture is None and showing.picture_id != self.picture:
            self.blind.append(showing.text)
        else:
            self.picture = showing.picture_id
        self.text = showing.text
        self.story.append(showing.text)
        if fails:
            raise ConnectionResetError
        return "the message"

    async def wipe(self, chat: str) -> None:
        raise AssertionError


def deliveries(store: Store, wall: Wall, bots: int) -> list[Delivery]:
    return [Delivery(store, {"web": wall}, waiting=waiting, working=working) for _ in range(bots)]  # type: ignore[dict-item]


async def life_of_a_job(store: Store, chance: random.Random, tell: Callable[[JobRow], None]) -> str:
    """From the order to the painting, with news of it all the time; the key of its message."""
    order = Order("goth", 0.8, await photo_of(store, "web:anna", "0"), 7, next_lane=PAINT)
    await store.inbox.answer(await event(store, "order"), "web:anna", Answer("queued", order=order))
    (job,) = await store.jobs.claim("drawer", 1, 60)
    await spread(job, chance, tell)

    def draft(id: int) -> Answer:
        return Answer("a draft\ngoing on", picture=id, unfinished=True)

    assert await store.jobs.draft(job, b"draft", draft, time.time() + 60)
    await spread(job, chance, tell, 0.01)  # news of the drawing, too late
    (job,) = await store.jobs.claim("painter", 1, 60, PAINT)
    await spread(job, chance, tell)
    done = store.jobs.finish(job, b"painting", lambda id: Answer("done", picture=id), time.time() + 60)
    assert (await asyncio.gather(done, spread(job, chance, tell, 0.03)))[0]
    return job.outbox_key


async def spread(job: JobRow, chance: random.Random, tell: Callable[[JobRow], None], most_s: float = 0.08) -> None:
    for _ in range(6):
        tell(job)
        await asyncio.sleep(chance.uniform(0, most_s / 6))


async def settled(store: Store, key: str) -> int | None:
    """Wait until the message is shown as it should be; its picture's id."""

    async def shown() -> bool:
        post = await store.outbox.get(key)
        return post is not None and post.final and post.shown == post.version

    await eventually(shown)
    await asyncio.sleep(0.05)
    await eventually(shown)
    post = await store.outbox.get(key)
    return None if post is None else post.body.picture


@pytest.mark.parametrize("seed", range(8))
async def test_news_never_stand_over_the_draft_nor_the_painting(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    wall = Wall(chance, troubles=seed % 2 == 1)
    (delivery,) = deliveries(store, wall, 1)
    async with running(delivery):
        key = await life_of_a_job(store, chance, lambda job: delivery.progress(job, share=0.5))
        picture = await settled(store, key)
    assert (wall.text, wall.picture) == ("done", picture)
    assert wall.blind == []
    assert set(wall.story) <= {"queued", "draw works", "a draft\ngoing on", "a draft\npaint works", "done"}
    stages = ["draw" if text in ("queued", "draw works") else text.split("\n")[0] for text in wall.story]
    assert stages == sorted_stages(stages), "nothing older over anything newer"


def sorted_stages(stages: list[str]) -> list[str]:
    return sorted(stages, key=["draw", "a draft", "done"].index)


@pytest.mark.parametrize("seed", range(8))
async def test_two_bots_leave_the_painting_on_the_screen(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    wall = Wall(chance, troubles=seed % 2 == 1)
    bots = deliveries(store, wall, 2)
    async with running(*bots):
        key = await life_of_a_job(store, chance, lambda job: chance.choice(bots).progress(job, share=0.5))
        picture = await settled(store, key)
    assert (wall.text, wall.picture) == ("done", picture)
