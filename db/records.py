"""The values that go into the store and come out of it. Plain data: knows no SQL and no ORM.

Times are seconds since 1970, as time.time() gives them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

DRAW, PAINT = "draw", "paint"
"""Who makes a picture: an engine that draws on the photo, or one that paints from words."""


THE_JOB = "{job}"


class NotYours(Exception):
    """A button made for somebody else."""


class UnknownButton(Exception):
    """A button whose message is gone or has changed since."""


@dataclass(frozen=True, slots=True)
class Person:
    """What is remembered of one person.

    Args:
        user: "web:3f…", the platform's name and its own id.
        consent: the version of the text they agreed to; None if they did not.
        style: the name of the style they took last.
        photo: the id of their last photo; None once it is erased.
        held: a message sent before consent, to be answered as soon as consent comes.
    """

    user: str
    consent: str | None = None
    consent_at: float | None = None
    style: str | None = None
    photo: int | None = None
    held: Mapping[str, Any] | None = None
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class Event:
    """A raw event of a platform, claimed. lease: the number of this claim; an older one answers nothing."""

    id: int
    platform: str
    event: str
    chat: str
    raw: Mapping[str, Any] = field(repr=False)  # it, and a ref, may hold a secret of the platform's
    attempts: int
    lease: int
    at: float


@dataclass(frozen=True, slots=True)
class Errand:
    """A photo to be fetched from its platform, claimed.

    Args:
        id: the photo's; it is kept under this id once it is here.
        ref: the platform's own.
        attempts: how often it was asked for in vain.
        lease: the number of this claim; an older one brings nothing.
    """

    id: int
    platform: str
    ref: str = field(repr=False)
    attempts: int
    lease: int


@dataclass(frozen=True, slots=True)
class Order:
    """A picture to be made.

    Args:
        photo: the id of the photo, which may not be here yet.
        strength: 0 to 1.
        sheet: the styles, where one picture shows the same face in several.
        many: the photo is the first of several that came together.
        lane: who makes it, DRAW or PAINT.
        next_lane: who goes on when that is done; the first picture is then a draft. "" for nobody.
        also: the ids of more photos of the same person.
        words: what is to be painted, where that is no style of the catalogue.
        likeness: for painters, what weighs more: the style (0) or the person (1).
    """

    style: str
    strength: float
    photo: int
    seed: int
    beside: bool = False
    lang: str = "en"
    offers: tuple[str, ...] = ()
    sheet: tuple[str, ...] = ()
    many: bool = False
    lane: str = DRAW
    next_lane: str = ""
    also: tuple[int, ...] = ()
    words: str = field(default="", repr=False)
    likeness: float = 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """What a message of ours shall show, before its buttons have tokens.

    Args:
        choices: (title, command) of each button; THE_JOB in a command stands for the id of the job it orders.
        order: work to be queued; the message is then the placeholder that becomes the picture.
        picture: the id of a stored picture.
        deletes: the id of a job; its picture is erased, and its message becomes this answer.
        stops: the id of a job; nothing goes on with it, and its message becomes this answer.
        unfinished: work goes on, and the message will change again.
        wipes: what the platform keeps of this chat goes before this is shown.
        public: to be shown to everybody in a shared chat.
        as_file: the picture is to arrive as a file.
        ref: a message of ours that is there already, as the platform names it; it becomes this answer.
    """

    text: str
    choices: tuple[tuple[str, str], ...] = ()
    order: Order | None = None
    picture: int | None = None
    alt: str = ""
    deletes: str | None = None
    stops: str | None = None
    unfinished: bool = False
    wipes: bool = False
    public: bool = False
    as_file: bool = False
    ref: str | None = field(default=None, repr=False)

    def about(self, job: str) -> "Answer":
        """With the id of the job it orders in its commands."""
        return replace(self, choices=tuple((title, command.replace(THE_JOB, job)) for title, command in self.choices))


@dataclass(frozen=True, slots=True)
class AnswerIds:
    """What an answer became. fresh: False if the event had been answered before, or is another's to answer."""

    key: str
    job: str | None
    fresh: bool


@dataclass(frozen=True, slots=True)
class Body:
    """What a message of ours shows. buttons: (title, token); picture: the id of a stored picture."""

    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    picture: int | None = None
    alt: str = ""
    wipes: bool = False
    public: bool = False
    as_file: bool = False

    def to_json(self) -> dict[str, Any]:
        body = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**body, "buttons": [list(button) for button in self.buttons]}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Body":
        buttons = tuple((title, token) for title, token in body["buttons"])
        return cls(**{**body, "buttons": buttons})


@dataclass(frozen=True, slots=True)
class Post:
    """A message of ours and what it should show, claimed.

    Args:
        key: the same however often it is tried.
        ref: the platform's own id of it; None: not sent yet.
        version: grows with every change of the body.
        shown: the version that is on the screen; 0: none.
        attempts: how often this version was tried in vain.
        final: no work goes on for it any more.
    """

    id: int
    key: str
    user: str
    platform: str
    chat: str
    ref: str | None = field(repr=False)
    body: Body
    version: int
    shown: int
    attempts: int
    lease: int
    final: bool


@dataclass(frozen=True, slots=True)
class JobRow:
    """A picture somebody asked for.

    Args:
        attempts: how often it was rendered in vain.
        lease: the number of the claim; grows with every claim, and an older one finishes nothing.
        outbox_key: the message that becomes the picture.
        offers: what may stand under the picture, in the bot's words.
        picture: the id of the finished picture, or of the draft while work goes on.
        sheet, many, lane, next_lane, also, words, likeness: as in Order.
    """

    id: str
    user: str
    platform: str
    chat: str
    style: str
    strength: float
    photo: int
    seed: int
    beside: bool
    lang: str
    attempts: int
    lease: int
    outbox_key: str
    offers: tuple[str, ...] = ()
    picture: int | None = None
    sheet: tuple[str, ...] = ()
    many: bool = False
    lane: str = DRAW
    next_lane: str = ""
    also: tuple[int, ...] = ()
    words: str = field(default="", repr=False)
    likeness: float = 0.5


@dataclass(frozen=True, slots=True)
class Issued:
    """What can be said of a picture that left us.

    Args:
        id: 10 hexadecimal digits, as in its invisible mark.
        day: "2026-11-23".
        style: the style's title.
        kind: as on its label.
        epoch: of the key its mark was made with.
        file_hash: SHA-256 of the file.
        map, look: by which it is known again (generation.label).
        salt: without it its leaf tells nothing.
        leaf: its index in the ledger; -1 before it is written down.
    """

    id: str
    day: str
    style: str
    kind: str
    epoch: int
    file_hash: bytes
    map: bytes
    look: bytes
    salt: bytes = b""
    leaf: int = -1


@dataclass(frozen=True, slots=True)
class WebRow:
    """One message of a web chat as it stands. seq grows with every write, whatever the chat."""

    seq: int
    ref: str
    author: str
    body: Mapping[str, Any]
    at: float
