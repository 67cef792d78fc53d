"""The bot that tests/bot/test_kill.py kills: the real parts and workers, a platform that is a folder, a small talk.

python -m tests.kill_bot FOLDER DATABASE_URL [paints]
"""

import asyncio
import logging
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from types import MappingProxyType

from bot.delivery import Delivery
from bot.dispatch import Dispatch
from bot.fetching import Fetching
from bot.intake import Intake
from bot.messages import Fetch, Lane, Message, Order, Reply
from db import Store
from generation.painter import Painter, PainterName
from generation.pools import Pool
from generation.pools.batching import BatchingPool
from generation.pools.local import LocalPool
from generation.styles import Catalogue, Style
from tests.bot.parts import Captions, Talk
from tests.fakes.platform import FilePlatform

INSTANT = "tests.engines.instant"
STYLES = {
    "goth": Style("goth", "test", "Goth", "A line.", "🙂", engine=INSTANT),
    "viking": Style("viking", "test", "Viking", "A line.", "🙂", engine=INSTANT, prompt="in 20 steps"),
    "lantern": Style("lantern", "test", "Lantern", "A line.", "🙂", engine="painter", prompt="in 20 steps"),
}
LANES: dict[str, tuple[Lane, Lane | None]] = {
    "viking": (Lane.DRAW, Lane.PAINT),
    "lantern": (Lane.PAINT, None),
}
LEASE_S = 1.5
FETCH_S = 0.1  # long enough to be killed over


class PaintingTalk(Talk):
    """As the small talk, and knows who makes what."""

    async def reply_to(self, message: Message, fetch: Fetch) -> Reply:
        if message.text not in LANES:
            return await super().reply_to(message, fetch)
        photo, *also = [await fetch(each) for each in message.photos]
        lane, then = LANES[message.text]
        return Reply("queued", order=Order(message.text, 0.5, photo, 1, lane=lane, next_lane=then, also=tuple(also)))


async def main(folder: Path, url: str, paints: bool) -> None:
    texts = Captions()
    platforms = {"fake": FilePlatform(folder, FETCH_S)}
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(Store(url))
        pool = await stack.enter_async_context(LocalPool(["cpu", "cpu"], folder, 20, 2000, warm=()))
        pools: dict[str, Pool] = {"draw": pool}
        if paints:
            painter = Painter(PainterName.FLUX2_KLEIN, "nowhere")
            painters = BatchingPool(["cpu"], folder, painter, 20, 2000, 6, warm=(), engine="tests.engines.paints")
            pools["paint"] = await stack.enter_async_context(painters)
        if url.startswith("sqlite"):
            await store.release()
        delivery = Delivery(
            store, platforms, waiting=texts.waiting, working=texts.working, lease_s=LEASE_S, show_s=LEASE_S / 2
        )
        dispatch = Dispatch(
            store,
            pools,
            Catalogue(MappingProxyType(STYLES)),
            finished=texts.finished,
            drafted=texts.drafted,
            kept=texts.kept,
            failed=texts.failed,
            delivery=delivery,
            keep_pictures_s=600,
            lease_s=LEASE_S,
        )
        intake = Intake(store, platforms, PaintingTalk().reply_to, keep_photos_s=600, lease_s=LEASE_S)
        fetching = Fetching(store, platforms, failed=texts.failed, keep_photos_s=600, lease_s=LEASE_S)
        async with asyncio.TaskGroup() as group:
            for part in (delivery, dispatch, fetching, intake):
                group.create_task(part.run())
            group.create_task(platforms["fake"].run(intake.receiver("fake")))
            while True:
                (folder / "workers").write_text(" ".join(map(str, pool.pids())))
                if paints:
                    (folder / "painters").write_text(" ".join(map(str, painters.pids())))
                await asyncio.sleep(0.05)


if __name__ == "__main__":
    logging.basicConfig(filename=f"{sys.argv[1]}/bot.log", level="INFO")
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], "paints" in sys.argv[3:]))
