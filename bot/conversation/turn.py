"""One turn of the talk: what a person said, who they are, and what the answer may draw on."""

from dataclasses import dataclass

from bot.conversation.commands import Command
from bot.messages import Choice, Fetch, Message, Reply
from bot.texts import language, say
from db.records import Person
from db.store import Store
from generation.styles import Catalogue, Style


@dataclass(frozen=True, slots=True)
class Promises:
    """What people are told about their photos and the queue; the same numbers that are kept to.

    Args:
        paints: there is a painter.
    """

    photo_hours: float
    picture_days: float
    queue_per_person: int
    paints: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """A message with everything needed to answer it."""

    message: Message
    command: Command
    person: Person
    store: Store
    catalogue: Catalogue
    promises: Promises
    fetch: Fetch

    @property
    def lang(self) -> str:
        return language(self.message.lang)

    def say(self, key: str, **values: object) -> str:
        return say(self.lang, key, **values)

    def reply(self, key: str, *choices: Choice, **values: object) -> Reply:
        return Reply(self.say(key, **values), choices)

    def choice(self, key: str, command: str) -> Choice:
        return Choice(self.say(key), command)


def style_choice(style: Style) -> Choice:
    return Choice(f"{style.emoji} {style.title}", f"/style {style.name}")
