"""Jewellery: it hangs from the ears a photo shows, lies on the neck it shows, and is left out where there is none."""

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from generation.engines.retouch.colour import to_canvas
from generation.engines.retouch.effects import Skip, load_effect
from generation.engines.retouch.layer import Layer, lay
from generation.engines.retouch.objects.ears import lobes
from generation.engines.retouch.objects.head import head_of
from generation.engines.retouch.objects.neck import neck_of
from generation.engines.retouch.scene import Scene
from generation.face.face import Face
from generation.face.finder import FaceFinder
from generation.job import Note
from tests.generation.face.test_hands import hand_at, with_hand

EARRINGS: list[dict[str, Any]] = [{"shape": "hoop"}, {"shape": "pearl", "size": 0.03}, {"shape": "drop", "size": 0.042}]
NECK: list[tuple[str, dict[str, Any]]] = [
    ("choker", {}),
    ("necklace", {}),
    ("necklace", {"shape": "pearls", "drop": 0.16, "thickness": 0.018}),
]
PIERCINGS = ["septum", "nostril", "lip", "brow"]
SKIN = np.asarray([217, 167, 140])


@pytest.fixture(scope="module")
def bare(astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder) -> Scene:
    """The astronaut with hair cut short, ears, and neck and shoulders without a suit, painted in plain skin."""
    face, unit = astronaut_face, astronaut_face.height_px
    picture = np.full_like(astronaut, 118)
    shape = np.zeros(astronaut.shape[:2], np.uint8)
    x, y = (int(v) for v in face.points[152])
    cv2.rectangle(shape, (x - int(0.30 * unit), y - 30), (x + int(0.30 * unit), y + int(0.5 * unit)), 1, -1)
    cv2.ellipse(shape, (x, y + int(1.25 * unit)), (int(1.1 * unit), int(0.85 * unit)), 0, 0, 360, 1, -1)
    for rim, sign in ((132, -1), (361, 1)):
        ear = face.points[rim] + [sign * 0.035 * unit, -0.14 * unit]
        cv2.ellipse(shape, (int(ear[0]), int(ear[1])), (int(0.07 * unit), int(0.15 * unit)), 0, 0, 360, 1, -1)
    soft = cv2.GaussianBlur(shape.astype(np.float32), (0, 0), 0.8)[..., None]
    picture = picture * (1 - soft) + SKIN * soft
    head = np.zeros(astronaut.shape[:2], np.uint8)
    oval = cv2.convexHull(face.points[:468].astype(np.int32))
    cv2.fillPoly(head, [oval], 1)
    soft = cv2.GaussianBlur(head.astype(np.float32), (0, 0), 1.0)[..., None]
    picture = (picture * (1 - soft) + astronaut * soft).astype(np.uint8)
    scene = Scene(picture, face, finder)
    scene.__dict__["hair"] = np.zeros(picture.shape[:2], np.float32)
    scene.__dict__["person"] = np.maximum(shape, head).astype(np.float32)
    scene.__dict__["raw_person"] = np.maximum(shape, head).astype(np.float32)
    return scene


def covered(scene: Scene, by: np.ndarray | None = None, hair: np.ndarray | None = None) -> Scene:
    """The scene with cloth of blue, or with hair, where the mask is 1."""
    mask = by if by is not None else hair
    assert mask is not None
    pixels = np.where(mask[..., None] > 0, np.uint8([40, 70, 150] if by is not None else [60, 40, 30]), scene.pixels)
    other = Scene(pixels.astype(np.uint8), scene.face, scene.finder)
    for name in ("hair", "person", "raw_person"):
        other.__dict__[name] = scene.__dict__[name].copy()
    if hair is not None:
        other.__dict__["hair"] = np.maximum(scene.hair, hair.astype(np.float32))
    return other


def worn(scene: Scene, name: str, seed: int = 1, **params: Any) -> Layer:
    layer = load_effect(name).apply(scene, to_canvas(scene.pixels), seed=seed, **params)
    assert isinstance(layer, Layer)
    return layer


