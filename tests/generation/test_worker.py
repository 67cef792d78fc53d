"""The worker: one job down, one labelled picture up, or the reason why not; never an exception."""

import io
import pickle
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from generation.errors import BrokenImage, ManyFaces, NotAnImage, RenderFailed
from generation.job import Job, Picture
from generation.label.kinds import Kind
from generation.styles.style import Style
from generation.worker import Worker
from tests.generation.label.test_metadata import read


def style(engine):
    return Style("test", "tests", "Rain & neon", "A test.", "🧪", 0.8, f"tests.engines.{engine}")


def file_of(pixels, form="PNG", **options):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, form, **options)
    return file.getvalue()


GREY = file_of(np.full((200, 160, 3), 128, np.uint8))
RED = file_of(np.full((200, 160, 3), (200, 40, 40), np.uint8))


def job(engine="instant", photo=GREY, **changes):
    return Job(**{"id": "j1", "style": style(engine), "photos": (photo,), "strength": 0.8, "seed": 7, **changes})


def pixels_of(picture):
    return np.asarray(Image.open(io.BytesIO(picture.data)).convert("RGB"), np.float32)


@pytest.fixture
def worker(tmp_path):
    return Worker("cpu", tmp_path)


def test_a_picture_comes_out_labelled_and_described(worker):
    picture = worker.answer(job())
    assert isinstance(picture, Picture)
    assert (picture.job, picture.width_px, picture.height_px, picture.kind) == ("j1", 160, 200, "enhanced")
    fields = read(Image.open(io.BytesIO(picture.data)).info["xmp"])
    assert fields["Iptc4xmpExt:DigitalSourceType"] == Kind.ENHANCED.words.source_uri
    assert len(bytes.fromhex(fields["Iptc4xmpExt:DigImageGUID"])) == 16, "says nothing of the job or the person"
    assert fields["dc:description"]["en"].endswith("Style: Rain & neon")
    assert pixels_of(picture)[6:24, 100:150].max() > 200  # the pill's letters


def test_every_stage_is_timed_and_together_they_are_the_whole(worker):
    first, second = worker.answer(job()), worker.answer(job())
    assert [name for name, _ in first.stages] == ["read", "load", "tint", "rest", "label"]
    assert [name for name, _ in second.stages] == ["read", "tint", "rest", "label"], "the engine is loaded once"
    assert sum(seconds for _, seconds in second.stages) == pytest.approx(second.seconds, rel=0.2, abs=0.002)


def test_the_same_seed_makes_the_same_picture_and_another_seed_another(worker):
    assert worker.answer(job()).data == worker.answer(job()).data != worker.answer(job(seed=8)).data


def test_strength_0_is_the_photo_with_its_label(worker):
    picture = worker.answer(job(strength=0))
    assert np.abs(pixels_of(picture)[40:] - 128).max() <= 1
    assert pixels_of(picture)[6:24, 100:150].max() > 200


def test_the_original_stands_at_the_left_with_one_pill_over_the_whole(worker):
    picture = worker.answer(job(beside=True))
    assert picture.width_px > 2 * 160
    assert picture.height_px == 200
    assert "beside" in dict(picture.stages)
    pixels = pixels_of(picture)
    alone = pixels_of(worker.answer(job()))
    assert np.abs(pixels[40:, :156] - 128).max() <= 2
    assert np.abs(pixels[40:, -156:] - alone[40:, -156:]).mean() < 1
    assert np.abs(pixels[:24, :156] - 128).max() <= 2, "no pill on the original"
    assert pixels[6:24, -60:-10].max() > 200


def test_nothing_of_the_photos_own_metadata_gets_out(worker):
    exif = Image.Exif()
    exif[0x010F] = "SECRETMAKER"
    exif.get_ifd(0x8825)[1] = "N"
    photo = file_of(
        np.full((200, 160, 3), 99, np.uint8), "JPEG", exif=exif, comment=b"SECRETWORDS", xmp=b"<x>SECRETXMP</x>"
    )
    assert b"SECRET" in photo
    assert b"SECRET" not in worker.answer(job(photo=photo)).data


def test_the_persons_photo_errors_come_back_as_values(worker):
    assert isinstance(worker.answer(job(photo=b"no picture at all")), NotAnImage)
    assert isinstance(worker.answer(job(photo=GREY[:200])), BrokenImage | NotAnImage)
    assert worker.answer(job("complains")).args == ManyFaces(3).args


