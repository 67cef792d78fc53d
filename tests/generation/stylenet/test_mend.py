"""Whatever a net makes of them, people keep their complexion and their features."""

import numpy as np
import pytest

from generation.engines.retouch.colour import to_oklab as reference
from generation.engines.stylenet.canvas import padded
from generation.engines.stylenet.mend import mended
from generation.engines.stylenet.oklab import to_oklab, to_pixels
from generation.engines.stylenet.person import Person, find_person
from generation.face.finder import FaceFinder
from tests.generation.stylenet.conftest import Draw, Styles, far, with_params
from tests.generation.test_every_style import TONES, small


def skin_of(finder: FaceFinder) -> np.ndarray:
    """(H, W) bool: bare skin, without eyes and lips."""
    pixels = small()
    (face, *_) = finder.find(pixels)
    low, high = face.points[[205, 425]].min(0), face.points[[205, 425]].max(0)
    skin = np.zeros(pixels.shape[:2], bool)
    skin[int(low[1]) - 4 : int(high[1]) + 4, int(low[0]) : int(low[0]) + 8] = True
    return skin


def tone(pixels: np.ndarray, skin: np.ndarray) -> np.ndarray:
    return np.asarray(np.median(to_oklab(pixels)[skin], axis=0))


@pytest.mark.parametrize(("name", "tint"), [("whitener", 0.05), ("chalk", 0.05), ("negative", 0.08), ("blue", 0.15)])
def test_every_complexion_stays_itself(styles: Styles, draw: Draw, finder: FaceFinder, name: str, tint: float) -> None:
    """Blue leaves little but its own hue, so it is taken for a print in one ink, which skin is printed with, too."""
    skin = skin_of(finder)
    before = {group: tone(small(group), skin) for group in TONES}
    after = {group: tone(draw(styles[name], 1.0, small(group)).pixels, skin) for group in TONES}
    lightness = [float(after[group][0]) for group in TONES]
    for group in TONES:
        assert -0.16 < after[group][0] - before[group][0] < 0.07, f"{group} skin keeps its lightness"
        assert np.hypot(*(after[group] - before[group])[1:]) < tint, f"{group} skin keeps its colour"
    assert lightness == sorted(lightness, reverse=True), "the order stays"


def test_the_net_alone_would_have_lightened_dark_skin(styles: Styles, draw: Draw, finder: FaceFinder) -> None:
    """Or the test above would prove nothing."""
    skin, dark = skin_of(finder), small("very dark")
    whitened = np.round(0.4 * (dark / 127.5 - 1.0) * 127.5 + 0.6 * 127.5 + 127.5).clip(0, 255).astype(np.uint8)
    assert tone(whitened, skin)[0] - tone(dark, skin)[0] > 0.2


def test_a_cast_is_taken_from_the_wall_as_far_as_the_style_says(styles: Styles, draw: Draw) -> None:
    wall, photo = np.s_[5:40, 5:30], small()
    away = [
        far(draw(with_params(styles["whitener"], tone=tone), 1.0).pixels[wall], photo[wall]) for tone in (0.0, 0.5, 1.0)
    ]
    assert away[0] > 1.5 * away[1] > 3 * away[2]


def test_features_stay_more_than_cheeks_and_cheeks_more_than_the_wall(
    styles: Styles, draw: Draw, finder: FaceFinder
) -> None:
    photo = small()
    (face, *_) = finder.find(photo)
    kept, bare = (draw(with_params(styles["negative"], keep=keep), 1.0).pixels for keep in (0.8, 0.0))

    def share(at: np.ndarray) -> float:
        x, y = np.round(at).astype(int)
        near = np.s_[y - 2 : y + 3, x - 2 : x + 3]
        return far(kept[near], photo[near]) / far(bare[near], photo[near])

    eye, cheek, wall = share(face.points[468]), share(face.points[205]), share(np.asarray([15, 20]))
    assert eye < 0.42 < cheek < 0.75 < wall


def test_a_drawing_in_one_ink_keeps_its_ink(finder: FaceFinder) -> None:
    photo = small()
    (face, *_) = finder.find(photo)
    lab = to_oklab(photo)
    grey = np.repeat(photo.mean(axis=2, keepdims=True).astype(np.uint8), 3, axis=2)
    person = find_person(photo, lab, face, finder)
    drawn = mended(lab, grey, person, tone=0.0)
    assert np.abs(to_oklab(drawn)[..., 1:]).max() < 0.02


def test_a_mended_drawing_has_the_photos_broad_light_and_the_drawings_fine_lines() -> None:
    photo = np.full((120, 160, 3), (150, 110, 90), np.uint8)
    lines = np.full_like(photo, 200)
    lines[::6] = 60
    nobody = Person(*(np.zeros((120, 160), np.float32) for _ in range(2)))
    drawn = to_oklab(mended(to_oklab(photo), lines, nobody, tone=1.0))
    assert np.allclose(drawn[30:90, 30:130].mean(axis=(0, 1)), to_oklab(photo)[0, 0], atol=0.03)
    assert drawn[30:90:6, 80, 0].mean() < drawn[33:90:6, 80, 0].mean() - 0.3


def test_oklab_is_the_retouch_engines() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8)
    assert np.allclose(to_oklab(pixels), reference(pixels), atol=1e-4)
    assert np.array_equal(to_pixels(to_oklab(pixels)), pixels)


def test_padding_continues_the_picture() -> None:
    pixels = np.arange(5 * 7 * 3, dtype=np.uint8).reshape(5, 7, 3)
    wide = padded(pixels, 4)
    assert wide.shape == (8, 8, 3)
    assert np.array_equal(wide[:5, :7], pixels)
    assert np.array_equal(wide[5, :7], pixels[3])
