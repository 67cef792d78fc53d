"""Pulls a picture straight, so that its tiles are squares of 128 px again, and scores how well that fits."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from generation.label.mark.canvas import detail, resize
from generation.label.mark.keys import MarkKeys
from generation.label.mark.sync import Place, fold, locate
from generation.label.mark.tile import QUICKEST, TILE

NYQUIST = 0.48  # cycles/px: what a picture of that many px can hold, with a little to spare
MOST_PX = 1 << 21
STEPS = (0.0015, 0.0007)  # of scale, of aspect, and in radians: at 640 px the first one moves an edge by half a px


@dataclass(frozen=True, slots=True)
class Pose:
    """A plane to be looked at, and the way it is thought to lie.

    Args:
        fine: (h, w) float32, as `canvas.detail` gives it.
        from_picture: (3, 3) float64, homogeneous, from px of the picture to px of the plane, x before y.
        linear: (2, 2) float64, from work px to px of the plane, up to a shift, x before y.
        quickest: the largest |k| that the picture has room for.
    """

    fine: np.ndarray
    from_picture: np.ndarray
    linear: np.ndarray
    quickest: float


@dataclass(frozen=True, slots=True)
class Aligned:
    """A pose that was tried.

    Args:
        spectrum: of the folded tile, as `sync.fold` gives it.
        place: of the tile; its score says how well the pose fits.
        from_plane: (3, 3) float64, from px of the pose's plane to work px before `place` is undone.
    """

    pose: Pose
    spectrum: np.ndarray
    place: Place
    from_plane: np.ndarray

    def to_work(self) -> tuple[float, float, float, float, float, float]:
        """As `Found.to_work`: from px of the picture to work px as they were when it was marked."""
        form = self.place.form.T[::-1, ::-1]  # x before y
        back = np.eye(3)
        back[:2, :2] = form
        back[:2, 2] = -self.place.shift[::-1]
        a, b, c, d, e, f = (back @ self.from_plane @ self.pose.from_picture)[:2].ravel().tolist()
        return a, b, c, d, e, f


def pose_plane(plane: np.ndarray, height: int, width: int, corner: tuple[int, int], linear: np.ndarray) -> Pose:
    """A part of a picture, brought to a size in px.

    Args:
        plane: (h, w) float32, its luma.
        corner: x, y of its left upper corner in the picture.
        linear: from work px to px of the resized plane.
    """
    fine = detail(resize(plane, height, width))
    x, y = width / plane.shape[1], height / plane.shape[0]
    from_picture = np.array([[x, 0, (0.5 - corner[0]) * x - 0.5], [0, y, (0.5 - corner[1]) * y - 0.5], [0, 0, 1]])
    px_a_work_px = float(np.sqrt(abs(np.linalg.det(linear)))) / max(x, y)
    return Pose(fine, from_picture, linear, min(QUICKEST, NYQUIST * TILE * min(px_a_work_px, 2.0)))


def align(pose: Pose, keys: Sequence[MarkKeys], forms: Sequence[np.ndarray]) -> Aligned:
    straight, from_plane = _straighten(pose)
    spectrum = fold(straight)
    return Aligned(pose, spectrum, locate(spectrum, keys, forms, pose.quickest), from_plane)


def refine(aligned: Aligned) -> Aligned:
    """The same, a little more or less scaled, turned or stretched, as long as that fits better (coordinate descent)."""
    best = aligned
    for step in STEPS:
        for change in (_scale, _turn, _stretch):
            tried = max((_nudge(best, change(way * step)) for way in (-1, 1)), key=lambda other: other.place.score)
            while tried.place.score > best.place.score:
                further = tried.pose.linear @ np.linalg.inv(best.pose.linear)
                best, tried = tried, _nudge(tried, further)
    return best


def _nudge(aligned: Aligned, change: np.ndarray) -> Aligned:
    pose = aligned.pose
    nudged = Pose(pose.fine, pose.from_picture, change @ pose.linear, pose.quickest)
    return align(nudged, [aligned.place.keys], [aligned.place.form])


def _scale(by: float) -> np.ndarray:
    return np.diag([1 + by, 1 + by])


def _stretch(by: float) -> np.ndarray:
    return np.diag([1 + by, 1 - by])


def _turn(by: float) -> np.ndarray:
    return np.array([[np.cos(by), -np.sin(by)], [np.sin(by), np.cos(by)]])


def _straighten(pose: Pose) -> tuple[np.ndarray, np.ndarray]:
    """The plane in work px, all of it, black around; and the (3, 3) map from the plane to it."""
    height, width = pose.fine.shape
    back = np.linalg.inv(pose.linear)
    corners = back @ np.array([[0, width - 1, 0, width - 1], [0, 0, height - 1, height - 1]])
    least = corners.min(axis=1)
    across, down = (np.ceil(corners.max(axis=1) - least).astype(int) + 1).tolist()
    from_plane = np.eye(3)
    from_plane[:2, :2] = back
    from_plane[:2, 2] = -least
    if np.array_equal(pose.linear, np.eye(2)):
        return pose.fine, from_plane
    if across * down > MOST_PX:
        down = max(MOST_PX // across, 1)
    straight = cv2.warpAffine(pose.fine, from_plane[:2], (across, down), flags=cv2.INTER_CUBIC, borderValue=0)
    return straight, from_plane
