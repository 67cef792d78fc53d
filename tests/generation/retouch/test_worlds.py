"""Noir, comic, cyberpunk and the effects on the whole picture: fair to every skin, sure at every strength."""

from collections.abc import Callable
from functools import cache
from typing import Any

import cv2
import numpy as np
import pytest

from generation.engines.retouch.colour import from_oklab, luminance, to_canvas, to_oklab
from generation.engines.retouch.effects import load_effect
from generation.engines.retouch.layer import Layer, lay
from generation.engines.retouch.media.abstraction import dots, flow, ink, kuwahara, tones
from generation.engines.retouch.scene import Scene
from generation.face.face import Face
from generation.face.finder import FaceFinder
from tests.generation.retouch.complexions import with_complexion

WHOLE = ["noir", "comic", "pencil", "light_leak", "neon_light", "neon_lines", "grade", "vignette", "glow", "grain"]
CHANGES: dict[str, dict[str, Any]] = {"grade": {"contrast": 0.3, "saturation": 0.6, "shadows": "#405080"}}
TONES = {"fair": (0.86, 0.045), "medium": (0.68, 0.075), "deep": (0.42, 0.065)}
"""OKLab lightness and chroma of three complexions."""


@pytest.fixture(scope="module")
def scene(astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder) -> Scene:
    return Scene(astronaut, astronaut_face, finder)


@pytest.fixture(scope="module")
def toned(scene: Scene) -> Callable[[str], Scene]:
    """The astronaut with another complexion, made once: the person moved in OKLab, so that light and shade stay."""

    @cache
    def tone(name: str) -> Scene:
        return with_complexion(scene, *TONES[name])

    return tone


def drawn(scene: Scene, name: str, strength: float = 1.0, seed: int = 3, **params: Any) -> np.ndarray:
    """The picture after one effect."""
    effect = load_effect(name)
    canvas = to_canvas(scene.pixels)
    layer = effect.apply(scene, canvas.copy(), seed=seed, **(params or CHANGES.get(name, {})))
    assert isinstance(layer, Layer)
    lay(canvas, layer, strength)
    return canvas


def skin_light(scene: Scene, picture: np.ndarray) -> float:
    """The median OKLab lightness of the face's skin."""
    return float(np.median(to_oklab(picture[scene.near.rows_cols])[..., 0][scene.skin > 0.7]))


@pytest.mark.parametrize("name", WHOLE)
def test_strength_0_is_the_photo_and_more_strength_is_more(scene: Scene, name: str) -> None:
    photo = to_canvas(scene.pixels)
    amounts = [float(np.abs(drawn(scene, name, strength) - photo).mean()) for strength in (0.0, 0.4, 0.8, 1.0)]
    assert amounts[0] == 0
    assert amounts == sorted(amounts)
    assert amounts[-1] > 5e-4


@pytest.mark.parametrize("name", WHOLE)
def test_the_same_seed_draws_the_same_and_stays_in_range(scene: Scene, name: str) -> None:
    first = drawn(scene, name)
    assert (first == drawn(scene, name)).all()
    assert first.dtype == np.float32
    assert first.min() >= 0
    assert first.max() <= 1


@pytest.mark.parametrize("name", WHOLE)
def test_the_canvas_given_is_not_written_to(scene: Scene, name: str) -> None:
    effect = load_effect(name)
    canvas = to_canvas(scene.pixels)
    effect.apply(scene, canvas, seed=1)
    assert (canvas == to_canvas(scene.pixels)).all()


@pytest.mark.parametrize("name", ["noir", "comic", "pencil", "neon_light"])
def test_dark_skin_stays_darker_than_light_skin(toned: Callable[[str], Scene], name: str) -> None:
    after = [skin_light(toned(tone), drawn(toned(tone), name)) for tone in ("deep", "medium", "fair")]
    assert after[0] + 0.08 < after[1]
    assert after[1] + 0.03 < after[2]


@pytest.mark.parametrize("name", ["noir", "comic"])
@pytest.mark.parametrize("tone", TONES)
def test_no_skin_is_bleached_or_blackened(toned: Callable[[str], Scene], name: str, tone: str) -> None:
    scene = toned(tone)
    before, after = skin_light(scene, to_canvas(scene.pixels)), skin_light(scene, drawn(scene, name))
    assert abs(after - before) < 0.15
    assert 0.25 < after < 0.97


def test_noir_has_no_colour_but_the_print(scene: Scene) -> None:
    neutral = drawn(scene, "noir", warmth=0.0)
    assert float(np.ptp(neutral, axis=2).max()) < 1e-3
    assert float(np.ptp(drawn(scene, "noir"), axis=2).mean()) < 0.05


