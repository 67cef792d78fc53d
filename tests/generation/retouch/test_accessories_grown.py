"""Ears, horns and halos: what grows out of a head, in its own skin and hair, and heads the frame cuts."""

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from generation.engines.retouch.colour import to_canvas, to_linear
from generation.engines.retouch.effects import Skip, load_effect
from generation.engines.retouch.layer import Box, lay
from generation.engines.retouch.light import Light
from generation.engines.retouch.objects.animal_ears import Shape, coat, surface
from generation.engines.retouch.objects.crest import ANGLES, crest
from generation.engines.retouch.objects.draw import draw
from generation.engines.retouch.objects.elf import SKIN, TRAGUS, elf_ear, open_to_light, skin
from generation.engines.retouch.objects.head import head_of
from generation.engines.retouch.objects.headwear import put_on, seat, tuck_hair
from generation.engines.retouch.objects.knitwear import beanie
from generation.engines.retouch.objects.wear import Fitting
from generation.engines.retouch.room import make_room
from generation.engines.retouch.scene import Scene
from generation.face.face import Face, Hand
from generation.face.finder import FaceFinder
from generation.job import Note

TONES = ((0.62, 0.42, 0.32), (0.42, 0.25, 0.17), (0.22, 0.11, 0.07), (0.07, 0.035, 0.025))
"""Linear, from fair to very dark."""
GROWN = ["horns", "animal_ears", "headphones", "halo", "party_hat"]


@pytest.fixture(scope="module")
def scene(astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder) -> Scene:
    return Scene(astronaut, astronaut_face, finder)


def worn(scene: Scene, name: str, **params: Any) -> np.ndarray:
    """The whole picture with that on."""
    canvas = to_canvas(scene.pixels)
    lay(canvas, load_effect(name).apply(scene, canvas, seed=1, **params), 1.0)
    return canvas


def cropped(scene: Scene, top_px: int) -> Scene:
    landmarks = scene.face.landmarks - np.asarray([0, top_px, 0], np.float32)
    return Scene(np.ascontiguousarray(scene.pixels[top_px:]), replace(scene.face, landmarks=landmarks), scene.finder)


def forehead_px(scene: Scene) -> int:
    return int(scene.face.points[10][1])


def test_the_outline_of_a_head_goes_round_its_hair(scene: Scene) -> None:
    found = crest(scene)
    assert not found.is_cut
    edge = np.stack([found.at(angle) for angle in ANGLES[6:-6]])
    inner, outer = (found.picture(edge * share)[:, :2].astype(int) for share in (0.85, 1.25))
    assert scene.person[inner[:, 1], inner[:, 0]].mean() > 0.95
    above = outer[outer[:, 1] >= 0]
    assert scene.person[above[:, 1], above[:, 0]].mean() < 0.3


@pytest.mark.parametrize("name", GROWN)
def test_where_the_photo_ends_at_the_brow_nothing_grows_and_nothing_moves(scene: Scene, name: str) -> None:
    tight = cropped(scene, forehead_px(scene) - 2)
    assert load_effect(name).headroom(tight) == 0
    with pytest.raises(Skip) as raised:
        worn(tight, name)
    assert raised.value.note is Note.HEAD_CUT


@pytest.mark.parametrize("name", ["horns", "headphones", "party_hat"])
def test_a_head_cut_just_above_the_forehead_still_wears_what_there_is_room_for(scene: Scene, name: str) -> None:
    tight = cropped(scene, forehead_px(scene) - round(0.08 * scene.face.height_px))
    found = crest(tight)
    assert found.is_cut
    assert not found.is_hidden
    needed = load_effect(name).headroom(tight)
    assert needed > 0
    roomy = make_room(tight, needed)
    assert np.abs(worn(roomy, name) - to_canvas(roomy.pixels)).max() > 0.2


