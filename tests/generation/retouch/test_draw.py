"""Solids, the buffer they are seen in, light, and what they look like laid on a picture."""

from dataclasses import replace

import numpy as np
import pytest

from generation.engines.retouch.layer import Box
from generation.engines.retouch.light import Light, read_light
from generation.engines.retouch.media.film import clouds, curve, grain, vignette
from generation.engines.retouch.objects.draw import draw, outline, shadow, stroke
from generation.engines.retouch.objects.head import depth_in, face_solid, head_of, normals_in
from generation.engines.retouch.objects.materials import cloth, metal, pearl, petal, plastic, stone
from generation.engines.retouch.objects.solid import Solid, ball, join, look, sheet, tube
from generation.engines.retouch.objects.wear import Fitting
from generation.engines.retouch.scene import Scene
from generation.face.face import Face
from generation.face.finder import FaceFinder

LIGHT = Light(np.asarray([-0.5, -0.5, -0.7071], np.float32), 0.4, np.ones(3, np.float32), 0.9)
GREY = np.asarray([0.4, 0.4, 0.4], np.float32)


@pytest.fixture(scope="module")
def scene(astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder) -> Scene:
    return Scene(astronaut, astronaut_face, finder)


def globe(radius: float = 20.0) -> Solid:
    return ball(np.asarray([50.0, 50.0, 0.0]), np.full(3, radius), rows=24, columns=36)


def test_a_ball_covers_a_disc() -> None:
    covered = outline(globe(), Box.whole(100, 100))
    assert covered.sum() == pytest.approx(np.pi * 20**2, rel=0.04)
    assert covered[50, 50] == 1
    assert covered[50, 28] == 0


def test_normals_look_out_of_a_ball_and_to_the_camera() -> None:
    sight = look(globe(), np.zeros(2), 1.0, 100, 100)
    out = sight.points - np.asarray([50, 50, 0])
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    assert (sight.normals[:, 2] <= 0).all()
    assert np.median((sight.normals * out).sum(1)) > 0.98


def test_normals_look_out_of_a_rod() -> None:
    path = np.stack([np.linspace(10, 90, 30), np.full(30, 50.0), np.zeros(30)], 1)
    rod = tube(path, 8.0, sides=16)
    away = rod.points - np.stack([rod.points[:, 0], np.full(len(rod.points), 50.0), np.zeros(len(rod.points))], 1)
    assert ((rod.normals * away).sum(1) > 0).all()


def test_the_nearer_of_two_things_is_seen() -> None:
    far = ball(np.asarray([50.0, 50.0, 40.0]), np.full(3, 20.0), part=0)
    near = ball(np.asarray([50.0, 50.0, -40.0]), np.full(3, 10.0), part=1)
    for solid in (join(far, near), join(near, far)):
        sight = look(solid, np.zeros(2), 1.0, 100, 100)
        part = np.full((100, 100), -1)
        part[sight.seen] = sight.part
        assert part[50, 50] == 1
        assert part[50, 34] == 0


def test_what_is_lifted_counts_as_nearer() -> None:
    square = np.stack([*np.meshgrid([20.0, 80.0], [20.0, 80.0]), np.zeros((2, 2))], -1)
    under, over = sheet(square, 0), sheet(square + [0, 0, 3.0], 1).lifted(5)
    assert (look(join(under, over), np.zeros(2), 1.0, 100, 100).part == 1).all()


def test_placing_turns_points_and_normals_together() -> None:
    turn = np.asarray([[0, -1, 0], [1, 0, 0], [0, 0, 1.0]]) * 2
    placed = globe().placed(turn, np.asarray([5.0, 6.0, 7.0]))
    centre = turn @ np.asarray([50.0, 50.0, 0.0]) + np.asarray([5.0, 6.0, 7.0])
    out = placed.points - centre
    assert np.allclose(np.linalg.norm(out, axis=1), 40, atol=0.1)
    assert np.median((placed.normals * out).sum(1) / 40) > 0.98


def test_a_drawing_is_lit_from_where_the_lamp_is() -> None:
    drawing = draw(globe(), {0: cloth(GREY)}, LIGHT, 100, 100)
    assert drawing is not None
    grey = np.where(drawing.alpha > 0.9, drawing.colour.mean(2), np.nan)
    middle = grey.shape[0] // 2
    assert np.nanmean(grey[:middle, :middle]) > 1.3 * np.nanmean(grey[middle:, middle:])


@pytest.mark.parametrize(
    "paint", [cloth(GREY), metal(GREY), plastic(GREY), stone(GREY), pearl(GREY), petal(GREY, GREY)]
)
def test_a_brighter_photo_makes_brighter_things(paint: object) -> None:
    dim = draw(globe(), {0: paint}, replace(LIGHT, level=0.4), 100, 100)  # type: ignore[dict-item]
    bright = draw(globe(), {0: paint}, LIGHT, 100, 100)  # type: ignore[dict-item]
    assert dim is not None
    assert bright is not None
    assert bright.colour[bright.alpha > 0.9].mean() > 1.1 * dim.colour[dim.alpha > 0.9].mean()


def test_something_outside_the_picture_is_not_drawn() -> None:
    assert draw(globe().placed(np.eye(3), np.asarray([-500.0, 0, 0])), {0: cloth(GREY)}, LIGHT, 100, 100) is None


