"""Selfies and styles: from a photo and a style, in whatever order they come, to an order for a picture."""

import secrets

from bot.conversation.commands import split_strength
from bot.conversation.menus import nearest_choices, simpler_mixes, starter_choices, titled
from bot.conversation.turn import Turn
from bot.messages import Order, Reply
from bot.texts import sentence
from generation.errors import CannotMix, PhotoExpired, TooManyStyles, UnknownStyle
from generation.styles import Style

DEFAULT_STYLE = "natural"


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
    """A button under a picture: /redraw JOB STYLE STRENGTH SEED, from the photo the picture was made of."""
    job, name, percent, seed = turn.command.words.split()
    row = await turn.store.jobs.of(job, turn.message.user)
    if row is None:
        return turn.reply("nothing_there")
    chosen = turn.catalogue.find(name)
    await turn.store.people.remember(turn.message.user, style=chosen.name)
    return await _reorder(turn, Order(chosen.name, int(percent) / 100, row.photo, int(seed) or _seed()))


async def beside(turn: Turn) -> Reply:
    """A button under a picture: the same picture again, with the original at its side."""
    row = await turn.store.jobs.of(turn.command.words, turn.message.user)
    if row is None:
        return turn.reply("nothing_there")
    return await _reorder(turn, Order(row.style, row.strength, row.photo, row.seed, beside=True))


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
    return Reply(text, order=wanted)


async def _draw(turn: Turn, chosen: Style, strength: float | None) -> Reply:
    photo = await keep_photo(turn, chosen.name)
    if photo is None:
        return turn.reply("photo_wanted", emoji=chosen.emoji, style=chosen.title)
    wanted = chosen.strength if strength is None or chosen.fixed else max(strength, chosen.least)
    return await order(turn, Order(chosen.name, wanted, photo, _seed(), many=len(turn.message.photos) > 1))


async def keep_photo(turn: Turn, style: str | None = None) -> int | None:
    """The photo that came with the message, or else the last one so far; it and the style are the last from now on."""
    photos = turn.message.photos
    sent = await turn.fetch(photos[0]) if photos else None
    await turn.store.people.remember(turn.message.user, style=style, photo=sent)
    return turn.person.photo if sent is None else sent


def _exactly(turn: Turn, words: str) -> Style | None:
    try:
        return turn.catalogue.find(words)
    except (UnknownStyle, TooManyStyles):
        return None


def _last_style(turn: Turn) -> Style:
    known = turn.catalogue.named(turn.person.style or "") or turn.catalogue.named(DEFAULT_STYLE)
    return known or next(iter(turn.catalogue))


def _seed() -> int:
    return secrets.randbelow(2**31 - 1) + 1
