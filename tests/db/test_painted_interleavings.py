"""Whatever happens to painted jobs in whatever order: one picture a job at most, and a message that tells how it is."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from db import Answer, Event, JobRow, Order, Store
from db.models import Blob, Job, Outbox
from db.records import DRAW, PAINT
from tests.db.rows import photo_of

PEOPLE, JOBS, TAPS, WORKERS, TURNS = 3, 3, 3, 3, 9
LANES = ((DRAW, PAINT), (PAINT, ""), (DRAW, ""))
PAUSES_S = (0.0, 0.0, 0.001, 0.004)


@dataclass
class Bustle:
    """Workers and people who all do as they like at the same time, and what they were told."""

    store: Store
    engine: AsyncEngine
    chance: random.Random
    jobs: dict[str, str] = field(default_factory=dict)  # whose each is
    events: list[Event] = field(default_factory=list)
    closed: Counter[str] = field(default_factory=Counter)
    drafted: Counter[str] = field(default_factory=Counter)
    stopped: set[str] = field(default_factory=set)
    forgotten: set[str] = field(default_factory=set)
    over: bool = False

    async def begins(self) -> None:
        for n in range(PEOPLE * (JOBS + TAPS)):
            await self.store.inbox.receive("web", f"{n}", f"chat{n}", {})
        self.events = await self.store.inbox.claim("test", 100, 600)
        for n in range(PEOPLE * JOBS):
            user = f"web:{n % PEOPLE}"
            lane, then = LANES[n % len(LANES)] if n >= PEOPLE else LANES[0]
            order = Order("goth", 0.8, await photo_of(self.store, user, f"{n}"), n, lane=lane, next_lane=then)
            ids = await self.store.inbox.answer(self.events.pop(), user, Answer("queued", order=order))
            assert ids.job is not None
            self.jobs[ids.job] = user

    async def runs(self) -> None:
        watch = asyncio.create_task(self.is_watched())
        await asyncio.gather(*(self.works() for _ in range(WORKERS)), *(self.taps(event) for event in self.events))
        self.over = True
        await watch

    async def works(self) -> None:
        for _ in range(TURNS):
            lease_s = self.chance.choice((-1.0, 60.0))  # -1: whoever looks next takes it over
            for job in await self.store.jobs.claim("worker", 2, lease_s, self.chance.choice((DRAW, PAINT))):
                await self.pauses()
                await self.does(job, self.chance.choice(("render", "render", "fail", "again", "die", "late")))
            await self.pauses()
            if self.chance.random() < 0.2:
                await self.store.jobs.release()

    async def does(self, job: JobRow, what: str) -> None:
        if what == "again":
            await self.store.jobs.again(job, time.time())
        elif what == "fail" and job.picture is not None:
            kept = await self.store.jobs.keep(job, Answer("kept", picture=job.picture))
            self.closed[job.id] += kept
        elif what == "fail":
            failed = await self.store.jobs.fail(job, Answer("failed"))
            self.closed[job.id] += failed
        elif what in ("render", "late"):
            await asyncio.sleep(0.01 * (what == "late"))
            await self.brings(job)

    async def brings(self, job: JobRow) -> None:
        was_stopped = job.id in self.stopped
        goes_on = bool(job.next_lane)

        def body(id: int) -> Answer:
            return Answer("draft" if goes_on else "done", (("Button", "/button"),), picture=id, unfinished=goes_on)

        close = self.store.jobs.draft if goes_on else self.store.jobs.finish
        done = await close(job, b"picture", body, time.time() + 60)
        assert not (done and was_stopped)
        (self.drafted if goes_on else self.closed)[job.id] += done

    async def taps(self, event: Event) -> None:
        """Somebody stops or deletes a picture, or is forgotten."""
        await asyncio.sleep(self.chance.uniform(0, 0.12))
        id, user = self.chance.choice(list(self.jobs.items()))
        what = self.chance.choice(("stop", "stop", "stop", "delete", "forget"))
        job = await self.store.jobs.of(id, user)
        await self.pauses()
        if what == "forget":
            await self.store.people.forget(user)
            self.forgotten.add(user)
        elif job is not None:
            answer = Answer("stopped", picture=job.picture, stops=id) if what == "stop" else Answer("gone", deletes=id)
            await self.store.inbox.answer(event, user, answer)
            self.stopped.add(id)

    async def pauses(self) -> None:
        await asyncio.sleep(self.chance.choice(PAUSES_S))

    async def is_watched(self) -> None:
        while not self.over:
            await self.is_in_order()
            await asyncio.sleep(0.005)

    async def is_in_order(self) -> None:
        """At any moment: a message is final exactly when its job is closed, and shows the picture the job has."""
        rows = select(Job.state, Job.picture, Outbox.final, Outbox.body, Blob.id.label("blob"))
        rows = rows.outerjoin(Outbox, Outbox.key == Job.outbox_key).outerjoin(Blob, Blob.id == Job.picture)
        async with self.engine.connect() as c:
            for row in await c.execute(rows):
                assert row.final == (row.state != "open"), row
                assert row.body["picture"] == row.picture == row.blob, row

    async def ends(self) -> None:
        """Those who are left to it finish everything."""
        await self.store.jobs.release()
        for lane in (DRAW, PAINT):
            for job in await self.store.jobs.claim("last", 100, 60, lane):
                await self.brings(job)

    async def pictures(self) -> set[int]:
        async with self.engine.connect() as c:
            return set((await c.execute(select(Blob.id).where(Blob.kind == "picture"))).scalars())


@pytest.fixture
async def bustle(store: Store) -> AsyncIterator[Bustle]:
    engine = create_async_engine(store.url)
    yield Bustle(store, engine, random.Random())
    await engine.dispose()


@pytest.mark.parametrize("seed", range(5))
async def test_one_picture_a_job_at_most_and_every_message_tells_how_its_job_is(bustle: Bustle, seed: int) -> None:
    bustle.chance.seed(seed)
    await bustle.begins()
    await bustle.runs()
    await bustle.ends()
    await bustle.is_in_order()
    left = set()
    for id, user in bustle.jobs.items():
        assert bustle.drafted[id] <= 1
        assert bustle.closed[id] <= 1
        job = await bustle.store.jobs.of(id, user)
        if user in bustle.forgotten:
            assert job is None
        if job is None:
            continue
        post = await bustle.store.outbox.get(job.outbox_key)
        assert post is not None
        assert post.final
        assert (post.body.text == "stopped") == (bustle.closed[id] == 0), (
            "it ended once: by itself or because it had to"
        )
        left |= {job.picture} - {None}
    assert await bustle.pictures() == left


async def test_a_draft_that_came_while_the_answer_to_stop_was_thought_of_goes(store: Store) -> None:
    await store.inbox.receive("web", "order", "anna", {})
    await store.inbox.receive("web", "stop", "anna's other chat", {})
    order, stop = await store.inbox.claim("test", 2, 60)
    wish = Order("goth", 0.8, await photo_of(store, "web:anna", "0"), 7, next_lane=PAINT)
    id = (await store.inbox.answer(order, "web:anna", Answer("queued", order=wish))).job
    (job,) = await store.jobs.claim("test", 1, 60)
    drafts: list[int] = []

    def body(id: int) -> Answer:
        drafts.append(id)
        return Answer("a draft", picture=id, unfinished=True)

    assert await store.jobs.draft(job, b"draft", body, time.time() + 60)
    await store.inbox.answer(stop, "web:anna", Answer("stopped", stops=id))
    assert await store.jobs.last("web:anna") is None
    assert await store.blobs.get(drafts[0]) is None


async def test_who_stops_too_late_is_told_what_the_message_says_where_an_answer_must_be(store: Store) -> None:
    await store.inbox.receive("web", "order", "anna", {})
    await store.inbox.receive("web", "stop", "anna's other chat", {})
    order, stop = await store.inbox.claim("test", 2, 60)
    wish = Order("goth", 0.8, await photo_of(store, "web:anna", "0"), 7)
    id = (await store.inbox.answer(order, "web:anna", Answer("queued", order=wish))).job
    (job,) = await store.jobs.claim("test", 1, 60)
    await store.jobs.finish(job, b"picture", lambda id: Answer("done", picture=id), time.time() + 60)
    ids = await store.inbox.answer(stop, "web:anna", Answer("stopped", picture=job.picture, stops=id, ref="a ref"))
    said, shown = await store.outbox.get(ids.key), await store.outbox.get(job.outbox_key)
    assert said is not None
    assert shown is not None
    assert (said.body.text, said.body.picture) == ("done", shown.body.picture)
