"""Glasses, hats and crowns: where they sit, what they leave alone, and that the frame never cuts them."""

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from generation.engines.retouch.colour import to_canvas, to_pixels
from generation.engines.retouch.effects import load_effect
from generation.engines.retouch.layer import Layer, lay
from generation.engines.retouch.objects.eyewear import rim, wears_glasses
from generation.engines.retouch.objects.frames import OUTLINES, fit, rim_path, temple_solid
from generation.engines.retouch.objects.hats import top_hat
from generation.engines.retouch.objects.headwear import seat, unless_cut
from generation.engines.retouch.objects.solid import Solid
from generation.engines.retouch.room import make_room
from generation.engines.retouch.scene import Scene
from generation.errors import StyleNeeds
from generation.face.face import Face
from generation.face.finder import FaceFinder
from generation.face.regions import EYE_LEFT, EYE_RIGHT, fill_polygons

WORN: list[tuple[str, dict[str, Any]]] = [
    *(("glasses", {"shape": shape}) for shape in OUTLINES),
    ("glasses", {"material": "metal", "thickness": 0.03}),
    ("witch_hat", {}),
    ("flower_crown", {}),
    ("crown", {}),
    ("top_hat", {}),
    ("beanie", {"cuff": "#e8dcc8", "pompon": "#f0ece4"}),
    ("viking_helmet", {}),
    ("nemes", {}),
    ("santa_hat", {}),
    ("cowboy_hat", {}),
    ("party_hat", {}),
    ("headphones", {}),
    ("halo", {}),
    ("horns", {}),
    ("animal_ears", {"kind": "cat"}),
    ("animal_ears", {"kind": "rabbit", "fur": "#efe9e4"}),
    ("elf_ears", {}),
]
HATS = ["top_hat", "beanie", "viking_helmet", "santa_hat", "cowboy_hat", "witch_hat", "crown", "flower_crown"]
GROWN = ["party_hat", "horns", "animal_ears"]
HEADWEAR = [*HATS, *GROWN]
BROWS = (105, 334, 66, 296)


@pytest.fixture(scope="module")
def scene(astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder) -> Scene:
    return Scene(astronaut, astronaut_face, finder)


def effect(name: str) -> Any:
    return load_effect(name)


def worn(scene: Scene, name: str, seed: int = 1, **params: Any) -> Layer:
    layer = effect(name).apply(scene, to_canvas(scene.pixels), seed=seed, **params)
    assert isinstance(layer, Layer)
    return layer


def touched(scene: Scene, layer: Layer) -> np.ndarray:
    """(H, W) bool: where the layer shows."""
    assert layer.mask is not None
    full = np.zeros((scene.height, scene.width), bool)
    full[layer.box.rows_cols] = layer.mask > 0.02
    return full


def changed(scene: Scene, layer: Layer, by: float = 0.06) -> np.ndarray:
    """(H, W) bool: where the picture is plainly another."""
    canvas = to_canvas(scene.pixels)
    lay(canvas, layer, 1.0)
    difference: np.ndarray = np.abs(canvas - to_canvas(scene.pixels)).max(2) > by
    return difference


def cropped(scene: Scene, top_px: int) -> Scene:
    """The same photo with so many rows cut off above."""
    landmarks = scene.face.landmarks - np.asarray([0, top_px, 0], np.float32)
    face = replace(scene.face, landmarks=landmarks, box=scene.face.box - np.asarray([0, top_px, 0, top_px], np.float32))
    return Scene(np.ascontiguousarray(scene.pixels[top_px:]), face, scene.finder)


@pytest.mark.parametrize(("name", "params"), WORN)
def test_strength_0_is_the_photo_and_more_strength_is_more(scene: Scene, name: str, params: dict[str, Any]) -> None:
    layer = worn(scene, name, **params)
    before = to_canvas(scene.pixels)
    amounts = []
    for strength in (0.0, 0.3, 0.7, 1.0):
        canvas = before.copy()
        lay(canvas, layer, strength)
        amounts.append(float(np.abs(canvas - before).mean()))
    assert amounts[0] == 0
    assert amounts == sorted(amounts)
    assert amounts[-1] > 3e-4


