"""Makes fields that bend a picture without folding it: smooth bumps in face coordinates, summed on a coarse grid.

Every bump is continuously differentiable and ends within its radius, so far from the face nothing moves.
Interpolating moved landmarks instead folds the jaw. Knows the mesh, not the effects that bend it;
`scene.pull` applies a field.
"""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.scene import FIELD_STEP_PX, Field
from generation.face.face import Face

Nodes = tuple[slice, slice]
EVERYWHERE: Nodes = slice(None), slice(None)


class Sculptor:
    """Sums bumps into one field. Lengths are in face heights; right and up are the face's own axes.

    Args:
        height: of the picture, px.
        width: of the picture, px.
        glasses: whether the face wears some: their frames must not be bent.
    """

    def __init__(self, face: Face, height: int, width: int, glasses: bool = False) -> None:
        self._face = face
        self.glasses = glasses
        rows, cols = -(-height // FIELD_STEP_PX) + 1, -(-width // FIELD_STEP_PX) + 1
        y, x = np.mgrid[0:rows, 0:cols].astype(np.float32)
        self._nodes = np.stack([x, y], axis=-1) * FIELD_STEP_PX
        self.field: Field = np.zeros((rows, cols, 2), np.float32)

    def coordinates(self, centre: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Each node's place seen from `centre` px: (right, up), in face heights."""
        return self._coordinates(centre, EVERYWHERE)

    def push(self, centre: np.ndarray, right: float, up: float, radius: tuple[float, float]) -> None:
        """Move what lies around `centre` px by (right, up), all in face heights; radius along right and up."""
        where = self._within(centre, max(radius))
        across, along = self._coordinates(centre, where)
        bump = np.clip(1 - (across / radius[0]) ** 2 - (along / radius[1]) ** 2, 0, None) ** 3
        self._add(-right * bump, -up * bump, where)

    def magnify(self, centre: np.ndarray, share: float, radius: tuple[float, float], sideways: bool = False) -> None:
        """Magnify (shrink where share < 0) around `centre` px; `sideways` leaves heights alone."""
        where = self._within(centre, max(radius))
        across, along = self._coordinates(centre, where)
        bump = share * np.clip(1 - (across / radius[0]) ** 2 - (along / radius[1]) ** 2, 0, None) ** 2
        self._add(-bump * across, np.zeros_like(bump) if sideways else -bump * along, where)

    def add(self, right: np.ndarray, up: np.ndarray) -> None:
        """Add a backward shift (nodes' rows, columns), in face heights along the face's axes."""
        self._add(right, up, EVERYWHERE)

    def _coordinates(self, centre: np.ndarray, where: Nodes) -> tuple[np.ndarray, np.ndarray]:
        away = (self._nodes[where] - np.asarray(centre, np.float32)) / np.float32(self._face.height_px)
        return away @ self._face.right, away @ self._face.up

    def _add(self, right: np.ndarray, up: np.ndarray, where: Nodes) -> None:
        for amount, axis in ((right, self._face.right), (up, self._face.up)):
            self.field[where] += (amount * self._face.height_px).astype(np.float32)[..., None] * axis

    def _within(self, centre: np.ndarray, radius: float) -> Nodes:
        """The nodes up to `radius` face heights from `centre` px, and some around them."""
        reach = radius * self._face.height_px
        low = np.clip(np.floor((np.asarray(centre) - reach) / FIELD_STEP_PX), 0, None).astype(int)
        high = np.clip(np.ceil((np.asarray(centre) + reach) / FIELD_STEP_PX) + 1, 0, None).astype(int)
        return slice(low[1], high[1]), slice(low[0], high[0])


def jacobian(field: Field) -> np.ndarray:
    """The map's local change of area in each cell, (rows - 1, columns - 1): 1 at rest, above 0 without a fold."""
    along_x = np.diff(field, axis=1)[:-1] / FIELD_STEP_PX
    along_y = np.diff(field, axis=0)[:, :-1] / FIELD_STEP_PX
    change: np.ndarray = (1 + along_x[..., 0]) * (1 + along_y[..., 1]) - along_x[..., 1] * along_y[..., 0]
    return change