def test_something_half_outside_is_drawn_as_far_as_it_shows() -> None:
    drawing = draw(globe().placed(np.eye(3), np.asarray([-50.0, 0, 0])), {0: cloth(GREY)}, LIGHT, 100, 100)
    assert drawing is not None
    assert drawing.box.x0 == 0
    assert drawing.alpha[drawing.box.height // 2, 0] == 1


def test_a_shadow_falls_away_from_its_thing() -> None:
    drawing = draw(globe(), {0: cloth(GREY)}, LIGHT, 100, 100)
    assert drawing is not None
    box, thrown = shadow(drawing, 100, 100, np.asarray([10.0, 5.0]), 3.0)
    full = np.zeros((100, 100))
    full[box.rows_cols] = thrown
    y, x = np.mgrid[0:100, 0:100]
    assert (full * x).sum() / full.sum() == pytest.approx(60, abs=1)
    assert (full * y).sum() / full.sum() == pytest.approx(55, abs=1)


def test_a_stroke_is_as_wide_as_asked() -> None:
    mask = stroke((60, 100), np.asarray([[20.0, 30.0], [80.0, 30.0]]), 5.0)
    assert mask[:, 50].sum() == pytest.approx(5, abs=0.8)
    assert mask[10].max() == 0


def test_a_fitting_leaves_alone_what_it_does_not_touch() -> None:
    canvas = np.full((100, 100, 3), 0.5, np.float32)
    drawing = draw(globe(), {0: cloth(GREY)}, LIGHT, 100, 100)
    assert drawing is not None
    fitting = Fitting(canvas, Box.whole(100, 100))
    fitting.lay(drawing)
    layer = fitting.layer()
    assert layer.mask is not None
    assert layer.mask[50, 50] == 1
    assert layer.mask[5, 5] == 0
    assert (canvas == 0.5).all()


def test_a_head_that_looks_straight_has_upright_axes(astronaut_face: Face) -> None:
    head = head_of(astronaut_face)
    assert abs(head.yaw_deg) < 15
    assert head.axes[0, 0] > 0.9
    assert head.axes[1, 1] < -0.9
    assert head.axes[2, 2] < -0.9
    assert np.allclose(head.axes.T @ head.axes, np.eye(3), atol=1e-6)


def test_a_mirrored_head_has_the_opposite_yaw(astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder) -> None:
    (mirrored,) = finder.find(np.ascontiguousarray(astronaut[:, ::-1]))
    assert head_of(mirrored).yaw_deg == pytest.approx(-head_of(astronaut_face).yaw_deg, abs=4)


def test_the_surface_of_the_face_bulges_at_the_nose(astronaut_face: Face) -> None:
    box = Box.around(astronaut_face.points, 30, 512, 512)
    normals, depth = normals_in(astronaut_face, box), depth_in(astronaut_face, box)
    assert np.allclose(np.linalg.norm(normals, axis=2), 1, atol=1e-3)

    def at(index: int) -> tuple[int, int]:
        x, y = np.round(astronaut_face.points[index] - box.origin).astype(int)
        return int(y), int(x)

    assert normals[at(50)][0] < -0.1  # the right cheek looks to the picture's left
    assert normals[at(280)][0] > 0.1
    assert depth[at(4)] < depth[at(50)]
    assert len(face_solid(astronaut_face).triangles) > 800


def test_light_is_read_from_the_bright_side(scene: Scene) -> None:
    near = scene.near
    normals = normals_in(scene.face, near)
    ramp = np.linspace(1.0, 0.35, near.width)[None, :, None]
    for towards_left, shade in ((True, ramp), (False, ramp[:, ::-1])):
        pixels = np.clip(scene.pixels[near.rows_cols] * shade, 0, 255).astype(np.uint8)
        light = read_light(pixels, scene.skin, normals)
        assert (light.towards[0] < 0) == towards_left
        assert np.linalg.norm(light.towards) == pytest.approx(1, abs=1e-3)


def test_grain_is_the_same_for_the_same_seed_and_even() -> None:
    first, again, other = grain(700, 900, 1.2, 5), grain(700, 900, 1.2, 5), grain(700, 900, 1.2, 6)
    assert (first == again).all()
    assert (first != other).any()
    assert abs(float(first.mean())) < 0.02
    assert float(first.std()) == pytest.approx(1, abs=0.05)


def test_clouds_stay_within_bounds() -> None:
    made = clouds(90, 160, 3, seed=2)
    assert made.shape == (90, 160)
    assert made.min() >= 0
    assert made.max() <= 1
    assert made.std() > 0.03


def test_a_vignette_darkens_corners_and_not_the_face() -> None:
    kept = vignette(200, 300, np.asarray([150.0, 100.0]), 0.6)
    assert kept[100, 150] == 1
    assert kept[0, 0] < 0.6


def test_a_curve_goes_through_its_ends_and_never_falls() -> None:
    values = np.linspace(0, 1, 300, dtype=np.float32)
    bent = curve(values, ((0.0, 0.0), (0.3, 0.2), (0.7, 0.8), (1.0, 1.0)))
    assert (np.diff(bent) >= -1e-6).all()
    assert bent[0] < 0.02
    assert bent[-1] > 0.98
