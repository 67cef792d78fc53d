"""Face paint: where it lies on the mesh, what it stays away from, and what every painted face promises."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from generation.engines.retouch.colour import resize, to_canvas, to_oklab
from generation.engines.retouch.effects import load_effect
from generation.engines.retouch.layer import Layer, lay
from generation.engines.retouch.masks import paintable
from generation.engines.retouch.painting import strokes
from generation.engines.retouch.painting.canonical import canonical_points, canonical_triangles
from generation.engines.retouch.painting.pigments import bent, shaded, sheet_for
from generation.engines.retouch.painting.sheet import Sheet
from generation.engines.retouch.painting.surface import surface_of
from generation.engines.retouch.scene import Scene
from generation.face.face import Face
from generation.face.finder import FaceFinder

PAINTS: dict[str, dict[str, Any]] = {
    "skull": {},
    "clown": {},
    "tiger": {},
    "butterfly": {},
    "scales": {},
    "neon_paint": {"dark": 0.0},
}
STEADY = (4, 6, 9, 33, 50, 61, 151, 199, 205, 263, 280, 291, 425)
"""Landmarks all over the face: nose, brow, eyes, cheeks, mouth's corners, chin."""


@pytest.fixture(scope="module")
def scene(astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder) -> Scene:
    return Scene(astronaut, astronaut_face, finder)


def knowing(scene: Scene) -> Scene:
    """The same scene anew, its hair found already: that takes longest."""
    other = Scene(scene.pixels, scene.face, scene.finder)
    other.__dict__["hair"] = scene.hair
    return other


def layers_of(scene: Scene, effect: str, canvas: np.ndarray, seed: int = 7, **params: Any) -> list[Layer]:
    made = load_effect(effect).apply(scene, canvas, seed=seed, **(PAINTS.get(effect, {}) | params))
    return [made] if isinstance(made, Layer) else list(made)


def drawn(scene: Scene, effect: str, strength: float = 1.0, **params: Any) -> np.ndarray:
    canvas = to_canvas(scene.pixels)
    for layer in layers_of(scene, effect, canvas, **params):
        lay(canvas, layer, strength)
    return canvas


def change_of(scene: Scene, effect: str, **params: Any) -> np.ndarray:
    """(near) how much each pixel changed."""
    change = np.abs(drawn(scene, effect, **params) - to_canvas(scene.pixels)).max(axis=2)
    return np.asarray(change[scene.near.rows_cols])


def test_the_flat_face_is_symmetric_and_covered_by_triangles() -> None:
    points, triangles = canonical_points(), canonical_triangles()
    mirror = points * (-1, 1)
    nearest = np.linalg.norm(points[:468, None] - mirror[None, :468], axis=2).min(axis=1)
    assert nearest.max() < 0.004
    corners = points[triangles]
    edges = corners[:, 1:] - corners[:, :1]
    area = np.abs(edges[:, 0, 0] * edges[:, 1, 1] - edges[:, 0, 1] * edges[:, 1, 0]).sum() / 2
    assert 0.9 < area < 1.4
    assert set(STEADY) <= set(triangles.ravel().tolist())


@pytest.mark.parametrize("times", [0.4, 1.0])
def test_each_landmark_is_found_at_its_place_on_the_sheet(scene: Scene, times: float) -> None:
    small = resize(scene.pixels, round(scene.height * times), round(scene.width * times))
    landmarks = (scene.face.landmarks * np.float32(times)).astype(np.float32)
    here = Scene(small, replace(scene.face, landmarks=landmarks), scene.finder)
    surface = surface_of(here)
    for index in STEADY:
        x, y = np.round(here.face.points[index] - surface.box.origin).astype(int)
        place = np.asarray([surface.x[y, x], surface.y[y, x]])
        assert np.linalg.norm(place - canonical_points()[index]) < 0.025 / times


