"""Where the lobes of the ears are that a photo shows. Knows no earring.

The mesh ends before the ears: from its rim one guesses a lobe, and the bulge of skin beyond the rim tells whether an
ear shows and where it ends. Looked at on 45 faces: a lobe lies beside landmarks 132 and 361.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from generation.engines.retouch.colour import resize, smoothstep
from generation.engines.retouch.objects.head import Head, head_of
from generation.engines.retouch.scene import Scene

RIMS = ((127, 234, 93, 132, 58), (356, 454, 323, 361, 288))
"""The mesh's edge from the temple to the jaw, at the picture's left of an upright head and at its right."""

OUT, BACK = 0.022, 0.05
"""From landmarks 132 and 361 to the lobe, outwards and back, in face heights."""

WINDOW, STEPS, REACH = 0.10, 41, 0.13
"""Above and below the guess the ear's end is looked for so far, in so many steps, and so far outwards."""

LOBE = 0.022
"""From the ear's end up to where a lobe is pierced, in face heights."""

LEAST_BULGE, LEAST_BESIDE, ENDLESS = 0.052, 0.036, 0.10
"""How far an ear reaches at least beyond the rim, in face heights, and one where the other surely shows; what reaches
farther all along is no ear."""
LEAST_BARE = 0.75
"""How bare the ear must be from its lobe upwards."""
FAR_DEG = 9.0
"""When a head is turned by more, the far ear is hidden."""


@dataclass(frozen=True, slots=True)
class Lobe:
    """at: (3,) px in picture space; outwards: (3,) unit vector away from the head."""

    at: np.ndarray
    outwards: np.ndarray


def lobes(scene: Scene) -> list[Lobe]:
    """Those that show, at most two."""
    head = head_of(scene.face)
    bare = _bare_skin(scene)
    looks = [(sign, rim) for sign, rim in zip((-1, 1), RIMS, strict=True) if sign * scene.face.yaw_deg < FAR_DEG]
    found = {sign: _lobe(scene, head, sign, rim, bare, LEAST_BULGE) for sign, rim in looks}
    if any(at is not None for at in found.values()):
        found |= {sign: _lobe(scene, head, sign, rim, bare, LEAST_BESIDE) for sign, rim in looks if found[sign] is None}
    return [Lobe(at, np.asarray(sign * head.axes[:, 0])) for sign, at in found.items() if at is not None]


def _lobe(
    scene: Scene, head: Head, sign: int, rim: tuple[int, ...], bare: np.ndarray, least: float
) -> np.ndarray | None:
    """(3,) px; None when less than `least` of an ear shows."""
    unit = head.height_px
    points = scene.face.landmarks[list(rim)].astype(np.float64)
    guess = points[3] + unit * (sign * OUT * head.axes[:, 0] - BACK * head.axes[:, 2])
    steps = np.linspace(-WINDOW, WINDOW, STEPS)
    bulge = _bulges(
        scene, head, sign * scene.face.right, points[:, :2], guess[:2] + steps[:, None] * unit * _up(head), bare
    )
    if float(np.percentile(bulge[steps > 0], 80)) < least or float(bulge.min()) > ENDLESS:
        return None
    end = _end(bulge, steps)
    at = guess + unit * head.axes[:, 1] * float(np.clip(end + LOBE, -0.05, 0.05))
    above = at[:2] + unit * np.arange(0, 0.06, 0.01)[:, None] * _up(head)
    return at if float(_sampled(scene, above, bare).mean()) > LEAST_BARE else None


def _bulges(
    scene: Scene, head: Head, outwards: np.ndarray, rim: np.ndarray, rows: np.ndarray, bare: np.ndarray
) -> np.ndarray:
    """(STEPS,) how far skin goes on beyond the rim in every row, in face heights."""
    unit, up = head.height_px, _up(head)
    order = np.argsort(rim @ up)
    edge = np.interp(rows @ up, (rim @ up)[order], (rim @ outwards)[order])
    from_row = edge - rows @ outwards
    reach = np.arange(0, REACH, 0.005)
    places = rows[:, None] + (from_row[:, None] + reach * unit)[..., None] * outwards
    on = _sampled(scene, places.reshape(-1, 2), bare).reshape(len(rows), -1) > 0.35
    ends = np.where(on.all(1), on.shape[1], np.argmin(on[:, 2:], axis=1) + 2)
    return np.asarray(np.where(on[:, 1:3].any(1), reach[np.minimum(ends, len(reach) - 1)], 0.0))


def _end(bulge: np.ndarray, steps: np.ndarray) -> float:
    """Where the ear ends below, from the guess, in face heights; 0 when the neck goes on below it."""
    wide = float(np.percentile(bulge[steps > 0], 80))
    below = np.flatnonzero((bulge < 0.45 * wide) & (steps < 0.05))
    return float(steps[below[-1]]) if len(below) else -LOBE


def _bare_skin(scene: Scene) -> np.ndarray:
    """How much of each place is bare skin, at the complexion's scale."""
    look = scene.complexion
    shape = look.likeness.shape
    before = np.maximum(scene.hair[scene.near.rows_cols], scene.in_front[scene.near.rows_cols])
    hair = resize(before, *shape)
    whole = resize(scene.raw_person, scene.height, scene.width)
    person = resize(np.ascontiguousarray(whole[scene.near.rows_cols]), *shape)
    return np.asarray(smoothstep(look.likeness, 0.1, 0.5) * (1 - hair) * smoothstep(person, 0.3, 0.7))


def _sampled(scene: Scene, places: np.ndarray, values: np.ndarray) -> np.ndarray:
    """(N,) values of the small copy at places (N, 2) px; 0 outside."""
    at = ((places - scene.near.origin) * scene.complexion.scale).astype(np.float32)[None]
    found: np.ndarray = cv2.remap(values.astype(np.float32), at[..., 0], at[..., 1], cv2.INTER_LINEAR)[0]
    return found


def _up(head: Head) -> np.ndarray:
    up = head.axes[:2, 1]
    return np.asarray(up / np.linalg.norm(up))
