"""Knitted caps as solids in hat space. Knows no head but the opening's two half axes, no photo and no colour."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.objects.hats import ring
from generation.engines.retouch.objects.solid import Solid, ball, join, sheet

BODY, CUFF, POMPON = 0, 1, 2


def beanie(across: float, deep: float, height: float, cuff: float, pompon: float = 0.0) -> Solid:
    """A close cap with a turned-up cuff; it comes down lower over the ears than on the brow.

    Args:
        height: from the opening to its top, px. cuff: how high that is, px. pompon: its radius, px; 0: none.
    """
    levels = np.concatenate([np.linspace(0, 0.5, 10), 1 - (1 - np.linspace(0.55, 1, 20)) ** 1.6 * 0.45 / 0.45**1.6])
    body = [_round(across, deep, s, v * height) for v, s in zip(levels, _profile(levels), strict=True)]
    share = np.linspace(0, 1, 9)
    swell = 1.01 + 0.035 * np.sin(np.pi * share) ** 0.6 - 0.012 * share
    folded = [_round(across, deep, s, v * cuff) for v, s in zip(share, swell, strict=True)]
    under = [_round(across, deep, 0.97, 0.03 * cuff)]
    over = [_round(across, deep, 0.985, 0.985 * cuff)]
    pieces = [
        sheet(np.stack(body), BODY, closed=True),
        sheet(np.stack([*under, *folded, *over]), CUFF, closed=True).lifted(0.12 * deep),
    ]
    if pompon:
        pieces.append(ball(np.asarray([0, height + 0.7 * pompon, 0]), np.full(3, pompon), POMPON, 18, 28))
    return join(*pieces)


def _profile(level: np.ndarray) -> np.ndarray:
    return np.asarray((1 - np.clip(level, 0, 1) ** 2.3) ** 0.53)


def _round(across: float, deep: float, swell: float, height: float) -> np.ndarray:
    row = ring(across * swell, deep * swell, height)
    angle = np.arctan2(row[:, 2] / deep, row[:, 0] / across)
    # over the ears and at the nape it lies lower; its top does not follow
    row[:, 1] -= (
        0.26 * across * (1 - np.clip(np.sin(angle), -0.2, 1)) ** 1.3 * np.clip(1.2 - height / (1.1 * across), 0, 1)
    )
    return row
