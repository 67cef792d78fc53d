"""The bot that tests/bot/test_kill.py kills: the real parts and workers, a platform that is a folder, a small talk.

python -m tests.kill_bot FOLDER DATABASE_URL
"""

import asyncio
import logging
import sys
from pathlib import Path
from types import MappingProxyType

from bot.delivery import Delivery
from bot.dispatch import Dispatch
from bot.fetching import Fetching
from bot.intake import Intake
from db import Store
from generation.pools.local import LocalPool
from generation.styles import Catalogue, Style
from tests.bot.parts import Captions, Talk
from tests.fakes.platform import FilePlatform

STYLE = Style("goth", "test", "Goth", "A line.", "🙂", engine="tests.engines.instant")
LEASE_S = 1.5
FETCH_S = 0.1  # long enough to be killed over


async def main(folder: Path, url: str) -> None:
    texts = Captions()
    platforms = {"fake": FilePlatform(folder, FETCH_S)}
    async with Store(url) as store, LocalPool(["cpu", "cpu"], folder, 20, 2000, warm=()) as pool:
        if url.startswith("sqlite"):
            await store.release()
        delivery = Delivery(
            store, platforms, waiting=texts.waiting, working=texts.working, lease_s=LEASE_S, show_s=LEASE_S / 2
        )
        dispatch = Dispatch(
            store,
            {"draw": pool},
            Catalogue(MappingProxyType({"goth": STYLE})),
            finished=texts.finished,
            drafted=texts.finished,
            kept=texts.kept,
            failed=texts.failed,
            delivery=delivery,
            keep_pictures_s=600,
            lease_s=LEASE_S,
        )
        intake = Intake(store, platforms, Talk().reply_to, keep_photos_s=600, lease_s=LEASE_S)
        fetching = Fetching(store, platforms, failed=texts.failed, keep_photos_s=600, lease_s=LEASE_S)
        async with asyncio.TaskGroup() as group:
            for part in (delivery, dispatch, fetching, intake):
                group.create_task(part.run())
            group.create_task(platforms["fake"].run(intake.receiver("fake")))
            while True:
                (folder / "workers").write_text(" ".join(map(str, pool.pids())))
                await asyncio.sleep(0.05)


if __name__ == "__main__":
    logging.basicConfig(filename=f"{sys.argv[1]}/bot.log", level="INFO")
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
