"""Spectacle frames as solids, fitted to a face's eyes and nose. Knows no photo, no colour and no light.

Lens shapes are in eye distances about the lens's centre: x away from the nose, y up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from generation.engines.retouch.objects.head import Head, head_of
from generation.engines.retouch.objects.solid import Solid, ball, join, tube
from generation.face.face import Face
from generation.face.regions import spline

RIM, TEMPLE, PAD = 0, 1, 2
"""Parts of a frame's solid."""

FALL = 0.5
"""How much a temple may fall for what it runs across in the picture."""

EYES = ((33, 133), (263, 362))
EARS = (127, 356)
NOSE_ROOT = 168
BROWS = (105, 334)

# fmt: off
OUTLINES: dict[str, tuple[tuple[float, float], ...] | None] = {
    "round": None,
    "heart": None,
    "square": ((-.40, .17), (-.36, .26), (-.15, .29), (.18, .29), (.38, .26), (.43, .16), (.42, -.08), (.37, -.25),
               (.22, -.31), (-.08, -.31), (-.29, -.26), (-.38, -.10)),
    "wayfarer": ((-.37, .09), (-.35, .19), (-.23, .245), (.00, .265), (.22, .285), (.38, .315), (.465, .30),
                 (.47, .21), (.435, .04), (.385, -.14), (.28, -.275), (.07, -.335), (-.14, -.31), (-.285, -.21),
                 (-.35, -.05)),
    "aviator": ((-.37, .22), (-.22, .28), (.08, .28), (.34, .24), (.43, .12), (.40, -.10), (.26, -.33), (.04, -.42),
                (-.18, -.36), (-.33, -.14), (-.38, .06)),
    "cat": ((-.39, .10), (-.34, .22), (-.05, .27), (.24, .33), (.47, .41), (.50, .32), (.43, .06), (.31, -.19),
            (.06, -.29), (-.21, -.26), (-.36, -.10)),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Fit:
    """Where glasses sit.

    Args:
        origin: (3,) px of picture space, the bridge of the nose. eye_px: between the eyes, in space.
        lenses: (2, 3) px of head space: the centres of the lens at the picture's left and right.
        ears: (2, 3) px of head space: where the temples end.
    """

    head: Head
    origin: np.ndarray
    eye_px: float
    lenses: np.ndarray
    ears: np.ndarray


def fit(face: Face, drop: float = 0.05) -> Fit:
    """Fit glasses to a face; the lenses' centres lie `drop` eye distances below the eyes."""
    head, at = head_of(face), face.landmarks.astype(np.float64)
    origin = at[NOSE_ROOT]
    eyes = np.stack([(at[list(pair)].mean(0) - origin) @ head.axes for pair in EYES])
    eye_px = float(np.linalg.norm(eyes[1] - eyes[0]))
    brows = (at[list(BROWS)] - origin) @ head.axes
    front = max(float(brows[:, 2].max()) - 0.02 * eye_px, 0.0) + 0.07 * eye_px
    lenses = eyes.copy()
    lenses[:, 0] = lenses[:, 0].mean() + (lenses[:, 0] - lenses[:, 0].mean()) * 1.03
    lenses[:, 1] = lenses[:, 1].mean() - drop * eye_px
    lenses[:, 2] = front - 0.07 * eye_px
    ears = (at[list(EARS)] - origin) @ head.axes
    ears += np.asarray([[-0.06, 0, 0], [0.06, 0, 0]]) * eye_px
    ears[:, 2] -= 0.52 * eye_px
    # the mesh's pitch is off by up to 10 degrees, which so far back would lift the ends off the ears:
    # they end at the height where the picture shows the temples
    up = head.axes[:2, 1]
    shown = (at[list(EARS), :2] - origin[:2]) @ up + 0.05 * eye_px
    ears[:, 1] += (shown - (ears @ head.axes.T)[:, :2] @ up) / float(up @ up)
    return Fit(head, origin, eye_px, lenses, ears)


def outline(shape: str) -> np.ndarray:
    """(N, 2) the lens at the picture's right, closed, counted from the temple upwards."""
    points = OUTLINES[shape]
    angle = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    if shape == "heart":
        y = 13 * np.cos(angle) - 5 * np.cos(2 * angle) - 2 * np.cos(3 * angle) - np.cos(4 * angle)
        return np.stack([0.445 * np.sin(angle) ** 3, 0.0262 * (y + 1.5)], 1)
    if points is None:
        return np.stack([0.395 * np.cos(angle), 0.375 * np.sin(angle)], 1)
    return spline(np.asarray(points, np.float32), 7)


def rim_path(fitted: Fit, shape: str, side: int) -> np.ndarray:
    """(N, 3) px of head space: a lens's rim; side 0 is at the picture's left. Lenses lean and wrap a little."""
    flat = outline(shape) * fitted.eye_px
    sign = 1.0 if side else -1.0
    x, y = flat[:, 0], flat[:, 1]
    lean = 0.13 * y - 0.16 * x - 0.10 * x * x / fitted.eye_px
    return np.stack([fitted.lenses[side, 0] + sign * x, fitted.lenses[side, 1] + y, fitted.lenses[side, 2] + lean], 1)


def frame_solid(fitted: Fit, shape: str, thickness: float, pads: bool) -> Solid:
    """The frame without its temples, in picture space.

    Args:
        thickness: of the rim, in eye distances. pads: with nose pads on wires, as metal frames have.
    """
    unit, radius = fitted.eye_px, thickness * fitted.eye_px / 2
    # moulded frames are stronger along the brow, bent wire is not
    rims = radius * (1 if pads else 1 + 0.9 * np.clip(outline(shape)[:, 1], -0.15, 0.35))
    solids = [tube(rim_path(fitted, shape, side), rims, RIM, closed=True, sides=12) for side in (0, 1)]
    solids.append(tube(_bridge(fitted, shape), radius * (1.0 if pads else 1.15), RIM, sides=12))
    for side, sign in ((0, -1.0), (1, 1.0)):
        hinge = _hinge(fitted, shape, side)
        start = hinge - np.asarray([sign * 0.035, 0, 0]) * unit
        solids.append(tube(np.linspace(start, hinge, 4), radius * 1.25, RIM))
        if pads:
            inner = rim_path(fitted, shape, side)
            near = inner[np.argmin(inner[:, 0] * sign + np.abs(inner[:, 1] - fitted.lenses[side, 1] + 0.06 * unit))]
            pad = near + np.asarray([-sign * 0.045, -0.03, -0.035]) * unit
            solids.append(tube(np.linspace(near, pad, 5), radius * 0.5, RIM, sides=6))
            solids.append(ball(pad, np.asarray([0.016, 0.042, 0.022]) * unit, PAD))
    return join(*solids).placed(fitted.head.axes, fitted.origin)


def temple_solid(fitted: Fit, shape: str, thickness: float) -> Solid:
    """Both temples, hinge to ear, in picture space."""
    radius = thickness * fitted.eye_px / 2
    rods = []
    for side, sign in ((0, -1.0), (1, 1.0)):
        hinge = _hinge(fitted, shape, side)
        ear = _raised(fitted, hinge, fitted.ears[side])
        share = np.linspace(0, 1, 24)[:, None]
        path = hinge + (ear - hinge) * share
        path[:, 0] += sign * 0.05 * fitted.eye_px * np.sin(np.pi * np.sqrt(share[:, 0]))
        rods.append(tube(path, radius * 1.1, TEMPLE))
    return join(*rods).placed(fitted.head.axes, fitted.origin)


def _raised(fitted: Fit, hinge: np.ndarray, ear: np.ndarray) -> np.ndarray:
    """(3,) px of head space: the ear, no lower in the picture than a temple seen from the front can fall to it."""
    across, up = fitted.head.axes[:2, 0], fitted.head.axes[:2, 1]
    way = fitted.head.axes[:2] @ (ear - hinge)
    fall = -float(way @ up) / float(np.linalg.norm(up))
    most = FALL * abs(float(way @ across)) / max(float(np.linalg.norm(across)), 1e-6) + 0.03 * fitted.eye_px
    raised = np.asarray(ear, np.float64).copy()
    raised[1] += max(fall - most, 0.0) / float(np.linalg.norm(up))
    return raised


def _hinge(fitted: Fit, shape: str, side: int) -> np.ndarray:
    path = rim_path(fitted, shape, side)
    sign = 1.0 if side else -1.0
    high = (
        fitted.lenses[side, 1]
        + (0.16 if shape in ("round", "heart") else 0.75 * outline(shape)[:, 1].max()) * fitted.eye_px
    )
    outer = path[(path[:, 0] - fitted.lenses[side, 0]) * sign > 0]
    at = outer[np.argmin(np.abs(outer[:, 1] - high))]
    return np.asarray(at + np.asarray([sign * 0.05, 0, -0.03]) * fitted.eye_px)


def _bridge(fitted: Fit, shape: str) -> np.ndarray:
    unit = fitted.eye_px
    ends = []
    for side, sign in ((0, 1.0), (1, -1.0)):
        path = rim_path(fitted, shape, side)
        inner = path[(path[:, 0] - fitted.lenses[side, 0]) * sign > 0]
        ends.append(inner[np.argmin(np.abs(inner[:, 1] - fitted.lenses[side, 1] - 0.10 * unit))])
    share = np.linspace(0, 1, 17)[:, None]
    path = ends[0] + (ends[1] - ends[0]) * share
    arch = np.sin(np.pi * share[:, 0])
    path[:, 1] += 0.055 * unit * arch
    path[:, 2] += 0.05 * unit * arch
    return np.asarray(path)
