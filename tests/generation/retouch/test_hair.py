from dataclasses import replace

import cv2
import numpy as np
import pytest

from generation.engines.retouch.colour import blur, from_oklab, parse_colour, to_canvas, to_oklab, to_pixels
from generation.engines.retouch.effects import Skip
from generation.engines.retouch.effects.hair import hair_colour, hair_sections, hair_streaks
from generation.engines.retouch.layer import Layer, lay
from generation.engines.retouch.mattes import hairtrim
from generation.engines.retouch.salon import dye, hairdo
from generation.engines.retouch.salon.chair import look_for_hair, salon
from generation.engines.retouch.scene import Scene
from generation.face.face import Face
from generation.face.finder import FaceFinder
from generation.face.regions import EYE_LEFT, EYE_RIGHT, LIPS_OUTER, OVAL, fill_polygons
from generation.job import Note

DYES = ["#d9699c", "#2f62b4", "#bcc0c6", "#a9552e"]


@pytest.fixture(scope="module")
def scene(astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder) -> Scene:
    return Scene(astronaut, astronaut_face, finder)


@pytest.fixture(scope="module")
def inner_face(scene: Scene) -> np.ndarray:
    """Bool (H, W): cheeks, nose, mouth and chin, a little inside the outline."""
    outline = scene.face.points[list(OVAL)]
    middle = outline.mean(0)
    low = scene.face.points[168][1]
    mask = fill_polygons(scene.pixels.shape, [middle + (outline - middle) * 0.85]) > 0.5
    mask[: int(low)] = False
    return mask


def dyed(scene: Scene, colour: str, strength: float = 1.0) -> np.ndarray:
    canvas = to_canvas(scene.pixels)
    layer = hair_colour.apply(scene, canvas, seed=1, colour=colour)
    lay(canvas, layer, strength)
    return to_pixels(canvas)


def at(plane: np.ndarray, point: np.ndarray) -> np.ndarray:
    """The 3 x 3 px around a point."""
    x, y = point.round().astype(int)
    return plane[y - 1 : y + 2, x - 1 : x + 2]


