"""A person's own sheet: nine styles on their face in one picture, and a number to tap for each. Knows no platform."""

from collections.abc import Sequence

from bot.conversation.menus import starter_choices
from bot.conversation.selfies import keep_photo, order
from bot.conversation.turn import Turn
from bot.messages import Order, Reply
from generation.styles import Catalogue, Style

NINE = 9


async def sheet(turn: Turn) -> Reply:
    """/sheet [PACK] [PAGE]: nine styles, of one pack or of all, on the photo that comes with it or the last one."""
    words = turn.command.words.lower().replace("-", " ").split()
    page = int(words.pop()) if words and words[-1].isdecimal() and len(words[-1]) < 5 else 1
    pack = "-".join(words)
    shelf = _shelf(turn.catalogue, pack)
    if not shelf:
        return turn.reply("unknown_pack", turn.choice("more_styles", "/styles"), pack=" ".join(words)[:40])
    photo = await keep_photo(turn)
    if photo is None:
        return turn.reply("sheet_wants_photo", *starter_choices(turn))
    return await _order(turn, _page(shelf, (page - 1) * NINE), photo)


async def more(turn: Turn) -> Reply:
    """A button under a picture: nine styles on the same photo; under a sheet, the next nine."""
    row = await turn.store.jobs.of(turn.command.words, turn.message.user)
    if row is None:
        return turn.reply("nothing_there")
    shelf, start = _shelf_after(turn.catalogue, row.sheet)
    return await _order(turn, _page(shelf, start), row.photo)


async def _order(turn: Turn, styles: Sequence[Style], photo: int) -> Reply:
    names = tuple(style.name for style in styles)
    return await order(turn, Order(names[0], 1.0, photo, seed=1, sheet=names))


def _shelf(catalogue: Catalogue, pack: str = "") -> list[Style]:
    """The styles of a pack, or of all by turns, as far as they can be drawn on a tile."""
    styles = catalogue.packs().get(pack, []) if pack else catalogue.by_turns()
    return [style for style in styles if style.drawn]


def _page(shelf: list[Style], start: int) -> list[Style]:
    """Nine of a shelf; after its end it begins anew."""
    start = start % len(shelf) // NINE * NINE
    return shelf[start : start + NINE]


def _shelf_after(catalogue: Catalogue, names: Sequence[str]) -> tuple[list[Style], int]:
    """The shelf a sheet was of, that of all styles or that of a pack, and where it goes on."""
    everything = _shelf(catalogue)
    shown = [catalogue.styles[name] for name in names if name in catalogue and catalogue.styles[name].drawn]
    if not shown:
        return everything, 0
    for shelf in (everything, _shelf(catalogue, shown[0].pack)):
        start = shelf.index(shown[0])
        if _page(shelf, start) == shown:
            return shelf, start + NINE
    return everything, everything.index(shown[0]) // NINE * NINE + NINE