def mask_of(scene: Scene, layer: Layer) -> np.ndarray:
    whole = np.zeros((scene.height, scene.width), np.float32)
    assert layer.mask is not None
    whole[layer.box.rows_cols] = layer.mask
    return whole


def change(scene: Scene, layer: Layer) -> np.ndarray:
    """(H, W) how much each pixel is changed, 0 to 1."""
    before = to_canvas(scene.pixels)
    after = before.copy()
    lay(after, layer, 1.0)
    return np.abs(after - before).max(2)


def test_both_lobes_are_found_beside_the_jaws_edge(bare: Scene) -> None:
    unit = bare.face.height_px
    left, right = lobes(bare)
    for lobe, rim in ((left, 132), (right, 361)):
        off = (lobe.at[:2] - bare.face.points[rim]) / unit
        assert abs(off[1]) < 0.07
        assert abs(off[0]) < 0.08
    assert left.at[0] < bare.face.points[132][0]
    assert right.at[0] > bare.face.points[361][0]


def test_an_ear_under_hair_gets_no_earring_and_two_are_a_note(bare: Scene) -> None:
    curtain = np.zeros((bare.height, bare.width), np.uint8)
    points = bare.face.points
    curtain[: int(points[152][1]), int(points[361][0]) - 2 :] = 1
    assert [lobe.outwards[0] < 0 for lobe in lobes(covered(bare, hair=curtain))] == [True]
    curtain[: int(points[152][1]), : int(points[132][0]) + 3] = 1
    with pytest.raises(Skip) as skip:
        worn(covered(bare, hair=curtain), "earrings")
    assert skip.value.note is Note.EARS_HIDDEN


def test_a_lobe_that_looks_out_from_under_hair_is_found(
    astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder
) -> None:
    """Looked at in an enlargement: it hangs at (178, 124)."""
    found = lobes(Scene(astronaut, astronaut_face, finder))
    assert min(np.linalg.norm(lobe.at[:2] - [178, 124]) for lobe in found) < 5


@pytest.mark.parametrize("params", EARRINGS, ids=[each["shape"] for each in EARRINGS])
def test_earrings_hang_below_the_lobes(bare: Scene, params: dict[str, Any]) -> None:
    mask = mask_of(bare, worn(bare, "earrings", **params))
    unit = bare.face.height_px
    y, x = np.nonzero(mask > 0.5)
    assert len(y) > 20
    lowest = max(lobe.at[1] for lobe in lobes(bare))
    assert y.min() > min(lobe.at[1] for lobe in lobes(bare)) - 0.06 * unit
    assert lowest < y.max() < lowest + 0.33 * unit
    middle = bare.face.points[[132, 361], 0].mean()
    assert not ((np.abs(x - middle) < 0.25 * unit) & (y < bare.face.points[152][1])).any(), "nothing lies on the cheeks"


def test_earrings_hang_straight_down_from_a_tilted_head(bare: Scene) -> None:
    """Only the head turns: about the lobe, a pearl's middle stays below it."""
    turn = cv2.getRotationMatrix2D((256, 180), 20, 1.0)
    pixels = cv2.warpAffine(bare.pixels, turn, (512, 512), borderMode=cv2.BORDER_REPLICATE)
    landmarks = bare.face.landmarks.copy()
    landmarks[:, :2] = landmarks[:, :2] @ turn[:, :2].T + turn[:, 2]
    tilted = Scene(pixels, replace(bare.face, landmarks=landmarks.astype(np.float32)), bare.finder)
    for name in ("hair", "person", "raw_person"):
        tilted.__dict__[name] = cv2.warpAffine(bare.__dict__[name], turn, (512, 512))
    for lobe in lobes(tilted):
        mask = mask_of(tilted, worn(tilted, "earrings", shape="pearl", size=0.03))
        around = mask[:, int(lobe.at[0]) - 12 : int(lobe.at[0]) + 13]
        y, x = np.nonzero(around[int(lobe.at[1]) + 6 :] > 0.5)
        assert abs(float(x.mean()) - 12) < 3


