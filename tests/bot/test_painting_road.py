"""The whole road of painted pictures: the bot as a process, its painter as another, four people at the same time."""

import asyncio
import io
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from PIL import Image
from skimage import data

from generation.engine import BatchedEngine, load_painter
from generation.face.models import default_folder, fetch_models
from generation.job import Job, Picture
from generation.painter import Dtype, Painter, PainterName
from generation.stream import painted_alone
from generation.styles import read_catalogue
from tests.engines.tiny_models import save_tiny_klein
from tests.engines.tiny_onnx import write_generator
from tests.engines.tiny_sdxl import save_tiny_sdxl
from tests.fakes.bot_process import BotProcess
from tests.fakes.web_person import WebPerson, web_person

pytestmark = pytest.mark.timeout(300)

PEOPLE = 4
ALIKE = 1.0
"""Mean difference of pixels that two runs may have: another order of sums tips a few roundings."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_klein(tmp_path_factory.mktemp("model") / "tiny-klein")


@asynccontextmanager
async def running(folder: Path, **settings: str) -> AsyncIterator[BotProcess]:
    fetch_models(default_folder())
    bot = BotProcess(folder, **settings, PAINTER_DEVICES="cpu", HF_HUB_OFFLINE="1")
    await bot.started()
    yield bot
    await bot.stop()


@pytest_asyncio.fixture
async def bot(tmp_path: Path, model: Path) -> AsyncIterator[BotProcess]:
    settings = {"ENGINE": "flux2-klein", "MODEL": str(model), "DTYPE": "fp32", "SIZE": "128", "REF_SIDE": "64"}
    async with running(tmp_path, **settings) as bot:
        yield bot


def selfie(number: int) -> bytes:
    """Four faces that no painter could take for one another: a portrait, mirrored or not, in two lights."""
    image = Image.fromarray(data.astronaut()).crop((60, 0, 400, 400))
    if number % 2:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if number > 1:
        image = image.point(lambda value: round(255 * (value / 255) ** 1.6))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=92)
    return file.getvalue()


@dataclass
class Painted:
    """What the bot's database says of one picture."""

    style: str
    words: str
    strength: float
    seed: int
    photo: bytes
    picture: bytes


def painted_pictures(folder: Path) -> list[Painted]:
    """In the order in which people asked for them."""
    with sqlite3.connect(next(folder.rglob("selfiebot.db"))) as database:
        rows = database.execute(
            "select style, words, strength, seed, photo.data, picture.data from job "
            "join blob photo on photo.id = job.photo join blob picture on picture.id = job.picture "
            "where state = 'done' and lane = 'paint' order by job.id"
        )
        return [Painted(*row) for row in rows]


async def four(bot: BotProcess, stack: AsyncExitStack) -> list[WebPerson]:
    people = [await stack.enter_async_context(web_person(bot.base)) for _ in range(PEOPLE)]
    for person in people:
        await person.sees(lambda person: len(person.answers) == 1)
        await person.taps("I agree")
        await person.sees(lambda person: len(person.answers) == 2)
    return people


def is_done(person: WebPerson) -> bool:
    body = person.answers[-1]
    return body.get("picture_id") is not None and body["progress"] is None


def alone(model: Path, jobs: Sequence[Job]) -> list[Picture]:
    """Each job as it is painted when nobody else is there."""
    painter = Painter(PainterName.FLUX2_KLEIN, str(model), dtype=Dtype.FP32, size_px=128, ref_side_px=64)
    engine = load_painter(painter, "cpu", default_folder())
    return [painted_by(engine, job) for job in jobs]


def painted_by(engine: BatchedEngine, job: Job) -> Picture:
    picture = painted_alone(engine, job)
    assert isinstance(picture, Picture)
    return picture


def pixels(file: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(file)).convert("RGB"), np.float32)


async def test_four_people_at_once_each_get_what_their_own_face_gives(
    bot: BotProcess, model: Path, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        people = await four(bot, stack)
        asked = [person.says("/imagine me as a lighthouse keeper", selfie(n)) for n, person in enumerate(people)]
        await asyncio.gather(*asked)
        for person in people:
            await person.sees(is_done, 120)
            assert "AI-generated" in person.answers[-1]["text"]
    made = painted_pictures(tmp_path)
    assert {one.photo for one in made} == {selfie(n) for n in range(PEOPLE)}
    named = read_catalogue().named
    jobs = []
    for n, one in enumerate(made):
        style = named(one.style, one.words)
        assert style is not None
        jobs.append(Job(str(n), style, (one.photo,), one.strength, one.seed))
    lone = [pixels(picture.data) for picture in alone(model, jobs)]
    together = [pixels(one.picture) for one in made]
    apart = np.array([[np.abs(a - b).mean() for b in lone] for a in together])
    assert apart.diagonal().max() < ALIKE
    assert (apart + np.eye(PEOPLE) * 255).min() > 3 * ALIKE, "another person's picture is plainly another one"


async def pictured(bot: BotProcess, words: str) -> Image.Image:
    """What somebody gets who sends a selfie with these words."""
    async with web_person(bot.base) as ada:
        await ada.sees(lambda ada: len(ada.answers) == 1)
        await ada.taps("I agree")
        await ada.says(words, selfie(0))
        await ada.sees(lambda ada: len(ada.answers) == 3 and is_done(ada), 120)
        assert "AI-generated" in ada.answers[-1]["text"], ada.answers[-1]["text"]
        return Image.open(io.BytesIO(await ada.picture(ada.answers[-1]["picture_id"])))


async def test_the_second_path_paints_a_labelled_picture_too(tmp_path: Path) -> None:
    model = save_tiny_sdxl(tmp_path / "tiny-sdxl")
    settings = {"ENGINE": "sdxl-ip", "MODEL": str(model), "DTYPE": "fp32", "SIZE": "128", "REF_SIDE": "64"}
    async with running(tmp_path, **settings) as bot:
        picture = await pictured(bot, "/style forest")
    assert picture.size == (112, 144)
    assert b"trainedAlgorithmicMedia" in picture.info["xmp"]


async def test_a_style_of_a_net_is_a_labelled_picture_too(tmp_path: Path) -> None:
    folder = tmp_path / "nets"
    (folder / "generators").mkdir(parents=True)
    write_generator(folder / "generators" / "inkling.onnx", -1.0, 0.0)
    async with running(tmp_path, STYLE_MODEL_DIR=str(folder)) as bot:
        picture = await pictured(bot, "/style inkling")
    assert picture.size == (340, 400)
    assert b"trainedAlgorithmicMedia" in picture.info["xmp"]


async def test_a_style_is_drawn_at_once_and_painted_in_the_same_message(bot: BotProcess) -> None:
    async with web_person(bot.base) as ada:
        await ada.sees(lambda ada: len(ada.answers) == 1)
        await ada.taps("I agree")
        await ada.says("/style viking", selfie(0))
        await ada.sees(is_done, 120)
        (ref,) = [ref for ref, body in ada.shown.items() if body.get("picture_id") is not None]
        assert "AI-generated" in ada.answers[-1]["text"]
        await ada.taps("More of me")
        await ada.sees(lambda ada: len(ada.answers) == 4 and is_done(ada), 120)
        assert ada.shown[ref]["picture_id"] != ada.answers[-1]["picture_id"]
