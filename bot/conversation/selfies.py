"""Selfies and styles: from a photo and a style, in whatever order they come, to an order for a picture."""

import secrets

from bot.conversation.commands import split_strength
from bot.conversation.menus import nearest_choices, starter_choices
from bot.conversation.turn import Turn
from bot.messages import Order, Reply
from bot.texts import sentence
from generation.errors import PhotoExpired, UnknownStyle
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
    again = Order(chosen.name, int(percent) / 100, row.photo, int(seed) or _seed())
    return await order(turn, again)


async def beside(turn: Turn) -> Reply:
    """A button under a picture: the same picture again, with the original at its side."""
    row = await turn.store.jobs.of(turn.command.words, turn.message.user)
    if row is None:
        return turn.reply("nothing_there")
    return await order(turn, Order(row.style, row.strength, row.photo, row.seed, beside=True))


async def order(turn: Turn, wanted: Order) -> Reply:
    """Queue a picture, unless the person has enough of them in the making."""
    if not await turn.store.blobs.has(wanted.photo, turn.message.user):
        return Reply(sentence(turn.lang, PhotoExpired()))
    waiting = await turn.store.jobs.open_of(turn.message.user)
    if waiting >= turn.promises.queue_per_person:
        return turn.reply("queue_full", count=waiting)
    chosen = turn.catalogue.styles[wanted.style]
    text = turn.say("queued", emoji=chosen.emoji, style=chosen.title)
    if wanted.many:
        text += "\n" + turn.say("first_of_many")
    return Reply(text, order=wanted)


async def _draw(turn: Turn, chosen: Style, strength: float | None) -> Reply:
    await turn.store.people.remember(turn.message.user, style=chosen.name)
    photo = await keep_photo(turn)
    if photo is None:
        return turn.reply("photo_wanted", emoji=chosen.emoji, style=chosen.title)
    wanted = chosen.strength if strength is None or chosen.fixed else strength
    return await order(turn, Order(chosen.name, wanted, photo, _seed(), many=len(turn.message.photos) > 1))


async def keep_photo(turn: Turn) -> int | None:
    """The photo that came with the message, from now on the person's last one; else the last one so far."""
    if not turn.message.photos:
        return turn.person.photo
    photo = await turn.fetch(turn.message.photos[0])
    await turn.store.people.remember(turn.message.user, photo=photo)
    return photo


def _exactly(turn: Turn, words: str) -> Style | None:
    try:
        return turn.catalogue.find(words)
    except UnknownStyle:
        return None


def _last_style(turn: Turn) -> Style:
    styles = turn.catalogue.styles
    return styles.get(turn.person.style or "") or styles.get(DEFAULT_STYLE) or next(iter(turn.catalogue))


def _seed() -> int:
    return secrets.randbelow(2**31 - 1) + 1
