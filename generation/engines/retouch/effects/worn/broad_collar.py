"""A broad collar of gold and glass beads on neck and shoulders, under chin, hair and hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.colour import blur, parse_rgb, to_srgb
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.objects.collars import around_neck, beads
from generation.engines.retouch.objects.wear import photo_light

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

NEEDS = ("person", "hair")
INNER = 0.50


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    gold: str = "#e0aa3e",
    first: str = "#1d3f96",
    second: str = "#23a39a",
    third: str = "#b0402a",
) -> list[Layer]:
    """Its rows of gold lie between rows of three colours."""
    rows = ((gold, 0.05), (first, 0.085), (gold, 0.03), (second, 0.085), (gold, 0.03), (third, 0.085), (gold, 0.06))
    reach = INNER + sum(wide for _, wide in rows)
    around = around_neck(scene.face, reach + 0.05, scene.person)
    if around is None:
        return []
    light, mask = beads(around, INNER, rows)
    box, lamp = around.box, photo_light(scene)
    free = scene.person[box.rows_cols] * (1 - covered(scene)[box.rows_cols])
    shadow = blur(np.clip(mask, 0, 1), 0.03 * around.unit_px) * free * np.float32(0.45)
    dark = Layer(box, np.zeros_like(light), shadow * (1 - mask))
    colour = to_srgb(light * (lamp.colour * np.float32(lamp.level))[None, None])
    return [dark, Layer(box, colour, mask * free)]


def covered(scene: Scene) -> np.ndarray:
    """(H, W) float32: what hangs or is held before the chest: face, hair, hands."""
    hidden: np.ndarray = np.maximum(scene.hair, scene.in_front)
    hidden[scene.near.rows_cols] = np.maximum(hidden[scene.near.rows_cols], scene.face_oval)
    return hidden


def check(
    *, gold: str = "#e0aa3e", first: str = "#1d3f96", second: str = "#23a39a", third: str = "#b0402a", **_: object
) -> None:
    """Raises ValueError for what is no colour."""
    for colour in (gold, first, second, third):
        parse_rgb(colour)
