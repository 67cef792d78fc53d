"""Whole-picture media: repeatable, sure in every parameter, and fair: who is dark-skinned is drawn dark-skinned."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest

from generation.engines.retouch.colour import from_oklab, to_canvas, to_oklab
from generation.engines.retouch.effects import load_effect
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.media.abstraction import length
from generation.engines.retouch.scene import Scene
from generation.face.face import Face
from generation.face.finder import FaceFinder

MEDIA = [
    "anime",
    "charcoal",
    "duotone",
    "low_poly",
    "mosaic",
    "oil",
    "paper_cut",
    "pixel_art",
    "polaroid",
    "pop_art",
    "stained_glass",
    "watercolour",
]
IN_PLACE = [name for name in MEDIA if name not in ("polaroid", "pop_art")]
"""Those that leave the face where it is."""
SETTINGS: list[tuple[str, dict[str, Any]]] = [
    ("anime", {"eyes": 1.0, "lines": 0.0, "blush": 1.0, "background": 0.0}),
    ("anime", {"eyes": 1.6, "lines": 1.0, "blush": 0.0}),
    ("charcoal", {"lights": 1.0, "background": 1.0}),
    ("duotone", {"amount": 1.0, "contrast": 1.0, "skin": 0.0}),
    ("low_poly", {"pieces": 60, "fold": 0, "colour": 0.0, "contrast": 1.6}),
    ("mosaic", {"stone": 0.06, "gap": 0.0, "tilt": 0.0, "gold": 1.0}),
    ("oil", {"brush": 2.0, "impasto": 1.0, "colour": 0.0}),
    ("oil", {"brush": 0.7, "impasto": 0.0}),
    ("paper_cut", {"depth": 3.0, "colour": 0.0}),
    ("pixel_art", {"colours": 4, "dither": 1.0, "outline": 0.0}),
    ("polaroid", {"fade": 1.0, "tilt_deg": 4.0}),
    ("pop_art", {"panels": 1, "screen": 0.0, "own_skin": 1.0}),
    ("stained_glass", {"window": False, "lead": 2.0, "light": 0.0}),
    ("watercolour", {"wet": 1.0, "bleed": 1.0, "pencil": 1.0, "reserve": 0.0}),
]
TONES = {"fair": (0.86, 0.045), "medium": (0.66, 0.070), "deep": (0.42, 0.062)}
"""OKLab lightness and chroma of three complexions."""


@pytest.fixture(scope="module")
def scene(astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder) -> Scene:
    return Scene(astronaut, astronaut_face, finder)


@pytest.fixture(scope="module")
def toned(scene: Scene) -> Callable[[str], Scene]:
    """The astronaut with another complexion, of face and neck; made once a tone."""
    made: dict[str, Scene] = {}

    def tone(name: str) -> Scene:
        if name not in made:
            lightness, chroma = TONES[name]
            lab, own = to_oklab(scene.pixels), scene.complexion.tone
            moved = lab.copy()
            moved[..., 0] *= lightness / own[0]
            moved[..., 1:] *= chroma / float(np.hypot(own[1], own[2]))
            share = np.zeros((scene.height, scene.width, 1), np.float32)
            share[scene.near.rows_cols] = scene.face_oval[..., None]
            pixels = np.round(from_oklab(lab + share * (moved - lab)) * 255).astype(np.uint8)
            made[name] = Scene(pixels, scene.face, scene.finder)
        return made[name]

    return tone


def drawn(scene: Scene, name: str, seed: int = 3, **params: Any) -> np.ndarray:
    """What an effect alone makes of the picture."""
    layer = load_effect(name).apply(scene, to_canvas(scene.pixels), seed=seed, **params)
    assert isinstance(layer, Layer)
    assert layer.mask is None
    return layer.colour


def cheeks(scene: Scene, picture: np.ndarray) -> np.ndarray:
    """(3,) OKLab: the middle of the face's skin."""
    return np.asarray(np.median(to_oklab(picture)[scene.near.rows_cols][scene.skin > 0.8], axis=0))


