"""The real web platform with a scripted bot behind it, and a person at a real browser in front of it.

All run in one event loop, so that one browser serves all tests: each test is another person with other cookies.
"""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import ClientSession
from PIL import Image
from playwright.async_api import Browser
from skimage import data

from bot.platforms.web import WebPlatform
from tests.bot.platforms.web.client import Client
from tests.fakes.browser import Visit, open_browser, visit
from tests.fakes.scripted_bot import ScriptedBot
from tests.fakes.web_history import MemoryHistory


def jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.convert("RGB").save(file, "JPEG", quality=90)
    return file.getvalue()


@pytest.fixture(scope="session")
def astronaut() -> bytes:
    return jpeg(Image.fromarray(data.astronaut()).crop((0, 0, 400, 500)))


@pytest.fixture(scope="session")
def picture() -> bytes:
    """What the scripted bot makes of every photo: plainly another picture of the same size."""
    return jpeg(Image.fromarray(data.astronaut()).crop((0, 0, 400, 500)).convert("L"))


@dataclass
class Running:
    platform: WebPlatform
    bot: ScriptedBot
    history: MemoryHistory
    url: str
    task: asyncio.Task[None]

    async def stop(self) -> None:
        await self.bot.close()
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    @property
    def port(self) -> int:
        return int(self.url.rstrip("/").rpartition(":")[2])


@asynccontextmanager
async def serve(history: MemoryHistory, picture: bytes, port: int = 0) -> AsyncIterator[Running]:
    platform = WebPlatform("127.0.0.1", port, history)
    bot = ScriptedBot(platform, history, picture)
    task = asyncio.create_task(platform.run(bot.receive))
    listening = asyncio.create_task(platform.listening())
    await asyncio.wait([task, listening], return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        listening.cancel()
        task.result()
    try:
        yield (running := Running(platform, bot, history, listening.result(), task))
    finally:
        await running.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def web(picture: bytes) -> AsyncIterator[Running]:
    async with serve(MemoryHistory(), picture) as running:
        yield running


@pytest.fixture(scope="session")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A camera that looks at the astronaut."""
    face = Image.fromarray(data.astronaut()).resize((640, 640)).crop((0, 0, 640, 480))
    file = tmp_path_factory.mktemp("camera") / "astronaut.mjpeg"
    file.write_bytes(jpeg(face) * 30)
    return file


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(camera: Path) -> AsyncIterator[Browser]:
    async with open_browser(camera) as it:
        yield it


@pytest_asyncio.fixture(loop_scope="session")
async def person(web: Running, browser: Browser) -> AsyncIterator[Visit]:
    async with visit(browser, web.url) as it:
        yield it


@pytest_asyncio.fixture(loop_scope="session")
async def client(web: Running) -> AsyncIterator[Client]:
    async with ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        it = Client(web.url, session)
        await it.get("")
        yield it


@pytest_asyncio.fixture(loop_scope="session")
async def stranger(web: Running) -> AsyncIterator[Client]:
    """Somebody else, with a cookie of their own."""
    async with ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        it = Client(web.url, session)
        await it.get("")
        yield it