def test_the_side_that_turns_away_is_seen_to_turn_away(scene: Scene) -> None:
    landmarks = scene.face.landmarks.copy()
    middle = landmarks[168, 0]
    far = landmarks[:, 0] > middle
    landmarks[far, 0] = middle + (landmarks[far, 0] - middle) * 0.04
    turned = Scene(scene.pixels, replace(scene.face, landmarks=landmarks), scene.finder)
    surface = surface_of(turned)
    x, y = np.round(turned.face.points[[50, 280]] - surface.box.origin).astype(int).T
    assert surface.facing[y[0], x[0]] > 0.9
    assert surface.facing[y[1], x[1]] < 0.6


@pytest.mark.parametrize("effect", PAINTS)
def test_paint_changes_nothing_outside_its_mask_and_near_the_face_only(scene: Scene, effect: str) -> None:
    canvas = to_canvas(scene.pixels)
    touched = np.zeros(canvas.shape[:2], np.float32)
    for layer in layers_of(scene, effect, canvas):
        assert layer.mask is not None
        assert np.isfinite(layer.colour).all()
        assert float(layer.mask.min()) >= 0
        assert float(layer.mask.max()) <= 1
        touched[layer.box.rows_cols] += layer.mask
    change = np.abs(drawn(scene, effect) - canvas).max(axis=2)
    assert change.max() > 0.2
    assert change[touched == 0].max() == 0
    outside = np.ones(change.shape, bool)
    outside[scene.near.rows_cols] = False
    assert change[outside].max() == 0


@pytest.mark.parametrize("effect", PAINTS)
def test_strength_0_is_the_photo_and_the_same_seed_paints_the_same(scene: Scene, effect: str) -> None:
    assert np.array_equal(drawn(scene, effect, strength=0.0), to_canvas(scene.pixels))
    canvas, before = to_canvas(scene.pixels), to_canvas(scene.pixels)
    assert np.array_equal(drawn(scene, effect), drawn(knowing(scene), effect))
    layers_of(scene, effect, canvas)
    assert np.array_equal(canvas, before), "an effect only reads the canvas"


@pytest.mark.parametrize("effect", ["skull", "clown", "tiger", "butterfly"])
def test_eyes_teeth_and_hair_stay_as_they_are(scene: Scene, effect: str) -> None:
    change = change_of(scene, effect)
    assert change[scene.eyes > 0.99].mean() < 0.02
    assert change[scene.mouth > 0.99].max() < 0.02
    assert change[scene.hair[scene.near.rows_cols] > 0.98].max() < 0.02


@pytest.mark.parametrize("effect", PAINTS)
def test_paint_lies_under_hands(scene: Scene, effect: str) -> None:
    covered = knowing(scene)
    covered.__dict__["in_front"] = np.ones(scene.pixels.shape[:2], np.float32)
    if effect != "neon_paint":  # its light falls on hands too
        assert change_of(covered, effect).max() == 0
    assert paintable(covered).max() == 0


def test_frames_of_glasses_stay_before_the_paint(scene: Scene) -> None:
    framed = knowing(scene)
    over = np.zeros_like(scene.occluders)
    x, y = np.round(scene.face.points[50] - scene.near.origin).astype(int)
    over[y - 6 : y + 7, x - 6 : x + 7] = 1
    framed.__dict__["occluders"] = over
    held = paintable(framed)[over > 0].mean()
    assert held <= 0.85 * paintable(scene)[over > 0].mean()


def test_teeth_are_painted_over_the_lips_and_sockets_around_the_eyes(scene: Scene) -> None:
    photo = to_oklab(to_canvas(scene.pixels)[scene.near.rows_cols])
    bone = to_oklab(drawn(scene, "skull")[scene.near.rows_cols])
    at = scene.face.points - scene.near.origin
    lips = scene.lips > 0.95
    assert np.median(bone[lips][:, 1]) < 0.5 * np.median(photo[lips][:, 1]), "no longer red"
    for index in (27, 257, 230, 450):
        x, y = np.round(at[index]).astype(int)
        assert bone[y, x, 0] < 0.35, "a dark socket"
    x, y = np.round(at[151]).astype(int)
    assert bone[y, x, 0] > 0.65, "bone"


