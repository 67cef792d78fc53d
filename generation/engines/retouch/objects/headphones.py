"""Headphones as a solid in the head's space: two cups over the ears and a padded band. Knows no photo and no colour."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.objects.crest import Crest
from generation.engines.retouch.objects.solid import Solid, join, sheet, tube

SHELL, CUSHION, BAND, METAL = 0, 1, 2, 3
EAR_DROP = 0.085
"""How far below the temples the cups' middle sits, in face heights."""
WIDEST = 0.60
"""The most that hair holds the cups off, in head widths from the middle."""
CUP = 0.205
"""Half a cup's height, in face heights."""


def headphones(head: Crest) -> Solid:
    """The whole thing about the crest's middle, in head space."""
    unit = head.unit_px
    side = min(float(head.reach[[0, -1]].mean()), WIDEST * head.head.width_px)
    pieces = [_band(head, side, unit)]
    for sign in (-1.0, 1.0):
        pieces += _cup(sign, side, unit)
    return join(*pieces)


def _lathe(profile: tuple[tuple[float, float], ...], part: int, sign: float, centre: np.ndarray, unit: float) -> Solid:
    """A profile of (out along x, radius) turned about the ear's axis; a little higher than deep."""
    angle = np.linspace(0, 2 * np.pi, 56, endpoint=False)
    rows = []
    for out, radius in profile:
        y, z = radius * np.cos(angle), 0.82 * radius * np.sin(angle)
        x = np.full_like(angle, sign * out) - sign * 0.10 * y  # cups lean in at the top
        rows.append(centre + np.stack([x, y, z], 1) * unit)
    return sheet(np.stack(rows), part, closed=True)


def _cup(sign: float, side: float, unit: float) -> list[Solid]:
    centre = np.asarray([sign * side, -EAR_DROP * unit, 0.0])
    cushion = ((-0.035, 0.120), (-0.045, 0.165), (-0.02, 0.192), (0.02, 0.196), (0.042, 0.186), (0.045, 0.16))
    shell = ((0.040, 0.165), (0.042, 0.184), (0.060, 0.188), (0.085, 0.178), (0.105, 0.150), (0.112, 0.12))
    plate = ((0.112, 0.124), (0.117, 0.118), (0.118, 0.07), (0.119, 0.0))
    ring = ((0.106, 0.146), (0.117, 0.140), (0.119, 0.128), (0.112, 0.122))
    arm = np.asarray([[0.075, 0.185, 0.0], [0.085, 0.27, 0.0], [0.075, 0.36, 0.0]]) * unit
    arm[:, 0] = sign * arm[:, 0] - sign * 0.10 * arm[:, 1]
    t = np.linspace(0, 2, 9)
    path = np.stack([np.interp(t, [0, 1, 2], arm[:, axis]) for axis in range(3)], 1) + centre
    return [
        _lathe(cushion, CUSHION, sign, centre, unit),
        _lathe(shell, SHELL, sign, centre, unit).lifted(0.02 * unit),
        _lathe(plate, SHELL, sign, centre, unit).lifted(0.04 * unit),
        _lathe(ring, METAL, sign, centre, unit).lifted(0.05 * unit),
        tube(path, 0.020 * unit, METAL, sides=12).lifted(0.03 * unit),
    ]


def _band(head: Crest, side: float, unit: float) -> Solid:
    """A flat padded arc over the top, from cup to cup."""
    angles = np.linspace(-78, 78, 61)
    reach = np.asarray([np.linalg.norm(head.at(angle)) for angle in angles])
    turn = np.radians(angles)
    top = float(np.interp(0, angles, reach))
    span = side + 0.045 * unit
    arc = 1 / (np.abs(np.sin(turn) / span) ** 2.3 + np.abs(np.cos(turn) / (top + 0.01 * unit)) ** 2.3) ** (1 / 2.3)
    out = np.stack([np.sin(turn), np.cos(turn), 0 * turn], 1)
    path = out * arc[:, None]
    section = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    corner = 2 / 3.2
    wide = 0.060 * unit * np.sign(np.sin(section)) * np.abs(np.sin(section)) ** corner
    thick = (
        (0.026 + 0.012 * np.cos(turn)[:, None]) * unit * np.sign(np.cos(section)) * np.abs(np.cos(section)) ** corner
    )
    rows = path[:, None] + out[:, None] * thick[..., None] + np.asarray([0, 0, 1.0]) * wide[None, :, None]
    return sheet(rows, BAND, closed=True)