def test_comic_has_flat_tones_and_ink(scene: Scene) -> None:
    picture = drawn(scene, "comic")
    near = picture[scene.near.rows_cols]
    ink_share = float((luminance(near) < 0.02).mean())
    assert 0.005 < ink_share < 0.4
    inside = scene.skin > 0.9
    before = cv2.Laplacian(to_canvas(scene.pixels)[scene.near.rows_cols][..., 1], cv2.CV_32F)
    after = cv2.Laplacian(near[..., 1], cv2.CV_32F)
    assert np.median(np.abs(after[inside])) < 0.5 * np.median(np.abs(before[inside]))


def test_black_hair_keeps_its_forms_beside_a_black_shirt_in_the_comic(scene: Scene) -> None:
    lab = to_oklab(scene.pixels)
    lab[..., 0] *= 1 - 0.72 * np.maximum(scene.hair, scene.person * (np.arange(scene.height) > 190)[:, None])
    lab[..., 1:] *= (1 - 0.9 * scene.hair)[..., None]
    dark = Scene(np.round(from_oklab(lab) * 255).astype(np.uint8), scene.face, scene.finder)
    picture = drawn(dark, "comic", screen=0.0)
    light = to_oklab(picture)[..., 0][scene.hair > 0.9]
    low, high = np.percentile(light, (10, 90))
    assert high - low > 0.08


def test_a_pencil_leaves_the_paper_white_and_the_pupils_black(scene: Scene) -> None:
    picture = luminance(drawn(scene, "pencil"))
    assert picture[:20, :20].mean() > 0.8
    eyes = picture[scene.near.rows_cols][scene.eyes > 0.8]
    assert eyes.min() < 0.15


def test_a_light_leak_comes_from_the_edge_away_from_the_face(scene: Scene) -> None:
    added = (drawn(scene, "light_leak") - to_canvas(scene.pixels)).sum(2)
    assert scene.face.points[4][0] < scene.width / 2
    assert added[:, -40:].mean() > 5 * added[:, :40].mean()


def test_neon_light_comes_from_both_sides(scene: Scene) -> None:
    picture = drawn(scene, "neon_light", left="#ff0000", right="#0000ff")
    points = scene.face.points.astype(int)
    left, right = points[[50, 117]].mean(0).astype(int), points[[280, 346]].mean(0).astype(int)
    at_left, at_right = picture[left[1], left[0]], picture[right[1], right[0]]
    assert at_left[0] - at_left[2] > at_right[0] - at_right[2] + 0.1


def test_neon_light_leaves_the_background_alone(scene: Scene) -> None:
    away = scene.person < 0.001
    difference = np.abs(drawn(scene, "neon_light") - to_canvas(scene.pixels)).max(2)
    assert np.percentile(difference[away], 99) < 0.02


def test_neon_lines_stay_on_the_face(scene: Scene) -> None:
    difference = np.abs(drawn(scene, "neon_lines") - to_canvas(scene.pixels)).max(2)
    outside = np.ones(difference.shape, bool)
    outside[scene.near.rows_cols] = False
    assert difference[outside].max() == 0
    assert difference.max() > 0.3


def test_a_grade_without_wishes_changes_next_to_nothing(scene: Scene) -> None:
    effect = load_effect("grade")
    canvas = to_canvas(scene.pixels)
    layer = effect.apply(scene, canvas, seed=1)
    assert np.abs(layer.colour - canvas).max() < 0.01


def test_kuwahara_keeps_an_edge_and_drops_noise() -> None:
    rng = np.random.default_rng(1)
    clean = np.full((80, 80, 3), 0.2, np.float32)
    clean[:, 40:] = 0.8
    noisy = np.clip(clean + rng.normal(0, 0.06, clean.shape), 0, 1).astype(np.float32)
    smooth = kuwahara(noisy, 5)
    assert np.abs(smooth - clean)[10:-10, 10:-10].mean() < 0.4 * np.abs(noisy - clean)[10:-10, 10:-10].mean()
    assert (smooth[10:-10, 43] - smooth[10:-10, 36]).mean() > 0.5


def test_ink_lies_on_the_dark_side_of_edges_and_nowhere_else() -> None:
    image = np.full((80, 80), 0.9, np.float32)
    image[:, 40:] = 0.2
    drawn_ink = ink(image, flow(image, 2.0), 2.5)
    assert drawn_ink[20:60, 38:44].max(1).min() > 0.5
    assert drawn_ink[:, :25].max() == 0
    assert drawn_ink[:, 60:].max() == 0


def test_tones_are_flat_between_their_steps() -> None:
    values = np.asarray([0.05, 0.2, 0.45, 0.55, 0.9], np.float32)
    assert np.allclose(tones(values, (0.3, 0.7), (0.1, 0.5, 0.9), 0.02), [0.1, 0.1, 0.5, 0.5, 0.9], atol=1e-5)


def test_dots_are_a_pitch_apart() -> None:
    distance = dots(60, 60, 10.0, angle_deg=0.0)
    assert distance[0, 0] == 0
    assert distance[0, 10] == pytest.approx(0, abs=1e-5)
    assert distance[5, 5] == pytest.approx(np.hypot(0.5, 0.5), abs=1e-4)
