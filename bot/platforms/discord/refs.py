"""Where a message of ours stands, and the string that says so to the rest of the bot. Knows no network.

Answer      what Discord keeps open for an interaction: edited by its token for 15 minutes, seen by one person alone
            unless `dm`
Posted      a message in a channel, edited for as long as it stands
Note        a line in a channel that says a picture waits: it is never made into anything else
"""

import dataclasses
import json
import time
from dataclasses import dataclass, field
from typing import Any

EPOCH_MS = 1_420_070_400_000


@dataclass(frozen=True, slots=True)
class Answer:
    """Args:
    token: the interaction's; a secret while it lives, so it is never printed.
    at: when the interaction was made, Unix time in s.
    message: our message, once it has been shown.
    drawn: a finished picture has been shown in it.
    """

    app: str
    token: str = field(repr=False)
    at: float
    channel: str
    user: str
    dm: bool
    lang: str
    message: str = ""
    drawn: bool = False

    def age_s(self) -> float:
        return time.time() - self.at


@dataclass(frozen=True, slots=True)
class Posted:
    channel: str
    message: str


@dataclass(frozen=True, slots=True)
class Note:
    channel: str
    message: str


Ref = Answer | Posted | Note
_KINDS: dict[str, type[Any]] = {"answer": Answer, "posted": Posted, "note": Note}


def write_ref(ref: Ref) -> str:
    return json.dumps({"kind": type(ref).__name__.lower(), **dataclasses.asdict(ref)}, separators=(",", ":"))


def read_ref(text: str) -> Ref:
    values = json.loads(text)
    ref: Ref = _KINDS[values.pop("kind")](**values)
    return ref


@dataclass(frozen=True, slots=True)
class Chat:
    """A person in a channel; `dm`: it is theirs alone."""

    channel: str
    user: str
    dm: bool

    def __str__(self) -> str:
        return f"{self.channel}/{self.user}{'/dm' if self.dm else ''}"

    @classmethod
    def read(cls, text: str) -> "Chat":
        channel, user, *dm = text.split("/")
        return cls(channel, user, bool(dm))


def made_at(snowflake: str) -> float:
    """When the thing with this id was made, Unix time in s (Discord's documentation, "Snowflakes")."""
    return ((int(snowflake) >> 22) + EPOCH_MS) / 1000
