"""A face found in a photo, the hands near it, and what follows by arithmetic. Knows no network and no pixels."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class Hand:
    """A hand near a face.

    Args:
        landmarks: (21, 3) float32 px, z from the wrist, away from the camera. The wrist, then four a finger from
            thumb to little finger, root to tip.
        presence: 0 to 1, how sure the network is.
    """

    landmarks: np.ndarray
    presence: float

    @property
    def points(self) -> np.ndarray:
        """(21, 2) float32 px."""
        return self.landmarks[:, :2]

    @cached_property
    def size_px(self) -> float:
        """From the wrist to the root of the middle finger, as if seen from the front; a finger is a fifth as wide."""
        along, across = self.points[0] - self.points[9], self.points[5] - self.points[17]
        return max(float(np.linalg.norm(along)), 1.25 * float(np.linalg.norm(across)))


@dataclass(frozen=True)
class Face:
    """One face.

    Args:
        landmarks: (478, 3) float32 px, x right, y down, z away from the camera; MediaPipe's attention mesh.
        box: (4,) float32 px, x0 y0 x1 y1 as the detector saw it.
        score: 0 to 1, how sure the detector is when shown this face alone and upright.
        hands: those near it; only looked for around the largest face of a photo.
    """

    landmarks: np.ndarray
    box: np.ndarray
    score: float
    hands: tuple[Hand, ...] = ()

    @property
    def points(self) -> np.ndarray:
        """(478, 2) float32 px."""
        return self.landmarks[:, :2]

    @cached_property
    def height_px(self) -> float:
        """Hairline to chin, landmarks 10 to 152: the unit of every radius in the retouch engine (`fs` in notes)."""
        return float(np.linalg.norm(self.points[10] - self.points[152]))

    @cached_property
    def eyes_px(self) -> float:
        """Distance between the eyes' centres."""
        return float(np.linalg.norm(self.points[[33, 133]].mean(0) - self.points[[263, 362]].mean(0)))

    @property
    def size_px(self) -> float:
        """How far apart the eyes would be if the face looked ahead; a profile's eyes are close together."""
        return max(self.eyes_px, 0.4 * self.height_px)

    @cached_property
    def right(self) -> np.ndarray:
        """(2,) unit vector along the eye line, towards the picture's right for an upright face."""
        axis = self.points[[263, 362]].mean(0) - self.points[[33, 133]].mean(0)
        return np.asarray(axis / np.linalg.norm(axis), np.float32)

    @cached_property
    def up(self) -> np.ndarray:
        """(2,) unit vector across the eye line, towards the crown."""
        return np.asarray([self.right[1], -self.right[0]], np.float32)

    @cached_property
    def axes(self) -> np.ndarray:
        """(3, 3) float32 rotation; its columns are the head's own right (in the picture), down and back directions."""
        right = self.landmarks[454] - self.landmarks[234]
        right = right / np.linalg.norm(right)
        down = self.landmarks[152] - self.landmarks[10]
        down = down - right * (right @ down)
        down = down / np.linalg.norm(down)
        return np.stack([right, down, np.cross(right, down)], 1).astype(np.float32)

    @property
    def yaw_deg(self) -> float:
        """Above 0: looks towards the picture's right. Saturates near 45: a profile reads 45 too."""
        right = self.axes[:, 0]
        return float(np.degrees(np.arctan2(right[2], np.hypot(right[0], right[1]))))

    @property
    def pitch_deg(self) -> float:
        """Above 0: looks down. Noisy: ten degrees off is usual."""
        return float(np.degrees(np.arctan2(self.axes[2, 1], self.axes[2, 2])))

    @property
    def roll_deg(self) -> float:
        """Above 0: tilted clockwise in the picture; -180 to 180."""
        return float(np.degrees(np.arctan2(self.axes[1, 0], self.axes[0, 0])))
