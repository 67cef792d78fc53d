"""Elves, zombies and the like: their paint stays on the person, and every skin keeps its place among the others."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from generation.engines.retouch.colour import to_canvas, to_oklab
from generation.engines.retouch.effects import load_effect
from generation.engines.retouch.layer import Layer, lay
from generation.engines.retouch.objects.spacesuit import Suit
from generation.engines.retouch.objects.spacesuit_body import cloth
from generation.engines.retouch.painting.other_skin import all_skin, blotches
from generation.engines.retouch.scene import Scene
from generation.face.face import Face
from generation.face.finder import FaceFinder
from tests.generation.retouch.complexions import with_complexion

PAINTS = ["alien", "android", "elf_vines", "hero_mask", "pharaoh", "war_paint", "zombie"]
WORN = ["astronaut", "broad_collar", "fur_collar"]
TONES = {"fair": (0.86, 0.045), "medium": (0.66, 0.075), "deep": (0.40, 0.060)}
"""OKLab lightness and chroma of three complexions."""


@pytest.fixture(scope="module")
def scene(astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder) -> Scene:
    return Scene(astronaut, astronaut_face, finder)


@pytest.fixture(scope="module")
def toned(scene: Scene) -> Callable[[str], Scene]:
    """The astronaut with another complexion: the face moved in OKLab, so that light and shade stay."""

    def tone(name: str) -> Scene:
        made = with_complexion(scene, *TONES[name])
        made.__dict__.update(person=scene.person, hair=scene.hair)  # the outlines are the same
        return made

    return tone


def drawn(scene: Scene, name: str, strength: float = 1.0, seed: int = 3, **params: Any) -> np.ndarray:
    """The picture after one effect."""
    canvas = to_canvas(scene.pixels)
    layers = load_effect(name).apply(scene, canvas.copy(), seed=seed, **params)
    for layer in [layers] if isinstance(layers, Layer) else layers:
        lay(canvas, layer, strength)
    return canvas


@pytest.mark.parametrize("name", [*PAINTS, *WORN, "falling"])
def test_strength_0_is_the_photo_and_more_is_more(scene: Scene, name: str) -> None:
    photo = to_canvas(scene.pixels)
    away = [float(np.abs(drawn(scene, name, strength) - photo).mean()) for strength in (0.0, 0.5, 1.0)]
    assert away[0] == 0
    assert 0 < away[1] < away[2]


@pytest.mark.parametrize("name", [*PAINTS, *WORN, "falling"])
def test_it_is_the_same_each_time_and_the_canvas_is_only_read(scene: Scene, name: str) -> None:
    canvas = to_canvas(scene.pixels)
    load_effect(name).apply(scene, canvas, seed=5)
    assert np.array_equal(canvas, to_canvas(scene.pixels))
    assert np.array_equal(drawn(scene, name), drawn(scene, name))


@pytest.mark.parametrize("name", PAINTS)
def test_paint_stays_on_the_person(scene: Scene, name: str) -> None:
    changed = np.abs(drawn(scene, name) - to_canvas(scene.pixels)).max(2)
    assert np.percentile(changed[scene.person == 0], 99.8) < 0.02


@pytest.mark.parametrize("name", PAINTS)
def test_the_order_of_skins_stays(toned: Callable[[str], Scene], name: str) -> None:
    after = []
    for tone in ("deep", "medium", "fair"):
        scene = toned(tone)
        lab = to_oklab(drawn(scene, name)[scene.near.rows_cols])
        after.append(float(np.median(lab[..., 0][scene.skin > 0.7])))
    assert after[0] + 0.1 < after[1]
    assert after[1] + 0.08 < after[2]


def test_a_zombie_is_greener_than_the_living_and_no_paler(toned: Callable[[str], Scene]) -> None:
    for tone in TONES:
        scene = toned(tone)
        inside = scene.skin > 0.7
        alive = to_oklab(scene.pixels[scene.near.rows_cols])[inside].mean(0)
        dead = to_oklab(drawn(scene, "zombie")[scene.near.rows_cols])[inside].mean(0)
        assert dead[1] < alive[1] - 0.02, tone
        assert alive[0] - 0.2 < dead[0] < alive[0] + 0.02, tone


def test_a_zombie_without_a_wound_has_less_red(scene: Scene) -> None:
    torn, whole = (to_oklab(drawn(scene, "zombie", wound=wound)) for wound in (1.0, 0.0))
    reddest = [float(np.percentile(lab[scene.near.rows_cols][scene.skin > 0.5][:, 1], 99.5)) for lab in (torn, whole)]
    assert reddest[0] > reddest[1] + 0.02


def test_all_skin_leaves_eyes_mouth_and_background_out(scene: Scene) -> None:
    skin = all_skin(scene)
    assert skin[scene.person == 0].max() < 0.1
    assert skin[scene.near.rows_cols][scene.eyes > 0.9].max() < 0.2
    assert skin[scene.near.rows_cols][scene.skin > 0.9].min() > 0.5


def test_blotches_turn_with_the_face_not_with_the_picture(scene: Scene) -> None:
    noise = blotches(scene, 1, 0.2)
    assert noise.shape == (scene.height, scene.width)
    assert 0.5 < noise.std() < 2


def test_nothing_large_falls_before_the_face(scene: Scene) -> None:
    changed = np.abs(drawn(scene, "falling", many=3.0) - to_canvas(scene.pixels)).max(2)
    near = changed[scene.near.rows_cols]
    assert near[scene.face_oval > 0.99].max() < 0.2
    assert changed.max() > 0.3


def test_what_cannot_fall_is_explained() -> None:
    with pytest.raises(ValueError, match="cannot fall; what can: snow"):
        load_effect("falling").check(what="frogs")


def test_black_eyes_cover_the_persons_own_and_are_left_out_on_wish(scene: Scene) -> None:
    own = scene.eyes > 0.9
    light = [to_oklab(drawn(scene, "alien", eyes=eyes)[scene.near.rows_cols])[..., 0][own] for eyes in (True, False)]
    assert light[0].mean() < 0.3 < light[1].mean()


def test_a_visitor_has_no_brows(scene: Scene) -> None:
    def contrast(canvas: np.ndarray) -> float:
        lightness = to_oklab(canvas)[scene.near.rows_cols][..., 0]
        hair, height = scene.brows > 0.9, scene.face.height_px
        above = np.roll(hair, -round(0.07 * height), axis=0) & (scene.skin > 0.8)
        return float(lightness[above].mean() - lightness[hair].mean())

    pixels = scene.pixels.copy()
    pixels[scene.near.rows_cols][scene.brows > 0.5] //= 4
    dark = Scene(pixels, scene.face, scene.finder)
    dark.__dict__.update(person=scene.person, hair=scene.hair)
    assert contrast(drawn(dark, "alien", eyes=False)) < 0.5 * contrast(to_canvas(pixels))


def test_the_suit_leaves_the_face_and_hides_the_clothes(scene: Scene) -> None:
    photo = to_canvas(scene.pixels)
    changed = np.abs(drawn(scene, "astronaut", reflections=0.0) - photo).mean(2)
    middle = scene.face.points[[1, 4, 5, 50, 280]].mean(0).astype(int)
    assert changed[middle[1] - 10 : middle[1] + 10, middle[0] - 10 : middle[0] + 10].mean() < 0.08
    assert changed[-60:, scene.width // 3 : scene.width // 2].mean() > 0.1


def test_a_suit_seen_whole_has_arms_and_legs_with_sky_between() -> None:
    y, x = np.mgrid[-1:6:0.02, -2.5:2.5:0.02].astype(np.float32)
    suit = Suit(x, y, x, y, 0.8, 0.9, -0.1, 50)

    def shown(across: float, down: float) -> bool:
        row, column = round((down + suit.foot + 1) / 0.02), round((across + 2.5) / 0.02)
        return bool(mask[row, column] > 0.5)

    _, mask = cloth(suit, 7, "#e9eaec", "#d6502a")
    assert all(shown(across, 1.8) for across in (0.0, 1.4, -1.4))
    assert not any(shown(across, 1.9) for across in (1.02, -1.02, 2.0))
    assert all(shown(across, 4.0) for across in (0.5, -0.5))
    assert not shown(0.0, 4.0)


def test_a_masks_leather_is_lit_above_and_dark_below(scene: Scene) -> None:
    lightness = to_oklab(drawn(scene, "hero_mask"))[..., 0]
    face = scene.face
    brow = face.points[[65, 295]] + 0.02 * face.height_px * face.up
    cheek = face.points[[119, 348]]
    sampled = [
        np.mean([lightness[int(y) - 1 : int(y) + 2, int(x) - 3 : int(x) + 4].mean() for x, y in at])
        for at in (brow, cheek)
    ]
    assert sampled[0] > sampled[1] + 0.03


def test_a_helmet_asks_for_the_room_it_needs(scene: Scene) -> None:
    high = Scene(np.ascontiguousarray(scene.pixels[40:]), replace_face(scene.face, 40), scene.finder)
    effect = load_effect("astronaut")
    assert effect.headroom(high) == pytest.approx(effect.headroom(scene) + 40, abs=1) or effect.headroom(scene) == 0
    assert effect.headroom(high) > 0


def replace_face(face: Face, cut_px: int) -> Face:
    """The face in a picture that lost so many rows at its top."""
    landmarks = face.landmarks.copy()
    landmarks[:, 1] -= cut_px
    return replace(face, landmarks=landmarks)


@pytest.mark.parametrize("name", ["broad_collar", "fur_collar"])
def test_a_collar_lies_below_the_face_and_under_hair(scene: Scene, name: str) -> None:
    changed = np.abs(drawn(scene, name) - to_canvas(scene.pixels)).max(2)
    assert changed[scene.near.rows_cols][scene.face_oval > 0.99].max() < 0.02
    assert changed[scene.hair > 0.99].max() < 0.02
    chin = int(scene.face.points[152][1])
    assert changed[: chin - int(0.6 * scene.face.height_px)].max() < 0.02
    assert changed[chin:].max() > 0.2


@pytest.mark.parametrize("name", ["broad_collar", "fur_collar"])
def test_no_collar_is_drawn_where_the_frame_ends_at_the_chin(scene: Scene, name: str) -> None:
    chin = int(scene.face.points[152][1])
    cut = Scene(np.ascontiguousarray(scene.pixels[: chin - 20]), scene.face, scene.finder)
    assert load_effect(name).apply(cut, to_canvas(cut.pixels), seed=1) == []
