"""The bot and its workers are killed while people send selfies: nothing is lost, nothing is shown twice."""

import asyncio
import hashlib
import io
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import psutil
import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.fakes.bot_process import BotProcess
from tests.fakes.platform import FilePlatform
from tests.fakes.web_person import WebPerson, web_person

PEOPLE, SELFIES, KILLS = 10, 60, 16
WEB_PEOPLE, WEB_SELFIES, WEB_KILLS = 6, 4, 9
ROOT = Path(__file__).parents[2]


class Victim:
    """A bot that is started again whenever it was killed."""

    def __init__(self, folder: Path, url: str, *how: str) -> None:
        self._folder = folder
        self._command = [sys.executable, "-m", "tests.kill_bot", str(folder), url, *how]
        self.start()

    def start(self) -> None:
        for name in ("workers", "painters"):
            (self._folder / name).unlink(missing_ok=True)
        self._drawn = self._drawings()
        with (self._folder / "stderr").open("ab") as stderr:
            self._process = subprocess.Popen(self._command, cwd=ROOT, stderr=stderr)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def draws(self) -> bool:
        """Whether it has drawn anything since it was started."""
        return self._drawings() > self._drawn

    def works(self) -> bool:
        """Whether it has a worker."""
        file = self._folder / "workers"
        return file.exists() and bool(file.read_text())

    def _drawings(self) -> int:
        log = self._folder / "log"
        return log.stat().st_size if log.exists() else 0

    def kill_worker(self, chance: random.Random, of: str = "workers") -> bool:
        """False: there was none."""
        file = self._folder / of
        workers = file.read_text().split() if file.exists() else []
        if not workers:
            return False
        try:
            os.kill(int(chance.choice(workers)), signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True


@pytest.fixture
def world(tmp_path: Path) -> FilePlatform:
    world = FilePlatform(tmp_path)
    selfie = io.BytesIO()
    Image.new("RGB", (96, 128), (180, 140, 120)).save(selfie, "JPEG")
    (tmp_path / "photos" / "selfie").write_bytes(selfie.getvalue())
    return world


@pytest.mark.timeout(180)
async def test_whoever_is_killed_every_selfie_gets_exactly_one_answer(
    world: FilePlatform, database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(20261122)
    victim = Victim(tmp_path, database_url)
    workers_killed = 0
    try:
        for n in range(KILLS):
            await _until(victim.works if n % 4 else victim.draws, 6)
            for sent in range(n * SELFIES // KILLS, (n + 1) * SELFIES // KILLS):
                person = f"person{chance.randrange(PEOPLE)}"
                raw = {"user": person, "chat": person, "text": "goth", "photos": ["selfie"]}
                world.send(f"{sent:03}", raw)
            await asyncio.sleep(chance.uniform(0, 0.3))
            if n % 4 < 2:
                victim.kill()
                victim.start()
            else:
                workers_killed += victim.kill_worker(chance)
        await _until(lambda: _answered(world) == SELFIES, 40)
        await asyncio.sleep(0.5)
    finally:
        victim.kill()
    screen = world.screen()
    texts = [message["text"] for message in screen.values()]
    assert sorted(set(texts)) in (["goth done"], ["failed: RenderFailed", "goth done"])
    assert len(screen) == SELFIES
    assert await _open_rows(database_url) == (0, 0, 0, SELFIES)
    assert workers_killed >= 4
    assert (tmp_path / "fetches").read_text().count("selfie") > SELFIES  # some were killed over, and fetched again
    finals = [line.split() for line in (tmp_path / "log").read_text().splitlines()]
    assert not [ref for n, (ref, final) in enumerate(finals) if final == "False" and [ref, "True"] in finals[:n]]


def _answered(world: FilePlatform) -> int:
    return sum(message["picture"] or message["text"].startswith("failed") for message in world.screen().values())


async def _until(holds: Callable[[], bool], timeout_s: float) -> None:
    end = time.monotonic() + timeout_s
    while not holds() and time.monotonic() < end:  # noqa: ASYNC110
        await asyncio.sleep(0.02)


async def _open_rows(url: str) -> tuple[int, ...]:
    """Events, messages and jobs with something left to do, and the jobs there are."""
    questions = ("inbox WHERE due_at IS NOT NULL", "outbox WHERE due_at IS NOT NULL", "job WHERE state = 'open'", "job")
    engine = create_async_engine(url)
    async with engine.connect() as c:
        counts = tuple([(await c.execute(text(f"SELECT count(*) FROM {where}"))).scalar_one() for where in questions])
    await engine.dispose()
    return counts


PAINTED, PAINTED_KILLS = 24, 6


@pytest.mark.timeout(120)
async def test_whoever_is_killed_every_painted_order_ends_as_one_message_with_the_painting(
    world: FilePlatform, database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(20261123)
    (tmp_path / "photos" / "another").write_bytes((tmp_path / "photos" / "selfie").read_bytes())
    victim = Victim(tmp_path, database_url, "paints")
    over_drafts = 0
    try:
        for n in range(PAINTED_KILLS):
            for sent in range(n * PAINTED // PAINTED_KILLS, (n + 1) * PAINTED // PAINTED_KILLS):
                person = f"person{chance.randrange(PEOPLE)}"
                style, photos = chance.choice(("viking", "lantern")), ["selfie", "another"][: chance.randint(1, 2)]
                world.send(f"{sent:03}", {"user": person, "chat": person, "text": style, "photos": photos})
            await _until(lambda: _drafted(world), 6)
            await asyncio.sleep(chance.uniform(0, 0.3))
            over_drafts += _drafted(world)
            if n % 3 < 2:
                victim.kill()
                victim.start()
            else:
                victim.kill_worker(chance, "painters")
        await _until(lambda: _painted(world) == PAINTED, 30)
        await asyncio.sleep(0.3)
    finally:
        victim.kill()
    screen = world.screen()
    assert sorted({message["text"] for message in screen.values()}) == ["lantern done", "viking done"]
    assert over_drafts > 1
    assert [message["buttons"] for message in screen.values()] == [["delete"]] * PAINTED
    assert await _open_rows(database_url) == (0, 0, 0, PAINTED)
    pictures = await _pictures_kept(database_url)
    assert {key.split("/")[-1] for key, _ in pictures} == {"paint"}, "no draft is left"
    assert sorted(digest for _, digest in pictures) == sorted(message["digest"] for message in screen.values())


def _drafted(world: FilePlatform) -> bool:
    """Whether a draft is shown, with the button to stop there."""
    drafts = [message for message in world.screen().values() if message["text"].startswith("viking drafted")]
    assert all(message["picture"] and message["buttons"] == ["stop"] for message in drafts)
    return bool(drafts)


def _painted(world: FilePlatform) -> int:
    return sum(message["text"].endswith("done") for message in world.screen().values())


async def _pictures_kept(url: str) -> list[tuple[str, str]]:
    """The key and the digest of each picture there is."""
    engine = create_async_engine(url)
    async with engine.connect() as c:
        rows = (await c.execute(text("SELECT key, data FROM blob WHERE kind = 'picture'"))).all()
    await engine.dispose()
    return [(row.key, hashlib.sha256(row.data).hexdigest()) for row in rows]


PACK = """
[plain]
title = "Plain"
line = "Nothing much."
emoji = "🙂"
engine = "tests.engines.instant"
"""


@pytest.mark.timeout(180)
async def test_the_whole_bot_is_killed_while_people_chat_and_everybody_gets_their_pictures(
    world: FilePlatform, tmp_path: Path
) -> None:
    """The real program, over real HTTP, by its own command; people send again whatever they got no answer to."""
    chance = random.Random(7)
    (tmp_path / "packs").mkdir()
    (tmp_path / "packs" / "test.toml").write_text(PACK)
    selfie = (tmp_path / "photos" / "selfie").read_bytes()
    bot = BotProcess(tmp_path, STYLES_DIR=str(tmp_path / "packs"), QUEUE_PER_PERSON="50")
    await bot.started()
    try:
        async with AsyncExitStack() as stack:
            people = [await stack.enter_async_context(web_person(bot.base)) for _ in range(WEB_PEOPLE)]
            chats = [asyncio.create_task(_chat(person, selfie, chance.random())) for person in people]
            for n in range(WEB_KILLS):
                await asyncio.sleep(chance.uniform(0.2, 1.5))
                if n % 3 == 2:
                    _kill_a_worker(bot, chance)
                else:
                    await bot.kill()
                    await bot.started()
            await asyncio.gather(*chats)
            for person in people:
                await person.sees(lambda p: _pictures(p) == WEB_SELFIES and not _waiting(p), 60)
            await asyncio.sleep(0.5)
            for person in people:
                assert (_pictures(person), _waiting(person)) == (WEB_SELFIES, 0)
                assert all(len(pictures) == 1 for pictures in person.finals.values())
        assert await bot.stop() == 0
    finally:
        await bot.kill()


async def _chat(person: WebPerson, selfie: bytes, patience_s: float) -> None:
    """A selfie before consent, consent, and more selfies."""
    await person.says("/style plain", selfie)
    await person.sees(lambda p: any("agree" in title for body in p.answers for title, _ in body["buttons"]), 60)
    await person.taps("agree")
    for _ in range(WEB_SELFIES - 1):
        await asyncio.sleep(patience_s)
        await person.says("/style plain", selfie)


def _pictures(person: WebPerson) -> int:
    """Pictures, and apologies for a worker killed three times over the same job."""
    return sum(body["picture_id"] is not None or "broke on our side" in body["text"] for body in person.answers)


def _waiting(person: WebPerson) -> int:
    return sum(body["progress"] is not None for body in person.answers)


def _kill_a_worker(bot: BotProcess, chance: random.Random) -> None:
    assert bot.process is not None
    with suppress(psutil.NoSuchProcess):
        if children := psutil.Process(bot.process.pid).children(recursive=True):
            chance.choice(children).kill()