@pytest.mark.parametrize(
    "engine",
    ["raises", "raises_unpicklable", "raises_own_error", "raises_with_array", "broken_import", "wrong_pixels", "none"],
)
def test_a_bug_becomes_a_failed_job_that_tells_nobody_its_text(worker, engine, caplog):
    answer = worker.answer(job(engine))
    assert type(answer) is RenderFailed
    assert not answer.args
    assert answer.__traceback__ is None
    assert "job j1" in caplog.text
    assert isinstance(worker.answer(job()), Picture)


@pytest.mark.parametrize("engine", ["instant", "complains", "raises_own_error"])
def test_whatever_comes_back_travels(worker, engine):
    answer = worker.answer(job(engine))
    assert type(pickle.loads(pickle.dumps(answer))) is type(answer)


def test_an_error_does_not_carry_the_photo_along(worker):
    assert worker.answer(job("complains")).__traceback__ is None


def test_progress_only_rises_ends_at_1_and_is_not_chatty(worker):
    shares = []
    worker.answer(job("slow"), shares.append)
    assert shares == sorted(set(shares))
    assert shares[-1] == 1
    assert 10 < len(shares) <= 101


def test_warming_says_whether_it_worked(worker):
    assert worker.warm([style("instant")])
    assert worker.warm([])
    assert not worker.warm([style("raises")])


def sheet_of(worker, *engines, photo=GREY):
    return worker.sheet(photo, [style(engine) for engine in engines])


def test_a_sheet_shows_every_style_and_carries_the_label(worker):
    image = Image.open(io.BytesIO(sheet_of(worker, *["instant"] * 5)))
    assert read(image.info["xmp"])["Iptc4xmpExt:DigitalSourceType"] == Kind.ENHANCED.words.source_uri
    pixels = np.asarray(image.convert("RGB"), np.int32)
    coloured = (np.ptp(pixels, axis=2) > 20).mean()
    assert coloured > 0.4, "five tinted tiles"
    head = round(0.165 * image.width)
    assert pixels[:head, image.width // 2 :].min() < 80, "the pill is in the head"
    assert pixels[head + 20 : head + 300, image.width - 200].min() > 90, "and on no tile"


def test_a_style_that_fails_does_not_cost_the_sheet(worker, caplog):
    assert isinstance(sheet_of(worker, "instant", "raises"), bytes)
    assert "ZeroDivisionError" in caplog.text


def test_a_sheet_of_nine_is_one_labelled_numbered_picture(worker):
    told = []
    picture = worker.answer(job(sheet=(style("instant"),) * 9), told.append)
    assert isinstance(picture, Picture)
    assert picture.kind == "enhanced"
    pixels = pixels_of(picture)
    assert pixels.shape == (picture.height_px, picture.width_px, 3)
    step = (picture.width_px - 14) / 3
    head = round(0.165 * picture.width_px)
    for number in range(3):
        badge = pixels[head + 8 : head + 70, round(14 + number * step) + 8 :][:, :62]
        assert badge.max() > 230, "a white number"
        assert badge.min() < 60, "on a dark disc"
    assert told == sorted(told)
    assert told[-1] == 1
    assert len(told) >= 9
    assert [name for name, _ in picture.stages] == ["head", "tiles", "label"]


def test_a_sheets_tiles_are_drawn_as_many_at_once_as_the_engine_can_and_stay_in_order(worker):
    styles = tuple(replace(style("in_pairs"), name=str(number), strength=1 - number / 4) for number in range(4))
    pairs = pixels_of(worker.answer(job(sheet=styles)))
    alone = tuple(replace(each, engine="tests.engines.instant") for each in styles)
    assert np.array_equal(pairs, pixels_of(worker.answer(job(sheet=alone))))


def test_a_sheet_of_a_photo_that_cannot_be_used_is_the_reason(worker):
    assert isinstance(worker.answer(job(photo=b"no", sheet=(style("instant"),) * 2)), NotAnImage)
    assert isinstance(worker.answer(job(sheet=(style("complains"),) * 2)), ManyFaces)


def test_a_grid_shows_each_style_on_every_photo_that_can_be_used(worker):
    photos = [("one", GREY), ("broken", b"no"), ("two", RED)]
    other = replace(style("instant"), name="other")
    grids = dict((made.name, data) for made, data in worker.grids(photos, [style("instant"), other]))
    assert list(grids) == ["test", "other"]
    for data in grids.values():
        image = Image.open(io.BytesIO(data))
        assert image.width == 14 + 2 * 354
        assert b"algorithmicallyEnhanced" in image.info["xmp"]


def test_a_photo_that_cannot_be_used_gives_no_sheet_but_the_reason(worker):
    assert isinstance(sheet_of(worker, "instant", photo=b"no"), NotAnImage)
    assert isinstance(sheet_of(worker, "complains"), ManyFaces)
