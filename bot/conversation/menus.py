"""Which buttons stand under which message. Knows the catalogue's order and nothing of pictures' insides."""

from collections.abc import Iterable
from itertools import zip_longest

from bot.conversation.turn import Turn, style_choice
from bot.messages import Choice
from generation.styles import Catalogue, Style

SUGGESTED = 4


def starter_choices(turn: Turn) -> tuple[Choice, ...]:
    """A first taste: one style of each pack, and the door to all of them."""
    tastes = list(_mixed(turn.catalogue))[:6]
    return (*map(style_choice, tastes), turn.choice("more_styles", "/styles"))


def other_styles(catalogue: Catalogue, style: Style, seed: int) -> list[Style]:
    """A few styles unlike this one, other ones each time."""
    mixed = [other for other in _mixed(catalogue) if other != style]
    start = seed % max(1, len(mixed))
    return (mixed[start:] + mixed[:start])[:SUGGESTED]


def nearest_choices(turn: Turn, names: Iterable[str]) -> tuple[Choice, ...]:
    nearest = tuple(style_choice(turn.catalogue.styles[name]) for name in names if name in turn.catalogue)
    return (*nearest, turn.choice("more_styles", "/styles"))


def _mixed(catalogue: Catalogue) -> Iterable[Style]:
    """One of each pack, then the second of each, and so on."""
    for round_ in zip_longest(*catalogue.packs().values()):
        yield from (style for style in round_ if style is not None)