def test_half_a_skull_leaves_the_other_half(scene: Scene) -> None:
    change = change_of(scene, "skull", half=True)
    at = np.round(scene.face.points - scene.near.origin).astype(int)
    (x, y), (other_x, other_y) = at[119], at[348]
    assert change[y, x] > 0.2
    assert change[other_y, other_x] == 0


def test_half_a_skull_is_on_the_side_that_is_seen(scene: Scene) -> None:
    landmarks = scene.face.landmarks.copy()
    middle = landmarks[4, 0]
    far = landmarks[:, 0] < middle
    landmarks[far, 0] = middle + (landmarks[far, 0] - middle) * 0.4
    turned = Scene(scene.pixels, replace(scene.face, landmarks=landmarks), scene.finder)
    turned.__dict__["hair"] = scene.hair
    change = change_of(turned, "skull", half=True)
    (x, y), (other_x, other_y) = np.round(turned.face.points[[348, 119]] - turned.near.origin).astype(int)
    assert change[y, x] > 0.2
    assert change[other_y, other_x] == 0


def test_sugar_skulls_have_coloured_petals(scene: Scene) -> None:
    plain, sugar = (to_oklab(drawn(scene, "skull", flowers=f)[scene.near.rows_cols]) for f in (0.0, 1.0))
    chroma = [
        float(np.percentile(np.hypot(lab[..., 1], lab[..., 2])[scene.face_oval > 0.9], 97)) for lab in (plain, sugar)
    ]
    assert chroma[1] > chroma[0] + 0.035


def test_a_red_nose_is_red_and_a_tiger_orange(scene: Scene) -> None:
    x, y = np.round(scene.face.points[4] - scene.near.origin).astype(int)
    nose = to_oklab(drawn(scene, "clown")[scene.near.rows_cols])[y - 2 : y + 3, x - 2 : x + 3]
    assert np.median(nose[..., 1]) > 0.12
    at = np.round(scene.face.points[[197, 195]].mean(axis=0) - scene.near.origin).astype(int)
    fur = to_oklab(drawn(scene, "tiger")[scene.near.rows_cols])[at[1] - 1 : at[1] + 2, at[0] - 1 : at[0] + 2]
    assert np.median(fur[..., 2]) > 0.08


def test_neon_glows_beyond_its_lines_and_dims_the_room(scene: Scene) -> None:
    photo = to_canvas(scene.pixels)
    lit, dark = drawn(scene, "neon_paint"), drawn(scene, "neon_paint", dark=1.0)
    near = scene.near.rows_cols
    assert float((lit[near] - photo[near]).max()) > 0.3
    assert float((lit[near] - photo[near]).min()) > -0.75
    assert dark[:40].mean() < 0.7 * photo[:40].mean()
    assert dark[near].max() > 0.95


@pytest.mark.parametrize("motif", ["hearts", "stars", "dots", "gems", "tears"])
def test_every_motif_is_drawn_on_both_cheeks(scene: Scene, motif: str) -> None:
    change = change_of(scene, "face_marks", motif=motif)
    middle = round(float(scene.face.points[168, 0] - scene.near.origin[0]))
    assert change[:, :middle].max() > 0.15
    assert change[:, middle:].max() > 0.15


def test_an_unknown_motif_is_refused_by_naming_those_there_are(scene: Scene) -> None:
    with pytest.raises(ValueError, match="hearts"):
        drawn(scene, "face_marks", motif="unicorns")


