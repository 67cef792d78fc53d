"""The only way out: both layers are on, nothing else is, and later layers have their place."""

import io
from datetime import date

import numpy as np
import pytest
from PIL import Image

from generation.label import stamp as stamp_module
from generation.label.kinds import Kind
from generation.label.stamp import ON_PIXELS, Label, badge, stamp
from tests.generation.label.test_metadata import read

LABEL = Label("a1b2", Kind.ENHANCED, "Goth", date(2026, 11, 22))


def plain(height=400, width=320, grey=180):
    return np.full((height, width, 3), grey, np.uint8)


def opened(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("kind", Kind)
def test_pill_and_packet_are_on_every_kind(kind):
    image = opened(stamp(plain(), Label("a1b2", kind, "Goth", date(2026, 11, 22))))
    assert image.format == "JPEG"
    assert read(image.info["xmp"])["Iptc4xmpExt:DigitalSourceType"] == kind.words.source_uri
    corner = np.asarray(image, np.float32)[12:48, 200:310]
    assert corner.min() < 80
    assert corner.max() > 230


def test_beyond_the_pill_the_picture_is_the_rendering():
    rng = np.random.default_rng(1)
    pixels = np.asarray(Image.fromarray(rng.integers(0, 256, (10, 8, 3), dtype=np.uint8)).resize((320, 400)))
    out = np.asarray(opened(stamp(pixels, LABEL)), np.float32)
    assert np.abs(out[60:] - pixels[60:]).mean() < 2


def test_nothing_but_our_own_metadata_is_in_the_file():
    image = opened(stamp(plain(), LABEL))
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "xmp"}
    assert not image.getexif()


def test_the_same_picture_makes_the_same_file():
    assert stamp(plain(), LABEL) == stamp(plain(), LABEL)


def test_later_layers_have_their_place(monkeypatch):
    order = []

    def mark(pixels, label):
        order.append("mark")
        assert (pixels != 180).any(), "the badge is on before the mark"
        return pixels

    def seal(data, label):
        order.append("seal")
        assert read(opened(data).info["xmp"]), "the file is whole before the seal"
        return data + b"sealed"

    monkeypatch.setattr(stamp_module, "ON_PIXELS", (*ON_PIXELS, mark))
    monkeypatch.setattr(stamp_module, "ON_FILE", (seal,))
    assert stamp(plain(), LABEL).endswith(b"sealed")
    assert order == ["mark", "seal"]


def test_the_badge_is_the_first_layer():
    assert ON_PIXELS[0] is badge
