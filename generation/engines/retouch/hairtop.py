"""Completes the top of a head that the frame cuts off, in room made above it. Knows no hat."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import smoothstep
from generation.engines.retouch.objects.crest import crest
from generation.engines.retouch.scene import Scene

ROUND = 0.5
"""The radius of the top of a head, in face heights."""

FLANK = (0.30, 0.12)
"""How far inward, in half widths of the head, and down, in face heights, hair surely lies beside a brow."""


def hair_above(scene: Scene, xs: np.ndarray, ys: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Where in the photo to look for what grows above its upper edge: the hair mirrored, drawn together to a dome.

    Args:
        xs, ys: (h, w) px of the photo; ys < 0 is above it.

    Returns:
        (h, w) x and y to look at, and how much of it is head; None when no head goes on above.
    """
    found = crest(scene)
    span = _cut(scene) if found.is_cut else None
    if span is None:
        return None
    left, right = span
    unit = found.unit_px
    top = float(found.picture(found.at(0.0)[None])[0, 1])
    middle, half = (left + right) / 2, (right - left) / 2
    # what a head as wide as this at the edge has above it: little where only its top touches the edge
    share = min(half / (ROUND * unit), 1.0)
    height = max(min(max(-top, 0.44 * half), ROUND * unit * (1 - np.sqrt(1 - share * share))), 0.015 * unit)
    level = np.clip(-ys / np.float32(height), 0, 1)
    width = np.sqrt(np.clip(1 - level ** (1 + 1.2 * share * share), 1e-4, 1))
    away = (xs - np.float32(middle)) / np.float32(half) / width
    strip = FLANK[1] * unit if found.is_lost else max(found.hair_px, 3.0)
    folded = np.abs(((-ys + strip) % (2 * strip)) - strip)
    soft = max(0.012 * unit, 1.0) / half
    head = smoothstep(np.abs(away), 1.0, 1.0 - 3 * soft)
    head = head * smoothstep(-ys, 0.99 * height, 0.93 * height)
    source = np.float32(middle) + np.clip(away, -1, 1) * np.float32(half)
    if found.is_lost:  # the edge shows a brow: what grows above it is what grows beside it, on the broader side
        side = np.float32(1 if right - scene.face.points[10][0] > scene.face.points[10][0] - left else -1)
        inward = FLANK[0] * (1 - np.clip(side * away, -1, 1)) / 2 + 2 * soft
        source = np.float32(middle) + side * (1 - inward) * np.float32(half)
    return np.clip(source, 0, scene.width - 1), folded.astype(np.float32), np.asarray(head * (ys < 0.5), np.float32)


def _cut(scene: Scene) -> tuple[float, float] | None:
    """From where to where the head meets the photo's upper edge, px."""
    person, scale = scene.raw_person, scene.raw_person.shape[1] / scene.width
    edge = person[: max(2, person.shape[0] // 100)].mean(0) > 0.5
    middle = int(np.clip(scene.face.points[10][0] * scale, 0, len(edge) - 1))
    if not edge[middle]:
        near = np.flatnonzero(edge)
        if not len(near) or np.abs(near - middle).min() > 0.25 * scene.face.height_px * scale:
            return None
        middle = int(near[np.abs(near - middle).argmin()])
    outside = np.flatnonzero(~edge)
    left = outside[outside < middle].max(initial=-1) + 1
    right = outside[outside > middle].min(initial=len(edge))
    return (float(left / scale), float(right / scale)) if right - left > 3 else None
