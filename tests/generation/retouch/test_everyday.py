"""Lamps for every day: light moves over the face, complexions stay, the background is only dimmed when asked."""

from typing import Any

import numpy as np
import pytest

from generation.engines.retouch.colour import from_oklab, to_canvas, to_oklab
from generation.engines.retouch.effects import Skip, load_effect
from generation.engines.retouch.effects.light import portrait_light
from generation.engines.retouch.layer import Layer, lay
from generation.engines.retouch.scene import Scene
from generation.face.face import Face
from generation.face.finder import FaceFinder
from generation.face.regions import CHEEK_LEFT, CHEEK_RIGHT, fill_polygons
from generation.styles import read_catalogue

TONES = {"fair": (0.86, 0.045), "medium": (0.68, 0.075), "deep": (0.42, 0.070)}
"""OKLab lightness and chroma of three complexions."""
EVERYDAY = [style for style in read_catalogue().styles.values() if style.pack == "everyday"]


@pytest.fixture(scope="module")
def scene(astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder) -> Scene:
    return Scene(astronaut, astronaut_face, finder)


@pytest.fixture(scope="module")
def toned(scene: Scene) -> dict[str, Scene]:
    """The astronaut with other complexions; the background goes along, as if the light were another."""
    found = {}
    for tone, (lightness, chroma) in TONES.items():
        lab = to_oklab(scene.pixels)
        own = scene.complexion.tone
        lab[..., 0] *= lightness / own[0]
        lab[..., 1:] *= chroma / float(np.hypot(own[1], own[2]))
        found[tone] = Scene(np.round(from_oklab(lab) * 255).astype(np.uint8), scene.face, scene.finder)
    return found


def lit(scene: Scene, strength: float = 1.0, **params: Any) -> np.ndarray:
    canvas = to_canvas(scene.pixels)
    for layer in portrait_light.apply(scene, canvas, seed=1, **params):
        lay(canvas, layer, strength)
    return canvas


def median_skin(scene: Scene, canvas: np.ndarray) -> np.ndarray:
    return np.asarray(np.median(to_oklab(canvas[scene.near.rows_cols])[scene.skin > 0.8], axis=0))


def test_strength_0_is_the_photo(scene: Scene) -> None:
    assert np.array_equal(lit(scene, strength=0.0, rim=1.0, room=1.0), to_canvas(scene.pixels))


def test_a_lamp_alone_leaves_the_background(scene: Scene) -> None:
    change = np.abs(lit(scene, rim=0.5) - to_canvas(scene.pixels)).max(axis=2)
    assert change[scene.person > 0.95].max() > 0.05
    away = np.ones(change.shape, bool)
    rows, columns = np.nonzero(scene.person > 0.001)
    away[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] = False
    assert change[away].max() == 0


def test_a_dimmed_room_is_darker_and_the_person_is_not(scene: Scene) -> None:
    bright, dim = lit(scene), lit(scene, room=0.6)
    free, person = scene.person < 0.01, scene.person > 0.99
    assert dim[free].mean() < 0.8 * bright[free].mean()
    assert np.allclose(dim[person], bright[person], atol=0.005)


def test_the_lamp_lights_one_cheek_more_than_the_other(scene: Scene) -> None:
    shape = (scene.height, scene.width)
    sides = [fill_polygons(shape, [scene.face.points[list(cheek)]]) > 0.5 for cheek in (CHEEK_RIGHT, CHEEK_LEFT)]
    spread = []
    for contrast in (0.1, 0.9):
        picture = to_oklab(lit(scene, contrast=contrast, side=0.9))[..., 0]
        spread.append(abs(float(np.log(picture[sides[0]].mean() / picture[sides[1]].mean()))))
    assert spread[1] > spread[0] + 0.05


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("params", [{}, {"contrast": 0.9, "side": 0.95}, {"key": "#ffc98a", "rim": 0.5}])
def test_light_is_moved_and_not_added(toned: dict[str, Scene], tone: str, params: dict[str, Any]) -> None:
    scene = toned[tone]
    before, after = median_skin(scene, to_canvas(scene.pixels)), median_skin(scene, lit(scene, **params))
    assert -0.10 < after[0] - before[0] < 0.05
    kept = float(np.hypot(*after[1:]) / np.hypot(*before[1:]))
    assert kept > (0.6 if tone == "fair" else 0.8), "turned to ash"  # fair skin near white has little to lose


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("style", [style.name for style in EVERYDAY])
def test_everyday_keeps_a_complexion(toned: dict[str, Scene], style: str, tone: str) -> None:
    scene = toned[tone]
    canvas = to_canvas(scene.pixels)
    recipe = read_catalogue().styles[style]
    for step in recipe.steps:
        try:
            made = load_effect(step.effect).apply(scene, canvas, seed=7, **step.params)
        except Skip:
            continue
        for layer in [made] if isinstance(made, Layer) else made or []:
            lay(canvas, layer, 1.0)
    before, after = median_skin(scene, to_canvas(scene.pixels)), median_skin(scene, canvas)
    assert (-0.16 if style == "drama-light" else -0.08) < after[0] - before[0] < (0.08 if tone == "fair" else 0.06)
    assert np.hypot(*after[1:]) > (0.6 if tone == "fair" else 0.75) * np.hypot(*before[1:])


@pytest.mark.parametrize("tone", TONES)
def test_faded_film_lifts_the_black_and_hardly_the_skin(toned: dict[str, Scene], tone: str) -> None:
    scene = toned[tone]
    canvas = to_canvas(scene.pixels)
    (step,) = (step for step in read_catalogue().styles["vintage"].steps if step.effect == "grade")
    faded = load_effect("grade").apply(scene, canvas, seed=7, **step.params).colour
    assert median_skin(scene, faded)[0] - median_skin(scene, canvas)[0] < 0.045
    dark = canvas.max(2) < 0.05
    assert faded[dark].mean() > canvas[dark].mean() + 0.05


def test_bright_eyes_touch_nothing_far_from_the_eyes(scene: Scene) -> None:
    canvas = to_canvas(scene.pixels)
    for step in read_catalogue().styles["bright-eyes"].steps:
        made = load_effect(step.effect).apply(scene, canvas, seed=7, **step.params)
        for layer in [made] if isinstance(made, Layer) else made or []:
            lay(canvas, layer, 1.0)
    change = np.abs(canvas - to_canvas(scene.pixels)).max(axis=2)
    y, x = np.mgrid[0 : scene.height, 0 : scene.width]
    reach = min(
        0.5 * scene.face.height_px, float(np.linalg.norm(scene.face.points[13] - scene.face.points[[33, 263]].mean(0)))
    )
    far = np.ones(change.shape, bool)
    for eye in (468, 473):
        far &= np.hypot(x - scene.face.points[eye][0], y - scene.face.points[eye][1]) > reach
    assert change[far].max() == 0
