"""Beards and moustaches: where they grow, what they leave alone, whose colour they have."""

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from generation.engines.retouch.colour import blur, from_oklab, to_canvas, to_oklab, to_pixels
from generation.engines.retouch.effects import load_effect
from generation.engines.retouch.effects.worn.beard import without_patches
from generation.engines.retouch.layer import Layer, lay
from generation.engines.retouch.scene import Scene
from generation.engines.retouch.whiskers.ground import ground_of, own_colour
from generation.engines.retouch.whiskers.strands import scattered
from generation.face.face import Face
from generation.face.finder import FaceFinder
from generation.face.regions import EYE_LEFT, EYE_RIGHT, LIPS_INNER, fill_polygons, spline

GROWN: list[tuple[str, dict[str, Any]]] = [
    ("beard", {}),
    ("beard", {"length": 0.012, "density": 0.8}),
    ("beard", {"shape": "goatee", "length": 0.05}),
    ("moustache", {}),
    ("moustache", {"shape": "handlebar"}),
]


@pytest.fixture(scope="module")
def scene(astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder) -> Scene:
    return Scene(astronaut, astronaut_face, finder)


def grown(scene: Scene, name: str, seed: int = 1, **params: Any) -> Layer:
    layer = load_effect(name).apply(scene, to_canvas(scene.pixels), seed=seed, **params)
    assert isinstance(layer, Layer)
    return layer


def shown(scene: Scene, layer: Layer, strength: float = 1.0) -> np.ndarray:
    canvas = to_canvas(scene.pixels)
    lay(canvas, layer, strength)
    return canvas


def changed(scene: Scene, layer: Layer, by: float = 0.04) -> np.ndarray:
    difference: np.ndarray = np.abs(shown(scene, layer) - to_canvas(scene.pixels)).max(2) > by
    return difference


def around(scene: Scene, landmarks: tuple[int, ...], grow_px: int = 0) -> np.ndarray:
    """(H, W) bool: inside the outline of landmarks, a little grown."""
    mask = fill_polygons(scene.pixels.shape, [spline(scene.face.points[list(landmarks)])])
    return np.asarray(cv2.dilate(mask, np.ones((2 * grow_px + 1,) * 2)) > 0.5)


@pytest.mark.parametrize(("name", "params"), GROWN)
def test_strength_0_is_the_photo_and_more_strength_is_more(scene: Scene, name: str, params: dict[str, Any]) -> None:
    layer = grown(scene, name, **params)
    before = to_canvas(scene.pixels)
    amounts = [float(np.abs(shown(scene, layer, strength) - before).mean()) for strength in (0.0, 0.3, 0.7, 1.0)]
    assert amounts[0] == 0
    assert amounts == sorted(amounts)
    assert amounts[-1] > 1e-4


@pytest.mark.parametrize(("name", "params"), GROWN)
def test_the_same_seed_grows_the_same_hairs(scene: Scene, name: str, params: dict[str, Any]) -> None:
    first, again, other = (grown(scene, name, seed=seed, **params) for seed in (4, 4, 5))
    assert np.array_equal(first.colour, again.colour)
    assert not np.array_equal(first.colour, other.colour)


@pytest.mark.parametrize(("name", "params"), GROWN)
def test_it_grows_below_the_nose_and_nowhere_in_the_mouth_or_above(
    scene: Scene, name: str, params: dict[str, Any]
) -> None:
    where = changed(scene, grown(scene, name, **params))
    at = scene.face.points
    lip = (at[0] + at[2]) / 2 + scene.face.right * 0.08 * scene.face.height_px
    x, y = lip.round().astype(int)
    assert where[y - 1 : y + 2, x - 1 : x + 2].any()
    for part in (EYE_LEFT, EYE_RIGHT):
        assert not where[around(scene, part, 2)].any()
    if params.get("shape") != "handlebar":  # its wings hang over a smile
        assert where[around(scene, LIPS_INNER)].mean() < 0.02
    assert not where[: int(at[168][1])].any()
    assert not where[around(scene, (122, 351, 363, 275, 1, 45, 134))].any()  # the nose


@pytest.mark.parametrize(("name", "params"), GROWN)
def test_nothing_is_left_beyond_the_mask(scene: Scene, name: str, params: dict[str, Any]) -> None:
    layer = grown(scene, name, **params)
    assert layer.mask is not None
    outside = np.ones(scene.pixels.shape[:2], bool)
    outside[layer.box.rows_cols] = layer.mask == 0
    assert np.array_equal(shown(scene, layer)[outside], to_canvas(scene.pixels)[outside])
    assert outside.mean() > 0.8


def test_a_full_beard_reaches_the_chin_and_a_moustache_does_not(scene: Scene) -> None:
    at = scene.face.points
    chin = around(scene, (200, 421, 396, 175, 171, 201))
    assert changed(scene, grown(scene, "beard"))[chin].mean() > 0.8
    assert not changed(scene, grown(scene, "moustache"))[int(at[17][1]) + 3 :].any()


