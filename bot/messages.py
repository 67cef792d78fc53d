"""The vocabulary between platforms, the conversation and what lies between them. Values only; knows nobody."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class PhotoRef:
    """A photo a person sent, not fetched yet. Only its platform can read `ref`."""

    ref: str


class Offer(StrEnum):
    """What may stand under a picture because of where it is shown."""

    FILE = "file"  # pictures arrive smaller than they are: offer the file itself
    SHARE = "share"  # said in a shared chat and answered to the person alone: offer to show it to everybody there


class Trouble(StrEnum):
    """Something a person sent that is no message to work on, but deserves a sentence."""

    NOT_A_PHOTO = "not_a_photo"  # a sticker, a voice message, a video
    NOT_YOUR_PHOTO = "not_your_photo"  # somebody else's message was pointed at
    TOO_LARGE = "too_large"  # larger than the platform lets a bot fetch


@dataclass(frozen=True, slots=True)
class Message:
    """Something a person sent.

    Args:
        event: the platform's own id of it, unique within the platform; the key against duplicates.
        user: who, "web:3f…"; the platform's name and its own id.
        chat: where, in the platform's own words.
        text: what they wrote, or the photo's caption.
        pressed: the token of a button they pressed; the conversation looks up its command.
        lang: the person's language as the platform knows it, "en" or "de-AT".
        ref: a message of ours that is there already, as the platform names it; the reply becomes that one.
    """

    event: str
    user: str
    chat: str
    text: str = ""
    photos: tuple[PhotoRef, ...] = ()
    pressed: str | None = None
    lang: str = "en"
    offers: tuple[Offer, ...] = ()
    trouble: Trouble | None = None
    ref: str | None = field(default=None, repr=False)  # it may hold a secret of the platform's


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what it says, and the command it stands for. Platforms see a token instead of the command."""

    title: str
    command: str


class Lane(StrEnum):
    """Who makes a picture."""

    DRAW = "draw"  # an engine that draws on the photo, within a second
    PAINT = "paint"  # the painter, from words, with many others at once


@dataclass(frozen=True, slots=True)
class Order:
    """A picture somebody asked for.

    Args:
        photo: the id of the photo, which may not be here yet.
        strength: 0 to 1.
        beside: with the original at its side.
        sheet: the styles, where one picture is to show the same face in several.
        many: the photo is the first of several that came together, which the person is told.
        lane: who makes it: the engines that draw, or the painter.
        next_lane: who goes on with it then; None: nobody.
        also: the ids of more photos of the same person, for the painter.
        words: what is to be painted, where that is no style of the catalogue.
        likeness: what weighs more for the painter, the style (0) or the person (1).
    """

    style: str
    strength: float
    photo: int
    seed: int
    beside: bool = False
    sheet: tuple[str, ...] = ()
    many: bool = False
    lane: Lane = Lane.DRAW
    next_lane: Lane | None = None
    also: tuple[int, ...] = ()
    words: str = field(default="", repr=False)
    likeness: float = 0.5


@dataclass(frozen=True, slots=True)
class Reply:
    """The one answer to a message.

    Args:
        order: work to be queued; this reply is then the placeholder that becomes the picture. "{job}" in the commands
            of its choices stands for that work.
        picture: the id of a stored picture to show.
        alt: the picture in words, for those who cannot see it.
        deletes: the id of a job whose picture and post are to be erased.
        stops: the id of a job nothing is to go on with; its post becomes this reply.
        unfinished: the picture is a draft, and the post will change again.
        wipes: everything of this person in the chat is to be taken away before this reply is shown.
        public: to be shown to everybody in a shared chat, not to the person alone.
        as_file: the picture is to arrive as a file, just as it is stored.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    order: Order | None = None
    picture: int | None = None
    alt: str = ""
    deletes: str | None = None
    stops: str | None = None
    unfinished: bool = False
    wipes: bool = False
    public: bool = False
    as_file: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """A choice as a platform draws it: the token comes back in `Message.pressed`."""

    title: str
    token: str


@dataclass(frozen=True, slots=True)
class Showing:
    """What one message of ours should show now; a platform draws it and knows no more.

    Args:
        picture: a JPEG file.
        picture_id: the id under which it is stored; without the picture: the one it shows already is to stay.
        progress: 0 to 1 while work goes on, None otherwise.
        public, as_file: as in Reply.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    picture: bytes | None = None
    picture_id: int | None = None
    alt: str = ""
    progress: float | None = None
    public: bool = False
    as_file: bool = False


class Gone(Exception):
    """The chat, message or photo is not there any more, or we are not let in: do not try again."""


class Later(Exception):
    """The platform asks for patience."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def with_last_line(text: str, line: str) -> str:
    """What stands under a draft, with another last line: that one is about the rest of the work."""
    return "\n".join([*text.splitlines()[:-1], line])


Fetch = Callable[[PhotoRef], Awaitable[int]]
"""Has a photo brought in from its platform, and gives the id under which it will be stored. Only after consent.

It does not wait for the photo. Raises OSError while that cannot be written down, which the conversation lets through:
the message is answered again later.
"""
