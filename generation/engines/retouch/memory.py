"""What the engine remembers of the last photos, so that the next style or strength comes at once. Draws nothing.

It is a convenience and may be empty at any time: nothing is kept longer than `KEEP_S`, nor on any disk.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

import cv2
import numpy as np

from generation.engines.retouch.scene import FIELD_STEP_PX, Field, Scene, pull
from generation.job import Note

Thing = TypeVar("Thing")

KEEP_S = 300.0
SCENES, DRAFTS = 2, 6
MOST_BYTES = 96_000_000
"""Of drafts, and again of scenes; the newest of each stays whatever its size."""

Seen = tuple[Scene, tuple[Note, ...]]
"""A scene, and what the gate has to say of the photo."""
FaceBox = tuple[int, int, int, int]


@dataclass(frozen=True, eq=False)
class Draft:
    """A style drawn at full strength, and the photo without it: every strength between is a blend of the two.

    Args:
        bare: (H, W, 3) uint8 sRGB: the photo with what is whole at any strength.
        full: (H, W, 3) uint8 sRGB.
        bent: the field that both are bent by at full strength; None: they are not, or for one strength only.
        face: x0, y0, x1, y1 px.
    """

    bare: np.ndarray
    full: np.ndarray
    bent: Field | None
    face: FaceBox
    notes: tuple[Note, ...]

    def at(self, strength: float) -> np.ndarray:
        """(H, W, 3) uint8 at a strength of 0 to 1. strength 1 is `full` itself."""
        if strength >= 1:
            return self.full
        blend = cv2.addWeighted(self.full, strength, self.bare, 1 - strength, 0)
        return blend if self.bent is None else pull(blend, bent_back(self.bent, strength))


class Memory:
    """Threads may share one: a sheet's tiles are drawn several at once, all of one scene."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._scenes = _Shelf[Seen](SCENES, _bytes_of_scene, clock)
        self._drafts = _Shelf[Draft](DRAFTS, _bytes_of_draft, clock)
        self._looking = threading.Lock()

    def scene(self, pixels: np.ndarray, make: Callable[[], Seen]) -> Seen:
        """The scene of that photo, with the mattes it has by now; made if it is not remembered."""
        with self._looking:  # two tiles that begin together get the same scene, and share its mattes
            return self._scenes.get(_fingerprint(pixels), make)

    def draft(self, pixels: np.ndarray, recipe: Hashable, make: Callable[[], Draft]) -> Draft:
        """That recipe drawn on that photo; drawn if it is not remembered."""
        return self._drafts.get((_fingerprint(pixels), recipe), make)

    def forget(self, older_than_s: float = 0.0) -> None:
        """Drop what was not used for that long; by default everything."""
        self._scenes.forget(older_than_s)
        self._drafts.forget(older_than_s)


class _Shelf(Generic[Thing]):
    """The few things used last. Threads may share one; it is not locked while something is made."""

    def __init__(self, most: int, size: Callable[[Thing], int], clock: Callable[[], float]) -> None:
        self._most, self._size, self._clock = most, size, clock
        self._things: OrderedDict[Hashable, tuple[float, Thing]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Thing]) -> Thing:
        self.forget(KEEP_S)
        with self._lock:
            known = self._things.pop(key, None)
        thing = make() if known is None else known[1]
        with self._lock:
            self._things[key] = (self._clock(), thing)
            while len(self._things) > 1 and (len(self._things) > self._most or self._bytes() > MOST_BYTES):
                self._things.popitem(last=False)
        return thing

    def forget(self, older_than_s: float) -> None:
        with self._lock:
            now = self._clock()
            for key in [key for key, (at, _) in self._things.items() if now - at >= older_than_s]:
                del self._things[key]

    def _bytes(self) -> int:
        return sum(self._size(thing) for _, thing in self._things.values())


def _fingerprint(pixels: np.ndarray) -> Hashable:
    return pixels.shape, hashlib.sha256(np.ascontiguousarray(pixels).data).digest()


def _bytes_of_scene(seen: Seen) -> int:
    scene, _ = seen
    known = scene.__dict__.copy()  # another thread may be adding to it
    return sum(value.nbytes for value in known.values() if isinstance(value, np.ndarray))


def _bytes_of_draft(draft: Draft) -> int:
    return draft.bare.nbytes + draft.full.nbytes


def after(first: Field, second: Field) -> Field:
    """The field that bends by `first`, then by `second`."""
    both: Field = second + _at(first, second)
    return both


def bent_back(field: Field, strength: float) -> Field:
    """The field that takes a picture bent by `field` to the one bent by `strength` times `field`, by fixed-point steps.

    The bent picture shows at q what the photo has at q + field(q), so q + field(q) = p + strength * field(p).
    """
    back = (strength - 1) * field
    for _ in range(4):
        back = strength * field - _at(field, back)
    return back


def _at(field: Field, shift: Field) -> Field:
    """The field at its nodes moved by `shift` px."""
    rows, cols = field.shape[:2]
    y, x = np.mgrid[0:rows, 0:cols].astype(np.float32)
    moved = shift / np.float32(FIELD_STEP_PX)
    there: Field = cv2.remap(
        field, x + moved[..., 0], y + moved[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return there
