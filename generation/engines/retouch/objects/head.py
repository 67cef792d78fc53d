"""The head as a thing in space: its axes, its measures, and the surface of its face. Knows no colour.

Picture space: px, x right, y down, z away from the camera, no perspective. Head space: x to the picture's
right, y up, z towards the camera for a head that looks straight into it; also px, so nothing is stretched.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, resize
from generation.engines.retouch.layer import Box
from generation.engines.retouch.objects.solid import Solid, look
from generation.face.face import Face

TEMPLE_RIGHT, TEMPLE_LEFT = 127, 356
CHEEK_RIGHT, CHEEK_LEFT = 234, 454
HAIRLINE, CHIN, NOSE_ROOT = 10, 152, 168
NORMALS_SIDE_PX = 200
"""The face's surface is smooth: its normals are made in a buffer of this side and enlarged."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a head is and how it is turned.

    Args:
        axes: (3, 3), columns are head space's right, up and towards, in picture space; a rotation (and a mirror,
            because picture space counts y down and z away).
        width_px: temple to temple. height_px: hairline to chin, as if seen from the front.
        temples: (3,) px, the middle between the temples, inside the head.
    """

    axes: np.ndarray
    width_px: float
    height_px: float
    temples: np.ndarray

    def place(self, points: np.ndarray, origin: np.ndarray) -> np.ndarray:
        """Points (N, 3) px of head space, about `origin` (3,) of picture space, in picture space."""
        return np.asarray(points @ self.axes.T + origin, np.float32)

    @property
    def yaw_deg(self) -> float:
        """Positive when the head looks to the picture's right."""
        return float(np.degrees(np.arcsin(np.clip(self.axes[0, 2], -1, 1))))


def head_of(face: Face) -> Head:
    """The head a face belongs to."""
    at = face.landmarks.astype(np.float64)
    right = _unit(at[CHEEK_LEFT] - at[CHEEK_RIGHT])
    up = at[HAIRLINE] - at[CHIN]
    height = float(np.linalg.norm(up))
    up = _unit(up - right * (right @ up))
    towards = np.cross(right, up)
    towards = towards if towards[2] < 0 else -towards
    return Head(
        axes=np.stack([right, up, towards], 1),
        width_px=float(np.linalg.norm(at[TEMPLE_LEFT] - at[TEMPLE_RIGHT])),
        height_px=height,
        temples=(at[TEMPLE_LEFT] + at[TEMPLE_RIGHT]) / 2,
    )


def face_solid(face: Face) -> Solid:
    """The visible side of the face as a mesh in picture space."""
    points = face.landmarks[:468].astype(np.float32)
    triangles = _triangles(points[:, :2])
    corners = points[triangles]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals[normals[:, 2] > 0] *= -1
    sums = np.zeros_like(points)
    for corner in range(3):
        np.add.at(sums, triangles[:, corner], normals)
    sums /= np.linalg.norm(sums, axis=1, keepdims=True) + 1e-9
    count = len(triangles)
    uv, part, raised = np.zeros((468, 2), np.float32), np.zeros(count, np.int32), np.zeros(count, np.float32)
    return Solid(points, sums, uv, triangles, part, raised)


def normals_in(face: Face, box: Box) -> np.ndarray:
    """Which way the head's surface looks at every px of a box.

    Inside the face it is the mesh; around it an ellipsoid stands for hair and neck, with no seam between.

    Returns:
        (h, w, 3) float32 unit vectors in picture space, z < 0 towards the camera.
    """
    scale = min(1.0, NORMALS_SIDE_PX / max(box.height, box.width))
    height, width = max(8, round(box.height * scale)), max(8, round(box.width * scale))
    sight = look(face_solid(face), box.origin, scale, height, width)
    mesh = np.zeros((height, width, 3), np.float32)
    mesh[sight.seen] = sight.normals
    unit_px = face.height_px * scale
    inside = cv2.erode(sight.seen.astype(np.float32), np.ones((5, 5), np.uint8))
    share = blur(inside, 0.03 * unit_px)[..., None] * sight.seen[..., None]
    normals = blur(mesh, max(0.8, 0.008 * unit_px)) * share + _ellipsoid(face, box, scale, height, width) * (1 - share)
    return _unit(resize(blur(_unit(normals), max(0.8, 0.014 * unit_px)), box.height, box.width))


def _ellipsoid(face: Face, box: Box, scale: float, height: int, width: int) -> np.ndarray:
    at = face.points
    centre = at[NOSE_ROOT] * 0.6 + at[CHIN] * 0.2 + at[HAIRLINE] * 0.2
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / np.float32(scale)
    x, y = x + (box.x0 - centre[0]), y + (box.y0 - centre[1])
    across = (x * face.right[0] + y * face.right[1]) / (0.62 * face.height_px)
    along = (x * face.up[0] + y * face.up[1]) / (0.95 * face.height_px)
    far = np.maximum(np.sqrt(across**2 + along**2) / 0.97, 1)
    across, along = across / far, along / far
    towards = -np.sqrt(np.maximum(1 - across**2 - along**2, 0.02))
    return np.stack(
        [across * face.right[0] + along * face.up[0], across * face.right[1] + along * face.up[1], towards], -1
    )


def _triangles(points: np.ndarray) -> np.ndarray:
    """Delaunay triangles (T, 3) int32 of points (N, 2) px."""
    low, high = np.floor(points.min(0)) - 4, np.ceil(points.max(0)) + 4
    shifted = (points - low).astype(np.float32)
    division = cv2.Subdiv2D((0, 0, int(high[0] - low[0]), int(high[1] - low[1])))
    number: dict[tuple[float, float], int] = {}
    for index, (x, y) in enumerate(shifted.tolist()):
        number.setdefault((x, y), index)
        division.insert((x, y))
    found = []
    for x0, y0, x1, y1, x2, y2 in np.asarray(division.getTriangleList()).tolist():
        corners = (number.get((x0, y0)), number.get((x1, y1)), number.get((x2, y2)))
        if None not in corners:
            found.append(corners)
    return np.asarray(found, np.int32)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def depth_in(face: Face, box: Box) -> np.ndarray:
    """How far the face's surface is at every px of a box: (h, w) float32 px; very far where there is no face."""
    scale = min(1.0, NORMALS_SIDE_PX / max(box.height, box.width))
    height, width = max(8, round(box.height * scale)), max(8, round(box.width * scale))
    sight = look(face_solid(face), box.origin, scale, height, width)
    depth = np.full((height, width), 1e6, np.float32)
    depth[sight.seen] = sight.points[:, 2]
    grown: np.ndarray = cv2.resize(depth, (box.width, box.height), interpolation=cv2.INTER_NEAREST)
    return grown
