"""A sharper line of the jaw: slimmer below the ears, the chin drawn out. Knows landmarks only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generation.engines.retouch import wishes

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Field, Scene


def bend(scene: Scene, *, amount: float = 1.0, chin: float = 0.3) -> Field:
    """The jaw slimmer, most beside the mouth and below.

    Args:
        amount: 0 to 1; down to -0.5 does the opposite.
        chin: 0 to 1, how far the chin is drawn down; down to -1 shortens it.
    """
    sculptor = wishes.sculptor_of(scene)
    wishes.slimmer_jaw(sculptor, scene.face, amount, wishes.JAW_LINE)
    wishes.shorter_chin(sculptor, scene.face, -chin)
    return wishes.bend_of(scene, sculptor)
