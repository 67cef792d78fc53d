"""Places to stand before, and a person in their light: fair to every skin, clean at every edge."""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from generation.engines.retouch.colour import to_canvas, to_oklab
from generation.engines.retouch.effects.backdrop import background
from generation.engines.retouch.layer import lay
from generation.engines.retouch.scene import Scene
from generation.engines.retouch.scenery.backdrop import person_before, person_colours
from generation.engines.retouch.scenery.daylight import rim
from generation.engines.retouch.scenery.frame import Frame, ramp, strewn
from generation.engines.retouch.scenery.places import PLACES, paint
from generation.face.face import Face
from generation.face.finder import FaceFinder
from generation.styles import read_catalogue
from tests.generation.retouch.complexions import with_complexion

TONES = {"fair": (0.86, 0.045), "medium": (0.66, 0.075), "deep": (0.40, 0.060)}
"""OKLab lightness and chroma of three complexions."""
HEAD, CHIN = (0.45, 0.40), 0.60
COLOURS = ("#c0ffee", "#aa3355", "#112233")


@pytest.fixture(scope="module")
def scene(astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder) -> Scene:
    return Scene(astronaut, astronaut_face, finder)


@pytest.fixture(scope="module")
def toned(scene: Scene) -> Callable[[str], Scene]:
    """The astronaut with another complexion: the face moved in OKLab, so that light and shade stay."""

    def tone(name: str) -> Scene:
        made = with_complexion(scene, *TONES[name])
        made.__dict__["person"] = scene.person  # the outline is the same; the matte need not be solved again
        return made

    return tone


def stood(scene: Scene, place: str, strength: float = 1.0, seed: int = 3, **params: float) -> np.ndarray:
    """The picture with the person somewhere else."""
    canvas = to_canvas(scene.pixels)
    lay(canvas, background.apply(scene, canvas, seed=seed, place=place, **params), strength)  # type: ignore[arg-type]
    return canvas


@pytest.mark.parametrize("place", PLACES)
def test_a_place_is_painted_at_any_size_and_shape(place: str) -> None:
    for size in ((40, 30), (97, 241), (640, 512)):
        picture = paint(place, size, HEAD, CHIN, 3, *COLOURS)
        assert picture.shape == (*size, 3)
        assert picture.dtype == np.float32
        assert 0 <= picture.min() <= picture.max() <= 1
        assert picture.std() > 0.02


@pytest.mark.parametrize("place", PLACES)
def test_the_same_seed_is_the_same_place_and_another_seed_another(place: str) -> None:
    first = paint(place, (160, 128), HEAD, CHIN, 3, *COLOURS)
    assert np.array_equal(first, paint(place, (160, 128), HEAD, CHIN, 3, *COLOURS))
    assert not np.array_equal(first, paint(place, (160, 128), HEAD, CHIN, 4, *COLOURS))


@pytest.mark.parametrize("place", sorted(set(PLACES) - {"space", "aurora", "synthwave", "vaporwave"}))
def test_a_photographed_place_is_out_of_focus(place: str) -> None:
    picture = paint(place, (900, 720), HEAD, CHIN, 3, *COLOURS).mean(2)
    steps = np.abs(np.diff(picture, axis=1))
    assert np.percentile(steps, 95) < 0.05


@pytest.mark.parametrize("place", PLACES)
def test_every_skin_keeps_its_tone_within_bounds(toned: Callable[[str], Scene], place: str) -> None:
    after = {}
    for tone in TONES:
        scene = toned(tone)
        inside = scene.skin > 0.7
        before_lab = to_oklab(scene.pixels[scene.near.rows_cols])[inside].mean(0)
        after_lab = to_oklab(stood(scene, place)[scene.near.rows_cols])[inside].mean(0)
        assert -0.13 < after_lab[0] - before_lab[0] < 0.06, tone
        chroma = [float(np.hypot(*lab[1:])) for lab in (before_lab, after_lab)]
        assert chroma[1] > 0.5 * chroma[0], tone  # not ash
        after[tone] = float(after_lab[0])
    assert after["deep"] + 0.12 < after["medium"]
    assert after["medium"] + 0.08 < after["fair"]


@pytest.mark.parametrize("place", ["night_wood", "aurora"])
def test_a_cold_night_turns_nobody_green(toned: Callable[[str], Scene], place: str) -> None:
    for tone in TONES:
        scene = toned(tone)
        inside = scene.skin > 0.7
        assert to_oklab(stood(scene, place)[scene.near.rows_cols])[..., 1][inside].mean() > 0.002, tone


def test_deep_skin_loses_less_light_at_night_than_fair_skin(toned: Callable[[str], Scene]) -> None:
    kept = {}
    for tone in ("deep", "fair"):
        scene = toned(tone)
        inside = scene.skin > 0.7
        was = to_oklab(scene.pixels[scene.near.rows_cols])[..., 0][inside].mean()
        kept[tone] = to_oklab(stood(scene, "space")[scene.near.rows_cols])[..., 0][inside].mean() / was
    assert kept["deep"] > kept["fair"]


def test_nothing_of_the_old_background_is_left(scene: Scene) -> None:
    away = scene.person == 0
    picture = stood(scene, "beach")
    place = paint(
        "beach",
        (scene.height, scene.width),
        tuple((scene.face.points[168] / (scene.width, scene.height)).tolist()),
        float(scene.face.points[152][1]) / scene.height,
        3,
    )
    assert np.abs(picture - place)[away].max() < 1e-5


