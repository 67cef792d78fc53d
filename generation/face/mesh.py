"""From a detection to 478 landmarks, by MediaPipe's attention mesh as `split` cuts it. Knows no photo gate.

The numpy between backbone and heads stands for three custom operations of MediaPipe
(landmarks_to_transform_matrix, transform_tensor_bilinear, transform_landmarks).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from generation.face.nets import Net
from generation.face.regions import EYE_LEFT, EYE_RIGHT, IRIS_LEFT, IRIS_RIGHT
from generation.face.split import Region, SplitMesh

SIDE_PX = 192
FEATURES_PX = 48
HEAD_PX = 16
MARGIN = 1.5
"""The crop's side over the face's."""


@dataclass(frozen=True)
class Crop:
    """A square of the photo that may be turned. centre: (2,) px; turn: rad, of its own x axis."""

    centre: np.ndarray
    side_px: float
    turn: float

    def to_photo(self, side_px: int = SIDE_PX) -> np.ndarray:
        """(2, 3) float64: from a square of `side_px` to the photo; both count px from a pixel's corner."""
        axes = _rotation(self.turn) * (self.side_px / side_px)
        return np.column_stack([axes, self.centre - axes @ np.full(2, side_px / 2)])

    def cut(self, pixels: np.ndarray, side_px: int = SIDE_PX) -> np.ndarray:
        """(side_px, side_px, 3) uint8, black beyond the photo. Large crops are shrunk first; the warp would alias."""
        matrix = self.to_photo(side_px)
        reach = self.side_px * 0.75
        height, width = pixels.shape[:2]
        x0, y0 = np.clip(np.floor(self.centre - reach), 0, [width - 1, height - 1]).astype(int)
        x1, y1 = np.clip(np.ceil(self.centre + reach), [x0 + 1, y0 + 1], [width, height]).astype(int)
        around = pixels[y0:y1, x0:x1]
        matrix[:, 2] -= [x0, y0]
        scale = self.side_px / side_px
        if scale > 2:
            wide, high = max(1, round((x1 - x0) / scale)), max(1, round((y1 - y0) / scale))
            around = cv2.resize(around, (wide, high), interpolation=cv2.INTER_AREA)
            matrix *= np.array([[wide / (x1 - x0)], [high / (y1 - y0)]])
        matrix[:, 2] += matrix[:, :2] @ np.full(2, 0.5) - 0.5  # cv2 counts from a pixel's middle
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(around, matrix, (side_px, side_px), flags=flags))


@dataclass(frozen=True)
class Mesh:
    """The two networks and the regions between them."""

    backbone: Net
    heads: Net
    regions: tuple[Region, ...]

    @staticmethod
    def of(split: SplitMesh, threads: int) -> Mesh:
        return Mesh(Net(split.backbone, threads), Net(split.heads, threads), split.regions)

    def landmarks(self, pixels: np.ndarray, crop: Crop) -> tuple[np.ndarray, float]:
        """Look once.

        Returns:
            landmarks: (478, 3) float32 px of the photo.
            presence: 0 to 1, the network's belief that the crop holds a face.
        """
        to_photo = crop.to_photo()
        square = crop.cut(pixels)
        features, raw, flag = self.backbone((square.astype(np.float32) / 255)[None])
        mesh = np.zeros((478, 3))
        mesh[:468] = raw.reshape(468, 3)
        self._refine(mesh, features[0])
        mesh[:, :2] = mesh[:, :2] @ to_photo[:, :2].T + to_photo[:, 2]
        mesh[:, 2] *= crop.side_px / SIDE_PX
        return mesh.astype(np.float32), float(1 / (1 + np.exp(-float(flag.ravel()[0]))))

    def _refine(self, mesh: np.ndarray, features: np.ndarray) -> None:
        """Replace lips, eyes and brows by what the heads see, and add the irises; in place."""
        to_features = [_region_matrix(mesh[:468] * (FEATURES_PX / SIDE_PX), region) for region in self.regions]
        seen = self.heads(*(_sample(features, matrix)[None] for matrix in to_features))
        lips, eye_one, iris_one, eye_two, iris_two = (points[0] for points in seen)
        lips_at, one_at, two_at = to_features
        depth_right, depth_left = mesh[list(EYE_RIGHT), 2].mean(), mesh[list(EYE_LEFT), 2].mean()
        for region, points, matrix in zip(self.regions, (lips, eye_one, eye_two), to_features, strict=True):
            mesh[region.landmarks, :2] = _to_mesh(points, matrix)
        mesh[list(IRIS_RIGHT), :2], mesh[list(IRIS_RIGHT), 2] = _to_mesh(iris_one, one_at), depth_right
        mesh[list(IRIS_LEFT), :2], mesh[list(IRIS_LEFT), 2] = _to_mesh(iris_two, two_at), depth_left


