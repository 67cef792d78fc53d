"""Consent: nothing is fetched before it, and what was sent meanwhile is answered the moment it comes."""

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.conversation.menus import starter_choices
from bot.conversation.turn import Turn
from bot.messages import Message, Offer, PhotoRef, Reply
from bot.texts import CONSENT_VERSION, WITH_PAINTER


def given(turn: Turn) -> bool:
    """Whether the person agreed to the text as it stands today, or to one that says more."""
    return turn.person.consent in {_version(turn), WITH_PAINTER}


async def ask(turn: Turn) -> Reply:
    """The consent text with its button; what was sent is held until then."""
    before = ""
    if turn.message.photos or turn.command.name in ("style", "imagine"):
        await turn.store.people.hold(turn.message.user, dataclasses.asdict(_joined(turn)))
        before = turn.say("consent_first")
    elif turn.person.consent:
        before = turn.say("consent_changed")
    return Reply(before + text(turn), (turn.choice("agree", f"/agree {_version(turn)}"),))


def _version(turn: Turn) -> str:
    return WITH_PAINTER if turn.promises.paints else CONSENT_VERSION


def text(turn: Turn) -> str:
    return turn.say("consent", **promised(turn))


def promised(turn: Turn) -> dict[str, str]:
    """The numbers we promise, as words, and what a painter adds."""
    hours, days = turn.promises.photo_hours, turn.promises.picture_days
    painter = turn.say("consent_painter") if turn.promises.paints else ""
    return {"photo_hours": f"{hours:g}", "picture_days": f"{days:g}", "painter": painter}


def agreed_when(turn: Turn) -> str:
    """The day and version of a person's consent, in words."""
    if not given(turn) or turn.person.consent_at is None:
        return turn.say("not_agreed")
    return f"{datetime.fromtimestamp(turn.person.consent_at, UTC):%Y-%m-%d} ({turn.person.consent})"


async def agree(turn: Turn) -> Message | Reply:
    """Record consent. Gives the message that waited for it, or a reply if none did."""
    if turn.command.words != _version(turn):  # a button under an older text
        return await ask(turn)
    await turn.store.people.agree(turn.message.user, _version(turn), turn.lang)
    if turn.person.held is None:
        return Reply(turn.say("agreed"), starter_choices(turn))
    held = _from_dict(turn.person.held)
    return dataclasses.replace(held, event=turn.message.event, lang=turn.message.lang)


def _joined(turn: Turn) -> Message:
    """A style picked after a photo belongs to that photo, and the other way round."""
    message = turn.message
    text = f"/style {turn.command.words}" if turn.command.name == "style" else message.text
    message = dataclasses.replace(message, text=text, pressed=None)
    if turn.person.held is None:
        return message
    held = _from_dict(turn.person.held)
    return dataclasses.replace(message, photos=message.photos or held.photos, text=message.text or held.text)


def _from_dict(held: Mapping[str, Any]) -> Message:
    photos = tuple(PhotoRef(**photo) for photo in held["photos"])
    return Message(**{**held, "photos": photos, "offers": tuple(map(Offer, held["offers"])), "ref": None})
