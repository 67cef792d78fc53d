"""The invisible mark: it comes back exactly, is ours alone, is not seen, and does not vouch for a picture not ours."""

from functools import cache

import cv2
import numpy as np
import pytest
from skimage import data
from skimage.metrics import structural_similarity

from bench.label_attacks import DISCORD, HARDER, PROMISED, STRETCH, copy_mark, jpeg, screenshot
from bench.label_pictures import flat_art, night, poster
from generation.label.mark.bind import map_picture, match_picture
from generation.label.mark.code import SIGNS, decode, encode, fit, least_rho
from generation.label.mark.embed import lay_tile
from generation.label.mark.find import LEAST, READINGS, SURE
from generation.label.mark.keys import derive_keys, draw, draw_order, draw_signs, hkdf
from generation.label.mark.parts import likely_parts
from generation.label.mark.tile import TILE, deal_waves, draw_tile
from generation.label.mark.tilemark import TileMark
from generation.label.mark.watermarker import IDS, Payload, Watermarker

SECRET = bytes(range(32))
PAYLOAD = Payload(epoch=3, id=0xC0FFEE1234)
MARK = TileMark(SECRET, epochs=(3,))
KEYS = derive_keys(SECRET, 3)
SEVERAL = ["JPEG 50", "Telegram > WhatsApp > JPEG 60", "cropped by 30%", "turned by 5 degrees", "turned by 90"]
SEVERAL += ["mirrored", "captions over 30%", "Telegram > screenshot", "Telegram > screenshot, cut", "blurred, sigma 2"]
SEVERAL += [DISCORD, STRETCH]


@cache
def picture(name: str) -> np.ndarray:
    rng = np.random.default_rng(5)
    astronaut = cv2.resize(data.astronaut()[:, 60:470], (864, 1080), interpolation=cv2.INTER_CUBIC)
    made = {
        "portrait": lambda: astronaut,
        "flat": lambda: flat_art(864, rng),
        "night": lambda: night(astronaut, rng),
        "text": lambda: poster(astronaut, rng),
        "coffee": lambda: cv2.resize(data.coffee(), (1200, 800), interpolation=cv2.INTER_CUBIC),
    }
    return made[name]()


@cache
def issued(name: str) -> np.ndarray:
    """Marked, and saved as the bot saves it."""
    return jpeg(MARK.embed(picture(name), PAYLOAD), 92)


@pytest.mark.parametrize("attack", SEVERAL)
def test_the_exact_id_of_a_portrait_comes_back_after(attack):
    received = (PROMISED | HARDER)[attack](issued("portrait"), np.random.default_rng(2))
    (found,) = MARK.find(received)
    assert (found.payload, found.sure) == (PAYLOAD, True)
    assert match_picture(map_picture(issued("portrait")), received, found).same


@pytest.mark.parametrize("name", ["flat", "night", "text", "coffee"])
@pytest.mark.parametrize("attack", ["JPEG 70", "cropped by 20%", "screenshot"])
def test_it_comes_back_from_any_kind_of_picture(name, attack):
    received = PROMISED[attack](issued(name), np.random.default_rng(2))
    assert [found.payload for found in MARK.find(received)] == [PAYLOAD]


@pytest.mark.parametrize("name", ["portrait", "flat", "night", "text", "coffee"])
def test_nobody_sees_it(name):
    bare, marked = picture(name), MARK.embed(picture(name), PAYLOAD)
    error = np.mean((bare.astype(np.float64) - marked) ** 2)
    assert 10 * np.log10(255**2 / error) >= 41
    grey = [cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) for pixels in (bare, marked)]
    assert structural_similarity(*grey) >= 0.98


def test_flat_places_are_marked_less_than_busy_ones():
    half = np.full((900, 900, 3), 128, np.uint8)
    half[:, 450:] = np.random.default_rng(0).integers(60, 200, (900, 450, 1))
    change = np.abs(MARK.embed(half, PAYLOAD).astype(int) - half)
    assert change[:, 30:400].mean() < 0.7
    assert change[:, 500:870].mean() > 2 * change[:, 30:400].mean()