def crop_of_box(box: np.ndarray, eyes: np.ndarray) -> Crop:
    """Where to look for the mesh of a detection. eyes: (2, 2) px, the one at the left of an upright face first."""
    axis = eyes[1] - eyes[0]
    side = float(max(box[2] - box[0], box[3] - box[1])) * MARGIN
    return Crop((box[:2] + box[2:]).astype(np.float64) / 2, side, float(np.arctan2(axis[1], axis[0])))


def crop_of_mesh(landmarks: np.ndarray) -> Crop:
    """Where to look again, given a first mesh."""
    axis = landmarks[263, :2] - landmarks[33, :2]
    turn = float(np.arctan2(axis[1], axis[0]))
    upright = landmarks[:468, :2].astype(np.float64) @ _rotation(turn)
    low, high = upright.min(0), upright.max(0)
    return Crop(_rotation(turn) @ ((low + high) / 2), float(max(high - low)) * MARGIN, turn)


def _rotation(turn: float) -> np.ndarray:
    return np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])


def _region_matrix(mesh: np.ndarray, region: Region) -> np.ndarray:
    """(2, 3): from a head's 16 px crop to the backbone's 48 px features. mesh: in px of the features."""
    axis = mesh[region.right, :2] - mesh[region.left, :2]
    upright = _rotation(region.turn - float(np.arctan2(axis[1], axis[0])))
    turned = mesh[region.landmarks, :2] @ upright.T
    low, high = turned.min(0), turned.max(0)
    axes = upright.T @ np.diag(region.scale * (high - low) / HEAD_PX)
    centre = upright.T @ ((low + high) / 2)
    return np.column_stack([axes, centre - axes @ np.full(2, HEAD_PX / 2)])


def _to_mesh(points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """A head's points (N, 2), which it gives in px of the 192 px square but within its crop, in that square."""
    return np.asarray(points @ matrix[:, :2].T + matrix[:, 2] * (SIDE_PX / FEATURES_PX))


def _sample(features: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """(16, 16, C) float32 bilinear samples of (48, 48, C); zero where any part lies outside."""
    rows, columns = np.mgrid[0:HEAD_PX, 0:HEAD_PX].astype(np.float64) + 0.5
    x = matrix[0, 0] * columns + matrix[0, 1] * rows + matrix[0, 2] - 0.5
    y = matrix[1, 0] * columns + matrix[1, 1] * rows + matrix[1, 2] - 0.5
    inside = (x >= 0) & (x <= FEATURES_PX - 1) & (y >= 0) & (y <= FEATURES_PX - 1)
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    x, y = (x - left)[..., None], (y - top)[..., None]
    last = FEATURES_PX - 1
    left, top = np.clip(left, 0, last), np.clip(top, 0, last)
    right, bottom = np.minimum(left + 1, last), np.minimum(top + 1, last)
    above = (1 - x) * features[top, left] + x * features[top, right]
    below = (1 - x) * features[bottom, left] + x * features[bottom, right]
    return np.asarray(((1 - y) * above + y * below) * inside[..., None], np.float32)
