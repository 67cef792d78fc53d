"""Other ages and other eyes: what is drawn follows the face, keeps its complexion, and leaves the rest alone."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from generation.engines.retouch.colour import blur, from_oklab, to_canvas, to_oklab
from generation.engines.retouch.creases import creases
from generation.engines.retouch.effects import Skip, load_effect
from generation.engines.retouch.layer import Layer, lay
from generation.engines.retouch.relief import tenderness
from generation.engines.retouch.scene import Scene, pull
from generation.face.face import Face
from generation.face.finder import FaceFinder
from generation.face.regions import OVAL, fill_polygons, spline
from generation.job import Note
from generation.styles import read_catalogue

DRAWN = ("wrinkles", "age_spots", "grey_brows", "smooth_lines", "smile_lines")
TONES = {"fair": (0.86, 0.045), "medium": (0.68, 0.075), "deep": (0.45, 0.070)}
"""OKLab lightness and chroma of three complexions."""
FACE_PACK = [style for style in read_catalogue().styles.values() if style.pack == "face"]


@pytest.fixture(scope="module")
def scene(astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder) -> Scene:
    return Scene(astronaut, astronaut_face, finder)


def toned(scene: Scene, tone: str) -> Scene:
    """The astronaut with another complexion."""
    lightness, chroma = TONES[tone]
    lab = to_oklab(scene.pixels)
    own = scene.complexion.tone
    lab[..., 0] *= lightness / own[0]
    lab[..., 1:] *= chroma / float(np.hypot(own[1], own[2]))
    return Scene(np.round(from_oklab(lab) * 255).astype(np.uint8), scene.face, scene.finder)


def drawn(scene: Scene, effect: str, strength: float = 1.0, seed: int = 7, **params: Any) -> np.ndarray:
    canvas = to_canvas(scene.pixels)
    made = load_effect(effect).apply(scene, canvas, seed=seed, **params)
    before = canvas.copy()
    for layer in [made] if isinstance(made, Layer) else made:
        lay(canvas, layer, strength)
    assert np.array_equal(before, to_canvas(scene.pixels)), "effects only read what they are given"
    return canvas


def skin_of(scene: Scene, canvas: np.ndarray) -> np.ndarray:
    near: np.ndarray = to_oklab(canvas[scene.near.rows_cols])[scene.skin > 0.8]
    return near


def test_every_style_of_the_pack_is_playful_and_calls_no_face_better() -> None:
    assert len(FACE_PACK) >= 13
    for style in FACE_PACK:
        assert style.playful, style.name
        words = style.line.lower()
        assert not any(word in words for word in ("better", "beaut", "improve", "perfect", "prett", "flaw"))


@pytest.mark.parametrize("effect", DRAWN)
def test_what_is_drawn_stays_on_the_face(scene: Scene, effect: str) -> None:
    change = np.abs(drawn(scene, effect) - to_canvas(scene.pixels)).max(axis=2)
    assert change.max() > 0.02
    outside = np.ones(change.shape, bool)
    outside[scene.near.rows_cols] = False
    assert change[outside].max() == 0
    eyes = np.zeros(change.shape, np.float32)
    eyes[scene.near.rows_cols] = scene.eyes
    assert change[eyes > 0.99].max() < 0.02


@pytest.mark.parametrize("effect", DRAWN)
def test_strength_0_is_the_photo_and_the_same_seed_draws_the_same(scene: Scene, effect: str) -> None:
    assert np.array_equal(drawn(scene, effect, strength=0.0), to_canvas(scene.pixels))
    fresh = Scene(scene.pixels, scene.face, scene.finder)
    assert np.array_equal(drawn(scene, effect), drawn(fresh, effect))


@pytest.mark.parametrize("effect", ["wrinkles", "age_spots"])
def test_no_two_people_age_alike(scene: Scene, effect: str) -> None:
    assert not np.array_equal(drawn(scene, effect, seed=1), drawn(scene, effect, seed=2))


@pytest.mark.parametrize("effect", DRAWN)
def test_nothing_is_drawn_over_what_lies_over_the_face(scene: Scene, effect: str) -> None:
    covered = Scene(scene.pixels, scene.face, scene.finder)
    covered.__dict__["occluders"] = np.ones_like(scene.occluders)
    assert np.abs(drawn(covered, effect) - to_canvas(scene.pixels)).max() == 0


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("effect", DRAWN)
def test_age_keeps_the_complexion(scene: Scene, effect: str, tone: str) -> None:
    person = toned(scene, tone)
    before, after = (
        np.median(skin_of(person, canvas), axis=0) for canvas in (to_canvas(person.pixels), drawn(person, effect))
    )
    assert abs(after[0] - before[0]) < 0.03
    assert 0.85 < float(np.hypot(*after[1:]) / np.hypot(*before[1:])) < 1.2


@pytest.mark.parametrize("tone", TONES)
def test_folds_show_on_every_complexion(scene: Scene, tone: str) -> None:
    person = toned(scene, tone)
    contrast = []
    for canvas in (to_canvas(person.pixels), drawn(person, "wrinkles")):
        lightness = np.ascontiguousarray(to_oklab(canvas[person.near.rows_cols])[..., 0])
        relief = (lightness - blur(lightness, 1.5)) / lightness
        contrast.append(float(relief[person.skin > 0.8].std()))
    assert contrast[1] > 1.12 * contrast[0]


def test_plain_and_small_faces_get_fewer_and_flatter_folds(scene: Scene) -> None:
    soft = blur(to_canvas(scene.pixels), 0.02 * scene.face.height_px)
    blurred = Scene(np.round(soft * 255).astype(np.uint8), scene.face, scene.finder)
    blurred.__dict__["skin"] = scene.skin
    unit, found = scene.face.height_px, []
    for person in (scene, blurred):
        lightness = np.ascontiguousarray(to_oklab(person.pixels[scene.near.rows_cols])[..., 0])
        found.append(tenderness(lightness, scene.skin, unit))
        assert tenderness(lightness, scene.skin, 50.0) == 1
    assert found[0] < 0.3
    assert found[1] > 0.9
    change = [
        np.abs(drawn(person, "wrinkles") - to_canvas(person.pixels))[scene.near.rows_cols][scene.skin > 0.8].mean()
        for person in (scene, blurred)
    ]
    assert change[1] < 0.6 * change[0]


def test_folds_lie_on_the_face_and_move_with_it(scene: Scene) -> None:
    folds = creases(scene.face, np.random.default_rng(1))
    oval = spline(scene.face.points[list(OVAL)])
    reach = fill_polygons((scene.height, scene.width), [oval + 0.15 * (oval - oval.mean(axis=0))])
    for fold in folds:
        columns, rows = np.round(fold.path).astype(int).T
        assert reach[rows, columns].mean() > 0.9
    moved = replace(scene.face, landmarks=scene.face.landmarks + np.asarray([20, -10, 0], np.float32))
    for old, new in zip(folds, creases(moved, np.random.default_rng(1)), strict=True):
        assert np.allclose(new.path, old.path + [20, -10], atol=0.01)


def test_a_photo_without_colours_gets_none(scene: Scene) -> None:
    grey = np.repeat(scene.pixels.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)
    old_film = Scene(grey, scene.face, scene.finder)
    for effect in DRAWN:
        canvas = drawn(old_film, effect)
        assert np.ptp(canvas, axis=2).max() < 0.02, effect


def test_brows_turn_grey_and_skin_does_not(scene: Scene) -> None:
    near = scene.near.rows_cols
    before, after = (to_oklab(each[near]) for each in (to_canvas(scene.pixels), drawn(scene, "grey_brows")))
    hairs = (scene.brows > 0.8) & (before[..., 0] < 0.7 * scene.complexion.lightness)
    assert after[hairs][:, 0].mean() > before[hairs][:, 0].mean() + 0.05
    assert np.abs(after - before)[scene.skin > 0.9].mean() < 0.004


def test_a_full_beard_turns_grey_below_the_chin_too_and_a_dark_collar_under_a_bare_chin_does_not(scene: Scene) -> None:
    up, unit = scene.face.up, scene.face.height_px
    points = scene.face.points
    cheeks = points[[93, 132, 58, 172, 136, 150, 152, 379, 365, 397, 288, 361, 323]]
    hanging = cheeks - up * 0.16 * unit
    beard = fill_polygons(scene.pixels.shape[:2], [spline(np.vstack([points[[205, 2, 425]], hanging[::-1]]))])
    collar = fill_polygons(scene.pixels.shape[:2], [np.vstack([hanging, (cheeks - up * 0.04 * unit)[::-1]])])
    noise = np.random.default_rng(1).normal(40, 16, scene.pixels.shape[:2])
    dark = np.repeat(np.clip(noise, 5, 90)[..., None], 3, axis=2)
    lifted = []
    for where in (beard, collar):
        photo = np.round(scene.pixels * (1 - where[..., None]) + dark * where[..., None]).astype(np.uint8)
        worn = Scene(photo, scene.face, scene.finder)
        x, y = np.round(points[152] - up * 0.09 * unit).astype(int)
        spot = slice(y - 3, y + 4), slice(x - 3, x + 4)
        lifted.append(float((drawn(worn, "grey_brows") - to_canvas(photo))[spot].mean()))
    assert lifted[0] > 0.08
    assert abs(lifted[1]) < 0.01


def test_no_colour_comes_into_a_black_and_white_photo(scene: Scene) -> None:
    grey = np.repeat(np.round(scene.pixels.mean(axis=2, keepdims=True)).astype(np.uint8), 3, axis=2)
    old = Scene(grey, scene.face, scene.finder)
    for effect in ("iris", "blush", "lipstick", "contour", "eye_shadow"):
        assert np.ptp(drawn(old, effect), axis=2).max() < 0.02, effect


def test_lines_are_filled_from_beside_and_no_more(scene: Scene) -> None:
    lined = Scene(np.round(drawn(scene, "wrinkles") * 255).astype(np.uint8), scene.face, scene.finder)
    contrast = []
    for canvas in (to_canvas(lined.pixels), drawn(lined, "smooth_lines")):
        lightness = np.ascontiguousarray(to_oklab(canvas[lined.near.rows_cols])[..., 0])
        contrast.append(float((blur(lightness, 1.2) - blur(lightness, 6.0))[lined.skin > 0.8].std()))
    assert contrast[1] < 0.9 * contrast[0]


def test_eyes_take_the_colour_and_keep_their_whites(scene: Scene) -> None:
    near = scene.near.rows_cols
    before, after = (to_oklab(each[near]) for each in (to_canvas(scene.pixels), drawn(scene, "iris", colour="#6f93b4")))
    x, y = (np.arange(size)[None] for size in (scene.near.width, scene.near.height))
    iris = scene.face.points[473] - scene.near.origin
    radius = float(np.linalg.norm(scene.face.points[474] - scene.face.points[473]))
    away = np.hypot(x - iris[0], y.T - iris[1]) / radius
    ring = (away > 0.45) & (away < 0.8) & (scene.eyes > 0.9)
    assert after[ring][:, 2].mean() < before[ring][:, 2].mean() - 0.01, "bluer"
    assert np.abs(after - before)[(away > 1.6) & (away < 3)].max() < 0.02


def test_an_iris_is_found_where_the_photo_has_it(scene: Scene) -> None:
    landmarks = scene.face.landmarks.copy()
    radius = float(np.linalg.norm(landmarks[474, :2] - landmarks[473, :2]))
    landmarks[468:478, 0] += 0.3 * radius
    off = Scene(scene.pixels, replace(scene.face, landmarks=landmarks), scene.finder)
    right, wrong = (np.abs(drawn(each, "iris") - to_canvas(scene.pixels)).sum(axis=2) for each in (scene, off))
    middles = [float((change * np.arange(scene.width)).sum() / change.sum()) for change in (right, wrong)]
    assert abs(middles[1] - middles[0]) < 0.25 * radius


def test_hair_turns_grey_by_its_lit_strands_and_skin_does_not(scene: Scene) -> None:
    before, after = to_oklab(to_canvas(scene.pixels)), to_oklab(drawn(scene, "grey_hair"))
    hair = scene.hair > 0.95
    assert np.hypot(after[hair][:, 1], after[hair][:, 2]).mean() < 0.4 * np.hypot(*before[hair][:, 1:].T).mean()
    lit = hair & (before[..., 0] > np.median(before[hair][:, 0]))
    assert after[lit][:, 0].mean() > before[lit][:, 0].mean() + 0.05
    near = scene.near.rows_cols
    assert np.abs(after[near] - before[near])[scene.skin > 0.9].mean() < 0.008


def test_black_hair_that_shows_no_strands_turns_to_salt_and_pepper_and_its_rim_does_not_shine(scene: Scene) -> None:
    black = np.asarray([14, 12, 12], np.float32)
    alpha = scene.hair[..., None]
    pixels = np.round(scene.pixels * (1 - alpha) + black * alpha).astype(np.uint8)
    person = Scene(pixels, scene.face, scene.finder)
    person.__dict__.update(hair=scene.hair, hair_cells=scene.hair_cells)
    before, after = to_oklab(to_canvas(pixels))[..., 0], to_oklab(drawn(person, "grey_hair"))[..., 0]
    core = scene.hair > 0.95
    assert after[core].mean() > before[core].mean() + 0.08
    assert np.percentile(after[core], 90) > np.percentile(after[core], 10) + 0.12
    rim = (scene.hair > 0.3) & (scene.hair < 0.6)
    assert (after - before)[rim].mean() < 0.8 * (after - before)[core].mean()


def test_a_bald_head_is_told_that_no_hair_turned_grey(scene: Scene) -> None:
    bald = Scene(scene.pixels, scene.face, scene.finder)
    bald.__dict__["hair"] = np.zeros((scene.height, scene.width), np.float32)
    with pytest.raises(Skip) as skipped:
        drawn(bald, "grey_hair")
    assert skipped.value.note is Note.NO_HAIR


def test_eyes_that_a_blurred_photo_does_not_show_get_no_colour(scene: Scene) -> None:
    soft = blur(to_canvas(scene.pixels), 0.06 * scene.face.height_px)
    blurred = Scene(np.round(soft * 255).astype(np.uint8), scene.face, scene.finder)
    with pytest.raises(Skip) as skipped:
        drawn(blurred, "iris")
    assert skipped.value.note is Note.SOFT_PHOTO


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("style", ["older", "younger", "baby-face"])
def test_another_age_has_the_same_complexion(scene: Scene, style: str, tone: str) -> None:
    person = now = toned(scene, tone)
    canvas = to_canvas(person.pixels)
    for step in read_catalogue().styles[style].steps:
        effect = load_effect(step.effect)
        if hasattr(effect, "bend"):
            field = effect.bend(now, **step.params)
            now, canvas = now.warped(field), pull(canvas, field)
            continue
        made = effect.apply(now, canvas, seed=7, **step.params)
        for layer in [made] if isinstance(made, Layer) else made or []:
            lay(canvas, layer, 1.0)
    before, after = (
        np.median(skin_of(person, to_canvas(person.pixels)), axis=0),
        np.median(skin_of(now, canvas), axis=0),
    )
    assert abs(after[0] - before[0]) < 0.04
    assert 0.8 < float(np.hypot(*after[1:]) / np.hypot(*before[1:])) < 1.25
