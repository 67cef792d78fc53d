"""One photo with one face and everything an effect may ask about it. Draws nothing.

Mattes and masks are made when they are first asked for and kept. A scene never changes; bending
makes a new one that follows the old.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from generation.engines.retouch import behind, masks
from generation.engines.retouch import in_front as fronts
from generation.engines.retouch.complexion import Complexion, look_at_skin
from generation.engines.retouch.layer import Box
from generation.engines.retouch.mattes import hair, hairmatte, matte
from generation.engines.retouch.objects.eyewear import wears_glasses
from generation.face.regions import OVAL

if TYPE_CHECKING:
    from generation.face.face import Face
    from generation.face.finder import FaceFinder

Field = np.ndarray
"""(ceil(H / 4) + 1, ceil(W / 4) + 1, 2) float32 px: the picture at p shows what the photo has at p + field(p).

Node (i, j) belongs to the pixel x = 4 j, y = 4 i; between the nodes it is linear.
"""
FIELD_STEP_PX = 4


class Bend(np.ndarray):
    """A field that moves the person alone; made by `bend_person`.

    Multiplied from the right it stays one; whatever else is computed of it is a plain field, for nobody can tell
    where the person is in a picture that was bent before.

    Args:
        person: (H, W) float32: how much of each pixel of the unbent picture is the person; what is not stays put.
    """

    person: np.ndarray | None = None

    def __mul__(self, share: Any) -> Bend:
        """The same bend, weaker."""
        weaker: Bend = np.multiply(self, share).view(Bend)
        weaker.person = self.person
        return weaker


def bend_person(field: Field, person: np.ndarray) -> Field:
    """The field for a person before a background that stays as it is."""
    bend = field.view(Bend)
    bend.person = person
    return bend


NEAR = 0.45
"""Margin of `near` around the oval, in face heights."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A photo and a face in it.

    Args:
        pixels: (H, W, 3) uint8, sRGB.
        bent_from: the scene this one was bent from, and the field; None for a scene from a photo.
        added_px: how many rows at the top are not the photo's: room made for a hat.
    """

    pixels: np.ndarray
    face: Face
    finder: FaceFinder
    bent_from: tuple[Scene, Field] | None = None
    added_px: int = 0

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @cached_property
    def near(self) -> Box:
        """The rectangle around the face that makeup works in."""
        margin = NEAR * self.face.height_px
        return Box.around(self.face.points[list(OVAL)], margin, self.height, self.width)

    @cached_property
    def raw_person(self) -> np.ndarray:
        """(H', W') float32 at matte.LIKELIHOOD_PX: how likely each place is a person, as the net says."""
        return matte.person_likelihood(self.pixels, self.face, self.finder)

    @cached_property
    def person(self) -> np.ndarray:
        """(H, W) float32: how much of each pixel is the person."""
        if self.bent_from is not None:
            scene, field = self.bent_from
            return pull(scene.person, field, cv2.INTER_LINEAR)
        return matte.person_matte(
            self.pixels, self.face, self.raw_person, hair.placed(self.hair_cells, self.raw_person.shape)
        )

    @cached_property
    def foreground(self) -> np.ndarray:
        """(H, W, 3) uint8 sRGB: the person's own colours, continued over the edges; the photo well inside."""
        return matte.foreground(self.pixels, self.person)

    @cached_property
    def hair_cells(self) -> hair.HairCells:
        """Hair on the coarse grid of the head; a bent scene has its old scene's."""
        if self.bent_from is not None:
            return self.bent_from[0].hair_cells
        return hair.find_hair(self.pixels, self.face, self.finder, self.raw_person)

    @cached_property
    def hair(self) -> np.ndarray:
        """(H, W) float32: how much of each pixel is hair of the head; all 0 when there is none to be seen."""
        if self.bent_from is not None:
            scene, field = self.bent_from
            return pull(scene.hair, field, cv2.INTER_LINEAR)
        return self._unhidden(hairmatte.hair_matte(self.pixels, self.hair_cells))

    @cached_property
    def glasses(self) -> bool:
        """Whether the face wears some, as far as their frame tells."""
        return self.bent_from[0].glasses if self.bent_from is not None else wears_glasses(self.pixels, self.face)

    @cached_property
    def complexion(self) -> Complexion:
        """What this face's skin looks like, and which places near the face look like it."""
        return look_at_skin(self)

    @cached_property
    def skin(self) -> np.ndarray:
        """(near) float32: skin of the face, without eyes, brows and lips."""
        if self.bent_from is not None:
            return self._followed(self.bent_from[0].skin)
        return self._unhidden(masks.skin(self))

    @cached_property
    def face_oval(self) -> np.ndarray:
        """(near) float32: the face, hairline to chin."""
        return masks.face_oval(self)

    @cached_property
    def lips(self) -> np.ndarray:
        """(near) float32."""
        return self._unhidden(masks.lips(self))

    @cached_property
    def mouth(self) -> np.ndarray:
        """(near) float32: what shows between the lips; all 0 when they are closed."""
        return self._unhidden(masks.mouth(self))

    @cached_property
    def eyes(self) -> np.ndarray:
        """(near) float32: what shows between the lids."""
        return self._unhidden(masks.eyes(self))

    @cached_property
    def brows(self) -> np.ndarray:
        """(near) float32."""
        return self._unhidden(masks.brows(self))

    @cached_property
    def occluders(self) -> np.ndarray:
        """(near) float32: what lies over the face, like strands of hair, glasses and hands."""
        if self.bent_from is not None:
            return self._followed(self.bent_from[0].occluders)
        return np.asarray(np.maximum(masks.occluders(self), self.in_front[self.near.rows_cols]))

    @cached_property
    def in_front(self) -> np.ndarray:
        """(H, W) float32: hands, and what they hold, before face, hair and neck; all 0 when there are none."""
        if self.bent_from is not None:
            scene, field = self.bent_from
            return pull(scene.in_front, field, cv2.INTER_LINEAR)
        return fronts.before_head(self)

    def _followed(self, mask: np.ndarray) -> np.ndarray:
        """A mask of the unbent scene's `near`, bent along, of this scene's."""
        assert self.bent_from is not None
        scene, field = self.bent_from
        x, y = _maps(field, self.near)
        inside = x - np.float32(scene.near.x0), y - np.float32(scene.near.y0)
        return cv2.remap(mask, *inside, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    def _unhidden(self, mask: np.ndarray) -> np.ndarray:
        """A mask of the picture, or of `near`, without what hands are before."""
        if not self.face.hands:
            return mask
        front = self.in_front if mask.shape == self.pixels.shape[:2] else self.in_front[self.near.rows_cols]
        return np.asarray(mask * (1 - front))

    def warped(self, field: Field) -> Scene:
        """This scene bent by a field: pixels pulled, landmarks moved along, mattes kept; nothing is detected again."""
        landmarks = self.face.landmarks.copy()
        landmarks[:, :2] = follow(self.face.points, field)
        face = replace(self.face, landmarks=landmarks)
        plain = field.view(np.ndarray)  # mattes have no background
        return Scene(pull(self.pixels, field), face, self.finder, (self, plain), self.added_px)


def pull(image: np.ndarray, field: Field, interpolation: int = cv2.INTER_CUBIC) -> np.ndarray:
    """The image bent by a field. Only the rows and columns that move are computed; the others are copied."""
    person = field.person if isinstance(field, Bend) else None
    field = field.view(np.ndarray)
    height, width = image.shape[:2]
    moved = _moving(field, height, width)
    out = image.copy()
    if moved is None:
        return out
    crop = moved.rows_cols
    maps = _maps(field, moved)
    if person is not None:
        before = image[crop].astype(np.float32)
        inside = maps[0] - np.float32(moved.x0), maps[1] - np.float32(moved.y0)
        bent = cv2.remap(before, *inside, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
        bent = behind.hold(before, bent, person[crop], inside)
    else:
        bent = cv2.remap(image, *maps, interpolation, borderMode=cv2.BORDER_REFLECT_101)
    if image.dtype == np.uint8:
        out[crop] = bent if bent.dtype == np.uint8 else np.clip(np.round(bent), 0, 255)
    else:
        out[crop] = np.clip(bent, 0, 1)
    return out


def _maps(field: Field, moved: Box) -> tuple[np.ndarray, np.ndarray]:
    """Where in the image each pixel of the box comes from, x and y px."""
    xs = np.arange(moved.x0, moved.x1, dtype=np.float32)
    ys = np.arange(moved.y0, moved.y1, dtype=np.float32)
    grid_x, grid_y = np.meshgrid(xs, ys)
    shift = cv2.remap(field, grid_x / FIELD_STEP_PX, grid_y / FIELD_STEP_PX, cv2.INTER_LINEAR)
    grid_x += shift[..., 0]
    grid_y += shift[..., 1]
    return grid_x, grid_y


def follow(points: np.ndarray, field: Field) -> np.ndarray:
    """Where points (N, 2) px of the photo are in the bent picture: q with q + field(q) = p, by fixed-point steps."""
    at = points.astype(np.float32)
    for _ in range(6):
        nodes = (at / FIELD_STEP_PX)[None]
        shift = cv2.remap(field, nodes[..., 0], nodes[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0]
        at = points.astype(np.float32) - shift
    return at


def _moving(field: Field, height: int, width: int) -> Box | None:
    rows, cols = np.nonzero(np.abs(field).max(2) > 1e-3)
    if not len(rows):
        return None
    low_x, low_y = (cols.min() - 1) * FIELD_STEP_PX, (rows.min() - 1) * FIELD_STEP_PX
    high_x, high_y = (cols.max() + 2) * FIELD_STEP_PX, (rows.max() + 2) * FIELD_STEP_PX
    return Box(int(low_x), int(low_y), int(high_x), int(high_y)).clipped(height, width)
