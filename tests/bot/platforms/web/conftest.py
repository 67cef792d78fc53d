"""The real web platform with a scripted bot behind it, and a person at a real browser in front of it."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import BrowserContext, Page
from skimage import data

from bot.platforms.web import WebPlatform
from tests.fakes.browser import open_browser
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
        yield Running(platform, bot, history, listening.result())
    finally:
        await bot.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def web(picture: bytes) -> AsyncIterator[Running]:
    async with serve(MemoryHistory(), picture) as running:
        yield running


@dataclass
class Visit:
    """A browser that notes everything a good page never does."""

    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("console", lambda m: m.type in ("error", "warning") and self.complaints.append(f"console: {m.text}"))
        page.on("request", lambda request: self.requests.append(request.url))

    async def another_tab(self, url: str) -> Page:
        page = await self.context.new_page()
        self.watch(page)
        await page.goto(url)
        return page


@asynccontextmanager
async def visit(
    url: str,
    profile: Path,
    *,
    camera: Path | None = None,
    allow_camera: bool = True,
    phone: bool = False,
    dark: bool = False,
) -> AsyncIterator[Visit]:
    """A person opens the page. Afterwards: no complaint in the console and no request to anywhere else."""
    async with open_browser(profile, camera=camera, allow_camera=allow_camera, phone=phone, dark=dark) as context:
        it = Visit(context, context.pages[0])
        it.watch(it.page)
        await it.page.goto(url)
        yield it
    assert it.complaints == []
    strangers = [address for address in it.requests if not address.startswith((url, "blob:" + url[:-1]))]
    assert strangers == []


@pytest.fixture
async def person(web: Running, tmp_path: Path) -> AsyncIterator[Visit]:
    async with visit(web.url, tmp_path / "profile") as it:
        yield it
