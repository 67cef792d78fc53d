"""python -m bench.store [URL]: what the store costs beside a plain loop over the same database, and what waking costs.

Prints inserts and claims a second against plain sqlite3 (or asyncpg), and the two ways that people wait for: from an
event received to its job claimed, and from a picture finished to its message shown. No engine, no network.
"""

import asyncio
import contextlib
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType

from sqlalchemy.engine import make_url

from bot.delivery import Delivery
from bot.dispatch import Dispatch
from bot.fetching import Fetching
from bot.intake import Intake
from bot.messages import Fetch, Message, Order, PhotoRef, Reply, Showing
from bot.platforms import Limits, Raw, Receive
from db import JobRow, Store
from db.migrate import upgrade
from generation.errors import UserError
from generation.job import Job, Picture
from generation.pools import OnProgress
from generation.styles import Catalogue, Style

N = 300
ROADS = 40


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite+aiosqlite:///{folder}/store.db"
        upgrade(url)
        asyncio.run(rates(url, Path(folder)))
        asyncio.run(roads(url))


async def rates(url: str, folder: Path) -> None:
    """One row a transaction, one after the other: the store's questions and a plain loop's."""
    async with Store(url) as store:
        with timed() as inserting:
            for n in range(N):
                await store.inbox.receive("bench", str(n), str(n), {"text": "hello"})
        with timed() as claiming:
            while await store.inbox.claim("bench", 1, 60):
                pass
    plain = plain_sqlite(folder) if url.startswith("sqlite") else await plain_postgres(url)
    for what, ours, theirs in zip(("inserts", "claims"), (inserting(), claiming()), plain, strict=True):
        print(f"{what:8} {N / ours:7.0f}/s  plain loop {N / theirs:7.0f}/s  ratio {theirs / ours:.2f}")


def plain_sqlite(folder: Path) -> tuple[float, float]:
    connection = sqlite3.connect(folder / "plain.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("CREATE TABLE inbox (id INTEGER PRIMARY KEY, hash TEXT UNIQUE, raw TEXT, due_at REAL)")
    connection.execute("CREATE INDEX due ON inbox (due_at)")
    with timed() as inserting:
        for n in range(N):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO inbox (hash, raw, due_at) VALUES (?, '{}', ?)", (str(n), time.time()))
            connection.execute("COMMIT")
    with timed() as claiming:
        for _ in range(N):
            now = time.time()
            due = "SELECT id FROM inbox WHERE due_at <= ? ORDER BY id LIMIT 1"
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                f"UPDATE inbox SET due_at = ? WHERE id IN ({due}) RETURNING *", (now + 60, now)
            ).fetchall()
            connection.execute("COMMIT")
    connection.close()
    return inserting(), claiming()


async def plain_postgres(url: str) -> tuple[float, float]:
    import asyncpg

    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    await connection.execute("CREATE TABLE plain (id SERIAL PRIMARY KEY, hash TEXT UNIQUE, due_at FLOAT)")
    with timed() as inserting:
        for n in range(N):
            await connection.execute("INSERT INTO plain (hash, due_at) VALUES ($1, $2)", str(n), time.time())
    due = "SELECT id FROM plain WHERE due_at <= $2 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"
    claim = f"WITH due AS ({due}) UPDATE plain SET due_at = $1 WHERE id IN (SELECT id FROM due) RETURNING *"
    with timed() as claiming:
        for _ in range(N):
            now = time.time()
            await connection.fetch(claim, now + 60, now)
    await connection.execute("DROP TABLE plain")
    await connection.close()
    return inserting(), claiming()


@contextlib.contextmanager
def timed() -> Iterator[Callable[[], float]]:
    started = time.perf_counter()
    ended = 0.0
    yield lambda: ended - started
    ended = time.perf_counter()


class Stopwatch:
    """A platform, a pool and a conversation that do nothing but look at the clock."""

    name = "bench"
    slots = 1
    limits = Limits(text_chars=99, caption_chars=99, buttons=9, photo_bytes=9_999_999, edits_per_minute=60)

    def __init__(self) -> None:
        self.claimed: asyncio.Queue[float] = asyncio.Queue()
        self.drawn: asyncio.Queue[float] = asyncio.Queue()
        self.rendered = 0.0

    async def run(self, receive: Receive) -> None:
        raise NotImplementedError

    def parse(self, event: str, raw: Raw) -> Message:
        return Message(event, "bench:anna", "anna", photos=(PhotoRef(event),))

    async def fetch(self, ref: str) -> bytes:
        return bytes(300_000)

    async def show(self, chat: str, key: str, showing: Showing, ref: str | None) -> str:
        if showing.picture is not None:
            self.drawn.put_nowait(time.perf_counter())
        return key

    async def wipe(self, chat: str) -> None:
        raise NotImplementedError

    async def reply_to(self, message: Message, fetch: Fetch) -> Reply:
        return Reply("queued", order=Order("plain", 0.5, await fetch(message.photos[0]), 1))

    async def render(self, job: Job, on_progress: OnProgress) -> Picture:
        self.claimed.put_nowait(time.perf_counter())
        await asyncio.sleep(0.03)  # until the placeholder is shown, as in life
        self.rendered = time.perf_counter()
        return Picture(job.id, bytes(300_000), 1, 1, "enhanced", (), 0.0, ())

    def finished(self, job: JobRow, picture: Picture, id: int) -> Reply:
        return Reply("done", picture=id)

    def failed(self, job: JobRow, error: UserError) -> Reply:
        return Reply("failed")


async def roads(url: str) -> None:
    """The whole road on an idle store, with a photo and a picture of 300 kB."""
    watch = Stopwatch()
    style = Style("plain", "bench", "Plain", "A line.", "x")
    async with Store(url) as store:
        delivery = Delivery(store, {"bench": watch}, waiting=lambda job, place: "", working=lambda job, share: "")
        catalogue = Catalogue(MappingProxyType({"plain": style}))
        dispatch = Dispatch(
            store,
            {"draw": watch},
            catalogue,
            finished=watch.finished,
            drafted=watch.finished,
            kept=lambda job, picture, text, error: watch.failed(job, error),
            failed=watch.failed,
            delivery=delivery,
            keep_pictures_s=60,
        )
        intake = Intake(store, {"bench": watch}, watch.reply_to, keep_photos_s=60)
        fetching = Fetching(store, {"bench": watch}, failed=watch.failed, keep_photos_s=60)
        receive = intake.receiver("bench")
        tasks = [asyncio.create_task(part.run()) for part in (intake, fetching, dispatch, delivery)]
        to_claim, to_screen = [], []
        for n in range(ROADS + 5):
            started = time.perf_counter()
            await receive(f"road {n}", "anna", {})
            to_claim.append((await watch.claimed.get() - started) * 1000)
            to_screen.append((await watch.drawn.get() - watch.rendered) * 1000)
            await asyncio.sleep(0.02)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for what, times in (("received to job claimed", to_claim[5:]), ("picture to shown", to_screen[5:])):
        worst = sorted(times)[int(len(times) * 0.9)]
        print(
            f"{what:24} median {statistics.median(times):5.1f} ms, least {min(times):5.1f}, 9 of 10 below {worst:5.1f}"
        )


if __name__ == "__main__":
    main()
