"""Faces are found where they are, the same every time, on any thread."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest

from generation.face.face import Face
from generation.face.finder import FaceFinder
from generation.face.models import read_model
from generation.face.split import split_mesh

GOLDEN = {
    10: (226.6, 69.5),
    152: (221.7, 178.2),
    234: (179.5, 110.3),
    454: (271.3, 115.8),
    33: (195.2, 100.5),
    133: (213.6, 103.6),
    362: (237.4, 105.7),
    263: (256.2, 104.7),
    1: (223.3, 130.8),
    61: (202.2, 139.5),
    291: (245.5, 140.7),
    13: (223.3, 143.5),
    14: (223.0, 150.5),
    105: (198.9, 86.8),
    334: (253.5, 91.3),
    468: (203.5, 101.1),
    473: (246.7, 103.5),
}
"""Landmarks of the astronaut in px, looked at in an enlargement: on lids, lips, brows, pupils and jaw."""


def test_the_astronauts_landmarks_are_where_they_were_looked_at(astronaut_face: Face) -> None:
    apart = np.linalg.norm(astronaut_face.points[list(GOLDEN)] - list(GOLDEN.values()), axis=1)
    assert apart.max() < 0.015 * astronaut_face.eyes_px
    assert astronaut_face.landmarks.shape == (478, 3)
    assert astronaut_face.landmarks.dtype == np.float32


def test_two_looks_see_the_same(finder: FaceFinder, astronaut: np.ndarray, astronaut_face: Face) -> None:
    (again,) = finder.find(astronaut)
    assert np.array_equal(again.landmarks, astronaut_face.landmarks)
    assert np.array_equal(finder.person(astronaut), finder.person(astronaut))


def test_another_finder_sees_the_same(models: Path, astronaut: np.ndarray, astronaut_face: Face) -> None:
    (again,) = FaceFinder(models).find(astronaut)
    assert np.array_equal(again.landmarks, astronaut_face.landmarks)


def test_threads_may_share_a_finder(finder: FaceFinder, astronaut: np.ndarray) -> None:
    pictures = [astronaut, np.ascontiguousarray(astronaut[:, ::-1]), astronaut[::2, ::2].copy()] * 6
    alone = [finder.find(picture)[0].landmarks for picture in pictures]
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(lambda picture: finder.find(picture)[0].landmarks, pictures))
    assert all(np.array_equal(one, other) for one, other in zip(alone, together, strict=True))


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_photo_on_its_side_has_the_same_face(
    finder: FaceFinder, astronaut_face: Face, astronaut: np.ndarray, turns: int
) -> None:
    """A quarter turn moves (x, y) to (y, 511 - x)."""
    (face,) = finder.find(np.rot90(astronaut, turns))
    points = face.points
    for _ in range(turns):
        points = np.stack([511 - points[:, 1], points[:, 0]], 1)
    apart = np.linalg.norm(points - astronaut_face.points, axis=1)
    assert np.median(apart) < 0.04 * astronaut_face.eyes_px


@pytest.mark.parametrize("degrees", range(30, 360, 60))
def test_a_tilted_photo_shows_one_face_and_not_folds_of_cloth(
    finder: FaceFinder, astronaut: np.ndarray, degrees: int
) -> None:
    matrix = cv2.getRotationMatrix2D((256, 256), degrees, 1)
    (face,) = finder.find(cv2.warpAffine(astronaut, matrix, (512, 512), borderMode=cv2.BORDER_REPLICATE))
    nose = matrix[:, :2] @ GOLDEN[1] + matrix[:, 2]
    assert np.linalg.norm(face.points[1] - nose) < 5


@pytest.mark.parametrize("scale", [0.4, 1.7, 4.0])
def test_size_does_not_move_the_landmarks(
    finder: FaceFinder, astronaut: np.ndarray, astronaut_face: Face, scale: float
) -> None:
    side = round(512 * scale)
    (face,) = finder.find(
        cv2.resize(astronaut, (side, side), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    )
    apart = np.linalg.norm(face.points * (512 / side) - astronaut_face.points, axis=1)
    assert np.median(apart) < 0.04 * astronaut_face.eyes_px


def test_several_faces_come_the_largest_first(finder: FaceFinder, astronaut: np.ndarray) -> None:
    picture = np.full((512, 900, 3), 120, np.uint8)
    picture[:, 388:] = astronaut
    picture[100:458, 10:368] = cv2.resize(astronaut, (358, 358), interpolation=cv2.INTER_AREA)
    large, small = finder.find(picture)
    assert large.points[1, 0] > 500 > small.points[1, 0]
    assert abs(small.eyes_px / large.eyes_px - 0.7) < 0.05


def test_a_small_face_far_away_is_found_by_the_second_look(finder: FaceFinder, astronaut: np.ndarray) -> None:
    """The face is 45 px wide in a picture of 1920."""
    picture = np.full((1440, 1920, 3), 110, np.uint8)
    picture[900:1150, 1300:1550] = cv2.resize(astronaut, (250, 250), interpolation=cv2.INTER_AREA)
    (face,) = finder.find(picture)
    nose = np.asarray([1300, 900]) + np.asarray(GOLDEN[1]) * 250 / 512
    assert np.linalg.norm(face.points[1] - nose) < 5


@pytest.mark.parametrize("size", [(600, 600), (8, 8), (1, 1), (64, 2048), (2000, 70)])
def test_where_nobody_is_nobody_is_found(finder: FaceFinder, size: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (*size, 3)).astype(np.uint8)
    assert finder.find(noise) == []
    assert finder.find(np.zeros((*size, 3), np.uint8)) == []


def test_the_person_is_told_from_the_ground(finder: FaceFinder, astronaut: np.ndarray, astronaut_face: Face) -> None:
    person = finder.person(astronaut)
    assert person.shape == (256, 256)
    assert person.dtype == np.float32
    assert 0 <= person.min() <= person.max() <= 1
    x, y = (astronaut_face.points[1] / 2).astype(int)
    assert person[y, x] > 0.95
    assert person[10:60, 5:30].mean() < 0.1


def test_the_features_lie_over_the_picture(finder: FaceFinder, astronaut: np.ndarray) -> None:
    shapes = [features.shape for features in finder.person_features(astronaut)]
    assert shapes == [(16, 16, 32), (32, 32, 24), (64, 64, 16)]
    mirrored = finder.person_features(astronaut[:, ::-1])[2][:, ::-1]
    fine = finder.person_features(astronaut)[2]
    assert np.corrcoef(fine.ravel(), mirrored.ravel())[0, 1] > 0.8


def test_the_mesh_is_cut_the_same_way_every_time(models: Path) -> None:
    model = read_model(models, "face_landmark_with_attention.tflite")
    one, other = split_mesh(model), split_mesh(model)
    assert one.backbone == other.backbone
    assert one.heads == other.heads
    assert [len(region.landmarks) for region in one.regions] == [80, 71, 71]