def delta_e(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """CIE 1976, between two (H, W, 3) uint8 pictures."""
    lab = [cv2.cvtColor(to_canvas(each), cv2.COLOR_RGB2LAB) for each in (a, b)]
    difference: np.ndarray = np.linalg.norm(lab[0] - lab[1], axis=-1)
    return difference


def test_hair_is_found_on_the_crown_and_nowhere_on_the_face(scene: Scene, inner_face: np.ndarray) -> None:
    unit = scene.face.height_px
    crown = (scene.face.points[10] + scene.face.up * 0.3 * unit).astype(int)
    assert scene.hair[crown[1] - 5 : crown[1] + 5, crown[0] - 5 : crown[0] + 5].min() > 0.9
    assert scene.hair[inner_face].max() < 0.05
    assert 0.02 < scene.hair.mean() < 0.1
    assert scene.hair[300:].max() == 0  # the suit


def test_hair_is_never_found_in_eyes_or_lips(scene: Scene) -> None:
    features = [scene.face.points[list(indexes)] for indexes in (EYE_LEFT, EYE_RIGHT, LIPS_OUTER)]
    inside = fill_polygons(scene.pixels.shape, features) > 0.5
    assert scene.hair[inside].max() < 0.01


def test_a_fair_fringe_is_hair_to_its_ends_and_the_forehead_below_is_not(scene: Scene) -> None:
    face, unit = scene.face, scene.face.height_px
    for aside in (-0.15, -0.05, 0.05):
        ends = face.points[168] + (face.up * 0.26 + face.right * aside) * unit
        below = face.points[168] + (face.up * 0.12 + face.right * aside) * unit
        assert at(scene.hair, ends).min() > 0.8
        assert at(scene.hair, below).max() < 0.02
        changed = delta_e(dyed(scene, "#d9699c"), scene.pixels)
        assert at(changed, ends).min() > 15
        assert at(changed, below).max() < 3


@pytest.mark.parametrize(("lightness", "wide", "kept"), [(12, 0.15, False), (12, 0.9, True), (90, 0.15, True)])
def test_a_little_black_hair_before_a_black_wall_is_not_guessed(
    scene: Scene, lightness: int, wide: float, kept: bool
) -> None:
    known = scene.hair_cells.cells
    right, up = known.places
    person = ((np.abs(right) < 0.3 + wide) & (up > -1.2)).astype(np.float32)
    hair = (right > 0.3) & (right < 0.3 + wide) & (up > -0.9)
    colours = np.full((*known.shape, 3), 10, np.uint8)
    colours[hair] = lightness
    share = hairtrim._out_of_the_dark(replace(known, colours=colours, person=person), hair.astype(np.float32))
    assert share[hair & (up < -0.4)].min() == kept
    assert share[hair & (up < -0.4)].max() == kept
    assert share[hair & (up > 0)].min() == 1


@pytest.mark.parametrize(("far", "wide", "kept"), [(60, 0.2, False), (2, 0.2, True), (60, 0.9, True)])
def test_a_little_of_another_colour_below_the_chin_is_a_collar(
    scene: Scene, far: float, wide: float, kept: bool
) -> None:
    cells = scene.hair_cells.cells
    right, up = cells.places
    low = (np.abs(right) < wide) & (up < -0.6) & (up > -0.85)
    share = (low | ((up > 0.4) & (up < 0.7))).astype(np.float32)
    plain = np.zeros(cells.shape, bool)
    shell = hairtrim.Shell(plain, plain, np.full(cells.shape, far, np.float32), 10.0, 1.0, plain)
    left = hairtrim._without_collar(cells, shell, share)
    assert left[low].min() == kept
    assert left[low].max() == kept
    assert left[up > 0].min() == 1


@pytest.mark.parametrize(("smooth", "found"), [(False, True), (True, False)])
def test_a_lock_over_the_cheek_is_told_from_a_shadow_by_its_strands(scene: Scene, smooth: bool, found: bool) -> None:
    known = scene.hair_cells.cells
    right, up = known.sideways, known.up
    lock = (right > 0.15) & (right < 0.5) & (up > -0.4) & (up < 0.7)
    noise = np.random.default_rng(3).integers(30, 90, known.shape)
    strands = np.where((up < 0.3) & smooth, 60, noise)
    colours = np.where(lock, strands, 190).astype(np.uint8)[..., None].repeat(3, 2)
    cells = replace(known, colours=colours, person=np.ones(known.shape, np.float32))
    away = np.where(lock, 2, 90).astype(np.float32)
    plain = np.zeros(known.shape, bool)
    shell = hairtrim.Shell(lock & (up > 0.5), lock, away, 10.0, 1.0, plain)
    skin = hairtrim.Skin(away, away, 75.0, np.zeros(3, np.float32), plain, plain)
    cheek = lock & (right < 0.25) & (up < -0.1) & (up > -0.25)
    told = hairtrim.locks_of(cells, skin, shell)
    assert bool(told[cheek].mean() > 0.5) == found
    assert not told[~lock].any()


@pytest.mark.parametrize("colour", DYES)
def test_a_dye_leaves_the_skin_as_it_was(scene: Scene, inner_face: np.ndarray, colour: str) -> None:
    changed = delta_e(dyed(scene, colour), scene.pixels)[inner_face]
    assert changed.max() < 3


@pytest.mark.parametrize("colour", DYES)
def test_a_dye_changes_nothing_outside_the_hair(scene: Scene, colour: str) -> None:
    outside = scene.hair == 0
    assert np.array_equal(dyed(scene, colour)[outside], scene.pixels[outside])


@pytest.mark.parametrize("colour", ["#d9699c", "#2f62b4", "#a9552e"])
def test_hair_takes_the_hue_of_the_dye_and_keeps_its_own_light_and_shadow(scene: Scene, colour: str) -> None:
    core = scene.hair > 0.95
    before, after = to_oklab(scene.pixels)[core], to_oklab(dyed(scene, colour))[core]
    aim = to_oklab(np.float32([[[int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]]]))[0, 0]
    median = np.median(after, 0)
    turned = np.degrees(np.arctan2(median[2], median[1]) - np.arctan2(aim[2], aim[1]))
    assert abs((turned + 180) % 360 - 180) < 20
    assert np.corrcoef(before[:, 0], after[:, 0])[0, 1] > 0.85


def test_black_hair_is_not_bleached_to_white() -> None:
    own = np.linspace(0.05, 0.3, 400, dtype=np.float32).reshape(20, 20)
    lab = np.stack([own, np.zeros_like(own), np.zeros_like(own)], -1)
    white = np.float32([0.95, 0, 0])
    new = dye.dyed(dye.Hair(lab, np.ones(own.shape, bool), 1.0, 200), dye.Dyes(white[None]), 0.44)
    assert np.median(new[..., 0]) < 0.65
    assert new[..., 0].max() < 0.9


def test_hair_that_the_camera_showed_all_black_is_dyed_in_strands(scene: Scene) -> None:
    black = scene.pixels.copy()
    black[scene.hair > 0.02] = 3
    crushed = replace(scene, pixels=black)
    crushed.__dict__.update(hair=scene.hair, hair_cells=scene.hair_cells)
    core = scene.hair > 0.95
    assert to_oklab(dyed(crushed, "#2f62b4"))[core][:, 0].std() > 0.012
    kept = hair_colour.apply(crushed, to_canvas(black), seed=1, colour="#1c1b20", lift=0.0, roots=0.0)
    assert np.abs(shown(crushed, kept)[core].astype(int) - 3).max() < 8


def test_a_bald_head_has_no_hair_and_is_left_alone(scene: Scene) -> None:
    bald = shaved(scene)
    assert bald.hair.max() == 0
    with pytest.raises(Skip) as skipped:
        hair_colour.apply(bald, to_canvas(bald.pixels), seed=1)
    assert skipped.value.note is Note.NO_HAIR


def test_a_photo_too_blurred_to_show_where_hair_ends_is_left_alone_and_says_so(scene: Scene) -> None:
    large = cv2.resize(scene.pixels, None, fx=2, fy=2)
    face = replace(scene.face, landmarks=scene.face.landmarks * 2)
    for sigma, note in ((0.0, None), (0.03 * face.height_px, Note.SOFT_PHOTO)):
        person = Scene(cv2.GaussianBlur(large, (0, 0), sigma) if sigma else large, face, scene.finder)
        person.__dict__["hair"] = cv2.resize(scene.hair, None, fx=2, fy=2)
        try:
            look_for_hair(person)
            said = None
        except Skip as skipped:
            said = skipped.note
        assert said is note


def test_a_stronger_dye_changes_more(scene: Scene) -> None:
    changes = [delta_e(dyed(scene, "#2f62b4", strength), scene.pixels).mean() for strength in (0, 0.3, 0.6, 1)]
    assert changes[0] == 0
    assert changes == sorted(changes)
    assert changes[3] > 2 * changes[1]


@pytest.mark.parametrize("share", [0.8, 0.6])
def test_darker_skin_is_left_as_it_was_too(scene: Scene, inner_face: np.ndarray, share: float) -> None:
    lab = to_oklab(scene.pixels)
    skin = scene.person * (1 - cv2.dilate(scene.hair, np.ones((5, 5), np.uint8)))
    lab[..., 0] *= 1 - (1 - share) * blur(skin, 1)
    darker = Scene(to_pixels(from_oklab(lab)), scene.face, scene.finder)
    assert np.minimum(darker.hair, scene.hair).sum() > 0.75 * scene.hair.sum()
    assert delta_e(dyed(darker, "#bcc0c6"), darker.pixels)[inner_face].max() < 3


@pytest.mark.parametrize("colour", [(92, 120, 110), (120, 116, 118)])
def test_a_scarf_is_no_hair(scene: Scene, colour: tuple[int, int, int]) -> None:
    folds = 1 + 0.15 * np.sin(np.mgrid[0:512, 0:512].sum(0) / 30)[..., None]
    cover = blur(cv2.dilate(scene.hair, np.ones((9, 9), np.uint8)), 1)[..., None]
    worn = scene.pixels + cover * (np.float32(colour) * folds - scene.pixels)
    scarf = Scene(np.clip(worn, 0, 255).astype(np.uint8), scene.face, scene.finder)
    with pytest.raises(Skip) as skipped:
        hair_colour.apply(scarf, to_canvas(scarf.pixels), seed=1)
    assert skipped.value.note is Note.NO_HAIR


@pytest.mark.parametrize("colour", ["#2f62b4", "#bcc0c6", "#2f8f5b"])
def test_dyed_hair_can_be_dyed_again(scene: Scene, colour: str) -> None:
    again = Scene(dyed(scene, colour), scene.face, scene.finder)
    assert np.minimum(again.hair, scene.hair).sum() > 0.7 * scene.hair.sum()


def shown(scene: Scene, layer: Layer) -> np.ndarray:
    canvas = to_canvas(scene.pixels)
    lay(canvas, layer, 1.0)
    return to_pixels(canvas)


def test_two_halves_meet_above_the_nose(scene: Scene) -> None:
    colours = ("#d9699c", "#2f62b4")
    layer = hair_sections.apply(scene, to_canvas(scene.pixels), seed=1, colours=colours)
    both, pink, blue = shown(scene, layer), dyed(scene, colours[0]), dyed(scene, colours[1])
    aside = (np.mgrid[0:512, 0:512][1] - scene.face.points[168][0]) / scene.face.height_px
    for where, one, other in ((aside < -0.2, pink, blue), (aside > 0.2, blue, pink)):
        core = (scene.hair > 0.95) & where
        assert delta_e(both, one)[core].mean() < 0.4 * delta_e(both, other)[core].mean()


def test_sections_want_colours_and_two_of_them() -> None:
    for wrong in (["#d9699c"], ["#d9699c", "blue"]):
        with pytest.raises(ValueError, match="two or more|not a colour"):
            hair_sections.check(colours=wrong)
    hair_sections.check()


@pytest.mark.parametrize("params", [{"keep": 1.0}, {"only_ends": 1.0}])
def test_grown_out_hair_keeps_its_own_colour_at_the_roots(scene: Scene, params: dict[str, float]) -> None:
    plain = hair_colour.apply(scene, to_canvas(scene.pixels), seed=1, colour="#2f62b4", roots=0.0)
    grown = hair_colour.apply(scene, to_canvas(scene.pixels), seed=1, colour="#2f62b4", roots=0.0, **params)
    down = np.zeros(scene.hair.shape, np.float32)
    seat = salon(scene, to_canvas(scene.pixels))
    down[seat.box.rows_cols] = seat.down
    core = scene.hair > 0.95
    whole, part = (delta_e(shown(scene, layer), scene.pixels) for layer in (plain, grown))
    roots, tips = core & (down < np.quantile(down[core], 0.1)), core & (down > np.quantile(down[core], 0.9))
    assert part[roots].mean() < 0.25 * whole[roots].mean()
    assert part[tips].mean() > 0.8 * whole[tips].mean()


def cropped(scene: Scene) -> Scene:
    """Her with all hair below the ears taken away: a short cut."""
    low = int(scene.face.points[168][1] + 0.05 * scene.face.height_px)
    pixels = scene.pixels.copy()
    behind = scene.hair[low:] > 0.02
    pixels[low:][behind] = (150, 160, 170)
    made = Scene(pixels, scene.face, scene.finder)
    alpha = scene.hair.copy()
    alpha[low:] = 0
    cells = scene.hair_cells
    share = np.where(cells.cells.up < -0.05, 0, cells.share).astype(np.float32)
    made.__dict__.update(hair=alpha, hair_cells=replace(cells, share=share))
    return made


def test_short_hair_is_dark_at_the_skin_and_fair_along_the_outline(scene: Scene) -> None:
    short = cropped(scene)
    seat = salon(short, to_canvas(short.pixels))
    assert seat.short == 1
    away = hairdo.outwards(short, seat.box)
    core = seat.alpha > 0.9
    outline = core & (cv2.erode((seat.alpha > 0.5).astype(np.uint8), np.ones((9, 9), np.uint8)) == 0)
    rows = np.mgrid[seat.box.y0 : seat.box.y1, seat.box.x0 : seat.box.x1][0]
    high = rows < short.face.points[10][1]
    assert away[outline & high].mean() > away[core].mean() + 0.15
    assert away[rows > short.face.points[168][1]].max() < 0.05


@pytest.mark.parametrize("short", [False, True])
def test_a_dye_that_changes_downwards_has_its_first_colour_on_top_and_its_second_at_the_ends(
    scene: Scene, short: bool
) -> None:
    person = cropped(scene) if short else scene
    one, other = "#2a9d9a", "#8452c4"
    layer = hair_colour.apply(person, to_canvas(person.pixels), seed=1, colour=one, ends=other, roots=0.0)
    lab = to_oklab(shown(person, layer))
    core = np.flatnonzero((person.hair > 0.95).ravel())  # from the top down
    share = len(core) // 6
    green, violet = (lab[..., 1].ravel()[at].mean() for at in (core[:share], core[-share:]))
    assert green < -0.01
    assert violet > 0.02


def test_sections_that_are_even_have_as_much_hair_each(scene: Scene) -> None:
    half = scene.hair.copy()
    half[:, : int(scene.face.points[168][0])] = 0  # all of it on one side
    seat = salon(scene, to_canvas(scene.pixels))
    alpha = half[seat.box.rows_cols]
    place = hairdo.evenly(scene, hairdo.across(scene, seat.box), alpha)
    counts = np.histogram(place[alpha > 0.5], 4, (0, 1))[0]
    assert counts.min() > 0.15 * counts.sum()


def test_highlights_are_on_some_strands_and_the_others_stay(scene: Scene) -> None:
    changed = delta_e(
        shown(scene, streaked := hair_streaks.apply(scene, to_canvas(scene.pixels), seed=1)), scene.pixels
    )
    inside = changed[scene.hair > 0.95]
    assert (inside < 1.5).mean() > 0.1
    assert (inside > 8).mean() > 0.1
    again = hair_streaks.apply(scene, to_canvas(scene.pixels), seed=1)
    other = hair_streaks.apply(scene, to_canvas(scene.pixels), seed=2)
    assert np.array_equal(streaked.colour, again.colour)
    assert not np.array_equal(streaked.colour, other.colour)
    assert changed[scene.hair == 0].max() == 0


def shaved(scene: Scene) -> Scene:
    """Her with skin painted where the hair is."""
    x, y = scene.face.points[151].astype(int)  # the forehead
    skin = np.median(scene.pixels[y - 8 : y + 8, x - 8 : x + 8].reshape(-1, 3), 0)
    cover = blur(cv2.dilate(scene.hair, np.ones((15, 15), np.uint8)), 2)[..., None] * scene.person[..., None]
    noise = np.random.default_rng(4).normal(0, 1.5, (*scene.hair.shape, 1))
    painted = scene.pixels + cover * (skin + noise - scene.pixels)
    return Scene(np.clip(painted, 0, 255).astype(np.uint8), scene.face, scene.finder)


def test_a_knitted_hat_over_hair_of_another_colour_is_no_hair(scene: Scene) -> None:
    rows = np.mgrid[0:512, 0:512].astype(np.float32)
    up = (rows[::-1].transpose(1, 2, 0) - scene.face.points[168]) @ scene.face.up / scene.face.height_px
    stitches = 1 + 0.06 * np.sign(np.sin(rows[0] * 0.9) * np.sin(rows[1] * 0.9))[..., None]
    cover = blur(cv2.dilate(scene.hair, np.ones((9, 9), np.uint8)) * (up > 0.28), 1)[..., None]
    worn = scene.pixels + cover * (np.float32((170, 40, 45)) * stitches - scene.pixels)
    hat = Scene(np.clip(worn, 0, 255).astype(np.uint8), scene.face, scene.finder)
    with pytest.raises(Skip) as skipped:
        hair_colour.apply(hat, to_canvas(hat.pixels), seed=1)
    assert skipped.value.note is Note.NO_HAIR


@pytest.mark.parametrize("colour", ["#dfb077", "#ece2cb"])
def test_blonde_on_black_hair_is_brown_and_on_fair_hair_blonde(colour: str) -> None:
    """Neither mustard nor olive: of less chroma, and redder, the darker it stays."""
    wanted = parse_colour(colour)
    black, fair = (dye.browned(wanted, share * float(wanted[0])) for share in (0.5, 1.0))
    assert np.hypot(*black) < 0.7 * np.hypot(*fair)
    assert np.arctan2(black[1], black[0]) < np.arctan2(fair[1], fair[0]) - 0.15
    assert np.arctan2(black[1], black[0]) > 0.6
    assert np.allclose(fair, wanted[1:])


@pytest.mark.parametrize("colour", ["#d9699c", "#2f62b4", "#e3c64a", "#bcc0c6"])
def test_dyes_that_are_no_blonde_keep_their_hue_on_black_hair(colour: str) -> None:
    wanted = parse_colour(colour)
    assert np.allclose(dye.browned(wanted, 0.3), wanted[1:], atol=1e-4)


@pytest.mark.parametrize(("colour", "way"), [("#a5542c", 1), ("#2f62b4", -1), ("#2f8f5b", -1), ("#bcc0c6", 0)])
def test_lights_of_warm_dyes_turn_to_gold_and_of_cold_ones_to_the_sky(colour: str, way: int) -> None:
    turn = float(dye.towards_light(parse_colour(colour)))
    assert np.sign(turn) == way
    assert abs(turn) < np.radians(20)


@pytest.mark.parametrize(("within", "rim", "is_glow"), [(0.12, 0.22, True), (0.6, 0.75, False)])
def test_the_light_rim_of_dark_hair_is_no_hairs(within: float, rim: float, is_glow: bool) -> None:
    y, x = np.mgrid[0:160, 0:160].astype(np.float32)
    away = np.hypot(x - 80, y - 80)
    lab = np.zeros((160, 160, 3), np.float32)
    lab[..., 0] = np.where(away > 66, rim, within)
    own = dye.own_colour(lab, (away < 70).astype(np.float32), 120.0)[..., 0]
    assert own[away < 50] == pytest.approx(within, abs=0.005)
    left = float(np.median(own[(away > 67) & (away < 69)])) - within
    assert (left < 0.27 * (rim - within)) == is_glow
