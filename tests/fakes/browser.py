"""A real headless Chromium for tests: found, started with nothing that calls home, and closed. Knows no page."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, async_playwright

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
async def open_browser(
    profile: Path, *, camera: Path | None = None, allow_camera: bool = True, phone: bool = False, dark: bool = False
) -> AsyncIterator[BrowserContext]:
    """
    Args:
        profile: an empty folder.
        camera: an MJPEG file the fake camera shows; Chromium's test pattern without.
        phone: 360 px wide, with touch.
    """
    args = [*_QUIET]
    if camera is not None:
        args.append(f"--use-file-for-fake-video-capture={camera}")
    if allow_camera:
        args.append("--use-fake-ui-for-media-stream")
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            str(profile),
            executable_path=find_chromium(),
            headless=True,
            args=args,
            viewport={"width": 360, "height": 740} if phone else {"width": 1100, "height": 800},
            has_touch=phone,
            is_mobile=phone,
            device_scale_factor=2 if phone else 1,
            color_scheme="dark" if dark else "light",
            locale="en-GB",
            timezone_id="UTC",
        )
        context.set_default_timeout(8000)
        try:
            yield context
        finally:
            await context.close()
