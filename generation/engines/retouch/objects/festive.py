"""Festive hats as solids in hat space. Knows no head but the opening's two half axes, no photo and no colour."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.objects.hats import ring
from generation.engines.retouch.objects.solid import Solid, ball, join, sheet, tube

CLOTH, TRIM, BALL, BAND, BRIM = 0, 1, 2, 3, 4
AROUND = 64


def santa_hat(across: float, deep: float, height: float, trim: float) -> Solid:
    """A soft cone that falls over to the picture's right, a thick fluffy trim, a ball at the tip.

    Args:
        height: of the cone along its middle, px. trim: half the trim's thickness, px.
    """
    share = np.linspace(0, 1, 40)
    heading = np.radians(4 + 158 * np.clip((share - 0.30) / 0.70, 0, 1) ** 1.15)
    step = height / 39
    spine = np.stack([np.cumsum(np.sin(heading)), np.cumsum(np.cos(heading)), 0.10 * np.arange(40)], 1) * step
    rows = []
    angle = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    for s, at, turn in zip(share, spine, heading, strict=True):
        width = (1 - s) ** 0.78 * 0.97 + 0.05
        folds = 1 + 0.05 * np.sin(13 * s + 1.5 * np.cos(angle)) * np.clip(5 * (s - 0.12), 0, 1)
        side = np.asarray([np.cos(turn), -np.sin(turn), 0.0])
        radial = side * (across * np.cos(angle) * folds)[:, None]
        radial = radial + np.asarray([0, 0, 1.0]) * (deep * np.sin(angle) * folds)[:, None]
        rows.append(at + radial * width)
    brim = tube(ring(across * 1.0, deep * 1.0, 0.4 * trim, 90), trim, TRIM, closed=True, sides=20)
    tip = ball(spine[-1] + np.asarray([0, -0.5 * trim, 0]), np.full(3, 1.15 * trim), BALL, 18, 26)
    return join(sheet(np.stack(rows), CLOTH, closed=True), brim.lifted(0.3 * deep), tip.lifted(0.6 * deep))


def party_hat(across: float, deep: float, height: float) -> Solid:
    """A paper cone with a tuft at its tip."""
    rows = [ring(across * (1 - v), deep * (1 - v), height * v) for v in np.linspace(0, 0.985, 24)]
    edge = tube(ring(across, deep, 0.0, 72), 0.025 * height, TRIM, closed=True, sides=8)
    tuft = ball(np.asarray([0, 1.02 * height, 0]), np.full(3, 0.115 * height), BALL, 18, 26)
    return join(sheet(np.stack(rows), CLOTH, closed=True), edge.lifted(0.1 * deep), tuft.lifted(0.3 * deep))


def cowboy_hat(across: float, deep: float, brim: float, height: float) -> Solid:
    """A creased crown, a wide brim rolled up at the sides and dipped in front, a braided band."""
    angle = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    crown: list[np.ndarray] = []
    for v in np.concatenate([np.linspace(0, 0.94, 16), [0.975, 0.99, 0.985, 0.95, 0.90, 0.87]]):
        inner = len(crown) >= 16
        swell = 1 - 0.16 * v + 0.05 * np.sin(np.pi * v) if not inner else 0.80 - 0.15 * (len(crown) - 15)
        pinch = 1 - 0.16 * np.clip(np.sin(angle), 0, 1) ** 2 * v**2
        x = across * max(swell, 0.0) * np.cos(angle) * pinch
        # the top is highest in front and behind, and creased along its middle
        level = height * v * (1 + 0.07 * np.sin(angle) ** 2 * v**3)
        crown.append(np.stack([x, level, deep * max(swell, 0.0) * np.sin(angle)], 1))
    rows = []
    for share in np.linspace(0, 1, 12):
        roll = 0.62 * np.abs(np.cos(angle)) ** 2.6 * share**2.0 - 0.10 * np.clip(np.sin(angle), 0, 1) * share**1.3
        reach = share * brim * (1 - 0.18 * np.abs(np.cos(angle)))
        rows.append(np.stack([(across + reach) * np.cos(angle), roll * brim, (deep + reach) * np.sin(angle)], 1))
    band = [
        ring(across * s, deep * s, height * v) for v, s in ((0.0, 1.02), (0.01, 1.035), (0.13, 1.015), (0.14, 0.98))
    ]
    return join(
        sheet(np.stack(rows), BRIM, closed=True),
        tube(rows[-1], 0.018 * across, BRIM, closed=True, sides=6),
        sheet(np.stack(crown), CLOTH, closed=True),
        sheet(np.stack(band), BAND, closed=True).lifted(0.13 * deep),
    )
