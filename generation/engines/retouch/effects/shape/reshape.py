"""Bends the face a little for a whole look: several wishes at once. Knows landmarks only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generation.engines.retouch import wishes

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Field, Scene


def bend(
    scene: Scene,
    *,
    eyes: float = 0.0,
    jaw: float = 0.0,
    chin: float = 0.0,
    nose: float = 0.0,
    lips: float = 0.0,
    smile: float = 0.0,
    tilt: float = 0.0,
    cheeks: float = 0.0,
) -> Field:
    """The field of all wishes together, so that the pixels are sampled once.

    Args:
        eyes: larger. jaw: slimmer. chin: shorter. nose: narrower. lips: fuller. smile: corners up.
        tilt: the eyes' outer corners up. cheeks: rounder.
            Each from 0 to 1; small negative values do the opposite.
    """
    face, sculptor = scene.face, wishes.sculptor_of(scene)
    asked = (
        (wishes.larger_eyes, eyes),
        (wishes.slimmer_jaw, jaw),
        (wishes.shorter_chin, chin),
        (wishes.slimmer_nose, nose),
        (wishes.fuller_lips, lips),
        (wishes.smile, smile),
        (wishes.lifted_corners_of_eyes, tilt),
        (wishes.rounder_cheeks, cheeks),
    )
    for wish, amount in asked:
        if amount:
            wish(sculptor, face, amount)
    return wishes.bend_of(scene, sculptor)
