"""What the web chat needs kept so that a page can be drawn again. Only the questions; whoever keeps it answers them."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class WebRow(Protocol):
    """One message of a chat, as it should look now.

    seq: grows with every write in this chat, also when a message is written again.
    ref: the message's id in its chat.
    author: "person" or "bot".
    at: Unix time in seconds of the *first* write. Messages are shown in this order, so a message that is written
        again (a placeholder that becomes a picture) stays in its place.
    """

    @property
    def seq(self) -> int: ...
    @property
    def ref(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def body(self) -> Mapping[str, Any]: ...
    @property
    def at(self) -> float: ...


class WebHistory(Protocol):
    async def write(self, chat: str, ref: str, author: str, body: dict[str, Any]) -> int:
        """Write a message, or write it again where the chat has this ref already. Returns its new seq.

        What has a smaller seq can be read first.
        """

    async def since(self, chat: str, seq: int) -> Sequence[WebRow]:
        """The messages written after seq, in the order of their seq."""

    async def put_upload(self, chat: str, key: str, data: bytes, kind: str, expires_at: float) -> None:
        """Keep a person's file until expires_at (Unix time, s). The same key again changes nothing."""

    async def upload(self, chat: str, key: str) -> tuple[bytes, str] | None:
        """A person's file and its kind ("image/jpeg"); None if there is none, or not in this chat."""

    async def picture(self, chat: str, id: int) -> bytes | None:
        """A finished picture (JPEG); None if there is none, or if it is not this chat's."""

    async def wipe(self, chat: str) -> None:
        """Forget every message and upload of this chat."""
