"""A surprised face: brows up, eyes wide, a rounder mouth. Knows landmarks only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generation.engines.retouch import wishes

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Field, Scene


def bend(scene: Scene, *, amount: float = 1.0) -> Field:
    """Closed lips stay closed.

    Args:
        amount: 0 to 1; down to -0.5 does the opposite.
    """
    sculptor = wishes.sculptor_of(scene)
    wishes.surprise(sculptor, scene.face, amount)
    return wishes.bend_of(scene, sculptor)
