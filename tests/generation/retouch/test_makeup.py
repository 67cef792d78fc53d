"""What every retouching and make-up effect promises, and what each one is for."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from generation.engines.retouch.colour import blur, from_oklab, resize, to_canvas, to_oklab
from generation.engines.retouch.effects import Skip, load_effect
from generation.engines.retouch.layer import Layer, lay
from generation.engines.retouch.lip_edge import lip_mask
from generation.engines.retouch.paint import box_around, lab_of, part
from generation.engines.retouch.scene import Scene
from generation.face.face import Face
from generation.face.finder import FaceFinder
from generation.face.regions import (
    CHEEK_LEFT,
    CHEEK_RIGHT,
    LIPS_OUTER,
    LOWER_LID_LEFT,
    LOWER_LID_RIGHT,
    UPPER_LID_LEFT,
    UPPER_LID_RIGHT,
    fill_polygons,
)
from generation.job import Note

EFFECTS = [
    "smooth_skin",
    "even_skin",
    "under_eyes",
    "brighten_eyes",
    "whiten_teeth",
    "pale_skin",
    "contour",
    "blush",
    "freckles",
    "eye_shadow",
    "eyeliner",
    "lashes",
    "brows",
    "iris",
    "lipstick",
    "fangs",
    "aegyo_sal",
    "cut_crease",
    "brow_shape",
    "face_marks",
]
TONES = {"fair": (0.86, 0.045), "medium": (0.68, 0.075), "deep": (0.45, 0.070)}
"""OKLab lightness and chroma of three complexions."""


@pytest.fixture(scope="module")
def scene(astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder) -> Scene:
    return Scene(astronaut, astronaut_face, finder)


@pytest.fixture(scope="module")
def toned(scene: Scene) -> Callable[[str], Scene]:
    """The astronaut with another complexion: the whole photo moved in OKLab, so that light and shade stay."""

    def tone(name: str) -> Scene:
        lightness, chroma = TONES[name]
        lab = to_oklab(scene.pixels)
        own = scene.complexion.tone
        lab[..., 0] *= lightness / own[0]
        lab[..., 1:] *= chroma / float(np.hypot(own[1], own[2]))
        pixels = np.round(from_oklab(lab) * 255).astype(np.uint8)
        return Scene(pixels, scene.face, scene.finder)

    return tone


def layers_of(scene: Scene, effect: str, canvas: np.ndarray, seed: int = 7, **params: Any) -> list[Layer]:
    module = load_effect(effect)
    made = module.apply(scene, canvas, seed=seed, **params)
    if made is None:
        return []
    return [made] if isinstance(made, Layer) else list(made)


def drawn(scene: Scene, effect: str, strength: float = 1.0, **params: Any) -> np.ndarray:
    """The photo with one effect laid on it."""
    canvas = to_canvas(scene.pixels)
    for layer in layers_of(scene, effect, canvas, **params):
        lay(canvas, layer, strength)
    return canvas


def median_skin(scene: Scene, canvas: np.ndarray) -> np.ndarray:
    """OKLab of the skin."""
    near: np.ndarray = to_oklab(canvas[scene.near.rows_cols])[scene.skin > 0.8]
    return np.asarray(np.median(near, axis=0))


@pytest.mark.parametrize("effect", EFFECTS)
def test_an_effect_does_something_inside_its_masks_only(scene: Scene, effect: str) -> None:
    canvas = to_canvas(scene.pixels)
    layers = layers_of(scene, effect, canvas)
    assert layers
    touched = np.zeros(canvas.shape[:2], np.float32)
    for layer in layers:
        assert layer.colour.shape == (layer.box.height, layer.box.width, 3)
        assert layer.mask is not None
        assert layer.mask.shape == (layer.box.height, layer.box.width)
        assert float(layer.mask.min()) >= 0
        assert float(layer.mask.max()) <= 1
        assert np.isfinite(layer.colour).all()
        touched[layer.box.rows_cols] += layer.mask
    change = np.abs(drawn(scene, effect) - canvas).max(axis=2)
    assert change.max() > 0.01
    assert change[touched == 0].max() == 0


@pytest.mark.parametrize("effect", EFFECTS)
def test_an_effect_leaves_the_picture_s_borders_and_background_alone(scene: Scene, effect: str) -> None:
    change = np.abs(drawn(scene, effect) - to_canvas(scene.pixels)).max(axis=2)
    outside = np.ones(change.shape, bool)
    outside[scene.near.rows_cols] = False
    assert change[outside].max() == 0


@pytest.mark.parametrize("effect", EFFECTS)
def test_strength_0_is_the_photo(scene: Scene, effect: str) -> None:
    assert np.array_equal(drawn(scene, effect, strength=0.0), to_canvas(scene.pixels))


@pytest.mark.parametrize("effect", EFFECTS)
def test_more_strength_changes_more(scene: Scene, effect: str) -> None:
    photo = to_canvas(scene.pixels)
    changes = [float(np.abs(drawn(scene, effect, strength=s) - photo).sum()) for s in (0.0, 0.25, 0.5, 1.0)]
    assert changes == sorted(changes)
    assert changes[3] > changes[1] > 0


@pytest.mark.parametrize("effect", EFFECTS)
def test_an_effect_changes_nothing_it_was_given(scene: Scene, effect: str) -> None:
    canvas = to_canvas(scene.pixels)
    before, skin = canvas.copy(), scene.skin.copy()
    layers_of(scene, effect, canvas)
    assert np.array_equal(canvas, before)
    assert np.array_equal(scene.skin, skin)


@pytest.mark.parametrize("effect", EFFECTS)
def test_the_same_seed_draws_the_same(scene: Scene, effect: str) -> None:
    fresh = Scene(scene.pixels, scene.face, scene.finder)
    assert np.array_equal(drawn(scene, effect), drawn(fresh, effect))


@pytest.mark.parametrize("effect", ["freckles", "lashes"])
def test_another_seed_scatters_otherwise(scene: Scene, effect: str) -> None:
    canvas = to_canvas(scene.pixels)
    first, second = (layers_of(scene, effect, canvas, seed=seed)[0] for seed in (1, 2))
    assert not np.array_equal(first.mask, second.mask)


@pytest.mark.parametrize("effect", ["lipstick", "blush", "eyeliner", "eye_shadow"])
def test_a_colour_that_is_none_is_refused(scene: Scene, effect: str) -> None:
    with pytest.raises(ValueError, match="colour"):
        drawn(scene, effect, **{"lid" if effect == "eye_shadow" else "colour": "crimson"})


def test_lipstick_colours_lips_and_leaves_teeth_and_skin(scene: Scene) -> None:
    near = scene.near.rows_cols
    before, after = to_oklab(to_canvas(scene.pixels)[near]), to_oklab(drawn(scene, "lipstick", colour="#b5101f")[near])
    change = np.abs(after - before).max(axis=2)
    teeth = (scene.mouth > 0.99) & (before[..., 0] > 0.75) & (before[..., 1] < 0.025)
    assert change[teeth].max() < 0.02
    assert change[scene.mouth > 0.99].mean() < 0.02, "but for the lips' own rim"
    assert change[(scene.skin > 0.9)].mean() < 0.002
    lips = scene.lips > 0.95
    assert (after[lips][:, 1] - before[lips][:, 1]).mean() > 0.04, "redder"
    assert after[lips][:, 0].std() > 0.5 * before[lips][:, 0].std(), "still shaped by light"


def test_teeth_lose_yellow_and_lips_keep_their_colour(scene: Scene) -> None:
    near = scene.near.rows_cols
    before, after = to_oklab(to_canvas(scene.pixels)[near]), to_oklab(drawn(scene, "whiten_teeth")[near])
    teeth = (scene.mouth > 0.9) & (before[..., 0] > 0.7)
    assert after[teeth][:, 2].mean() < before[teeth][:, 2].mean() - 0.005
    assert np.abs(after - before)[scene.lips > 0.99].max() < 0.01


def test_smoothing_takes_blotches_and_keeps_pores(scene: Scene) -> None:
    near, points = scene.near.rows_cols, scene.face.points
    lab = to_oklab(scene.pixels)
    y, x = np.mgrid[0 : scene.height, 0 : scene.width].astype(np.float32)
    blotch = np.exp(-(np.square(x - points[50][0]) + np.square(y - points[50][1])) / (2 * 2.0**2))
    pores = np.random.default_rng(3).normal(0, 0.015, lab.shape[:2])
    lab[..., 0] += (pores - 0.08 * blotch).astype(np.float32)
    marked = Scene(np.round(from_oklab(lab) * 255).astype(np.uint8), scene.face, scene.finder)
    before, after = (to_oklab(c[near])[..., 0] for c in (to_canvas(marked.pixels), drawn(marked, "smooth_skin")))
    outlines = points - scene.near.origin
    cheeks = fill_polygons(before.shape, [outlines[list(CHEEK_RIGHT)], outlines[list(CHEEK_LEFT)]]) > 0.9
    column, row = np.round(outlines[50]).astype(int)
    fine = [float((x - soft(x, 0.7))[cheeks].std()) for x in (before, after)]
    dark = [float(soft(x, 8.0)[row, column] - soft(x, 1.0)[row, column]) for x in (before, after)]
    assert fine[1] > 0.75 * fine[0]
    assert dark[1] < 0.75 * dark[0]


def soft(image: np.ndarray, sigma_px: float) -> np.ndarray:
    return blur(np.ascontiguousarray(image), sigma_px)


def test_both_eyes_are_painted_alike(scene: Scene) -> None:
    canvas = to_canvas(scene.pixels)
    for effect in ("eye_shadow", "eyeliner", "lashes"):
        right, left = layers_of(scene, effect, canvas)
        assert right.mask is not None
        assert left.mask is not None
        assert 0.65 < float(right.mask.sum() / left.mask.sum()) < 1.5


def test_closed_eyes_are_skipped_with_a_note(scene: Scene) -> None:
    landmarks = scene.face.landmarks.copy()
    for upper, lower in ((UPPER_LID_RIGHT, LOWER_LID_RIGHT), (UPPER_LID_LEFT, LOWER_LID_LEFT)):
        landmarks[list(upper)] = landmarks[list(lower)]
    asleep = Scene(scene.pixels, replace(scene.face, landmarks=landmarks), scene.finder)
    for effect in ("brighten_eyes", "iris"):
        with pytest.raises(Skip) as skipped:
            drawn(asleep, effect)
        assert skipped.value.note is Note.EYES_CLOSED


def test_closed_lids_are_painted_and_their_lashes_point_down(scene: Scene) -> None:
    landmarks = scene.face.landmarks.copy()
    for upper, lower in ((UPPER_LID_RIGHT, LOWER_LID_RIGHT), (UPPER_LID_LEFT, LOWER_LID_LEFT)):
        landmarks[list(upper)] = landmarks[list(lower)]
    asleep = Scene(scene.pixels, replace(scene.face, landmarks=landmarks), scene.finder)
    canvas = to_canvas(scene.pixels)
    for effect in ("eye_shadow", "eyeliner", "cut_crease"):
        assert layers_of(asleep, effect, canvas)
    for layer, lid in zip(layers_of(asleep, "lashes", canvas), (UPPER_LID_RIGHT, UPPER_LID_LEFT), strict=True):
        assert layer.mask is not None
        height = (np.indices(layer.mask.shape)[0] * layer.mask).sum() / layer.mask.sum() + layer.box.y0
        assert height > landmarks[list(lid), 1].mean()


def test_nothing_is_painted_over_what_lies_over_the_face(scene: Scene) -> None:
    covered = Scene(scene.pixels, scene.face, scene.finder)
    covered.__dict__["occluders"] = np.ones_like(scene.occluders)
    photo = to_canvas(scene.pixels)
    for effect in ("eye_shadow", "eyeliner", "lashes", "brows", "blush", "iris", "aegyo_sal", "cut_crease"):
        assert np.abs(drawn(covered, effect) - photo).max() == 0


def test_the_far_eye_of_a_turned_face_fades(scene: Scene) -> None:
    landmarks = scene.face.landmarks.copy()
    inner = landmarks[362].copy()
    far = [*UPPER_LID_LEFT, *LOWER_LID_LEFT]
    landmarks[far, 0] = inner[0] + (landmarks[far, 0] - inner[0]) * 0.3
    turned = Scene(scene.pixels, replace(scene.face, landmarks=landmarks), scene.finder)
    near_eye, far_eye = layers_of(turned, "eyeliner", to_canvas(scene.pixels))
    assert near_eye.mask is not None
    assert far_eye.mask is not None
    assert far_eye.mask.max() < 0.1 < near_eye.mask.max()


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("effect", EFFECTS)
def test_no_effect_bleaches_or_blackens_skin(toned: Callable[[str], Scene], effect: str, tone: str) -> None:
    scene = toned(tone)
    before, after = median_skin(scene, to_canvas(scene.pixels)), median_skin(scene, drawn(scene, effect))
    most = 0.10 if tone == "fair" else 0.03
    assert -0.05 < after[0] - before[0] < most


def test_red_lipstick_reads_on_every_complexion(toned: Callable[[str], Scene]) -> None:
    for tone in TONES:
        scene = toned(tone)
        near = scene.near.rows_cols
        lips = scene.lips > 0.95
        lab = to_oklab(drawn(scene, "lipstick", colour="#b5101f", amount=0.9)[near])
        skin = median_skin(scene, to_canvas(scene.pixels))
        assert np.median(lab[lips][:, 1]) > skin[1] + 0.04


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("cut", [(0.5, 0.0), (-0.5, 0.0), (0.0, 0.55), (0.0, -0.45)])
def test_a_face_cut_by_the_picture_s_edge_is_painted_as_far_as_it_shows(
    scene: Scene, effect: str, cut: tuple[float, float]
) -> None:
    centre = scene.face.points[4] + np.asarray(cut) * scene.face.height_px
    x, y = np.round(centre).astype(int)
    left, right = (x, scene.width) if cut[0] < 0 else (0, x) if cut[0] > 0 else (0, scene.width)
    top, bottom = (y, scene.height) if cut[1] < 0 else (0, y) if cut[1] > 0 else (0, scene.height)
    landmarks = scene.face.landmarks - np.asarray([left, top, 0], np.float32)
    part = Scene(scene.pixels[top:bottom, left:right].copy(), replace(scene.face, landmarks=landmarks), scene.finder)
    picture = drawn(part, effect)
    assert picture.shape == part.pixels.shape
    assert np.isfinite(picture).all()


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("times", [0.3, 0.6])
def test_a_small_face_is_painted_without_trouble(scene: Scene, effect: str, times: float) -> None:
    small = resize(scene.pixels, round(scene.height * times), round(scene.width * times))
    landmarks = (scene.face.landmarks * np.float32(times)).astype(np.float32)
    tiny = Scene(small, replace(scene.face, landmarks=landmarks), scene.finder)
    assert np.isfinite(drawn(tiny, effect)).all()


# some ask the person net too, which was not taught people upside down
@pytest.mark.parametrize("effect", [each for each in EFFECTS if each not in ("pale_skin", "brow_shape", "face_marks")])
@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_face_lying_on_its_side_is_painted_like_an_upright_one(scene: Scene, effect: str, turn: int) -> None:
    pixels = np.ascontiguousarray(np.rot90(scene.pixels, turn))
    landmarks = scene.face.landmarks.copy()
    for _ in range(turn):
        landmarks[:, 0], landmarks[:, 1] = landmarks[:, 1].copy(), scene.width - 1 - landmarks[:, 0]
    lying = Scene(pixels, replace(scene.face, landmarks=landmarks), scene.finder)
    back = np.rot90(drawn(lying, effect), -turn)
    upright, photo = drawn(scene, effect), to_canvas(scene.pixels)
    changed = float(np.abs(upright - photo).mean())
    assert 0.7 * changed < float(np.abs(back - photo).mean()) < 1.4 * changed


def test_lips_partly_in_the_shade_are_painted_there_too(scene: Scene) -> None:
    lab, edge = to_oklab(to_canvas(scene.pixels)), scene.face.points[[61, 13]].mean(axis=0)[0]
    near = scene.near.rows_cols
    lab[near] += (np.asarray([0.60, 0.08, 0.045]) - lab[near]) * scene.lips[..., None]
    lab *= np.where(np.arange(scene.width) < edge, 0.7, 1.0)[None, :, None].astype(np.float32)
    shaded = Scene(np.round(from_oklab(lab) * 255).astype(np.uint8), scene.face, scene.finder)
    box = box_around(shaded, shaded.face.points[list(LIPS_OUTER)], 0.07)
    mask, lips = lip_mask(shaded, lab_of(to_canvas(shaded.pixels), box), box), part(shaded, shaded.lips, box) > 0.9
    at = round(float(edge)) - box.x0
    left, right = (float(mask[:, side][lips[:, side]].mean()) for side in (slice(0, at), slice(at, None)))
    assert left > 0.7 * right


def test_lipstick_in_a_grey_photo_never_lightens_the_lips(scene: Scene) -> None:
    dark = np.repeat((scene.pixels.mean(axis=2, keepdims=True) * 0.4).astype(np.uint8), 3, axis=2)
    photo = Scene(dark, scene.face, scene.finder)
    before, after = to_canvas(dark), drawn(photo, "lipstick", colour="#f0a0a0", gloss=0.0)
    assert (after - before).max() < 0.01