def test_the_neck_is_found_below_the_chin_and_as_wide_as_it_is(bare: Scene) -> None:
    neck = neck_of(bare)
    assert neck is not None
    chin, unit = bare.face.points[152], head_of(bare.face).height_px
    assert 0.1 < (neck.centre_px[1] - chin[1]) / unit < 0.35
    assert abs(neck.centre_px[0] - chin[0]) < 0.06 * unit
    assert neck.half_px == pytest.approx(0.30 * bare.face.height_px, rel=0.15)


@pytest.mark.parametrize(("name", "params"), NECK, ids=["choker", "chain", "pearls"])
def test_what_is_worn_around_the_neck_lies_below_the_face(bare: Scene, name: str, params: dict[str, Any]) -> None:
    mask = mask_of(bare, worn(bare, name, **params))
    y, x = np.nonzero(mask > 0.9)
    chin, unit = bare.face.points[152], bare.face.height_px
    assert len(y) > 100
    assert y.min() > chin[1] - 0.1 * unit
    assert y.max() < chin[1] + 1.0 * unit
    assert abs(float(x.mean()) - chin[0]) < 0.06 * unit


@pytest.mark.parametrize(("name", "params"), NECK, ids=["choker", "chain", "pearls"])
def test_cloth_up_to_the_chin_leaves_no_room(bare: Scene, name: str, params: dict[str, Any]) -> None:
    collar = np.zeros((bare.height, bare.width), np.uint8)
    collar[int(bare.face.points[152][1]) + 2 :] = 1
    with pytest.raises(Skip) as skip:
        worn(covered(bare, by=collar), name, **params)
    assert skip.value.note is Note.NECK_HIDDEN


def test_a_chain_is_shorter_over_a_collar(bare: Scene) -> None:
    collar = np.zeros((bare.height, bare.width), np.uint8)
    edge = int(bare.face.points[152][1] + 0.48 * bare.face.height_px)
    collar[edge:] = 1
    long = mask_of(bare, worn(bare, "necklace"))
    short = mask_of(bare, worn(covered(bare, by=collar), "necklace"))
    assert np.nonzero(short > 0.5)[0].max() <= edge + 3 < np.nonzero(long > 0.5)[0].max()


