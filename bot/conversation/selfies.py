"""Selfies and styles: from a photo and a style, in whatever order they come, to an order for a picture."""

import secrets
from dataclasses import replace
from typing import Any

from bot.conversation.commands import split_strength
from bot.conversation.menus import nearest_choices, simpler_mixes, starter_choices, titled
from bot.conversation.turn import Turn
from bot.messages import Lane, Order, Reply
from bot.texts import sentence
from generation.errors import CannotMix, PhotoExpired, TooManyStyles, UnknownStyle
from generation.styles import Style
from generation.styles.imagined import IMAGINE

DEFAULT_STYLE = "natural"
MOST_PHOTOS = 4
"""Of one person, that a painter looks at."""


async def photo(turn: Turn) -> Reply:
    """A photo, perhaps with a style in its caption; else in the style the person picked last."""
    words = turn.command.words
    if turn.command.name == "style":
        return await style(turn)
    if words and not turn.command.name and (meant := _exactly(turn, words)):
        return await _draw(turn, meant, None)
    return await _draw(turn, _last_style(turn), None)


async def style(turn: Turn) -> Reply:
    """/style NAME [STRENGTH], for the photo that comes with it or the last one."""
    if not turn.command.words:
        if turn.message.photos:
            return await _draw(turn, _last_style(turn), None)
        return turn.reply("need_style", *starter_choices(turn))
    try:
        name, strength = split_strength(turn.command.words)
    except ValueError as error:
        return turn.reply("strength_range", style=str(error))
    try:
        chosen = turn.catalogue.find(name)
    except UnknownStyle as error:
        await keep_photo(turn)  # so that tapping a near name is enough
        return unknown_style(turn, error)
    except (CannotMix, TooManyStyles) as error:
        await keep_photo(turn)
        return Reply(sentence(turn.lang, error), simpler_mixes(turn, turn.catalogue.find_each(name)))
    return await _draw(turn, chosen, strength)


def unknown_style(turn: Turn, error: UnknownStyle) -> Reply:
    """The error's sentence with the nearest names to tap."""
    text = sentence(turn.lang, error)
    if error.nearest:
        text += " " + turn.say("did_you_mean")
    return Reply(text, nearest_choices(turn, error.nearest))


async def redraw(turn: Turn) -> Reply:
    """A button under a picture: /redraw JOB STYLE STRENGTH SEED [LIKENESS], from the photos it was made of."""
    job, name, percent, seed, *likeness = turn.command.words.split()
    row = await turn.store.jobs.of(job, turn.message.user)
    if row is None:
        return turn.reply("nothing_there")
    words = row.words if name == IMAGINE else ""
    chosen = turn.catalogue.named(name, words)
    if chosen is None or (name == IMAGINE and not turn.promises.paints):
        return turn.reply("nothing_there")
    if not words:
        await turn.store.people.remember(turn.message.user, style=chosen.name)
    lane, next_lane = lanes(chosen, paints=turn.promises.paints)
    wanted = Order(
        chosen.name,
        int(percent) / 100,
        row.photo,
        int(seed) or new_seed(),
        lane=lane,
        next_lane=next_lane,
        also=row.also,
        words=words,
        likeness=int(likeness[0]) / 100 if likeness else row.likeness,
    )
    return await _reorder(turn, wanted)


async def beside(turn: Turn) -> Reply:
    """A button under a picture: the same picture again, with the original at its side."""
    row = await turn.store.jobs.of(turn.command.words, turn.message.user)
    if row is None:
        return turn.reply("nothing_there")
    wanted = Order(row.style, row.strength, row.photo, row.seed, beside=True)
    more: dict[str, Any] = {"lane": Lane(row.lane), "also": row.also, "words": row.words, "likeness": row.likeness}
    return await _reorder(turn, replace(wanted, **more))


async def _reorder(turn: Turn, wanted: Order) -> Reply:
    """From a photo of long ago, perhaps."""
    if not await turn.store.blobs.has(wanted.photo, turn.message.user):
        return Reply(sentence(turn.lang, PhotoExpired()))
    return await order(turn, wanted)


async def order(turn: Turn, wanted: Order) -> Reply:
    """Queue a picture, unless the person has enough of them in the making."""
    waiting = await turn.store.jobs.open_of(turn.message.user)
    if waiting >= turn.promises.queue_per_person:
        return turn.reply("queue_full", count=waiting)
    text = turn.say("queued", **titled(turn.catalogue, turn.lang, wanted))
    if wanted.many:
        text += "\n" + turn.say("first_of_many")
    stop = (turn.choice("stop", "/stop {job}"),) if wanted.lane is Lane.PAINT else ()
    return Reply(text, stop, order=wanted)


async def _draw(turn: Turn, chosen: Style, strength: float | None) -> Reply:
    lane, next_lane = lanes(chosen, paints=turn.promises.paints)
    painted = Lane.PAINT in (lane, next_lane)
    photo, *also = await photos_of(turn, chosen.name, all_of_them=painted)
    if photo is None:
        return turn.reply("photo_wanted", emoji=chosen.emoji, style=chosen.title)
    wanted = chosen.strength if strength is None or chosen.fixed else max(strength, chosen.least)
    more: dict[str, Any] = {
        "many": not painted and len(turn.message.photos) > 1,
        "also": tuple(id for id in also if id is not None),
    }
    return await order(turn, Order(chosen.name, wanted, photo, new_seed(), lane=lane, next_lane=next_lane, **more))


def lanes(style: Style, *, paints: bool) -> tuple[Lane, Lane | None]:
    """Who makes a picture in this style, and who goes on with it."""
    if not (paints and style.prompt):
        return Lane.DRAW, None
    return (Lane.DRAW, Lane.PAINT) if style.drawn else (Lane.PAINT, None)


async def keep_photo(turn: Turn, style: str | None = None) -> int | None:
    """The photo that came with the message, or else the last one so far; it and the style are the last from now on."""
    return (await photos_of(turn, style))[0]


async def photos_of(turn: Turn, style: str | None = None, *, all_of_them: bool = False) -> list[int | None]:
    """As `keep_photo`, and after it the others that came along, where whoever paints looks at more than one."""
    sent = [await turn.fetch(photo) for photo in turn.message.photos[: MOST_PHOTOS if all_of_them else 1]]
    await turn.store.people.remember(turn.message.user, style=style, photo=sent[0] if sent else None)
    return [*sent] if sent else [turn.person.photo]


def _exactly(turn: Turn, words: str) -> Style | None:
    try:
        return turn.catalogue.find(words)
    except (UnknownStyle, TooManyStyles):
        return None


def _last_style(turn: Turn) -> Style:
    known = turn.catalogue.named(turn.person.style or "") or turn.catalogue.named(DEFAULT_STYLE)
    return known or next(iter(turn.catalogue))


def new_seed() -> int:
    return secrets.randbelow(2**31 - 1) + 1