@pytest.mark.parametrize("name", MEDIA)
def test_the_same_seed_draws_the_same_and_leaves_the_canvas_alone(scene: Scene, name: str) -> None:
    canvas = to_canvas(scene.pixels)
    effect = load_effect(name)
    first, second = (effect.apply(scene, canvas, seed=5).colour for _ in range(2))
    assert (first == second).all()
    assert (canvas == to_canvas(scene.pixels)).all()
    assert first.shape == canvas.shape
    assert first.dtype == np.float32


@pytest.mark.parametrize("name", ["oil", "mosaic", "low_poly", "watercolour"])
def test_another_seed_is_another_hand(scene: Scene, name: str) -> None:
    assert float(np.abs(drawn(scene, name, seed=1) - drawn(scene, name, seed=2)).mean()) > 2e-3


@pytest.mark.parametrize(("name", "params"), SETTINGS)
def test_every_setting_gives_a_picture(scene: Scene, name: str, params: dict[str, Any]) -> None:
    picture = drawn(scene, name, **params)
    assert np.isfinite(picture).all()
    assert picture.min() >= -1e-3
    assert picture.max() <= 1.001


@pytest.mark.parametrize("name", [*IN_PLACE, "dots"])
def test_skin_keeps_its_place_between_light_and_dark(toned: Callable[[str], Scene], name: str) -> None:
    effect, params = ("pop_art", {"panels": 1, "own_skin": 0.8}) if name == "dots" else (name, {})
    before, after = [], []
    for tone in ("deep", "medium", "fair"):
        scene = toned(tone)
        before.append(cheeks(scene, to_canvas(scene.pixels)))
        after.append(cheeks(scene, drawn(scene, effect, **params)))
    assert after[0][0] + 0.06 < after[1][0] < after[2][0] - 0.03
    assert after[0][0] < before[0][0] + 0.10, "dark skin is not lightened"
    assert after[0][0] > 0.26, "nor blackened"


@pytest.mark.parametrize("name", ["anime", "mosaic", "oil", "pixel_art", "stained_glass", "watercolour"])
def test_skin_keeps_its_hue(toned: Callable[[str], Scene], name: str) -> None:
    for tone in TONES:
        scene = toned(tone)
        before, after = cheeks(scene, to_canvas(scene.pixels)), cheeks(scene, drawn(scene, name))
        assert np.hypot(*after[1:]) > 0.6 * np.hypot(*before[1:]), "nobody turns grey"
        assert abs(np.arctan2(after[2], after[1]) - np.arctan2(before[2], before[1])) < 0.45


@pytest.mark.parametrize("name", ["anime", "oil", "pixel_art", "stained_glass", "watercolour", "mosaic"])
def test_eyes_stay_dark_and_the_face_stays_where_it_is(scene: Scene, name: str) -> None:
    """The tones of the face, a little blurred, still follow the photo's."""
    before, after = (
        cv2.GaussianBlur(to_oklab(picture)[scene.near.rows_cols][..., 0], (0, 0), 0.02 * scene.face.height_px)
        for picture in (to_canvas(scene.pixels), drawn(scene, name))
    )
    inside = scene.face_oval > 0.9
    assert np.corrcoef(before[inside], after[inside])[0, 1] > 0.6


def test_a_folded_face_has_more_triangles_where_one_colour_is_too_few(scene: Scene) -> None:
    """With them the face is nearer to the photo than with the mesh's points alone."""
    photo = to_oklab(scene.pixels)[scene.near.rows_cols]
    plain, folded = (
        np.abs(to_oklab(drawn(scene, "low_poly", fold=fold, colour=1.0, contrast=1.0))[scene.near.rows_cols] - photo)
        for fold in (0, 260)
    )
    inside = scene.face_oval > 0.9
    assert folded[inside].mean() < 0.93 * plain[inside].mean()