@pytest.mark.parametrize(("colour", "hue"), [("", None), ("#c02020", 25), ("#3050c0", 265)])
def test_it_has_the_brows_colour_or_the_one_asked_for(scene: Scene, colour: str, hue: float | None) -> None:
    chin = around(scene, (200, 421, 396, 175, 171, 201))
    after = np.median(to_oklab(shown(scene, grown(scene, "beard", colour=colour)))[chin], 0)
    before = np.median(to_oklab(scene.pixels)[chin], 0)
    assert after[0] < before[0] - 0.2
    if hue is None:
        own = own_colour(scene)
        assert np.linalg.norm(after[1:] - own[1:]) < 0.04
    else:
        away = np.degrees(np.arctan2(after[2], after[1])) - hue
        assert abs((away + 180) % 360 - 180) < 25


@pytest.mark.parametrize("share", [1.0, 0.7, 0.5])
def test_a_beard_is_dark_on_every_skin(scene: Scene, share: float) -> None:
    lab = to_oklab(scene.pixels)
    lab[..., 0] *= share
    darker = Scene(to_pixels(from_oklab(lab)), scene.face, scene.finder)
    chin = around(darker, (200, 421, 396, 175, 171, 201))
    after = to_oklab(shown(darker, grown(darker, "beard")))[chin][:, 0]
    assert np.median(after) < 0.75 * np.median(lab[chin][:, 0])


def test_a_hand_before_the_chin_stays_in_front(scene: Scene) -> None:
    hand = np.zeros(scene.pixels.shape[:2], np.float32)
    x, y = scene.face.points[152].astype(int)
    hand[y - 25 : y + 20, x - 4 : x + 60] = 1
    covered = replace(scene)
    covered.__dict__["in_front"] = blur(hand, 1)
    where = changed(covered, grown(covered, "beard"), by=0.01)
    assert not where[cv2.erode(hand, np.ones((7, 7))) > 0.9].any()
    assert where[y - 5, x - 10 : x - 5].any()


@pytest.mark.parametrize(("name", "params"), GROWN)
def test_a_small_picture_is_no_obstacle(astronaut: np.ndarray, finder: FaceFinder, name: str, params: Any) -> None:
    small = cv2.resize(astronaut[:300, 60:360], (150, 150), interpolation=cv2.INTER_AREA)
    scene = Scene(small, finder.find(small)[0], finder)
    assert changed(scene, grown(scene, name, **params)).any()


def test_shapes_that_there_are_not_are_refused() -> None:
    for name in ("beard", "moustache"):
        with pytest.raises(ValueError, match="shape must be one of"):
            load_effect(name).check(shape="braided")


def test_no_mask_no_hair(scene: Scene) -> None:
    box = ground_of(scene, 0.1).box
    nowhere = np.zeros((box.height, box.width), np.float32)
    assert len(scattered(nowhere, box, 2.0, np.random.default_rng(0))) == 0


@pytest.mark.parametrize("name", ["beard", "moustache"])
def test_without_density_nothing_grows(scene: Scene, name: str) -> None:
    assert not changed(scene, grown(scene, name, density=0.0)).any()


@pytest.mark.parametrize("share", [1.0, 0.45])
def test_stubble_never_lights_a_skin(scene: Scene, share: float) -> None:
    lab = to_oklab(scene.pixels)
    lab[..., 0] *= share
    darker = Scene(to_pixels(from_oklab(lab)), scene.face, scene.finder)
    before = to_canvas(darker.pixels)
    after = shown(darker, grown(darker, "beard", length=0.012, density=0.8, colour="#b8a890"))
    assert (after - before).max() < 0.02


def test_stubble_is_as_warm_as_the_skin_it_lies_in(scene: Scene) -> None:
    layer = grown(scene, "beard", length=0.012, density=0.8, colour="#8a8a8a")
    where = changed(scene, layer, 0.15)
    before, after = (to_oklab(image)[where] for image in (scene.pixels, to_pixels(shown(scene, layer))))
    kept = np.hypot(after[:, 1], after[:, 2]) / np.hypot(before[:, 1], before[:, 2])
    assert np.median(kept) > 0.84


def test_red_hair_over_the_jaw_stays_in_front(scene: Scene) -> None:
    face = scene.face
    y, x = np.mgrid[0 : scene.height, 0 : scene.width].astype(np.float32)
    aside = ((x - face.points[168][0]) * face.right[0] + (y - face.points[168][1]) * face.right[1]) / face.height_px
    jaw = float((face.points[361] - face.points[168]) @ face.right) / face.height_px
    lock = (aside > jaw - 0.10) & (aside < jaw + 0.3)
    pixels = np.where(lock[..., None], np.uint8([150, 52, 20]), scene.pixels)
    red = Scene(pixels, face, scene.finder)
    assert changed(red, grown(red, "beard"))[cv2.erode(lock.astype(np.uint8), np.ones((9, 9))) > 0].mean() < 0.005


def test_a_patch_away_from_the_beard_is_left_out_and_two_halves_stay() -> None:
    where = np.zeros((60, 100), np.float32)
    where[30:60, 10:45] = where[30:60, 55:90] = 0.9
    patched = where.copy()
    patched[5:15, 90:98] = 0.5
    assert np.array_equal(without_patches(patched), where)
