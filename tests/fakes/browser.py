"""A person at a real headless Chromium: found, started with nothing that calls home. Knows no page of ours."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--use-fake-device-for-media-stream",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_chromium() -> str:
    """Its path. Skips the test where there is none, but never in CI."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium in CI: install one, or name it in CHROMIUM")
        pytest.skip("no Chromium: install one, or name it in CHROMIUM")
    return path


@asynccontextmanager
async def open_browser(camera: Path | None = None) -> AsyncIterator[Browser]:
    """
    Args:
        camera: an MJPEG file (JPEG files one after the other) the fake camera shows; a test pattern without.
    """
    args = [*_QUIET]
    if camera is not None:
        args.append(f"--use-file-for-fake-video-capture={camera}")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), headless=True, args=args)
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Visit:
    """One person's browser, which notes everything a good page never does."""

    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    forgiven: tuple[str, ...] = ()

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("console", self._note)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda socket: self.requests.append(socket.url.replace("ws", "http", 1)))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console: {message.text}")

    async def another_tab(self, url: str) -> Page:
        page = await self.context.new_page()
        self.watch(page)
        await page.goto(url)
        return page


@asynccontextmanager
async def visit(
    browser: Browser,
    url: str,
    *,
    camera: bool = True,
    phone: bool = False,
    dark: bool = False,
    calm: bool = False,
    locale: str = "en-GB",
) -> AsyncIterator[Visit]:
    """A new person opens the page. Afterwards: no complaint in the console and no request to anywhere else.

    Args:
        camera: whether the person lets the page use it.
        phone: 360 px wide, with touch.
        calm: the person prefers reduced motion.
    """
    context = await browser.new_context(
        viewport={"width": 360, "height": 740} if phone else {"width": 1100, "height": 800},
        has_touch=phone,
        is_mobile=phone,
        device_scale_factor=2 if phone else 1,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce" if calm else "no-preference",
        permissions=["camera"] if camera else [],
        locale=locale,
        timezone_id="UTC",
    )
    context.set_default_timeout(8000)
    it = Visit(context, await context.new_page())
    it.watch(it.page)
    try:
        await it.page.goto(url)
        yield it
    finally:
        await context.close()
    assert [words for words in it.complaints if not any(part in words for part in it.forgiven)] == []
    assert [address for address in it.requests if not address.startswith((url, f"blob:{url}"))] == []
