"""What every chat platform is: it takes raw events in, parses them, fetches photos and draws. Nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.messages import Gone, Later, Message, Showing

__all__ = ["Gone", "Later", "Limits", "Platform", "Raw", "Receive", "Unparsable"]

Raw = Mapping[str, Any]
"""An event as the platform sent it, JSON only."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform allows. Replies are fitted to it by the delivery, not by the conversation."""

    text_chars: int
    caption_chars: int
    buttons: int
    photo_bytes: int
    edits_per_minute: int


class Unparsable(ValueError):
    """A raw event this version cannot read. It is set aside and stops nobody."""


class Receive(Protocol):
    async def __call__(self, event: str, chat: str, raw: Raw, *, gather_s: float | None = None) -> bool:
        """Commit a raw event. Only afterwards may it be acknowledged. False: it was there already.

        Args:
            gather_s: for events that come in parts without an end, such as albums. Parts of one event are gathered to
                {"parts": [raw, ...]}, each once by its own "part", and parsed so long after the last one came.
        """


class Platform(Protocol):
    """Any OSError or TimeoutError a platform raises while it fetches or shows means: try again later."""

    @property
    def name(self) -> str: ...

    @property
    def limits(self) -> Limits: ...

    async def run(self, receive: Receive) -> None:
        """Take events in until cancelled."""

    def parse(self, event: str, raw: Raw) -> Message | None:
        """The message in a raw event; None if there is nothing to answer. Raises Unparsable."""

    async def fetch(self, ref: str) -> bytes:
        """A photo's file. Raises Gone, Later."""

    async def show(self, chat: str, key: str, showing: Showing, ref: str | None) -> str:
        """Make a message of ours show this: a new one where ref is None, else that one, edited.

        Args:
            key: the same for the same message however often it is tried; platforms that can, use it to send once.

        Returns:
            ref: the platform's own id of the message.

        Raises:
            Gone, Later
        """

    async def wipe(self, chat: str) -> None:
        """Take away what the platform itself keeps of a chat, where it keeps anything."""
