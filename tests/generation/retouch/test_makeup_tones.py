"""Every style of make-up on six complexions: a person keeps theirs, and colours are seen on all of them."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from generation.engines.retouch.colour import from_oklab, oklab_to_linear, resize, to_canvas, to_oklab
from generation.engines.retouch.effects import Skip, load_effect, stages
from generation.engines.retouch.layer import Layer, lay
from generation.engines.retouch.scene import Scene
from generation.face.face import Face
from generation.face.finder import FaceFinder
from generation.styles import Style, read_catalogue

TONES = {
    "very light": (0.90, 0.035),
    "light": (0.82, 0.050),
    "medium": (0.72, 0.070),
    "brown": (0.60, 0.080),
    "dark": (0.48, 0.072),
    "very dark": (0.37, 0.055),
}
"""OKLab lightness and chroma of six complexions."""
ON_SKIN = ("skin", "makeup", "paint")
STYLES = [style for style in read_catalogue() if style.pack in ("everyday", "makeup")]
COVERING = ("clown", "skull", "sugar-skull", "tiger")
"""They leave no skin bare; their paint is measured by itself."""
FACE_PX = 80.0
"""Small faces are enough to measure tone, and quick."""
LINEAR_TO_XYZ = np.asarray([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.asarray([0.9505, 1.0, 1.089])


@pytest.fixture(scope="module")
def toned(astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder) -> Callable[[str], Scene]:
    """The astronaut, smaller, with another complexion: moved in OKLab, so that light and shade stay."""

    @cache
    def tone(name: str) -> Scene:
        times = FACE_PX / astronaut_face.height_px
        small = resize(astronaut, round(astronaut.shape[0] * times), round(astronaut.shape[1] * times))
        face = Face((astronaut_face.landmarks * np.float32(times)), astronaut_face.box * times, astronaut_face.score)
        own = Scene(small, face, finder).complexion.tone
        lightness, chroma = TONES[name]
        lab = to_oklab(small)
        lab[..., 0] *= lightness / own[0]
        lab[..., 1:] *= chroma / float(np.hypot(own[1], own[2]))
        return Scene(np.round(from_oklab(lab) * 255).astype(np.uint8), face, finder)

    return tone


def made_up(scene: Scene, style: Style) -> tuple[np.ndarray, np.ndarray]:
    """The photo with what the style does to the face, and where face paint lies, (H, W)."""
    canvas, painted = to_canvas(scene.pixels), np.zeros(scene.pixels.shape[:2], np.float32)
    for step in style.steps:
        stage = stages()[step.effect]
        if stage not in ON_SKIN:
            continue
        params = dict(step.params) | ({"dark": 0.0} if step.effect == "neon_paint" else {})
        try:
            made = load_effect(step.effect).apply(scene, canvas, seed=7, **params)
        except Skip:
            continue
        for layer in [made] if isinstance(made, Layer) else made or []:
            lay(canvas, layer, style.strength)
            if stage == "paint" or step.effect == "face_marks":
                assert layer.mask is not None
                painted[layer.box.rows_cols] = np.maximum(painted[layer.box.rows_cols], layer.mask)
    return canvas, painted


def skin_of(scene: Scene, canvas: np.ndarray, painted: np.ndarray) -> np.ndarray:
    """OKLab of the bare skin, (3,)."""
    near = scene.near.rows_cols
    bare = (scene.skin > 0.8) & (painted[near] < 0.02)
    assert bare.sum() > 40, "some skin is left bare"
    return np.asarray(np.median(to_oklab(canvas[near])[bare], axis=0))


def ita(lab: np.ndarray) -> float:
    """The individual typology angle in degrees (Chardon 1991), from OKLab: above 55 very light, below -30 dark."""
    linear = oklab_to_linear(lab[None, None].astype(np.float32))[0, 0].astype(np.float64)
    x, y, z = np.cbrt(np.maximum(LINEAR_TO_XYZ @ linear / WHITE, 1e-6))
    assert x > 0
    return float(np.degrees(np.arctan2(116 * y - 16 - 50, 200 * (y - z))))


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("style", [each for each in STYLES if each.name not in COVERING], ids=lambda style: style.name)
def test_skin_beside_the_paint_keeps_its_tone(toned: Callable[[str], Scene], style: Style, tone: str) -> None:
    scene = toned(tone)
    canvas, painted = made_up(scene, style)
    photo = to_canvas(scene.pixels)
    before, after = skin_of(scene, photo, painted), skin_of(scene, canvas, painted)
    light = tone in ("very light", "light")
    pale = any(step.effect == "pale_skin" for step in style.steps)
    assert -0.06 < after[0] - before[0] < (0.09 if light and pale else 0.035)
    chroma = float(np.hypot(*after[1:]) / np.hypot(*before[1:]))
    assert (0.5 if light and pale else 0.75) < chroma < 1.35, "neither ash nor orange"
    assert ita(after) - ita(before) < (16 if light else 8), "no lighter skin than before"


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("effect", ["clown", "skull", "tiger"])
def test_pale_paint_is_pale_on_every_skin_and_warm_in_its_shade(
    toned: Callable[[str], Scene], effect: str, tone: str
) -> None:
    scene = toned(tone)
    photo = to_canvas(scene.pixels)
    canvas = photo.copy()
    layer = load_effect(effect).apply(scene, canvas, seed=7)
    lay(canvas, layer, 1.0)
    near = scene.near.rows_cols
    before, after = to_oklab(photo[near]), to_oklab(canvas[near])
    chin = np.zeros(scene.skin.shape, bool)
    x, y = np.round(scene.face.points[199] - scene.near.origin).astype(int)
    chin[y - 4 : y + 5, x - 6 : x + 7] = True
    chin &= scene.skin > 0.8
    assert np.median(after[chin][:, 0]) > max(0.66, np.median(before[chin][:, 0]) - 0.08)
    assert np.median(after[chin][:, 2]) > -0.005, "white paint is not blue"
    # the skin's own relief is still there
    assert after[chin][:, 0].std() > 0.25 * before[chin][:, 0].std()


@pytest.mark.parametrize("tone", TONES)
def test_lip_cheek_and_lid_colours_are_seen_on_every_skin(toned: Callable[[str], Scene], tone: str) -> None:
    scene = toned(tone)
    photo = to_oklab(to_canvas(scene.pixels)[scene.near.rows_cols])
    for effect, params, least in (
        ("lipstick", {"colour": "#a60f20", "amount": 0.9}, 0.05),
        ("blush", {"colour": "#d96a68", "amount": 0.4}, 0.006),
        ("eye_shadow", {"lid": "#d046a8", "amount": 0.85}, 0.05),
    ):
        canvas = to_canvas(scene.pixels)
        made = load_effect(effect).apply(scene, canvas, seed=7, **params)
        for layer in [made] if isinstance(made, Layer) else made:
            lay(canvas, layer, 1.0)
        after = to_oklab(canvas[scene.near.rows_cols])
        change = np.linalg.norm(after - photo, axis=2)
        assert np.percentile(change[change > 0.002], 90) > least, effect


def test_colours_stay_away_from_a_photo_without_colours(toned: Callable[[str], Scene]) -> None:
    scene = toned("medium")
    grey = np.repeat(scene.pixels.mean(axis=2, keepdims=True).round().astype(np.uint8), 3, axis=2)
    old = Scene(grey, scene.face, scene.finder)
    for style in STYLES:
        if style.name in ("red-lips", "clown", "butterfly", "drag"):
            canvas, _ = made_up(old, style)
            lab = to_oklab(canvas[old.near.rows_cols])
            assert float(np.hypot(lab[..., 1], lab[..., 2]).max()) < 0.04, style.name


def test_a_pigment_under_a_yellow_lamp_is_yellower_and_on_yellow_skin_it_is_itself(
    toned: Callable[[str], Scene],
) -> None:
    pink, look = np.asarray([0.6, 0.12, 0.0], np.float32), toned("light").complexion
    skin, lamp = (replace(look, tone=np.asarray(tone, np.float32)) for tone in ((0.75, 0.04, 0.07), (0.75, 0.03, 0.09)))
    assert skin.lit(pink, 0.5)[2] == 0
    assert 0.015 < lamp.lit(pink, 0.5)[2] < 0.04