def test_the_same_picture_key_and_payload_give_the_same_bytes_and_the_picture_given_stays_as_it_was():
    before = picture("coffee").copy()
    first, second = MARK.embed(picture("coffee"), PAYLOAD), TileMark(SECRET).embed(before, PAYLOAD)
    assert np.array_equal(first, second)
    assert np.array_equal(before, picture("coffee"))


def test_transparency_is_left_alone():
    alpha = np.random.default_rng(0).integers(0, 256, picture("coffee").shape[:2], dtype=np.uint8)
    marked = MARK.embed(np.dstack([picture("coffee"), alpha]), PAYLOAD)
    assert np.array_equal(marked[..., 3], alpha)
    assert [found.payload for found in MARK.find(marked)] == [PAYLOAD]


@pytest.mark.parametrize("size", [(96, 96), (40, 700), (512, 512), (300, 1500), (3, 3000), (2500, 101)])
def test_pictures_of_any_size_and_shape_can_be_marked_and_looked_at(size):
    pixels = cv2.resize(data.coffee(), size[::-1], interpolation=cv2.INTER_AREA)
    marked = MARK.embed(pixels, PAYLOAD)
    assert marked.shape == pixels.shape
    assert {found.payload for found in MARK.find(marked)} <= {PAYLOAD}
    assert min(size) < 300 or MARK.find(jpeg(marked, 90))


@pytest.mark.parametrize("pixels", [np.zeros((1, 1, 3), np.uint8), np.full((700, 900, 3), 255, np.uint8)])
def test_where_there_is_nothing_nothing_is_found(pixels):
    assert MARK.find(pixels) == []


@pytest.mark.parametrize("name", ["portrait", "flat", "text"])
def test_an_unmarked_picture_carries_no_mark(name):
    assert MARK.find(jpeg(picture(name), 85)) == []


def test_only_the_keys_owner_and_only_in_that_epoch_can_read_it():
    assert TileMark(bytes(32), epochs=(3,)).find(issued("coffee")) == []
    assert TileMark(SECRET, epochs=(2,)).find(issued("coffee")) == []
    assert TileMark(SECRET, epochs=(1, 2, 3)).find(issued("coffee"))[0].payload == PAYLOAD


def test_a_mark_copied_onto_another_picture_is_found_but_refused():
    forged = copy_mark(issued("coffee"), picture("portrait"))
    record = map_picture(issued("coffee"))
    for seen in (forged, screenshot(forged, np.random.default_rng(1))):
        (found,) = MARK.find(seen)
        assert found.payload == PAYLOAD
        assert not match_picture(record, seen, found).same


def test_a_screenshot_with_an_apps_bars_is_still_the_picture():
    record = map_picture(issued("coffee"))
    for seed in range(2):  # a dark app and a light one
        seen = screenshot(issued("coffee"), np.random.default_rng(seed))
        (found,) = MARK.find(seen)
        match = match_picture(record, seen, found)
        assert match.same
        assert match.share > 0.9