@pytest.mark.parametrize(("name", "params"), NECK, ids=["choker", "chain", "pearls"])
def test_hair_and_hands_before_the_neck_stay_before_it(bare: Scene, name: str, params: dict[str, Any]) -> None:
    strand = np.zeros((bare.height, bare.width), np.uint8)
    x = int(bare.face.points[152][0] + 0.12 * bare.face.height_px)
    strand[:, x : x + 12] = 1
    other = covered(bare, hair=strand)
    assert change(other, worn(other, name, **params))[:, x + 3 : x + 9].max() < 0.03
    wrist = (272, 300)
    picture, _ = with_hand(bare.pixels, wrist)
    held = Scene(picture, replace(bare.face, hands=(hand_at(wrist),)), bare.finder)
    for mattes in ("hair", "person", "raw_person"):
        held.__dict__[mattes] = bare.__dict__[mattes]
    changed = change(held, worn(held, name, **params))
    hand = cv2.erode((held.in_front > 0.99).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    assert changed[hand].max() < 0.03 < changed.max()


@pytest.mark.parametrize("place", PIERCINGS)
def test_a_piercing_is_where_it_belongs(bare: Scene, place: str) -> None:
    at = {"septum": 2, "nostril": 278, "lip": 314, "brow": 282}[place]
    y, x = np.nonzero(mask_of(bare, worn(bare, "piercing", places=[place])) > 0.5)
    assert len(y) > 5
    off = np.asarray([x.mean(), y.mean()]) - bare.face.points[at]
    assert np.linalg.norm(off) < 0.09 * bare.face.height_px


def test_a_piercing_at_the_other_side_is_the_mirror_image(bare: Scene) -> None:
    one, other = (worn(bare, "piercing", places=["nostril"], mirrored=side) for side in (False, True))
    assert one.box.x0 > other.box.x0


def test_a_brow_under_a_fringe_leaves_its_barbell_to_the_other(bare: Scene) -> None:
    x, y = bare.face.points[334]
    fringe = np.zeros(bare.pixels.shape[:2], bool)
    fringe[: int(y + 0.02 * bare.face.height_px), int(bare.face.points[10][0]) :] = True
    scene = covered(bare, hair=fringe)
    middle = int(bare.face.points[168][0])
    for photo, is_right in ((bare, True), (scene, False)):
        where = change(photo, worn(photo, "piercing", places=["brow"])) > 0.1
        assert (np.flatnonzero(where.any(0)).mean() > middle) == is_right


def test_a_ribbon_is_left_out_where_one_half_of_the_neck_shows(bare: Scene) -> None:
    cloth = np.zeros(bare.pixels.shape[:2], bool)
    cloth[int(bare.face.points[152][1] + 5) :, : int(bare.face.points[152][0] + 0.08 * bare.face.height_px)] = True
    with pytest.raises(Skip):
        worn(covered(bare, by=cloth), "choker")


@pytest.mark.parametrize(
    ("name", "params"),
    [("earrings", {}), ("choker", {}), ("necklace", {}), ("piercing", {"places": PIERCINGS})],
    ids=["earrings", "choker", "necklace", "piercing"],
)
def test_jewellery_is_pure_and_local(bare: Scene, name: str, params: dict[str, Any]) -> None:
    canvas = to_canvas(bare.pixels)
    before = canvas.copy()
    one = load_effect(name).apply(bare, canvas, seed=3, **params)
    other = load_effect(name).apply(bare, canvas, seed=3, **params)
    assert np.array_equal(canvas, before)
    assert np.array_equal(one.colour, other.colour)
    lay(canvas, one, 1.0)
    outside = mask_of(bare, one) == 0
    assert np.array_equal(canvas[outside], before[outside])
    assert not np.array_equal(canvas, before)
    assert outside.mean() > 0.8


@pytest.mark.parametrize(
    ("name", "params"),
    [("earrings", {"shape": "cube"}), ("necklace", {"shape": "rope"}), ("piercing", {"places": ["tongue"]})],
)
def test_what_there_is_not_is_said(name: str, params: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"there (is|are)|some of"):
        load_effect(name).check(**params)


def test_a_choker_sits_above_a_collar_and_never_along_its_hem(bare: Scene) -> None:
    neck = neck_of(bare)
    assert neck is not None
    rows = np.arange(bare.height)[:, None] * np.ones(bare.width)
    hem = float(neck.centre_px[1]) + 0.07 * neck.unit_px
    dressed = covered(bare, by=rows > hem)
    mask = mask_of(dressed, worn(dressed, "choker", drop=0.0))
    x = int(neck.centre_px[0])
    lowest = float(np.flatnonzero(mask[:, x] > 0.9).max())
    assert lowest < hem
    plain = mask_of(bare, worn(bare, "choker", drop=0.0))
    assert np.flatnonzero(mask[:, x] > 0.9).mean() < np.flatnonzero(plain[:, x] > 0.9).mean() - 0.02 * neck.unit_px


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_stud_sits_on_the_wing_of_the_nose_not_beside_it(bare: Scene, mirrored: bool) -> None:
    face = bare.face
    y, x = np.nonzero(mask_of(bare, worn(bare, "piercing", places=["nostril"], mirrored=mirrored)) > 0.9)
    stud = (np.asarray([x.mean(), y.mean()]) - face.points[4]) @ face.right
    edge = (face.points[48 if mirrored else 278] - face.points[4]) @ face.right
    assert 0.4 < stud / edge < 0.97


def test_pearls_are_not_laid_along_a_hem(bare: Scene) -> None:
    neck = neck_of(bare)
    assert neck is not None
    plain = mask_of(bare, worn(bare, "necklace", shape="pearls", drop=0.16, thickness=0.018))
    x = int(neck.centre_px[0])
    low = float(np.flatnonzero(plain[:, x - 3 : x + 4].max(1) > 0.9).max())
    rows = np.arange(bare.height)[:, None] * np.ones(bare.width)
    dressed = covered(bare, by=rows > low - 0.03 * neck.unit_px)
    with pytest.raises(Skip) as skipped:
        worn(dressed, "necklace", shape="pearls", drop=0.16, thickness=0.018)
    assert skipped.value.note is Note.NECK_HIDDEN
