"""A sad face: corners of the mouth down, the inner ends of the brows up. Knows landmarks only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generation.engines.retouch import wishes

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Field, Scene


def bend(scene: Scene, *, amount: float = 1.0) -> Field:
    """No tears; a wide smile stays one, only less.

    Args:
        amount: 0 to 1; down to -0.5 does the opposite.
    """
    sculptor = wishes.sculptor_of(scene)
    wishes.sadness(sculptor, scene.face, amount)
    return wishes.bend_of(scene, sculptor)