def test_a_gradient_lip_is_stronger_inside_and_an_overdrawn_one_is_larger(scene: Scene) -> None:
    plain, gradient, over = (change_of(scene, "lipstick", **each) for each in ({}, {"gradient": 1.0}, {"over": 1.0}))
    at = np.round(scene.face.points - scene.near.origin).astype(int)
    edge, inner = at[17], np.round(at[14] * 0.75 + at[17] * 0.25).astype(int)
    assert gradient[edge[1] - 1, edge[0]] < 0.6 * plain[edge[1] - 1, edge[0]]
    assert gradient[inner[1], inner[0]] > 0.6 * plain[inner[1], inner[0]]
    assert (over > 0.02).sum() > 1.04 * (plain > 0.02).sum()
    assert (over - plain)[scene.mouth > 0.99].max() < 0.02


def test_concealed_brows_lose_their_hairs_and_the_new_ones_lie_higher(scene: Scene) -> None:
    near = scene.near.rows_cols
    photo, high = (
        to_oklab(each[near])[..., 0]
        for each in (to_canvas(scene.pixels), drawn(scene, "brow_shape", arch=1.0, conceal=1.0, amount=1.0))
    )
    brows = scene.brows > 0.8
    assert np.percentile(high[brows], 20) > np.percentile(photo[brows], 20)
    rows = np.indices(photo.shape)[0]
    darker = np.clip(photo - high - 0.1, 0, 1)
    assert (rows * darker).sum() / darker.sum() < rows[brows].mean()


@pytest.mark.parametrize("times", [0.3, 1.4])
def test_paint_is_drawn_at_any_size(scene: Scene, times: float) -> None:
    size = resize(scene.pixels, round(scene.height * times), round(scene.width * times))
    landmarks = (scene.face.landmarks * np.float32(times)).astype(np.float32)
    here = Scene(size, replace(scene.face, landmarks=landmarks), scene.finder)
    for effect in PAINTS:
        share, own = change_of(here, effect).mean(), change_of(scene, effect).mean()
        assert 0.6 * own < share < 1.5 * own, effect


def test_paint_stays_within_a_picture_that_cuts_the_face(scene: Scene) -> None:
    x, y = np.round(scene.face.points[4]).astype(int)
    part = Scene(scene.pixels[:y, :x].copy(), replace(scene.face, landmarks=scene.face.landmarks.copy()), scene.finder)
    for effect in PAINTS:
        picture = drawn(part, effect)
        assert picture.shape == part.pixels.shape
        assert np.isfinite(picture).all()


def test_paint_is_darker_in_shade_and_brighter_where_skin_shines() -> None:
    tone = np.asarray([0.45, 0.04, 0.05], np.float32)
    skin = np.tile(tone, (1, 3, 1))
    skin[0, :, 0] = (0.25, 0.45, 0.7)
    white = np.tile(np.asarray([0.95, 0, 0], np.float32), (1, 3, 1))
    shade, lit, shine = shaded(skin, white, tone)[0]
    assert shade[0] < lit[0] < shine[0] <= 1
    assert lit[0] > 0.75
    assert shade[2] > lit[2] > -0.01, "the skin's warmth comes through in the shade"


def test_a_sheet_keeps_shapes_where_they_were_drawn(scene: Scene) -> None:
    sheet = sheet_for(scene)
    sheet.fill(strokes.disc((0.0, 0.2), 0.05), "#ff0000")
    sheet.spot((0.2, 0.2), (0.02, 0.02), "#00ff00", 0.5)
    sheet.fill([], "#0000ff")
    sheet.erase([strokes.disc((0.0, 0.2), 0.02)])
    colour, opacity = bent(sheet, surface_of(scene))
    assert colour.shape == (*opacity.shape, 3)
    assert 0.9 < opacity.max() <= 1
    assert Sheet(100.0).layers.sum() == 0


def test_strokes_taper_and_mirror() -> None:
    line = strokes.stroke([(0, 0), (1, 0)], (0.0, 0.2, 0.0))
    assert np.ptp(line[:, 1]) == pytest.approx(0.2, abs=0.02)
    left, right = strokes.both(line + (0.5, 0))
    assert np.allclose(left[:, 0], -right[:, 0])
    assert np.allclose(strokes.along([(0, 0), (2, 0)], 3)[1], (1, 0), atol=1e-3)