def test_paper_eyes_have_whites_and_irises_in_a_dim_photo_too(scene: Scene) -> None:
    dim = Scene((scene.pixels * 0.35).astype(np.uint8), scene.face, scene.finder)
    dim.__dict__["person"], dim.__dict__["hair"] = scene.person, scene.hair
    for each in (scene, dim):
        light = to_oklab(drawn(each, "paper_cut"))[..., 0]
        assert np.quantile(light[each.near.rows_cols][each.eyes > 0.7], 0.9) > 0.75
        for iris in (468, 473):
            x, y = each.face.points[iris].astype(int)
            assert light[y - 1 : y + 2, x - 1 : x + 2].mean() < 0.4


def test_pale_eyes_are_not_printed_blind(scene: Scene) -> None:
    """Whole eyes as pale as their whites still get pupils."""
    pixels = scene.pixels.copy()
    near = pixels[scene.near.rows_cols]
    near[scene.eyes > 0.3] = (205, 215, 220)
    pale = Scene(pixels, scene.face, scene.finder)
    pale.__dict__["occluders"] = np.zeros_like(scene.eyes)
    light = to_oklab(drawn(pale, "pop_art", panels=1))[..., 0]
    for iris in (468, 473):
        x, y = scene.face.points[iris].astype(int)
        assert light[y - 1 : y + 2, x - 1 : x + 2].mean() < 0.45


def test_lengths_are_the_same_wherever_in_memory_their_arrays_lie() -> None:
    values = np.random.default_rng(1).normal(size=(2, 999)).astype(np.float32)
    expected = length(*values)
    for shift in (4, 8, 16, 32):
        moved = np.zeros(2 * 999 * 4 + 128, np.uint8)[shift:][: values.nbytes].view(np.float32).reshape(2, 999)
        moved[:] = values
        assert (length(*moved) == expected).all()


def test_an_anime_eye_is_larger_than_the_photos(scene: Scene) -> None:
    small, large = (to_oklab(drawn(scene, "anime", eyes=size))[..., 0] for size in (1.0, 1.6))
    for lid, below_brow in ((159, 223), (386, 443)):
        x, y = scene.face.points[lid].astype(int)
        top = int(0.6 * scene.face.points[below_brow][1] + 0.4 * y)
        lashes = [top + int(np.argmax(picture[top : y + 9, x] < 0.3)) for picture in (small, large)]
        assert lashes[1] < lashes[0] - 1


def test_painted_lashes_are_heavier_in_the_anime_than_bare_ones(scene: Scene) -> None:
    """As much darker paint as a mascara leaves: more of the line at the eye's outer corner is dark."""
    canvas = scene.pixels.copy()
    for lid in ((33, 246, 161, 160, 159, 158), (263, 466, 388, 387, 386, 385)):
        cv2.polylines(canvas, [scene.face.points[list(lid)].astype(np.int32)], False, (14, 10, 10), 3)
    dark = []
    for pixels in (scene.pixels, canvas):
        other = Scene(pixels, scene.face, scene.finder)
        for name in ("person", "hair", "occluders"):
            other.__dict__[name] = getattr(scene, name)
        light = to_oklab(drawn(other, "anime"))[..., 0][scene.near.rows_cols]
        dark.append(float((light[scene.face_oval > 0.9] < 0.3).sum()))
    assert dark[1] > 1.02 * dark[0]


def test_what_lies_over_the_face_lies_over_anime_eyes(scene: Scene) -> None:
    left = scene.face.points[468]
    pixels = scene.pixels.copy()
    cv2.line(pixels, (int(left[0]) - 60, int(left[1])), (int(left[0]) + 60, int(left[1])), (30, 140, 60), 14)
    barred = Scene(pixels, scene.face, scene.finder)
    barred.__dict__["occluders"] = (np.abs(pixels.astype(int) - scene.pixels).sum(2) > 0).astype(np.float32)[
        scene.near.rows_cols
    ]
    at = drawn(barred, "anime")[int(left[1]), int(left[0])]
    assert at[1] > at[0] + 0.1
    assert at[1] > at[2] + 0.1


