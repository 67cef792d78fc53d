"""The outline of a head with its hair: where horns, animal ears and a headphone's band stand. Knows no such thing."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from generation.engines.retouch.effects import Skip
from generation.engines.retouch.objects.head import Head, head_of
from generation.engines.retouch.scene import Scene
from generation.job import Note

DEPTH = 0.30
"""How far behind the temples the middle of the head lies, in head widths."""
ANGLES = np.linspace(-90, 90, 37)
SKULL = (0.60, 0.66)
"""The least reach of a head to the side, in head widths, and up, in face heights."""
HAIR = (0.20, 0.24)
"""The most that hair adds to it, in face heights."""
FOREHEAD = 0.11
"""How far above the mesh a forehead may reach, in face heights."""
LEAST_HEAD = 0.06
"""So much must show above the mesh for something to stand on a head that the picture cuts off, in face heights."""
AT_CORNER = 0.2
"""From that likelihood of a person on a picture's corner may belong to the head."""
LEAST_HAIR = 0.10
"""So much hair must show below the edge that cuts a head to tell how it goes on, in face heights."""
CUT = 1.10
"""What a head that the picture cuts off is taken for, in bare skulls."""


@dataclass(frozen=True, slots=True)
class Crest:
    """A head's outline above the temples.

    Args:
        middle: (3,) px of picture space, inside the head. reach: (37,) px of head space, at ANGLES from upright.
        is_cut: the picture ends before the head does.
        above_px: how much the picture shows above the mesh where it cuts the head.
        fills_corner: where the picture cuts the head, it or its hair reaches the picture's corner, too.
    """

    head: Head
    middle: np.ndarray
    reach: np.ndarray
    is_cut: bool
    above_px: float
    fills_corner: bool

    @property
    def hair_px(self) -> float:
        """How much of the hair, or of what covers it, the picture shows below its edge where it cuts the head."""
        return max(0.0, self.above_px - FOREHEAD * self.unit_px) if self.is_cut else 0.0

    @property
    def is_hidden(self) -> bool:
        """The picture ends at the forehead, or little above it and at the side, too: nothing can stand on that head."""
        return self.is_cut and (self.above_px < LEAST_HEAD * self.unit_px or (self.is_lost and self.fills_corner))

    @property
    def is_lost(self) -> bool:
        """The picture ends so low that nobody can say how the head goes on."""
        return self.is_cut and self.hair_px < LEAST_HAIR * self.unit_px

    @property
    def unit_px(self) -> float:
        """The face's height in space."""
        return self.head.height_px

    def out(self, angle_deg: float) -> np.ndarray:
        """(3,) the direction in head space, 0 is up, 90 is to the picture's right."""
        angle = np.radians(angle_deg)
        return np.asarray([np.sin(angle), np.cos(angle), 0.0])

    def at(self, angle_deg: float, share: float = 1.0, towards: float = 0.0) -> np.ndarray:
        """(3,) px of head space about `middle`: at that share of the way to the outline, so far to the front."""
        reach = float(np.interp(angle_deg, ANGLES, self.reach))
        return np.asarray(self.out(angle_deg) * reach * share + np.asarray([0, 0, towards]))

    def picture(self, points: np.ndarray) -> np.ndarray:
        """(N, 3) of head space in picture space."""
        return self.head.place(points, self.middle)


def crest(scene: Scene) -> Crest:
    """Find the outline in the net's likelihood of the person, which costs little and is known anyway."""
    head = head_of(scene.face)
    middle = head.temples - head.axes[:, 2] * DEPTH * head.width_px
    least, most = _bounds(head)
    person, scale = scene.raw_person, scene.raw_person.shape[1] / scene.width
    steps = np.linspace(0, 1, 64)
    reach, ends = np.zeros(len(ANGLES)), np.zeros(len(ANGLES), bool)
    for number, angle in enumerate(np.radians(ANGLES)):
        way = head.axes[:2] @ np.asarray([np.sin(angle), np.cos(angle), 0.0])
        far = steps * most[number]
        at = middle[:2] + far[:, None] * way
        inside = (at[:, 0] >= 0) & (at[:, 0] < scene.width - 1) & (at[:, 1] < scene.height - 1)
        inside &= at[:, 1] >= scene.added_px
        columns = np.clip((at[:, 0] * scale).astype(int), 0, person.shape[1] - 1)
        rows = np.clip((at[:, 1] * scale).astype(int), 0, person.shape[0] - 1)
        shown = inside & ((person[rows, columns] > 0.5) | (far < 0.75 * least[number]))
        stop = int(np.argmin(shown)) if not shown.all() else len(steps) - 1
        reach[number] = far[stop]
        ends[number] = stop < len(steps) - 1 and not inside[stop]
    upper = np.abs(ANGLES) < 50
    cut = bool((ends & upper & (reach < 0.97 * most)).any())
    reach = np.clip(_median(np.where(ends, np.maximum(reach, CUT * least), reach)), least, most)
    reach = np.convolve(np.pad(reach, 2, mode="edge"), np.ones(5) / 5, "valid")
    above = float(scene.face.points[10][1]) - scene.added_px
    edge = person[min(math.ceil((scene.added_px + 2) * scale), person.shape[0] - 1)]
    return Crest(head, middle, np.asarray(reach), cut, above, bool(max(edge[:4].mean(), edge[-4:].mean()) > AT_CORNER))


def grown_crest(scene: Scene) -> Crest:
    """The outline for something that stands on the hair.

    Raises:
        Skip: the picture does not show where the head ends.
    """
    found = crest(scene)
    if found.is_hidden:
        raise Skip(Note.HEAD_CUT)
    return found


def _bounds(head: Head) -> tuple[np.ndarray, np.ndarray]:
    """The ellipses of a bare skull and of the biggest hair: (37,) px each."""
    angle = np.radians(ANGLES)
    radii = []
    for more in ((0.0, 0.0), HAIR):
        side = SKULL[0] * head.width_px + more[0] * head.height_px
        up = (SKULL[1] + more[1]) * head.height_px
        radii.append(1 / np.hypot(np.sin(angle) / side, np.cos(angle) / up))
    return np.asarray(radii[0]), np.asarray(radii[1])


def _median(values: np.ndarray) -> np.ndarray:
    padded = np.pad(values, 3, mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, 7), axis=1))
