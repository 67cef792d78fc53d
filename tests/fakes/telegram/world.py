"""What Telegram keeps: chats, messages, files, and the updates that wait for the bot. Knows no HTTP."""

import asyncio
import hashlib
import itertools
import mimetypes
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram.faults import ApiError, bad

Json = dict[str, Any]

EXCLUDED = {"chat_member", "message_reaction", "message_reaction_count"}
"""Updates that have to be asked for by name."""


@dataclass
class StoredFile:
    id: str
    data: bytes
    kind: str
    name: str
    width: int = 0
    height: int = 0

    @property
    def unique(self) -> str:
        return hashlib.md5(self.data, usedforsecurity=False).hexdigest()[:16]

    @property
    def path(self) -> str:
        return f"{self.kind}s/{self.id}-{self.name}"

    def head(self) -> Json:
        return {"file_id": self.id, "file_unique_id": self.unique, "file_size": len(self.data)}

    def photo(self) -> Json:
        return {**self.head(), "width": self.width, "height": self.height}

    def document(self) -> Json:
        kind = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        return {**self.head(), "file_name": self.name, "mime_type": kind}


@dataclass
class Chat:
    """open: whether the bot may write here; people open their own by starting it."""

    id: int
    kind: str
    title: str = ""
    open: bool = True
    moved_to: int | None = None
    forum: bool = False

    def json(self) -> Json:
        name = {"first_name": self.title} if self.kind == "private" else {"title": self.title}
        return {"id": self.id, "type": self.kind, **name} | ({"is_forum": True} if self.forum else {})


@dataclass
class World:
    me: Json
    chats: dict[int, Chat] = field(default_factory=dict)
    messages: dict[tuple[int, int], Json] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    queue: list[Json] = field(default_factory=list)
    queries: dict[str, asyncio.Future[str | None]] = field(default_factory=dict)
    allowed: list[str] | None = None
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    message_ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    update_ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1000))
    query_ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(5_000_000))
    on_update: Callable[[], None] = lambda: None

    def chat(self, chat_id: Any) -> Chat:
        """A chat the bot may write to. Raises ApiError as the real server does."""
        chat = self.chats.get(int(chat_id))
        if chat is None:
            raise bad("chat not found")
        if chat.moved_to is not None:
            text = "group chat was upgraded to a supergroup chat"
            raise ApiError(400, f"Bad Request: {text}", migrate_to_chat_id=chat.moved_to)
        if not chat.open:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return chat

    async def write(self, chat: Chat, author: Json, body: Json) -> Json:
        number = next(self.message_ids)
        message = {"message_id": number, "date": int(time.time()), "chat": chat.json(), "from": author}
        message |= {key: value for key, value in body.items() if value is not None}
        self.messages[chat.id, number] = message
        await self.tell()
        return message

    async def push(self, kind: str, body: Json, number: int | None = None) -> Json | None:
        """Let the bot know of something, unless it does not want to."""
        wanted = kind in self.allowed if self.allowed is not None else kind not in EXCLUDED
        if not wanted:
            return None
        update = {"update_id": next(self.update_ids) if number is None else number, kind: body}
        self.queue.append(update)
        await self.tell()
        self.on_update()
        return update

    async def tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    async def wait(self, ready: Callable[[], Any], seconds: float = 10.0) -> Any:
        async with self.changed:
            try:
                async with asyncio.timeout(seconds):
                    while not (found := ready()):
                        await self.changed.wait()
            except TimeoutError:
                shown = [(m["chat"]["id"], m.get("text") or m.get("caption")) for m in self.messages.values()]
                raise AssertionError(f"it never came; there is {shown[-12:]}") from None
            return found

    def keep(self, data: bytes, kind: str, name: str, size: tuple[int, int] = (0, 0)) -> StoredFile:
        file = StoredFile(f"{kind[:2]}-{secrets.token_urlsafe(9)}", data, kind, name, *size)
        self.files[file.id] = file
        return file

    def photo(self, data: bytes) -> list[Json]:
        """A photo in its sizes. The real server draws every one of them anew; here they only say so."""
        small = self.keep(data[:2] + b"small", "photo", "small.jpg", (90, 112))
        return [small.photo(), self.keep(data, "photo", "large.jpg", (1024, 1280)).photo()]
