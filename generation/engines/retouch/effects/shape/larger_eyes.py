"""Larger eyes, lids and lashes with them. Knows landmarks only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generation.engines.retouch import wishes

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Field, Scene


def bend(scene: Scene, *, amount: float = 1.0) -> Field:
    """Both eyes by about a sixth.

    Args:
        amount: 0 to 1; down to -0.5 does the opposite.
    """
    sculptor = wishes.sculptor_of(scene)
    wishes.larger_eyes(sculptor, scene.face, amount)
    return wishes.bend_of(scene, sculptor)
