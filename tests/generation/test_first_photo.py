"""The first photo a worker gets finds everything loaded. (bench/road.py prints how long it takes.)"""

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


async def test_for_the_first_photo_nothing_is_loaded_any_more(models, portrait):
    style = next(iter(read_catalogue()))
    pictures = []
    async with LocalPool(["cpu"], models, 60, 1500) as pool:
        assert await pool.ready(), "the trial pictures came out"
        for number in range(2):
            job = Job(str(number), style, (portrait,), style.strength, number)
            pictures.append(await pool.render(job, lambda progress: None))
            pool.forget()
    first, second = ([name for name, _ in picture.stages] for picture in pictures)
    assert "load" not in first
    assert first == second


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
