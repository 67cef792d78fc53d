"""The whole road: the real bot as a process, the real engine, a real browser; nothing is replaced."""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Page, expect
from skimage import data

from generation.face.models import default_folder, fetch_models
from tests.fakes.bot_process import BotProcess
from tests.fakes.browser import Visit, open_browser, visit
from tests.fakes.web_person import web_person

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def selfie(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("photos") / "selfie.jpg"
    Image.fromarray(data.astronaut()).crop((60, 0, 400, 400)).save(file, quality=92)
    return file


@pytest_asyncio.fixture
async def bot(tmp_path: Path) -> AsyncIterator[BotProcess]:
    fetch_models(default_folder())
    bot = BotProcess(tmp_path)
    await bot.started()
    yield bot
    await bot.stop()


@pytest_asyncio.fixture
async def person(bot: BotProcess) -> AsyncIterator[Visit]:
    async with open_browser() as browser, visit(browser, f"{bot.base}/") as person:
        person.page.set_default_timeout(30_000)
        person.forgiven = ("ERR_CONNECTION_REFUSED", "WebSocket connection")
        yield person


async def choose(page: Page, photo: Path, caption: str) -> None:
    await page.locator("input[type=file]").first.set_input_files(str(photo))
    await page.get_by_label("Message", exact=True).fill(caption)
    await page.keyboard.press("Enter")


async def test_a_selfie_sent_before_consent_becomes_a_labelled_picture_and_survives_a_restart(
    bot: BotProcess, person: Visit, selfie: Path
) -> None:
    page = person.page
    log = page.get_by_role("log")
    await expect(log).to_contain_text("AI picture bot, not a person")
    await choose(page, selfie, "/style goth")
    await expect(log).to_contain_text("First I need your yes")
    await page.get_by_role("button", name="I agree").last.click()
    picture = page.get_by_role("img", name=re.compile("AI-modified picture of you in the style “Goth”"))
    await expect(picture).to_have_count(1, timeout=30_000)
    await expect(log).to_contain_text(re.compile("🤖 AI-modified picture · .+ Goth"))

    await page.get_by_role("button", name="Softer").click()
    await expect(log).to_contain_text(re.compile(r"Goth at \d+ %"), timeout=30_000)
    await page.reload()
    await expect(picture).to_have_count(2, timeout=30_000)

    assert await bot.stop() == 0
    await bot.started()
    await page.get_by_role("button", name="With the original").first.click()
    await expect(log).to_contain_text("Left: your photo", timeout=60_000)

    await page.get_by_label("Message", exact=True).fill("/style gohtic")
    await page.keyboard.press("Enter")
    await expect(log).to_contain_text("Did you mean one of these?")

    await page.get_by_label("Message", exact=True).fill("/forget")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Yes, erase everything").click()
    await expect(log).to_contain_text("I have erased everything I had of you")
    await expect(picture).to_have_count(0)


async def test_every_picture_that_arrives_is_labelled_in_the_pixels_and_in_the_file(
    bot: BotProcess, selfie: Path
) -> None:
    async with web_person(bot.base) as ada:
        await ada.sees(lambda ada: len(ada.answers) == 1)
        await ada.taps("I agree")
        await ada.says("/style noir", selfie.read_bytes())
        await ada.sees(lambda ada: ada.answers[-1].get("picture_id") is not None, 60)
        await ada.taps("With the original")
        await ada.sees(lambda ada: len(ada.answers) == 4 and ada.answers[-1].get("picture_id") is not None, 60)
        for body in ada.answers[-2:]:
            _is_labelled(await ada.picture(body["picture_id"]))


def _is_labelled(file: bytes) -> None:
    image = Image.open(io.BytesIO(file))
    packet = ET.fromstring(image.info["xmp"])
    assert "algorithmicallyEnhanced" in ET.tostring(packet, encoding="unicode")
    assert "exif" not in image.info
    pixels = np.asarray(image.convert("L"), np.float32)
    side = min(pixels.shape)
    corner = pixels[round(0.03 * side) : round(0.09 * side), -round(0.40 * side) : -round(0.04 * side)]
    left = pixels[round(0.03 * side) : round(0.09 * side), round(0.04 * side) : round(0.40 * side)]
    assert any((part > 200).mean() > 0.05 and (part < 90).mean() > 0.3 for part in (corner, left))


async def test_a_bot_that_is_idle_stays_small(bot: BotProcess) -> None:
    import psutil

    assert bot.process is not None
    children = psutil.Process(bot.process.pid).children(recursive=True)
    assert len(children) >= 1, "the worker is a process of its own"
    assert "numpy" not in " ".join(mapping.path for mapping in psutil.Process(bot.process.pid).memory_maps())


async def test_a_second_bot_on_the_same_folder_is_refused_with_a_sentence(bot: BotProcess, tmp_path: Path) -> None:
    second = BotProcess(tmp_path, WEB_PORT="0")
    second.log = tmp_path / "second.txt"
    second.start()
    assert second.process is not None
    assert second.process.wait(30) == 1
    assert "already running" in second.log.read_text()


async def test_a_taken_port_is_told_with_a_sentence(bot: BotProcess, tmp_path: Path) -> None:
    second = BotProcess(tmp_path, DATA_DIR=str(tmp_path / "other"), WEB_PORT=str(bot.port))
    second.log = tmp_path / "second.txt"
    second.start()
    assert second.process is not None
    assert second.process.wait(60) == 1
    assert f"Port {bot.port} is taken" in second.log.read_text()
    assert "Traceback" not in second.log.read_text()