@pytest.mark.parametrize(("name", "params"), WORN)
def test_the_same_seed_draws_the_same(scene: Scene, name: str, params: dict[str, Any]) -> None:
    first, again = worn(scene, name, seed=4, **params), worn(scene, name, seed=4, **params)
    assert (first.colour == again.colour).all()


@pytest.mark.parametrize(("name", "params"), WORN)
def test_nothing_is_left_beyond_the_mask(scene: Scene, name: str, params: dict[str, Any]) -> None:
    layer = worn(scene, name, **params)
    canvas = to_canvas(scene.pixels)
    lay(canvas, layer, 1.0)
    outside = ~touched(scene, layer)
    assert np.abs(canvas - to_canvas(scene.pixels))[outside].max() < 0.02
    assert outside.mean() > 0.5


@pytest.mark.parametrize(("name", "params"), WORN)
def test_a_small_picture_is_no_obstacle(astronaut: np.ndarray, finder: FaceFinder, name: str, params: Any) -> None:
    small = cv2.resize(astronaut[:300, 60:360], (150, 150), interpolation=cv2.INTER_AREA)
    scene = Scene(small, finder.find(small)[0], finder)
    assert changed(scene, worn(scene, name, **params)).any()


@pytest.mark.parametrize("shape", OUTLINES)
def test_glasses_are_symmetric_about_the_nose(scene: Scene, shape: str) -> None:
    fitted = fit(scene.face)
    right, left = rim_path(fitted, shape, 0), rim_path(fitted, shape, 1)
    middle = fitted.lenses[:, 0].mean()
    assert np.allclose(right[:, 0] - middle, -(left[:, 0] - middle), atol=0.02 * fitted.eye_px)
    assert np.allclose(right[:, 1], left[:, 1], atol=0.01 * fitted.eye_px)
    assert abs(middle) < 0.05 * fitted.eye_px  # and the nose is in the middle


@pytest.mark.parametrize("shape", OUTLINES)
def test_the_eyes_are_behind_the_lenses(scene: Scene, shape: str) -> None:
    fitted = fit(scene.face)
    size = (scene.height, scene.width)
    for side, eye in ((0, EYE_RIGHT), (1, EYE_LEFT)):
        rim = fitted.head.place(rim_path(fitted, shape, side), fitted.origin)[:, :2]
        lens = fill_polygons(size, [rim])
        inside = fill_polygons(size, [scene.face.points[list(eye)]])
        assert float((lens * inside).sum() / inside.sum()) > 0.97


def test_sunglasses_darken_the_eyes_and_clear_glasses_do_not(scene: Scene) -> None:
    eyes = fill_polygons((scene.height, scene.width), [scene.face.points[list(EYE_LEFT)]]) > 0.5
    lightness = {}
    for name, lens in (("clear", {}), ("dark", {"lens_top": "#202020", "lens_bottom": "#404040"})):
        canvas = to_canvas(scene.pixels)
        lay(canvas, worn(scene, "glasses", **lens), 1.0)
        lightness[name] = float(canvas[eyes].mean())
    own = float(to_canvas(scene.pixels)[eyes].mean())
    assert lightness["clear"] == pytest.approx(own, abs=0.08)
    assert lightness["dark"] < 0.6 * own


def test_glasses_leave_mouth_and_crown_alone(scene: Scene) -> None:
    where = changed(scene, worn(scene, "glasses", shape="aviator"), by=0.02)
    points = scene.face.points.astype(int)
    assert not where[points[13, 1] - 3 :].any()
    assert not where[: points[10, 1]].any()