@pytest.mark.parametrize("old", [0.05, 0.95])
def test_edges_carry_no_halo_of_a_light_or_dark_background(scene: Scene, old: float) -> None:
    share = scene.person[..., None]
    own = to_canvas(scene.foreground)
    pixels = np.round((own * share + old * (1 - share)) * 255).astype(np.uint8)
    moved = Scene(pixels, scene.face, scene.finder)
    moved.__dict__["person"] = scene.person
    edge = (scene.person > 0.3) & (scene.person < 0.8)
    colours = person_colours(moved, to_canvas(pixels))
    naive = np.abs(to_canvas(pixels) - own)[edge].mean()
    assert np.abs(colours - own)[edge].mean() < 0.6 * naive


def test_strength_0_is_the_photo_and_more_is_more(scene: Scene) -> None:
    photo = to_canvas(scene.pixels)
    away = [float(np.abs(stood(scene, "forest", strength) - photo).mean()) for strength in (0.0, 0.4, 1.0)]
    assert away[0] == 0
    assert away[0] < away[1] < away[2]


def test_the_canvas_is_only_read(scene: Scene) -> None:
    canvas = to_canvas(scene.pixels)
    background.apply(scene, canvas, seed=1, place="library")
    assert np.array_equal(canvas, to_canvas(scene.pixels))


def test_without_match_the_person_stays_as_drawn(scene: Scene) -> None:
    inside = np.zeros((scene.height, scene.width), bool)
    inside[scene.near.rows_cols] = scene.skin > 0.99
    inside &= scene.person == 1
    picture = stood(scene, "aurora", match=0.0, wrap=0.0)
    assert np.abs(picture - to_canvas(scene.pixels))[inside].max() < 1e-5


def test_a_lamp_on_the_left_lights_the_left_edge() -> None:
    alpha = np.zeros((200, 200), np.float32)
    alpha[60:, 60:140] = 1
    lit = rim(alpha, (-1.0, 0.0), 90)
    assert lit[100:180, 60:66].mean() > 0.1
    assert lit[100:180, 134:140].max() == 0
    assert lit[-1].max() <= lit[100:180].max()  # the frame's edge is no edge of the person


def test_the_horizon_stays_in_the_middle_of_the_picture() -> None:
    for chin in (0.1, 0.5, 1.2):
        assert 0.4 < Frame(100, 80, (0.5, chin - 0.2), chin, 1).horizon < 0.7


def test_the_moon_stands_on_the_side_where_there_is_room() -> None:
    for head, wanted in ((0.3, 0.86), (0.7, 0.14)):
        picture = paint("night_wood", (400, 400), (head, 0.5), 0.7, 3, "#000000", "#000000", "#000000").mean(2)
        row, column = np.unravel_index(int(np.argmax(cv2.GaussianBlur(picture, (0, 0), 8))), picture.shape)
        assert abs(column / 400 - wanted) < 0.06
        assert row < 120


def test_colours_between_two_stops_are_neither() -> None:
    light = ramp(np.asarray([0.0, 0.5, 1.0]), (0, "#000000"), (1, "#ffffff"))
    assert light[0].max() < 0.01
    assert light[2].min() > 0.99
    assert 0.05 < light[1].mean() < 0.5


def test_every_place_has_a_style() -> None:
    placed = {step.params.get("place") for style in read_catalogue().styles.values() for step in style.steps}
    assert set(PLACES) - {"vaporwave", "synthwave"} <= placed


def test_a_head_that_the_photo_cut_gets_a_round_top(scene: Scene) -> None:
    cut, added = int(scene.face.points[10][1]) - 4, 60
    rows = np.concatenate([np.repeat(scene.pixels[cut : cut + 1], added, 0), scene.pixels[cut:]])
    landmarks = scene.face.landmarks.copy()
    landmarks[:, 1] += added - cut
    moved = Scene(rows, replace(scene.face, landmarks=landmarks), scene.finder, added_px=added)
    moved.__dict__["person"] = np.concatenate(
        [np.zeros((added, scene.width), np.float32), scene.person[cut:]], dtype=np.float32
    )
    wide = [int((alpha[added + 3] > 0.5).sum()) for alpha in (moved.person, person_before(moved))]
    assert 0 < wide[1] < 0.75 * wide[0]
    below = int(landmarks[168, 1])
    assert np.array_equal(person_before(moved)[below:], moved.person[below:])
    assert person_before(scene) is scene.person


def test_a_lamp_out_of_focus_is_a_round_disc_and_brightest_at_its_rim() -> None:
    frame = Frame(200, 200, HEAD, CHIN, 3)
    lamp = strewn(frame, np.asarray([[0.5, 0.5]]), np.ones((1, 3), np.float32), 0.2)[..., 0]
    y, x = np.mgrid[0:200, 0:200] - 100
    bands = np.round(np.degrees(np.arctan2(y, x)) / 10)
    reach = [np.hypot(x, y)[(lamp > 0.1) & (bands == band)].max() for band in range(-17, 18)]
    assert min(reach) > 0.93 * max(reach)
    assert lamp[100, 134:137].mean() > 1.15 * lamp[100, 100]
