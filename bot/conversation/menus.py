"""Which buttons stand under which message. Knows the catalogue's order and nothing of pictures' insides."""

from collections.abc import Iterable, Sequence

from bot.conversation.turn import Turn, style_choice
from bot.messages import Choice, Order
from bot.texts import pack_title, say
from db.records import JobRow
from generation.errors import CannotMix, TooManyStyles
from generation.styles import Catalogue, Style
from generation.styles.mixing import mix

SUGGESTED = 3


def starter_choices(turn: Turn) -> tuple[Choice, ...]:
    """A first taste: one style of each pack, and the door to all of them."""
    tastes = turn.catalogue.by_turns()[:6]
    return (*map(style_choice, tastes), turn.choice("more_styles", "/styles"))


def other_styles(catalogue: Catalogue, style: Style, seed: int) -> list[Style]:
    """A few styles unlike this one, other ones each time."""
    others = [other for other in catalogue.by_turns() if other.name not in style.name.split("+")]
    start = seed % max(1, len(others))
    return (others[start:] + others[:start])[:SUGGESTED]


def nearest_choices(turn: Turn, names: Iterable[str]) -> tuple[Choice, ...]:
    nearest = tuple(style_choice(turn.catalogue.styles[name]) for name in names if name in turn.catalogue)
    return (*nearest, turn.choice("more_styles", "/styles"))


def titled(catalogue: Catalogue, lang: str, wanted: JobRow | Order) -> dict[str, str]:
    """The emoji and the title of what is or shall be drawn."""
    if wanted.sheet:
        return {"emoji": "🔢", "style": say(lang, "sheet_title", count=len(wanted.sheet))}
    style = catalogue.named(wanted.style, wanted.words)
    return {"emoji": style.emoji, "style": style.title} if style else {"emoji": "🎨", "style": wanted.style}


def pack_choices(turn: Turn) -> tuple[Choice, ...]:
    """A door to each pack."""
    return tuple(
        Choice(f"{styles[0].emoji} {pack_title(turn.lang, pack)} ({len(styles)})", f"/styles {pack}")
        for pack, styles in turn.catalogue.packs().items()
    )


def simpler_mixes(turn: Turn, styles: Sequence[Style]) -> tuple[Choice, ...]:
    """Of styles that do not go together: the mixes with one of them left out that do."""
    choices = []
    for left_out in styles:
        try:
            choices.append(style_choice(mix([style for style in styles if style is not left_out])))
        except (CannotMix, TooManyStyles):
            continue
    return tuple(choices)