def test_glasses_turn_with_the_head(scene: Scene) -> None:
    turn = cv2.getRotationMatrix2D((256, 200), 20, 1.0)
    pixels = cv2.warpAffine(scene.pixels, turn, (512, 512), borderMode=cv2.BORDER_REFLECT)
    turned = Scene(pixels, scene.finder.find(pixels)[0], scene.finder)
    axis = fit(turned.face).head.axes[:2, 0]
    straight = fit(scene.face).head.axes[:2, 0]
    angle = np.degrees(np.arctan2(axis[1], axis[0]) - np.arctan2(straight[1], straight[0]))
    assert angle == pytest.approx(-20, abs=3)


@pytest.mark.parametrize("name", [name for name in HATS if name != "viking_helmet"])  # it has a nose guard
def test_headwear_stays_above_the_brows(scene: Scene, name: str) -> None:
    where = changed(scene, worn(scene, name), by=0.25)  # its shadow may fall on them
    points = scene.face.points[list(BROWS)].astype(int)
    middle = slice(points[:, 0].min(), points[:, 0].max())
    lowest = np.flatnonzero(where[:, middle].any(1)).max()
    assert lowest < points[:, 1].min()
    assert where[: points[:, 1].min()].sum() > 0.05 * scene.face.height_px**2


@pytest.mark.parametrize("name", HEADWEAR)
def test_a_photo_with_room_is_left_where_it_is(scene: Scene, name: str) -> None:
    roomy = cv2.copyMakeBorder(scene.pixels, 200, 0, 0, 0, cv2.BORDER_REPLICATE)
    landmarks = scene.face.landmarks + np.asarray([0, 200, 0], np.float32)
    assert effect(name).headroom(Scene(roomy, replace(scene.face, landmarks=landmarks), scene.finder)) == 0


@pytest.mark.parametrize(
    ("name", "top_px"),
    [*((name, 60) for name in HATS if name != "flower_crown"), ("top_hat", 0), ("witch_hat", 0), ("horns", 20)],
)
def test_the_frame_never_cuts_headwear(scene: Scene, name: str, top_px: int) -> None:
    tight = cropped(scene, top_px)
    needed = effect(name).headroom(tight)
    if top_px >= 50 and name not in ("flower_crown", "beanie"):
        assert needed > 0
    roomy = make_room(tight, needed) if needed >= 1 else tight
    assert (roomy.height, roomy.width) == (tight.height, tight.width)
    layer = worn(roomy, name)
    assert not changed(roomy, layer)[0].any()


def test_a_garland_on_a_head_the_photo_cuts_lies_in_what_it_shows(scene: Scene) -> None:
    tight = cropped(scene, int(scene.face.points[10][1] - 0.05 * scene.face.height_px))
    assert effect("flower_crown").headroom(tight) == 0
    where = changed(tight, worn(tight, "flower_crown"))
    middle = where[:, int(tight.face.points[10][0]) - 20 : int(tight.face.points[10][0]) + 20]
    assert middle[: int(tight.face.points[10][1])].mean() > 0.5
    assert not where[int(tight.face.points[list(BROWS), 1].max()) :, :].any()


def test_a_hat_is_lower_where_the_frame_would_cut_it(scene: Scene) -> None:
    seated = seat(scene, above=0.05, tilt_deg=5.0)

    def build(height_px: float) -> Solid:
        return top_hat(seated.across_px, seated.deep_px, 0.1 * seated.unit_px, height_px)

    def top(room_px: float) -> float:
        placed = replace(seated, origin=np.asarray([seated.origin[0], room_px, seated.origin[2]]))
        return float(unless_cut(placed, build, seated.unit_px).points[:, 1].min() - room_px)

    free, near, nearer = top(2.0 * seated.unit_px), top(0.8 * seated.unit_px), top(0.3 * seated.unit_px)
    assert free < -0.9 * seated.unit_px
    assert -0.8 * seated.unit_px <= near < nearer  # all of it shows
    assert nearer < 0.5 * free  # and it is never a flat cap


