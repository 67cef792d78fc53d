"""The first photo a worker gets is drawn about as fast as the next ones: nothing is loaded in front of a person."""

import statistics
import time

import pytest
from PIL import Image

from generation.job import Job, Note, Picture
from generation.pools.local import LocalPool
from generation.styles import read_catalogue
from generation.worker import WARM_PHOTO, Worker
from tests.generation.test_worker import file_of


@pytest.fixture
def portrait(astronaut):
    return file_of(astronaut, "JPEG", quality=95)


async def test_the_first_photo_takes_less_than_twice_a_warm_one(models, portrait):
    style = next(iter(read_catalogue()))
    times = []
    async with LocalPool(["cpu"], models, 60, 1500) as pool:
        assert await pool.ready(), "the trial picture came out"
        for number in range(6):
            started = time.perf_counter()
            await pool.render(Job(str(number), style, (portrait,), style.strength, number), lambda progress: None)
            times.append(time.perf_counter() - started)
    assert times[0] < 2 * statistics.median(times[1:]) + 0.05


def test_the_warming_photo_shows_a_face_no_style_has_to_skip(models):
    style = next(iter(read_catalogue()))
    picture = Worker("cpu", models).answer(Job("j", style, (WARM_PHOTO.read_bytes(),), 1, 0))
    assert isinstance(picture, Picture)
    assert not {Note.NO_HAIR, Note.EYES_CLOSED} & set(picture.notes)


def test_the_warming_photo_is_small_and_free_of_metadata():
    assert WARM_PHOTO.stat().st_size < 40_000
    with Image.open(WARM_PHOTO) as image:
        assert max(image.size) <= 512
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
