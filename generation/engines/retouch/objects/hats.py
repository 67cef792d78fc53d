"""Hats as solids in hat space. Knows no head but the opening's two half axes, no photo and no colour."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.objects.solid import Solid, join, sheet, tube

FELT, BAND, BUCKLE, BRIM = 0, 1, 2, 3
AROUND = 72


def ring(across: float, deep: float, height: float | np.ndarray, count: int = AROUND) -> np.ndarray:
    """(count, 3) an ellipse around the hat's axis, from the picture's right over the front."""
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.stack([across * np.cos(angle), np.broadcast_to(height, angle.shape), deep * np.sin(angle)], 1)


def witch_hat(across: float, deep: float, brim: float, height: float, bend: float = 1.0) -> Solid:
    """A pointed hat with a wide wavy brim, a bent tip and a buckled band.

    Args:
        across, deep: half axes of the opening, px. brim: how far the brim reaches beyond, px.
        height: of the cone, px. bend: how far the tip hangs over to the side, 0 to 1.
    """
    return join(
        _brim(across, deep, brim),
        _cone(across, deep, height, bend),
        _band(across, deep, height).lifted(0.13 * deep),
        _buckle(across, deep, height).lifted(0.45 * deep),
    )


def _brim(across: float, deep: float, brim: float) -> Solid:
    angle = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    rows = []
    for share in np.linspace(0, 1, 8):
        wave = 0.07 * np.sin(2 * angle + 0.6) + 0.05 * np.sin(3 * angle + 2.1)
        sag = -0.10 * share**2 + 0.10 * share**2 * np.abs(np.cos(angle)) ** 2 + wave * share**1.5
        reach = share * brim * (1 - 0.25 * np.abs(np.sin(angle)))
        rows.append(np.stack([(across + reach) * np.cos(angle), sag * brim, (deep + reach) * np.sin(angle)], 1))
    points = np.stack(rows)
    edge = tube(points[-1], 0.018 * across, FELT, closed=True, sides=6)
    return join(sheet(points, BRIM, closed=True), edge)


def _spine(height: float, across: float, bend: float, share: np.ndarray) -> np.ndarray:
    """(n, 3) the cone's middle line: upright, then hanging to the picture's right."""
    hang = np.clip((share - 0.45) / 0.55, 0, 1)
    x = across * bend * (0.85 * hang**1.8 - 0.10 * np.sin(np.pi * share))
    y = height * (share - 0.24 * bend * hang**2.4)
    return np.stack([x, y, 0.10 * across * hang], 1)


def _cone(across: float, deep: float, height: float, bend: float) -> Solid:
    share = np.linspace(0, 1, 34)
    spine = _spine(height, across, bend, share)
    ahead = np.gradient(spine, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    angle = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    rows = []
    for i, s in enumerate(share):
        width = (1 - s) ** 0.88 + 0.015
        folds = 1 + 0.060 * np.sin(9.5 * s + 0.8 * np.cos(angle)) * np.clip(6 * (s - 0.15), 0, 1) * (1 - s * 0.5)
        across_axis = np.asarray([ahead[i, 1], -ahead[i, 0], 0.0])
        across_axis /= np.linalg.norm(across_axis)
        radial = across_axis * (across * np.cos(angle) * folds)[:, None]
        radial += np.asarray([0, 0, 1.0]) * (deep * np.sin(angle) * folds)[:, None]
        rows.append(spine[i] + radial * width)
    return sheet(np.stack(rows), FELT, closed=True)


def _band(across: float, deep: float, height: float) -> Solid:
    rows = []
    for share, swell in ((0.0, 1.03), (0.02, 1.035), (0.08, 0.985), (0.135, 0.93), (0.14, 0.90)):
        rows.append(ring(across * swell, deep * swell, share * height))
    return sheet(np.stack(rows), BAND, closed=True)


def _buckle(across: float, deep: float, height: float) -> Solid:
    """A rounded square of metal on the front of the band."""
    half = 0.085 * height
    t = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    corner = 5.0
    x = half * 1.05 * np.sign(np.cos(t)) * np.abs(np.cos(t)) ** (2 / corner)
    y = 0.070 * height + half * np.sign(np.sin(t)) * np.abs(np.sin(t)) ** (2 / corner)
    swell = 1.045 - 0.75 * (y / height)
    z = deep * swell * np.sqrt(np.maximum(1 - (x / (across * swell)) ** 2, 0.05)) + 0.01 * deep
    pin = np.stack([np.linspace(-half * 1.1, 0.15 * half, 8), np.full(8, 0.070 * height), np.full(8, z.max())], 1)
    radius = 0.16 * half
    return join(
        tube(np.stack([x, y, z], 1), radius, BUCKLE, closed=True, sides=8), tube(pin, 0.7 * radius, BUCKLE, sides=8)
    )


def top_hat(across: float, deep: float, brim: float, height: float) -> Solid:
    """A tall hat, a little waisted, its brim rolled up at the sides, with a ribbon."""
    levels = np.concatenate([np.linspace(0, 1, 20), np.full(5, 1.0)])
    swell = np.concatenate(
        [1 - 0.16 * np.linspace(0, 1, 20) + 0.20 * np.linspace(0, 1, 20) ** 2.2, [1.03, 1, 0.7, 0.3, 0.002]]
    )
    lift = np.concatenate([np.zeros(20), [0.008, 0.012, 0.012, 0.012, 0.012]])
    crown = np.stack(
        [ring(across * s, deep * s, height * (v + r)) for v, s, r in zip(levels, swell, lift, strict=True)]
    )
    band = [ring(across * s, deep * s, height * v) for v, s in ((0, 1.025), (0.01, 1.03), (0.17, 0.99), (0.18, 0.965))]
    angle = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    rows = []
    for share in np.linspace(0, 1, 9):
        curl = 0.42 * np.abs(np.cos(angle)) ** 2 * share**2.2 - 0.16 * np.abs(np.sin(angle)) * share**1.5
        reach = share * brim * (1 - 0.12 * np.abs(np.cos(angle)))
        rows.append(np.stack([(across + reach) * np.cos(angle), curl * brim, (deep + reach) * np.sin(angle)], 1))
    return join(
        sheet(np.stack(rows), BRIM, closed=True),
        tube(rows[-1], 0.022 * across, BAND, closed=True, sides=8).lifted(0.02 * deep),
        sheet(crown, FELT, closed=True),
        sheet(np.stack(band), BAND, closed=True).lifted(0.13 * deep),
    )
