"""Outlines are smooth, masks cover what they outline."""

import numpy as np
import pytest

from generation.face import regions
from generation.face.face import Face
from generation.face.regions import fill_polygons, spline

SQUARE = np.asarray([[20, 20], [60, 20], [60, 60], [20, 60]], np.float32)


def test_a_spline_goes_through_its_points() -> None:
    assert np.allclose(spline(SQUARE, 8)[::8], SQUARE, atol=1e-4)
    line = spline(SQUARE, 5, closed=False)
    assert len(line) == 16
    assert np.allclose(line[::5], SQUARE, atol=1e-4)


def test_a_spline_through_a_circles_points_is_nearly_the_circle() -> None:
    angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    curve = spline(np.stack([np.cos(angles), np.sin(angles)], 1) * 100)
    assert np.abs(np.linalg.norm(curve, axis=1) - 100).max() < 0.5


def test_a_filled_polygon_has_its_area() -> None:
    mask = fill_polygons((80, 80, 3), [SQUARE + 0.25])
    assert mask.shape == (80, 80)
    assert mask.dtype == np.float32
    assert mask.sum() == pytest.approx(41 * 41, rel=0.02)  # cv2 draws the outline too, half a pixel beyond it
    assert mask[40, 40] == 1
    assert mask[10, 10] == 0


def test_what_polygons_share_counts_once_and_what_is_outside_is_cut() -> None:
    mask = fill_polygons((80, 80), [SQUARE, SQUARE + 5, SQUARE + 500])
    assert mask.max() == 1
    assert fill_polygons((80, 80), []).sum() == 0


def test_blur_softens_the_edge_and_keeps_the_weight() -> None:
    sharp, soft = fill_polygons((80, 80), [SQUARE]), fill_polygons((80, 80), [SQUARE], blur_px=3)
    assert soft.sum() == pytest.approx(sharp.sum(), rel=0.01)
    assert 0.2 < soft[40, 20] < 0.8


def test_regions_lie_where_their_names_say(astronaut_face: Face) -> None:
    """The person's right is at the left of the picture."""

    def middle(landmarks: tuple[int, ...]) -> np.ndarray:
        return np.asarray(astronaut_face.points[list(landmarks)].mean(0))

    pairs = ("EYE", "BROW", "IRIS", "CHEEK", "UPPER_LID", "LOWER_LID")
    for name in pairs:
        assert middle(getattr(regions, f"{name}_RIGHT"))[0] < middle(getattr(regions, f"{name}_LEFT"))[0]
    for side in ("RIGHT", "LEFT"):
        heights = [
            middle(getattr(regions, f"{name}_{side}"))[1] for name in ("BROW", "UPPER_LID", "LOWER_LID", "CHEEK")
        ]
        assert heights == sorted(heights)
    lips, mouth = (
        fill_polygons((512, 512), [spline(astronaut_face.points[list(each)])])
        for each in (regions.LIPS_OUTER, regions.LIPS_INNER)
    )
    assert (mouth > lips + 0.5).sum() == 0
    oval = fill_polygons((512, 512), [spline(astronaut_face.points[list(regions.OVAL)])])
    assert (lips > oval).sum() == 0
