"""Between the bot's vocabulary and the store's: the same things under either's names. Knows both, decides nothing."""

import dataclasses
from collections.abc import Iterable

from bot.messages import Button, Offer, Reply, Showing
from db.records import Answer, Body, Order


def answer_of(reply: Reply, lang: str, offers: Iterable[Offer] = (), ref: str | None = None) -> Answer:
    """A reply as the store takes it. lang, offers, ref: of the message that is answered."""
    wish = reply.order
    order = None
    if wish is not None:
        given = {**dataclasses.asdict(wish), "lane": wish.lane.value, "next_lane": wish.next_lane or ""}
        order = Order(**given, lang=lang, offers=tuple(offers))
    choices = tuple((choice.title, choice.command) for choice in reply.choices)
    return Answer(
        text=reply.text,
        choices=choices,
        order=order,
        picture=reply.picture,
        alt=reply.alt,
        deletes=reply.deletes,
        stops=reply.stops,
        unfinished=reply.unfinished,
        wipes=reply.wipes,
        public=reply.public,
        as_file=reply.as_file,
        ref=ref,
    )


def showing_of(body: Body, picture: bytes | None, progress: float | None) -> Showing:
    """A stored body as a platform takes it."""
    buttons = tuple(Button(title, token) for title, token in body.buttons)
    return Showing(body.text, buttons, picture, body.picture, body.alt, progress, body.public, body.as_file)