def test_a_head_cut_by_a_corner_wears_nothing_on_top(scene: Scene) -> None:
    tight = cropped(scene, forehead_px(scene) - round(0.08 * scene.face.height_px))
    tight.__dict__["raw_person"] = tight.raw_person.copy()
    tight.raw_person[:10, tight.raw_person.shape[1] // 2 :] = 1
    assert crest(tight).is_hidden
    assert load_effect("horns").headroom(tight) == 0


def test_ears_the_frame_would_cut_in_two_are_left_out(scene: Scene) -> None:
    tight = cropped(scene, forehead_px(scene) - round(0.08 * scene.face.height_px))
    middle, chin = (int(v) for v in tight.face.points[152])
    half = int(0.42 * scene.face.height_px)
    landmarks = tight.face.landmarks - np.asarray([middle - half, 0, 0], np.float32)
    pixels = np.ascontiguousarray(tight.pixels[: chin + 10, middle - half : middle + half])
    narrow = Scene(pixels, replace(tight.face, landmarks=landmarks), scene.finder)
    assert load_effect("animal_ears").headroom(narrow, kind="rabbit") == 0
    with pytest.raises(Skip):
        worn(narrow, "animal_ears", kind="rabbit")


def test_a_head_cut_through_its_hair_goes_on_in_the_room_above(scene: Scene) -> None:
    tight = cropped(scene, forehead_px(scene) - round(0.3 * scene.face.height_px))
    assert crest(tight).is_cut
    roomy = make_room(tight, 0.5 * scene.face.height_px)
    x = int(roomy.face.points[10][0])
    edge = roomy.added_px
    hair = to_canvas(roomy.pixels[edge + 3 : edge + 15, x - 12 : x + 12]).mean((0, 1))
    grown = to_canvas(roomy.pixels[edge - 15 : edge - 3, x - 12 : x + 12]).mean((0, 1))
    assert np.abs(hair - grown).max() < 0.12
    far = to_canvas(roomy.pixels[: max(4, edge // 8), x - 12 : x + 12]).mean((0, 1))
    assert np.abs(hair - far).max() > 0.12  # and it ends


def test_a_photo_that_is_shrunk_for_a_hat_keeps_its_chin(scene: Scene) -> None:
    chin = int(scene.face.points[152][1])
    landmarks = scene.face.landmarks
    low = Scene(np.ascontiguousarray(scene.pixels[: chin + 4]), replace(scene.face, landmarks=landmarks), scene.finder)
    roomy = make_room(low, 80)
    assert roomy.face.points[152][1] < roomy.height


@pytest.mark.parametrize("side", [0, 1])
def test_an_elfs_ear_stands_beside_the_face_and_points_up_and_out(scene: Scene, side: int) -> None:
    head = head_of(scene.face)
    points = elf_ear(scene.face, head, side, 1.0, 1.0).points[:, :2] - scene.face.points[TRAGUS[side]]
    sign = 1 if side else -1
    tip = points[points[:, 1].argmin()]
    assert tip[0] * sign > 0.10 * head.height_px
    assert -0.45 * head.height_px < tip[1] < -0.20 * head.height_px
    assert points[:, 1].max() < 0.25 * head.height_px
    longer = elf_ear(scene.face, head, side, 1.3, 1.0).points[:, 1]
    assert longer.min() < tip[1] + scene.face.points[TRAGUS[side]][1]


@pytest.mark.parametrize("tone", TONES)
def test_an_elfs_ear_has_the_skin_it_grows_out_of(scene: Scene, tone: tuple[float, float, float]) -> None:
    light = Light(np.asarray([-0.4, -0.5, -0.77], np.float32), 0.4, np.ones(3, np.float32), 0.6)
    own = np.asarray(tone, np.float32)
    solid = elf_ear(scene.face, head_of(scene.face), 1, 1.0, 1.0)
    drawing = draw(solid, {SKIN: skin(own)}, light, scene.height, scene.width)
    assert drawing is not None
    seen = to_linear(drawing.colour[drawing.alpha > 0.9].reshape(-1, 1, 3))[:, 0]
    middle = np.median(seen, axis=0)
    assert (middle < 1.15 * own + 0.02).all()  # no lighter than the person
    assert (middle > 0.5 * own).all()
    assert middle[0] / middle.sum() >= own[0] / own.sum() - 0.02  # and no greyer
    assert np.percentile(seen[:, 1], 90) > 1.5 * np.percentile(seen[:, 1], 10)  # it has relief


def test_light_reaches_the_rim_of_an_ear_and_not_its_hollow() -> None:
    at = np.asarray([0.34, 0.90]), np.asarray([0.30, 0.30])
    hollow, rim = open_to_light(*at)
    assert hollow < 0.5 < 0.9 < rim


def test_ears_under_a_scarf_stay_under_it(scene: Scene) -> None:
    covered = scene.pixels.copy()
    face = scene.face
    size = round(0.55 * face.height_px)
    for index in TRAGUS:
        x, y = face.points[index].astype(int)
        left = x - size if index == TRAGUS[0] else x
        covered[max(0, y - size) : y + size, max(0, left) : left + size] = (20, 120, 40)
    wearing = Scene(covered, face, scene.finder)
    wearing.__dict__["hair"] = np.zeros((scene.height, scene.width), np.float32)
    with pytest.raises(Skip) as raised:
        worn(wearing, "elf_ears")
    assert raised.value.note is Note.EARS_HIDDEN


@pytest.mark.parametrize("name", ["beanie", "horns", "animal_ears", "headphones", "top_hat"])
def test_a_hand_stays_before_what_is_worn(scene: Scene, name: str) -> None:
    free = worn(scene, name)
    changed = np.abs(free - to_canvas(scene.pixels)).max(2) > 0.15
    assert changed.any()
    hand = Hand(np.zeros((21, 3), np.float32), 1.0)
    held = Scene(scene.pixels, replace(scene.face, hands=(hand,)), scene.finder)
    before = np.zeros((scene.height, scene.width), np.float32)
    before[:, : scene.width // 2] = 1
    for matte in ("person", "hair", "skin"):
        held.__dict__[matte] = getattr(scene, matte)
    held.__dict__["in_front"] = before
    picture = worn(held, name)
    half = scene.width // 2
    assert np.abs(picture - to_canvas(scene.pixels))[:, : half - 1].max() < 0.01
    assert np.abs(picture - free)[:, half + 1 :].max() < 0.02


def test_a_halo_lights_the_hair_below_it_and_not_the_chin(scene: Scene) -> None:
    before, after = to_canvas(scene.pixels), worn(scene, "halo")
    top = crest(scene).picture(crest(scene).at(0.0, 0.9)[None])[0, :2].astype(int)
    here = slice(top[1] - 6, top[1] + 6), slice(top[0] - 20, top[0] + 20)
    assert after[here].mean() > before[here].mean() + 0.01
    chin = int(scene.face.points[152][1])
    assert np.abs(after - before)[chin:].max() == 0


def test_cats_ears_have_the_colour_of_the_hair_or_the_one_asked_for(scene: Scene) -> None:
    pictures = {fur: worn(scene, "animal_ears", fur=fur) for fur in ("", "#f4f0ea", "#101014")}
    changed = np.abs(pictures["#f4f0ea"] - pictures["#101014"]).max(2) > 0.3
    assert changed.sum() > 0.01 * scene.face.height_px**2
    lightness = {fur: float(picture[changed].mean()) for fur, picture in pictures.items()}
    assert lightness["#101014"] < lightness[""] < lightness["#f4f0ea"]


def test_an_ear_narrows_to_its_tip() -> None:
    for belly in (0.0, 0.48):
        shape = Shape(10.0, 40.0, belly, 0.5, 2.0)
        edges = surface(shape, np.asarray([-1.0, 1.0])[None], np.linspace(0, 1, 9)[:, None])
        width = edges[:, 1, 0] - edges[:, 0, 0]
        assert width[0] > 10
        assert width[-1] < 1
        assert (np.diff(edges[:, 0, 1]) > 0).all()


@pytest.mark.parametrize("belly", [0.0, 0.48])
def test_pale_hairs_of_the_hollow_stay_below_the_tip(belly: float) -> None:
    shape = Shape(18.0, 40.0, belly, 0.55, 6.0)
    light = Light(np.asarray([-0.4, -0.5, -0.77], np.float32), 0.6, np.ones(3, np.float32), 0.6)
    dark, pale = np.full(3, 0.01, np.float32), np.full(3, 0.8, np.float32)
    hairs = coat(shape, np.eye(3), np.zeros(3), light, dark, pale, np.random.default_rng(3))
    is_pale = hairs.colour.mean(1) > 0.4
    assert is_pale.sum() > 200
    assert hairs.tips[is_pale, 1].max() < 40.0


@pytest.mark.parametrize(
    ("name", "params", "words"),
    [
        ("animal_ears", {"kind": "mouse"}, "mouse"),
        ("animal_ears", {"fur": "brown"}, "colour"),
        ("beanie", {"pompon": "white"}, "colour"),
    ],
)
def test_what_cannot_be_worn_is_said_before_anyone_waits(name: str, params: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        load_effect(name).check(**params)


def test_a_tight_crop_is_widened_at_its_sides_not_framed(scene: Scene) -> None:
    face = scene.face
    left, right = int(face.points[:, 0].min()) - 60, int(face.points[:, 0].max()) + 60
    top, bottom = int(face.points[10][1]), int(face.points[152][1]) + 20
    landmarks = face.landmarks - np.asarray([left, top, 0], np.float32)
    tight = Scene(scene.pixels[top:bottom, left:right].copy(), replace(face, landmarks=landmarks), scene.finder)
    roomy = make_room(tight, 1.2 * face.height_px)
    assert roomy.pixels.shape == tight.pixels.shape
    shrunk = np.ptp(roomy.face.points[:, 0]) / np.ptp(landmarks[:, 0])
    assert 0.55 < shrunk < 0.9
    rows = slice(roomy.added_px + 20, roomy.height)
    for side in (slice(0, 6), slice(-6, None)):  # the photo's own edge, not something soft beside it
        edge, was = roomy.pixels[rows, side].mean((0, 1)), tight.pixels[:, side].mean((0, 1))
        assert np.abs(edge - was).max() < 40
        assert (
            roomy.pixels[rows, side].astype(float).std(0).mean()
            > 0.5 * tight.pixels[:, side].astype(float).std(0).mean()
        )


def test_hair_beside_a_hat_falls_away_below_it(scene: Scene) -> None:
    big = Scene(scene.pixels, scene.face, scene.finder)
    person = scene.person.copy()
    seated = seat(scene, above=-0.075, tilt_deg=2.0, widest=0.56)
    x, y, half, unit = *seated.origin[:2], seated.across_px, seated.unit_px
    person[:, max(int(x - 1.9 * half), 0) : int(x + 1.9 * half)] = 1  # hair as wide as that
    big.__dict__["person"] = person
    fitting = Fitting(to_canvas(big.pixels), Box.whole(big.height, big.width))
    tuck_hair(big, fitting, seated, 7, reach=1.4)
    columns = [int(x + share * half) for share in (0.5, 1.2, 1.35)]
    feet = [float(np.flatnonzero(fitting.touched[:, column] > 0.5).max(initial=0)) for column in columns]
    assert feet[0] < feet[1] < feet[2]
    assert feet[2] < y + 0.5 * unit


def test_no_shadow_falls_where_hair_was_taken_away(scene: Scene) -> None:
    seated = seat(scene, above=-0.075, tilt_deg=2.0, widest=0.56)
    hat = seated.placed(beanie(seated.across_px, seated.deep_px, 0.5 * seated.unit_px, 0.2 * seated.unit_px))
    fitting = Fitting(np.full_like(to_canvas(scene.pixels), 0.5), Box.whole(scene.height, scene.width))
    light = Light(np.asarray([0, -0.5, -0.87], np.float32), 0.3, np.ones(3, np.float32), 1.0)
    front = draw(hat, {}, light, scene.height, scene.width)
    assert front is not None
    gone = np.zeros((scene.height, scene.width), np.float32)
    gone[:, : scene.width // 2] = 1
    put_on(scene, fitting, seated, None, front, light, 7, gone=gone)
    outside = np.ones((scene.height, scene.width), bool)
    outside[front.box.rows_cols] = front.alpha < 0.001
    outside = cv2.erode(outside.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    assert np.abs(fitting.picture[outside & (gone > 0)] - 0.5).max() < 0.002
    assert fitting.picture[outside & (gone == 0)].min() < 0.45
