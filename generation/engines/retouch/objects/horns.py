"""Horns as solids in the head's space. Knows no photo and no colour."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.objects.solid import Solid, tube

HORN = 0
STEPS = 72


def horn(
    root: np.ndarray,
    sign: float,
    length: float,
    radius: float,
    start_deg: float = 42.0,
    end_deg: float = -38.0,
    back: float = 0.25,
    ridges: int = 11,
) -> Solid:
    """One horn: it leaves the head at `start_deg` from upright, outwards, and turns to `end_deg`.

    Args:
        root: (3,) px. sign: -1 at the picture's left, 1 at its right. length, radius: px.
        back: how far its middle swings backwards, in lengths. ridges: rings along it, none at the tip.
    """
    t = np.linspace(0, 1, STEPS)
    heading = np.radians(start_deg + (end_deg - start_deg) * t**0.9)
    step = length / (STEPS - 1)
    x = np.cumsum(np.sin(heading)) * step * sign
    y = np.cumsum(np.cos(heading)) * step
    z = -back * length * np.sin(np.pi * t) * 0.6 + 0.15 * back * length * t**2
    path = root + np.stack([x, y, z], 1)
    rings = 1 + 0.075 * (np.abs(np.sin(np.pi * ridges * t**0.9)) - 0.6) * np.clip(1.25 - 1.4 * t, 0, 1)
    return tube(path, radius * ((1 - t) ** 0.82 + 0.012) * rings, HORN, sides=28)