@pytest.mark.parametrize("name", ["anime", "pop_art", "stained_glass", "paper_cut"])
def test_a_hat_put_on_before_is_drawn_too(scene: Scene, name: str) -> None:
    """A green hat over hair and background stays green, or at least one piece, and is not taken for what is behind."""
    crown = scene.face.points[10] + 0.25 * scene.face.height_px * scene.face.up
    canvas = to_canvas(scene.pixels)
    cv2.ellipse(canvas, (int(crown[0]), int(crown[1])), (90, 34), 0, 0, 360, (0.1, 0.75, 0.2), cv2.FILLED)
    params = {"panels": 1} if name == "pop_art" else {}
    picture = load_effect(name).apply(scene, canvas, seed=3, **params).colour
    bare = load_effect(name).apply(scene, to_canvas(scene.pixels), seed=3, **params).colour
    x, y = int(crown[0]) - 82, int(crown[1])
    beyond = picture[y - 4 : y + 5, x - 4 : x + 5]
    assert float(np.abs(beyond - bare[y - 4 : y + 5, x - 4 : x + 5]).mean()) > 0.08


def test_dyed_hair_is_still_hair(scene: Scene) -> None:
    canvas = to_canvas(scene.pixels)
    lab = to_oklab(canvas)
    lab[..., 1] += 0.15 * scene.hair
    dyed = from_oklab(lab)
    picture = to_oklab(load_effect("anime").apply(scene, dyed, seed=3).colour)
    core = scene.hair > 0.9
    assert float(np.median(picture[..., 1][core])) > 0.08
    assert len(np.unique(np.round(picture[..., 0][core], 2))) < 90


def test_a_mosaic_has_grout_between_stones_of_one_colour(scene: Scene) -> None:
    picture = drawn(scene, "mosaic", grout="#00ff00", tilt=0.0)
    green = picture[..., 1] - np.maximum(picture[..., 0], picture[..., 2])
    assert 0.08 < float((green > 0.05).mean()) < 0.6


def test_pixel_art_has_a_small_palette_of_large_pixels(scene: Scene) -> None:
    picture = np.round(drawn(scene, "pixel_art", colours=16, outline=0.0) * 255).astype(np.uint8)
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) <= 16
    changes = (picture[:, 1:] != picture[:, :-1]).any(2).any(0)
    assert changes.sum() <= 128


def test_a_polaroid_is_as_large_as_the_photo_and_has_a_wide_foot(scene: Scene) -> None:
    lightness = to_oklab(drawn(scene, "polaroid", frame="#ffffff"))[..., 0]
    assert lightness[-40:, 60:-60].mean() > 0.93
    assert lightness[60:300, 5:15].mean() > 0.90
    assert lightness[60:300, 40:-40].std() > 0.1


def test_a_stained_window_has_lead_around_the_person(scene: Scene) -> None:
    picture = to_oklab(drawn(scene, "stained_glass"))[..., 0]
    edge = (scene.person > 0.3) & (scene.person < 0.7)
    assert float(np.mean(picture[edge] < 0.4)) > 0.5


def test_a_watercolour_leaves_its_border_white(scene: Scene) -> None:
    lightness = to_oklab(drawn(scene, "watercolour"))[..., 0]
    assert np.median(lightness[:4, :100]) > 0.93


def test_four_prints_have_four_colours(scene: Scene) -> None:
    picture = drawn(scene, "pop_art")
    corners = [picture[y, x] for y in (4, 260) for x in (250, 500)]
    for number, one in enumerate(corners):
        assert all(np.abs(one - other).sum() > 0.2 for other in corners[number + 1 :])
