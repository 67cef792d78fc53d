"""Combines styles: "goth + pink-hair + round-glasses" as one recipe, or the reason why not. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
from generation.styles.style import Painted, Step, Style

MOST = 5
"""How many styles go into one picture."""

ONE_OF: Mapping[type[CannotMix], tuple[str, ...]] = MappingProxyType(
    {
        TwoFaces: (
            "alien",
            "android",
            "butterfly",
            "clown",
            "elf_vines",
            "hero_mask",
            "neon_paint",
            "pharaoh",
            "scales",
            "skull",
            "tiger",
            "war_paint",
            "zombie",
        ),
        TwoHairColours: ("grey_hair", "hair_colour", "hair_sections", "hair_streaks"),
        TwoBackgrounds: ("background", "blur_background"),
        TwoHats: (
            "animal_ears",
            "astronaut",
            "beanie",
            "cowboy_hat",
            "crown",
            "flower_crown",
            "headphones",
            "horns",
            "nemes",
            "party_hat",
            "santa_hat",
            "top_hat",
            "viking_helmet",
            "witch_hat",
        ),
        TwoGlasses: ("glasses",),
        TwoBeards: ("beard", "moustache"),
        TwoMedia: (
            "anime",
            "arbitrary",
            "charcoal",
            "comic",
            "duotone",
            "generator",
            "low_poly",
            "mosaic",
            "noir",
            "oil",
            "paper_cut",
            "pencil",
            "pixel_art",
            "polaroid",
            "pop_art",
            "stained_glass",
            "watercolour",
        ),
    }
)
"""The effects of which a picture has room for one, by what is said when somebody wants two of them."""

IN_PASSING = {TwoHairColours, TwoBackgrounds}
_ONE_OF = {effect: trouble for trouble, effects in ONE_OF.items() for effect in effects}


def mix(styles: Sequence[Style]) -> Style:
    """One style of several, in any order.

    Of two steps of the same effect, or two for which there is room for one, the later style's is drawn;
    but a style that is about little else keeps it: pink hair stays pink beside a look that dyes hair too.
    The strength is that of the strongest part; the others keep their proportion to it, and what is worn
    stays whole however soft the rest is made.

    Raises:
        CannotMix: two of them are about the same thing.
        TooManyStyles
    """
    parts = list({style.name: style for style in styles}.values())
    if len(parts) == 1:
        return parts[0]
    if len(parts) > MOST:
        raise TooManyStyles(MOST)
    _check(parts)
    parts_by_weight = sorted(parts, key=lambda style: bool(_subjects(style)))  # who is about little else, last
    loudest = max(style.strength for style in parts)
    steps: list[Step] = []
    for style in parts_by_weight:
        taken = {_kind(step) for step in style.steps}
        steps = [step for step in steps if _kind(step) not in taken]
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
        prompt=" ".join(style.prompt for style in parts) if all(style.prompt for style in parts) else "",
        avoid=_joined(style.avoid for style in parts),
        painted=Painted.HEAD if all(style.painted is Painted.HEAD for style in parts) else Painted.FRAME,
    )


def _joined(lists: Iterable[str]) -> str:
    """Lists of words with commas as one, each word once."""
    words = [word.strip() for words in lists for word in words.split(",")]
    return ", ".join(dict.fromkeys(word for word in words if word))


def _kind(step: Step) -> object:
    """Two steps of one kind are not drawn together."""
    return _ONE_OF.get(step.effect, step.effect)


def _subjects(style: Style) -> set[type[CannotMix]]:
    """What the style is about, as far as there is room for one of it.

    Hair is dyed and a background put in by many a style; that is its subject only if little else happens.
    """
    taken = [_ONE_OF[step.effect] for step in style.steps if step.effect in _ONE_OF]
    return {place for place in taken if place not in IN_PASSING or 2 * len(taken) >= len(style.steps)}


def _check(parts: Sequence[Style]) -> None:
    """Raises CannotMix with the two titles."""
    takers: dict[type[CannotMix], Style] = {}
    for style in parts:
        if style.engine != parts[0].engine or not style.steps:
            raise TwoEngines(parts[0].title, style.title)
        for trouble in _subjects(style):
            if trouble in takers:
                raise trouble(takers[trouble].title, style.title)
            takers[trouble] = style
