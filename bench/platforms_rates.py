"""How fast the bot takes in texts and turns photos into pictures, and an echo bot on the same library beside it."""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bench.platforms_people import STYLE, Guest, World
from bench.platforms_process import Program
from bot.texts import CONSENT_VERSION
from db.migrate import upgrade

PACK = f"""
[{STYLE}]
title = "Plain"
line = "Nothing much."
emoji = "🙂"
engine = "tests.engines.instant"
"""
TEXT_GUESTS = 100
PATIENCE_S = 90.0


@dataclass(frozen=True, slots=True)
class Rates:
    """taken: texts committed a second (an echo bot commits none). answered, pictures: a second. cpu: ms each."""

    taken: float
    answered: float
    cpu_text: float
    pictures: float
    cpu_picture: float


def database(folder: Path) -> Path:
    return folder / "data" / "selfiebot.db"


async def make_program(folder: Path, worlds: Iterable[World], users: Iterable[str], *, unpaced: bool) -> Program:
    """The bot, its database with everybody's consent in it, and the instant engine's pack."""
    (folder / "packs").mkdir(parents=True)
    (folder / "packs" / "bench.toml").write_text(PACK)
    database(folder).parent.mkdir()
    await asyncio.to_thread(upgrade, f"sqlite+aiosqlite:///{database(folder)}")
    with closing(sqlite3.connect(database(folder), isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        insert = 'INSERT INTO person ("user", consent, consent_at, lang) VALUES (?, ?, ?, ?)'
        connection.executemany(insert, [(user, CONSENT_VERSION, time.time(), "en") for user in users])
        connection.execute("COMMIT")
    settings = {
        "DATA_DIR": str(folder / "data"),
        "STYLES_DIR": str(folder / "packs"),
        "PLATFORMS": ",".join(world.name for world in worlds),
        "QUEUE_PER_PERSON": "1000",
    }
    arguments = ["--unpaced"] if unpaced else []
    for world in worlds:
        settings |= world.settings
        arguments += world.arguments
    return Program(folder, "bench.platforms_bot", arguments, settings)


async def until(holds: Callable[[], bool], seconds: float = PATIENCE_S, every_s: float = 0.01) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(every_s)
    return True


async def starts(program: Program, worlds: Iterable[World], seconds: float = 30.0) -> None:
    """Start it, and wait until every platform has it on the line."""
    for world in worlds:
        world.forget()
    await asyncio.to_thread(program.start)
    end = time.monotonic() + seconds
    for world in worlds:
        while not await world.up():
            program.check()
            if time.monotonic() > end:
                raise SystemExit(f"{world.name} never came up: {program.log.read_text()[-2000:]}")
            await asyncio.sleep(0.02)


def committed(folder: Path) -> int:
    with closing(sqlite3.connect(f"file:{database(folder)}?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT count(*) FROM inbox").fetchone()[0])


async def measure(
    kind: Callable[[], World], folder: Path, photo: bytes, texts: int, photos: int
) -> tuple[Rates, Rates]:
    """The bot and the echo bot, one after the other, at two worlds that are alike."""
    async with kind() as world:
        users = [world.user(number) for number in range(TEXT_GUESTS + photos)]
        program = await make_program(folder / world.name, [world], users, unpaced=True)
        ours = await _measure(world, program, photo, texts, photos)
    async with kind() as world:
        (folder / f"{world.name}-echo").mkdir()
        echo = Program(folder / f"{world.name}-echo", "bench.platforms_echo", world.echo, {})
        theirs = await _measure(world, echo, photo, texts, photos, durable=False)
    return ours, theirs


async def _measure(
    world: World, program: Program, photo: bytes, texts: int, photos: int, *, durable: bool = True
) -> Rates:
    await starts(program, [world])
    try:
        guests = [await world.guest(number) for number in range(TEXT_GUESTS + photos)]
        talkers, senders = guests[:TEXT_GUESTS], guests[TEXT_GUESTS:]
        if world.name == "web":
            senders = [talkers[n % TEXT_GUESTS] for n in range(photos)]
        await asyncio.gather(*(guest.looks_again() for guest in talkers))
        await _warm(talkers[0], photo)
        taken, answered, cpu_text = await _texts(program, talkers, texts, durable)
        pictures, cpu_picture = await _photos(program, senders, photo)
    finally:
        await program.stop()
    return Rates(taken, answered, cpu_text, pictures, cpu_picture)


async def _warm(guest: Guest, photo: bytes) -> None:
    before = guest.pictures()
    await guest.says(f"/style {STYLE}", photo)
    if not await until(lambda: guest.pictures() > before, 30):
        raise SystemExit("the first picture never came")
    await asyncio.sleep(1)


async def _texts(program: Program, guests: list[Guest], texts: int, durable: bool) -> tuple[float, float, float]:
    """Committed and answered a second, and CPU in ms a text. Everybody writes at once; each waits for nothing."""
    each = texts // len(guests)
    shown, kept = _messages(guests), committed(program.folder) if durable else 0
    cpu, started = program.cpu_s(), time.perf_counter()
    talk = asyncio.gather(*(_says(guest, each) for guest in guests))
    taken_s = 0.0
    if durable:
        await until(lambda: committed(program.folder) - kept >= texts, every_s=0.03)
        taken_s = time.perf_counter() - started
    if not await until(lambda: _messages(guests) - shown >= texts):
        raise SystemExit(f"only {_messages(guests) - shown} of {texts} texts were answered")
    answered_s = time.perf_counter() - started
    await talk
    return texts / taken_s if taken_s else 0.0, texts / answered_s, (program.cpu_s() - cpu) * 1000 / texts


async def _says(guest: Guest, times: int) -> None:
    for _ in range(times):
        await guest.says("/help")


async def _photos(program: Program, guests: list[Guest], photo: bytes) -> tuple[float, float]:
    """Pictures a second, and CPU in ms a picture."""
    people = set(guests)
    before = sum(guest.pictures() for guest in people)
    cpu, started = program.cpu_s(), time.perf_counter()
    sending = asyncio.gather(*(guest.says(f"/style {STYLE}", photo) for guest in guests))
    if not await until(lambda: sum(guest.pictures() for guest in people) - before >= len(guests)):
        raise SystemExit(f"only {sum(guest.pictures() for guest in people) - before} of {len(guests)} pictures came")
    seconds = time.perf_counter() - started
    await sending
    return len(guests) / seconds, (program.cpu_s() - cpu) * 1000 / len(guests)


def _messages(guests: list[Guest]) -> int:
    return sum(guest.messages() for guest in guests)
