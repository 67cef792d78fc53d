"""Puts the parts together and runs them: settings → store, pool, conversation → platforms. Does nothing else."""

import asyncio
import contextlib
import errno
import logging
import signal
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

from bot.chats import CannotStart, make_platform
from bot.conversation import Promises
from bot.platforms import Platform
from bot.platforms.web import AddressTaken, WebPlatform
from bot.settings import Settings
from bot.shelf import read_styles
from bot.whole import put_together
from db.health import DatabaseUnusable, open_store
from db.records import DRAW, PAINT
from db.store import Store
from generation.face.models import ModelsMissing, default_folder, fetch_models
from generation.pools import Pool
from generation.pools.batching import BatchingPool
from generation.pools.devices import find_gpus
from generation.pools.local import LocalPool
from generation.styles import Catalogue
from generation.words import check_words

log = logging.getLogger(__name__)


def run(settings: Settings) -> None:
    """Run the bot until it is interrupted."""
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(settings))


async def serve(settings: Settings) -> None:
    """Everything, until cancelled or told to stop by SIGTERM or SIGINT.

    Raises:
        CannotStart: with what to do about it.
    """
    catalogue = read_styles(settings)
    check_words("")  # reads its lists, for which nobody shall wait later
    models = settings.models_dir or default_folder()
    try:
        await asyncio.to_thread(fetch_models, models, print)
    except ModelsMissing as error:
        raise CannotStart(str(error)) from error
    with _alone(settings):
        async with _opened(settings) as store, _pools(settings, models) as pools:
            await _release(settings, store)
            try:
                await _run_parts(settings, catalogue, store, pools)
            except* (AddressTaken, CannotStart) as group:
                raise CannotStart(str(_first(group))) from None


def _first(group: BaseExceptionGroup[Exception]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


async def _release(settings: Settings, store: Store) -> None:
    """On SQLite nobody else can have claimed anything: what is claimed was claimed by the dead."""
    if not settings.database_url:
        await store.release()


async def upgrade(settings: Settings) -> None:
    """Bring the database to this version."""
    with _alone(settings):
        async with _opened(settings):
            pass


async def _run_parts(settings: Settings, catalogue: Catalogue, store: Store, pools: Mapping[str, Pool]) -> None:
    promises = Promises(
        settings.keep_photos_h, settings.keep_pictures_days, settings.queue_per_person, paints=PAINT in pools
    )
    platforms = {name: make_platform(name, settings, store.web, catalogue) for name in settings.platforms}
    whole = put_together(store, platforms, pools, catalogue, promises, full=settings.painter_queue)
    stop = asyncio.Event()
    with _signals(stop):
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(part.run()) for part in whole.parts]
            tasks += [
                group.create_task(platform.run(whole.intake.receiver(name))) for name, platform in platforms.items()
            ]
            tasks.append(group.create_task(_expire(store)))
            tasks += [group.create_task(_announce(platform)) for platform in platforms.values()]
            await stop.wait()
            for task in tasks:
                task.cancel()


async def _announce(platform: Platform) -> None:
    """Tell whoever started the bot where to find it."""
    if isinstance(platform, WebPlatform):
        address = await platform.listening()
        print(f"\n  selfiebot is ready: open {address}\n  Stop it with Ctrl-C.\n", flush=True)


async def _expire(store: Store, every_s: float = 60) -> None:
    """Keep the promise of how long things are kept."""
    while True:
        try:
            await store.expire()
        except OSError as error:  # the database is away: the next round does it
            log.warning("nothing was erased this minute: %s", error)
        await asyncio.sleep(every_s)


@contextlib.asynccontextmanager
async def _pools(settings: Settings, models: Path) -> AsyncIterator[dict[str, Pool]]:
    """Who renders the jobs of each lane."""
    drawing = LocalPool(
        devices=["cpu"] * settings.workers,
        models=models,
        job_timeout_s=settings.job_timeout_s,
        memory_mb=settings.worker_memory_mb,
    )
    async with contextlib.AsyncExitStack() as stack:
        pools: dict[str, Pool] = {DRAW: await stack.enter_async_context(drawing)}
        if (painter := settings.painter) is not None:
            painting = BatchingPool(
                devices=settings.painter_devices or await _gpus(),
                models=models,
                painter=painter,
                job_timeout_s=settings.painter_timeout_s,
                memory_mb=settings.painter_memory_mb,
            )
            pools[PAINT] = await stack.enter_async_context(painting)
        yield pools


async def _gpus() -> tuple[str, ...]:
    if found := await find_gpus():
        return found
    raise CannotStart(
        "ENGINE names a painter, but I find no GPU for it, or no torch: pip install 'selfiebot[diffusion]'. "
        "`selfiebot doctor` says more. To paint on the processor, which takes minutes, set PAINTER_DEVICES=cpu."
    )


@contextlib.asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Store]:
    try:
        async with open_store(settings.database) as store:
            yield store
    except DatabaseUnusable as error:
        raise CannotStart(str(error)) from error


@contextlib.contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Hold the data folder, so that two bots never share one SQLite file."""
    import fcntl

    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise CannotStart(
            f"I can't write to the data folder {folder} ({error.strerror}). Make it writable or set DATA_DIR."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EACCES, errno.EAGAIN):
                raise
            raise CannotStart(
                f"A bot is already running on {folder}. Stop it first, or set another DATA_DIR."
            ) from error
        yield


@contextlib.contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


if __name__ == "__main__":
    from bot.cli import main

    raise SystemExit(main(["run"]))
