"""Combines styles: "goth + pink-hair + round-glasses" as one recipe, or the reason why not. Draws nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from generation.errors import (
    CannotMix,
    TooManyStyles,
    TwoBackgrounds,
    TwoBeards,
    TwoEngines,
    TwoFaces,
    TwoGlasses,
    TwoHairColours,
    TwoHats,
    TwoMedia,
)
from generation.styles.style import Step, Style

MOST = 5
"""How many styles go into one picture."""

ONE_OF: Mapping[type[CannotMix], tuple[str, ...]] = MappingProxyType(
    {
        TwoFaces: (),
        TwoHairColours: ("hair_colour",),
        TwoBackgrounds: ("background", "blur_background"),
        TwoHats: ("crown", "flower_crown", "witch_hat"),
        TwoGlasses: ("glasses",),
        TwoBeards: (),
        TwoMedia: ("comic", "noir", "pencil"),
    }
)
"""The effects of which a picture has room for one, by what is said when somebody wants two of them."""

_ONE_OF = {effect: trouble for trouble, effects in ONE_OF.items() for effect in effects}


def mix(styles: Sequence[Style]) -> Style:
    """One style of several, in any order. Of two steps of the same effect the later style's is drawn.

    Its strength is that of the strongest part; the others keep their proportion to it, and what is
    worn stays whole however soft the rest is made.

    Raises:
        CannotMix: two of them want the same place.
        TooManyStyles
    """
    parts = list({style.name: style for style in styles}.values())
    if len(parts) == 1:
        return parts[0]
    if len(parts) > MOST:
        raise TooManyStyles(MOST)
    _check(parts)
    loudest = max(style.strength for style in parts)
    steps: list[Step] = []
    for style in parts:
        effects = {step.effect for step in style.steps}
        steps = [step for step in steps if step.effect not in effects]
        steps += [replace(step, share=style.strength / loudest, whole=style.fixed) for step in style.steps]
    return Style(
        name="+".join(style.name for style in parts),
        pack=parts[0].pack,
        title=" + ".join(style.title for style in parts),
        line=" ".join(style.line for style in parts),
        emoji="".join(style.emoji for style in parts),
        strength=loudest,
        least=min(style.least for style in parts),
        engine=parts[0].engine,
        steps=tuple(steps),
        fixed=all(style.fixed for style in parts),
        playful=any(style.playful for style in parts),
    )


def _check(parts: Sequence[Style]) -> None:
    """Raises CannotMix with the two titles."""
    takers: dict[type[CannotMix], Style] = {}
    for style in parts:
        if style.engine != parts[0].engine or not style.steps:
            raise TwoEngines(parts[0].title, style.title)
        for trouble in {_ONE_OF[step.effect] for step in style.steps if step.effect in _ONE_OF}:
            if trouble in takers:
                raise trouble(takers[trouble].title, style.title)
            takers[trouble] = style
