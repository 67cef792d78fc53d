"""A style as a value: what a person picks, and what an engine needs to draw it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

PAINTER = "painter"
"""The engine of styles without a recipe, which are words for whatever paints here; without a painter there are none."""

Value = str | int | float | bool | list[str] | list[float]


class Painted(StrEnum):
    """How much of the first photo a painter paints."""

    FRAME = "frame"  # a new picture, framed as the photo
    HEAD = "head"  # head and shoulders, laid back into the photo, which stays as it is around them


@dataclass(frozen=True, slots=True)
class Step:
    """One effect of a retouch recipe with its parameters.

    Args:
        share: how much of the picture's strength this step gets, when styles are combined.
        whole: drawn whole whatever the strength: half a hat is a ghost.
    """

    effect: str
    params: Mapping[str, Value]
    share: float = 1.0
    whole: bool = False

    def __reduce__(self) -> tuple[type["Step"], tuple[str, dict[str, Value], float, bool]]:
        return Step, (self.effect, dict(self.params), self.share, self.whole)  # a mapping proxy does not pickle


@dataclass(frozen=True, slots=True)
class Style:
    """One style of the catalogue.

    Args:
        name: what a person types, lower case with hyphens: "pink-hair".
        pack: the pack it came from, "makeup".
        title: what a button says, "Pink hair".
        line: one sentence of what it does, for lists.
        emoji: one emoji for lists and buttons.
        strength: how strong it is drawn unless the person says otherwise, 0 (the photo itself) to 1.
        engine: the engine that draws it; a dotted name is a module of somebody else's.
        steps: the recipe, in drawing order. Empty for engines that need none.
        aliases: other words people type for it.
        fixed: there is no softer or stronger: half a hat is a ghost.
        playful: it changes the shape or the age of a face, so a challenge leaves it out unless it asks for it.
        least: the softest it is drawn; below it, nobody would see the style.
        prompt: the style in words, for an engine that paints; "" if only its recipe draws it.
        avoid: what a painter shall leave out, in words.
        painted: how much of the photo a painter paints.
    """

    name: str
    pack: str
    title: str
    line: str
    emoji: str
    strength: float = 0.8
    engine: str = "retouch"
    steps: tuple[Step, ...] = ()
    aliases: tuple[str, ...] = ()
    fixed: bool = False
    playful: bool = False
    least: float = 0.2
    prompt: str = ""
    avoid: str = ""
    painted: Painted = Painted.FRAME

    @property
    def drawn(self) -> bool:
        """An engine here can draw it on the photo."""
        return self.engine != PAINTER

    @property
    def mixed(self) -> bool:
        """Made of several styles by generation.styles.mixing."""
        return "+" in self.name


def step(effect: str, **params: Value) -> Step:
    """A step written in code, for tests and tools."""
    return Step(effect, MappingProxyType(params))
