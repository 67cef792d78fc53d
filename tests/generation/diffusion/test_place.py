"""A painted head comes back where it was, and nothing around it changes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from generation.engines.diffusion.cut import Crop
from generation.engines.diffusion.place import Place
from generation.engines.diffusion.references import Cutter, References
from generation.face.finder import FaceFinder
from generation.photo import Photo
from generation.styles.style import Painted

SIZE = 256, 256


def turned(degrees: float) -> np.ndarray:
    return np.asarray([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])


@pytest.fixture
def photo() -> np.ndarray:
    """(400, 500, 3): soft colours with grain."""
    rng = np.random.default_rng(0)
    soft = cv2.resize(rng.integers(40, 216, (5, 6, 3), dtype=np.uint8), (500, 400), interpolation=cv2.INTER_CUBIC)
    return np.asarray((soft + rng.normal(0, 6, soft.shape)).clip(0, 255), np.uint8)


def place(
    photo: np.ndarray, side_px: float = 200, degrees: float = 0, middle: tuple[float, float] = (260, 190)
) -> Place:
    return Place(photo, Crop(np.asarray(middle), turned(degrees), side_px, side_px), None)


def inside(place: Place, margin: float = 0.0) -> np.ndarray:
    """(H, W) bool: what lies in the crop, that share of its side from its sides or more."""
    y, x = np.mgrid[: place.photo.shape[0], : place.photo.shape[1]] + 0.5
    to_unit = place.crop.to((1, 1))
    across, along = (row[0] * x + row[1] * y + row[2] for row in to_unit[:2])
    return np.asarray((np.minimum(across, along) > margin) & (np.maximum(across, along) < 1 - margin))


def apart(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.asarray(np.abs(one.astype(int) - other.astype(int)).max(2))


@pytest.mark.parametrize("degrees", [0, 25, -140])
def test_every_pixel_outside_the_crop_stays_as_it_was(photo: np.ndarray, degrees: float) -> None:
    there = place(photo, degrees=degrees)
    laid = there.lay(np.full((*SIZE, 3), (255, 0, 200), np.uint8))
    assert laid.shape == photo.shape
    assert laid.dtype == np.uint8
    assert apart(laid, photo)[~inside(there)].max() == 0
    assert apart(laid, photo)[inside(there, 0.15)].min() > 20


@pytest.mark.parametrize("size", [(64, 64), (200, 200), (512, 512)])
@pytest.mark.parametrize("degrees", [0, 25, -140])
def test_what_was_not_changed_comes_back_as_it_was(photo: np.ndarray, degrees: float, size: tuple[int, int]) -> None:
    there = place(photo, degrees=degrees)
    laid = there.lay(there.crop.cut(photo, size))
    assert apart(laid, photo).max() <= 2


@pytest.mark.parametrize("degrees", [0, 25, -140])
@pytest.mark.parametrize("side_px", [150, 200, 300])
def test_a_mark_comes_back_where_it_was(photo: np.ndarray, degrees: float, side_px: float) -> None:
    marked = photo.copy()
    cv2.rectangle(marked, (255, 182), (264, 191), (255, 0, 255), -1)
    there = place(photo, side_px, degrees)
    laid = there.lay(there.crop.cut(marked, SIZE))
    weight = apart(laid, photo).astype(float) * (apart(laid, photo) > 40)
    y, x = np.mgrid[: photo.shape[0], : photo.shape[1]]
    assert (weight * x).sum() / weight.sum() == pytest.approx(259.5, abs=0.3)
    assert (weight * y).sum() / weight.sum() == pytest.approx(186.5, abs=0.3)


@pytest.mark.parametrize(("gain", "shift"), [(1.0, (14, 3, -16)), (0.9, (0, 0, 0)), (1.1, (-12, -12, -4))])
def test_the_tones_are_those_of_the_photo_along_the_border(
    photo: np.ndarray, gain: float, shift: tuple[int, int, int]
) -> None:
    there = place(photo)
    cut = there.crop.cut(photo, SIZE).astype(float)
    laid = there.lay(np.rint(cut * gain + shift).clip(0, 255).astype(np.uint8))
    assert apart(laid, photo)[inside(there)].mean() < 2


def test_what_was_painted_keeps_its_colour_though_it_runs_over_the_border(photo: np.ndarray) -> None:
    plain = np.full_like(photo, (120, 110, 100))
    there = place(plain)
    painted = there.crop.cut(plain, SIZE)
    painted[:, 100:150] = (200, 40, 120)  # long hair
    laid = there.lay(painted)
    assert np.abs(laid[190, 260].astype(int) - (200, 40, 120)).max() <= 6
    assert np.abs(laid[190, 200].astype(int) - (120, 110, 100)).max() <= 2


def test_nothing_of_the_photo_shines_through_what_was_painted(photo: np.ndarray) -> None:
    there = place(photo)
    painted = there.crop.cut(photo, SIZE)
    painted[90:170, 90:170] = (250, 20, 120)
    patch = there.lay(painted)[170:210, 240:280]
    assert np.abs(patch.astype(int) - (250, 20, 120)).max() <= 12
    assert patch.std((0, 1)).max() < 2


def test_a_wanted_darkness_is_not_taken_for_a_shift_of_tone(photo: np.ndarray) -> None:
    there = place(np.full_like(photo, 200))
    laid = there.lay(np.full((*SIZE, 3), 60, np.uint8))
    assert laid[190, 260].max() < 100


def test_the_border_is_soft(photo: np.ndarray) -> None:
    plain = np.full_like(photo, 100)
    there = place(plain)
    painted = np.full((*SIZE, 3), 100, np.uint8)
    painted[:, :128] = 220
    along = there.lay(painted)[190, 155:215, 0].astype(int)
    assert 60 < along.max() - along[0] <= 130
    assert np.abs(np.diff(along)).max() < 16


def test_the_photo_ends_without_a_border(photo: np.ndarray) -> None:
    there = place(photo, 200, middle=(100, 100))
    laid = there.lay(np.full((*SIZE, 3), 255, np.uint8))
    assert apart(laid, photo)[:120, :120].min() > 20
    assert apart(laid, photo)[:, 199:].max() == 0


@pytest.mark.parametrize(("side_px", "whole"), [(300, True), (290, False)])
def test_it_is_known_whether_anything_of_the_photo_is_left(photo: np.ndarray, side_px: float, whole: bool) -> None:
    there = place(np.ascontiguousarray(photo[:300, :300]), side_px, middle=(150, 150))
    assert there.whole is whole
    painted = np.full((*SIZE, 3), 255, np.uint8)
    assert bool(apart(there.lay(painted), there.photo).min() > 0) is whole


@pytest.mark.parametrize("degrees", [0, 25])
def test_head_and_shoulders_are_shown_upright_and_lie_where_they_were(
    finder: FaceFinder, astronaut: np.ndarray, degrees: float
) -> None:
    tilted = cv2.warpAffine(astronaut, cv2.getRotationMatrix2D((220, 120), degrees, 1), (512, 512))
    references = head(finder, tilted)
    (shown,) = finder.find(references.start)
    assert abs(shown.roll_deg) < 8
    assert shown.height_px == pytest.approx(references.canvas[1] / 3, rel=0.1)
    (before,) = finder.find(tilted)
    assert references.place is not None
    (after,) = finder.find(references.place.lay(references.start))
    assert np.abs(before.points - after.points).max() < 1
    assert references.place.face is not None
    assert np.abs(np.concatenate([before.points.min(0), before.points.max(0)]) - references.place.face).max() <= 1


def test_a_whole_picture_has_no_place(finder: FaceFinder, astronaut: np.ndarray) -> None:
    assert Cutter(finder, 256, 192, 4).cut([Photo(astronaut)], 0.5).place is None


def head(finder: FaceFinder, pixels: np.ndarray) -> References:
    return Cutter(finder, 256, 192, 4).cut([Photo(pixels)], 0.5, Painted.HEAD)
