"""The bot and its workers are killed while people send selfies: nothing is lost, nothing is shown twice."""

import asyncio
import io
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.fakes.platform import FilePlatform

PEOPLE, SELFIES, KILLS = 10, 60, 16
ROOT = Path(__file__).parents[2]


class Victim:
    """A bot that is started again whenever it was killed."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self._command = [sys.executable, "-m", "tests.kill_bot", str(folder), url]
        self.start()

    def start(self) -> None:
        (self._folder / "workers").unlink(missing_ok=True)
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

    def kill_worker(self, chance: random.Random) -> bool:
        """False: there was none."""
        file = self._folder / "workers"
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
