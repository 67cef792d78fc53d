"""A face found in a photo: the mesh and what follows from it by arithmetic. Knows no network and no pixels."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class Face:
    """One face.

    Args:
        landmarks: (478, 3) float32 px, x right, y down, z away from the camera; MediaPipe's attention mesh.
        box: (4,) float32 px, x0 y0 x1 y1 as the detector saw it.
        score: the detector's, 0 to 1.
    """

    landmarks: np.ndarray
    box: np.ndarray
    score: float

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

    @cached_property
    def right(self) -> np.ndarray:
        """(2,) unit vector along the eye line, towards the picture's right for an upright face."""
        axis = self.points[[263, 362]].mean(0) - self.points[[33, 133]].mean(0)
        return np.asarray(axis / np.linalg.norm(axis), np.float32)

    @cached_property
    def up(self) -> np.ndarray:
        """(2,) unit vector across the eye line, towards the crown."""
        return np.asarray([self.right[1], -self.right[0]], np.float32)
