"""Between the bot's vocabulary and the store's: the same things under either's names. Knows both, decides nothing."""

from bot.messages import Button, Reply, Showing
from db.records import Answer, Body, Order


def answer_of(reply: Reply, lang: str) -> Answer:
    """A reply as the store takes it. lang: of whoever is answered."""
    wish = reply.order
    order = None if wish is None else Order(wish.style, wish.strength, wish.photo, wish.seed, wish.beside, lang)
    choices = tuple((choice.title, choice.command) for choice in reply.choices)
    return Answer(reply.text, choices, order, reply.picture, reply.alt, reply.deletes, reply.wipes)


def showing_of(body: Body, picture: bytes | None, progress: float | None) -> Showing:
    """A stored body as a platform takes it."""
    buttons = tuple(Button(title, token) for title, token in body.buttons)
    return Showing(body.text, buttons, picture, body.picture, body.alt, progress)
