"""From upload to picture in the web chat: the real bot, its database and its worker, over HTTP and WebSocket.

    python bench/road.py [--photo face.jpg] [--size 1080] [--styles goth noir] [--rounds 3]

One worker, warm, one person. Prints for each style where the time goes; the least of the rounds by total. `outside` is
all that is not the engine: intake, queue, database, reading, label, delivery. The stock road beside it is the same
photo through plain Pillow and OpenCV calls in one process: read, cv2.stylization, save.
"""

import argparse
import asyncio
import contextlib
import io
import os
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from looks import portrait  # noqa: E402

from bot.chats import make_platform  # noqa: E402
from bot.conversation import Promises  # noqa: E402
from bot.settings import Settings  # noqa: E402
from bot.whole import put_together  # noqa: E402
from db.health import open_store  # noqa: E402
from generation.face.models import default_folder  # noqa: E402
from generation.job import Job, Picture  # noqa: E402
from generation.pools import OnProgress  # noqa: E402
from generation.pools.local import LocalPool  # noqa: E402
from generation.styles import Catalogue, read_catalogue  # noqa: E402
from tests.fakes.bot_process import free_port  # noqa: E402
from tests.fakes.web_person import WebPerson, web_person  # noqa: E402

LIMIT_S, HALF_LIMIT_S, OUTSIDE_LIMIT_S = 2.0, 1.2, 0.120
WORKER_STAGES = ("read", "label")  # the worker's own; all others are the engine's


class TimedPool:
    """The pool, which notes when a job comes and goes."""

    def __init__(self, pool: LocalPool) -> None:
        self.pool = pool
        self.came = self.went = 0.0
        self.picture: Picture | None = None

    @property
    def slots(self) -> int:
        return self.pool.slots

    async def render(self, job: Job, on_progress: OnProgress) -> Picture:
        self.came = perf_counter()
        self.picture = await self.pool.render(job, on_progress)
        self.went = perf_counter()
        return self.picture


@dataclass(frozen=True)
class Times:
    """Seconds: upload to claimed, reading, engine, label, pipe, stored and shown."""

    total: float
    intake: float
    read: float
    engine: float
    label: float
    pipe: float
    delivery: float

    @property
    def outside(self) -> float:
        return self.total - self.engine


async def main() -> None:
    options = _options()
    photo = portrait(options.photo, options.size)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), web_port=free_port(), keep_photos_h=1)
        catalogue = read_catalogue()
        names = options.styles or [style.name for style in catalogue]
        async with _bot(settings, catalogue) as pool:
            first = await _measure(settings, pool, photo, ["natural"], 1)
            print(f"first photo after the start, ms: {1000 * first['natural'].total:.0f}")
            times = await _measure(settings, pool, photo, names, options.rounds)
    _print(times, _stock(photo))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photo", type=Path, help="a portrait; without one, scikit-image's astronaut")
    parser.add_argument("--size", type=int, default=1080, help="of the shorter side, in px")
    parser.add_argument("--styles", nargs="+", default=[], help="all of the catalogue unless named")
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


@contextlib.asynccontextmanager
async def _bot(settings: Settings, catalogue: Catalogue) -> AsyncIterator[TimedPool]:
    """The parts as the composition root puts them together, with one thing between dispatch and pool: the clock."""
    async with (
        open_store(settings.database) as store,
        LocalPool(["cpu"], default_folder(), memory_mb=settings.worker_memory_mb, warm=None) as pool,
    ):
        timed, web = TimedPool(pool), make_platform("web", settings, store.web, catalogue)
        whole = put_together(store, {"web": web}, {"draw": timed}, catalogue, Promises(1, 1, 100))
        await pool.ready()
        parts = [*(part.run() for part in whole.parts), web.run(whole.intake.receiver("web"))]
        tasks = [asyncio.create_task(part) for part in parts]
        try:
            yield timed
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _measure(
    settings: Settings, pool: TimedPool, photo: bytes, names: list[str], rounds: int
) -> dict[str, Times]:
    base = f"http://127.0.0.1:{settings.web_port}"
    while True:
        with contextlib.suppress(OSError):
            async with web_person(base) as ada:
                await ada.sees(lambda ada: len(ada.answers) == 1)
                await ada.taps("I agree")
                await ada.sees(lambda ada: len(ada.answers) == 2)
                return {name: await _best(ada, pool, photo, name, rounds) for name in names}
        await asyncio.sleep(0.1)


async def _best(ada: WebPerson, pool: TimedPool, photo: bytes, style: str, rounds: int) -> Times:
    runs = [await _one(ada, pool, photo, style) for _ in range(rounds)]
    return min(runs, key=lambda times: times.total)


async def _one(ada: WebPerson, pool: TimedPool, photo: bytes, style: str) -> Times:
    seen = len(ada.answers)
    started = perf_counter()
    await ada.says(f"/style {style}", photo)
    await ada.sees(lambda ada: len(ada.answers) > seen and ada.answers[-1]["progress"] is None)
    ended = perf_counter()
    picture = pool.picture
    if picture is None or ada.answers[-1].get("picture_id") is None:
        raise SystemExit(f"{style}: {ada.answers[-1]['text']}")
    stages = dict(picture.stages)
    read, label = stages["read"], stages["label"]
    return Times(
        total=ended - started,
        intake=pool.came - started,
        read=read,
        engine=picture.seconds - read - label,
        label=label,
        pipe=pool.went - pool.came - picture.seconds,
        delivery=ended - pool.went,
    )


def _stock(photo: bytes) -> float:
    """Seconds of the least a picture bot could do: read, one ready-made filter, save."""
    import cv2
    import numpy as np
    from PIL import Image

    started = perf_counter()
    image = cv2.stylization(np.asarray(Image.open(io.BytesIO(photo)).convert("RGB")))
    Image.fromarray(image).save(io.BytesIO(), "JPEG", quality=92)
    return perf_counter() - started


def _print(times: dict[str, Times], stock: float) -> None:
    heads = ("total", "outside", "intake", "read", "engine", "label", "pipe", "delivery")
    print(f"{'ms':<20}" + "".join(f"{head:>10}" for head in heads))
    for name, one in times.items():
        print(f"{name:<20}" + "".join(f"{1000 * getattr(one, head):10.0f}" for head in heads))
    totals, outside = [one.total for one in times.values()], [one.outside for one in times.values()]
    median, slowest = statistics.median(totals), max(totals)
    print(f"\nslowest {1000 * slowest:.0f} ms = {slowest / LIMIT_S:.2f} of the limit of {1000 * LIMIT_S:.0f}")
    print(f"median {1000 * median:.0f} ms = {median / HALF_LIMIT_S:.2f} of the limit of {1000 * HALF_LIMIT_S:.0f}")
    worst = statistics.median(outside)
    print(f"outside the engine, median {1000 * worst:.0f} ms = {worst / OUTSIDE_LIMIT_S:.2f} of the limit of 120")
    print(f"median / stock road of Pillow and cv2.stylization ({1000 * stock:.0f} ms): {median / stock:.2f}")
    print(f"cores: {os.cpu_count()}")


if __name__ == "__main__":
    asyncio.run(main())