def test_of_a_picture_crushed_to_black_nothing_is_said():
    record = map_picture(issued("coffee"))
    (found,) = MARK.find(issued("coffee"))
    match = match_picture(record, issued("coffee") // 200, found)
    assert not match.enough
    assert not match.same


def test_the_map_leads_from_the_picture_to_where_the_mark_was_laid():
    height, width = issued("coffee").shape[:2]
    (found,) = MARK.find(np.ascontiguousarray(issued("coffee")[100:, 150:]))
    a, b, c, d, e, f = found.to_work
    scale = 640 / width
    assert np.allclose([a, b, d, e], [scale, 0, 0, scale], atol=0.002)
    assert abs((c - 150 * scale + TILE / 2) % TILE - TILE / 2) < 2
    assert abs((f - 100 * scale + TILE / 2) % TILE - TILE / 2) < 2


def test_the_map_is_small_and_says_nothing_of_detail():
    record = map_picture(issued("portrait"))
    assert len(record) < 512
    assert record == map_picture(np.ascontiguousarray(issued("portrait")))


def test_a_tile_continues_into_its_own_copies():
    tile = draw_tile(encode(PAYLOAD, KEYS), KEYS)
    assert tile.shape == (TILE, TILE)
    seam, within = np.abs(tile[:, 0] - tile[:, -1]).mean(), np.abs(np.diff(tile, axis=1)).mean()
    assert seam < 1.3 * within


def test_every_wave_carries_one_thing_and_every_sign_several_waves():
    waves = deal_waves(KEYS)
    every = np.concatenate([waves.peaks, waves.pilots, waves.payload])
    assert len(np.unique(every, axis=0)) == len(every)
    assert np.bincount(waves.signs, minlength=SIGNS).min() >= 5
    assert np.array_equal(waves.peaks, deal_waves(derive_keys(SECRET, 4)).peaks)
    assert not np.array_equal(waves.pilots, deal_waves(derive_keys(SECRET, 4)).pilots)


def test_words_come_back_through_much_noise_and_wrong_ones_never_do():
    rng = np.random.default_rng(0)
    right = 0
    for _ in range(20):
        payload = Payload(3, int(rng.integers(IDS)))
        word = decode(encode(payload, KEYS) + rng.normal(0, 1.7, SIGNS), KEYS)  # three signs in ten are wrong
        right += word is not None
        assert word is None or word.payload == payload
    assert right >= 18


def test_noise_is_never_taken_for_a_word():
    rng = np.random.default_rng(1)
    words = [decode(rng.normal(size=SIGNS), KEYS) for _ in range(60)]
    assert [word for word in words if word is not None and word.rho >= LEAST] == []


def test_chance_fits_a_word_no_better_than_hoeffding_allows():
    """The bound of code.py against the key's own masks: the signs are fixed, the key is drawn again and again."""
    soft = np.random.default_rng(2).laplace(size=SIGNS)
    rho = np.array([fit(soft, Payload(0, 1), derive_keys(bytes([n % 256, n // 256] * 16), 0)) for n in range(1500)])
    for t in (1.0, 2.0, 2.5):
        assert (rho >= t).mean() <= np.exp(-t * t / 2)
    assert abs(rho.mean()) < 0.15


def test_the_thresholds_are_those_of_the_bound():
    assert pytest.approx(1e-9) == READINGS * IDS * np.exp(-(SURE**2) / 2)
    assert LEAST < SURE < least_rho(READINGS, IDS, 1e-12)


def test_hkdf_gives_the_first_test_vector_of_rfc_5869():
    info, salt = bytes.fromhex("f0f1f2f3f4f5f6f7f8f9"), bytes(range(13))
    made = hkdf(b"\x0b" * 22, info, 42, salt)
    assert made.hex() == ("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")


def test_what_is_drawn_from_a_key_never_changes():
    """A mark must be read years later: these are the numbers that pictures out there were marked with."""
    assert draw(b"key", 3).round(6).tolist() == [0.240631, 0.213835, 0.940341]
    assert draw_order(b"key", 6).tolist() == [5, 2, 0, 1, 3, 4]
    assert draw_signs(b"key", 8).tolist() == [1, 1, 1, -1, 1, -1, -1, -1]
    assert encode(PAYLOAD, KEYS)[:8].tolist() == [-1, -1, 1, 1, 1, -1, -1, -1]


@pytest.mark.parametrize("values", [(16, 0), (-1, 0), (0, IDS), (0, -1)])
def test_a_payload_that_does_not_fit_is_refused(values):
    with pytest.raises(ValueError, match="does not fit"):
        Payload(*values)


def test_a_key_of_another_length_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        derive_keys(b"short", 0)


def test_a_picture_between_bars_is_among_the_parts_looked_at():
    page = np.full((1200, 600), 255, np.float32)
    page[20:50, 30:120] = np.random.default_rng(0).uniform(0, 255, (30, 90))
    page[300:800, :] = np.random.default_rng(1).uniform(0, 255, (500, 600))
    shapes = [(part.shape, corner) for part, corner in likely_parts(page)]
    assert shapes[0] == ((1200, 600), (0, 0))
    assert ((500, 600), (0, 300)) in shapes


def test_another_mark_can_be_plugged_in():
    class Loud:
        def embed(self, pixels, payload):
            return lay_tile(pixels, np.ones((TILE, TILE), np.float32))

        def find(self, pixels):
            return []

    def issue(mark: Watermarker, pixels: np.ndarray) -> np.ndarray:
        return mark.embed(pixels, PAYLOAD)

    assert issue(Loud(), picture("coffee")).shape == issue(MARK, picture("coffee")).shape