def test_hair_beside_the_face_lies_behind_a_frame_and_hair_over_it_before(scene: Scene) -> None:
    fitted = fit(scene.face)
    rim_x = int(fitted.head.place(rim_path(fitted, "square", 1), fitted.origin)[:, 0].max())
    y = slice(int(fitted.origin[1]), int(fitted.origin[1] + 0.3 * fitted.eye_px))
    shown = []
    for reach in (0.06, 0.5):  # from the rim's outer edge inwards
        other = Scene(scene.pixels, scene.face, scene.finder)
        other.__dict__["hair"] = np.zeros(scene.pixels.shape[:2], np.float32)
        other.__dict__["hair"][:, rim_x - int(reach * fitted.eye_px) :] = 1
        where = changed(other, worn(other, "glasses", shape="square", thickness=0.07), by=0.2)
        shown.append(where[y, rim_x - int(0.06 * fitted.eye_px) : rim_x].mean())
    assert shown[0] > 0.3
    assert shown[1] < 0.05


def test_a_temple_seen_from_the_front_does_not_hang(scene: Scene) -> None:
    fitted = fit(scene.face)
    low = replace(fitted, ears=fitted.ears - [[0, fitted.eye_px, 0], [0, fitted.eye_px, 0]])
    right, up = fitted.head.axes[:2, 0], fitted.head.axes[:2, 1]
    temple = temple_solid(low, "square", 0.05).points[:, :2] - fitted.origin[:2]
    level, fall = temple @ right, -(temple @ up)
    for side in (level < 0, level > 0):
        assert np.ptp(fall[side]) < 0.7 * np.ptp(level[side]) + 0.12 * fitted.eye_px


def test_glasses_are_not_put_over_glasses(scene: Scene) -> None:
    assert not wears_glasses(scene.pixels, scene.face)
    canvas = to_canvas(scene.pixels)
    lay(canvas, worn(scene, "glasses", shape="square", thickness=0.08), 1.0)
    wearing = Scene(to_pixels(canvas), scene.face, scene.finder)
    assert wears_glasses(wearing.pixels, wearing.face)
    with pytest.raises(StyleNeeds, match="without glasses"):
        worn(wearing, "glasses")


@pytest.mark.parametrize("name", ["crown", "beanie", "elf_ears"])
def test_in_a_black_and_white_photo_everything_worn_is_grey(scene: Scene, name: str) -> None:
    grey = np.repeat(cv2.cvtColor(scene.pixels, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)
    photo = Scene(grey, scene.face, scene.finder)
    for matte in ("person", "hair"):
        photo.__dict__[matte] = getattr(scene, matte)
    layer = worn(photo, name)
    assert layer.mask is not None
    assert np.ptp(layer.colour, axis=2)[layer.mask > 0.9].max() < 0.02


@pytest.mark.parametrize("shape", ["round", "aviator"])
def test_thin_wire_is_seen_too(scene: Scene, shape: str) -> None:
    canvas = to_canvas(scene.pixels)
    lay(canvas, worn(scene, "glasses", shape=shape, frame="#b8934e", material="metal", thickness=0.032), 1.0)
    wearing = to_pixels(canvas)
    assert rim(wearing, scene.face) > rim(scene.pixels, scene.face) + 0.02
    assert wears_glasses(wearing, scene.face)


def test_what_a_hat_cannot_be_is_said_before_anyone_waits() -> None:
    with pytest.raises(ValueError, match="triangle"):
        effect("glasses").check(shape="triangle")
    with pytest.raises(ValueError, match="wood"):
        effect("glasses").check(material="wood")
    with pytest.raises(ValueError, match="colour"):
        effect("flower_crown").check(colours=["pink"])
    with pytest.raises(ValueError, match="at least one"):
        effect("flower_crown").check(colours=[])
