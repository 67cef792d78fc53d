"""The people at the other end: they write, send photos, press buttons and see what the bot shows. Know no HTTP."""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from typing import Any

from tests.fakes.telegram.world import Chat, Json, World


class Human:
    def __init__(self, world: World, number: int, name: str, lang: str | None) -> None:
        self.world, self.id = world, number
        self.me: Json = {"id": number, "is_bot": False, "first_name": name}
        if lang is not None:
            self.me["language_code"] = lang

    @property
    def own(self) -> Chat:
        return self.world.chats[self.id]

    async def says(self, text: str, chat: Chat | None = None, **more: Any) -> Json:
        return await self.sends({"text": text, "entities": self._entities(text)}, chat, **more)

    async def photo(self, data: bytes, caption: str | None = None, chat: Chat | None = None, **more: Any) -> Json:
        entities = self._entities(caption) if caption else None
        body = {"photo": self.world.photo(data), "caption": caption, "caption_entities": entities}
        return await self.sends(body, chat, **more)

    async def document(
        self, data: bytes, name: str, caption: str | None = None, chat: Chat | None = None, **more: Any
    ) -> Json:
        document = self.world.keep(data, "document", name).document()
        entities = self._entities(caption) if caption else None
        body = {"document": document, "caption": caption, "caption_entities": entities}
        return await self.sends(body, chat, **more)

    async def album(self, photos: Sequence[bytes], caption: str | None = None, chat: Chat | None = None) -> list[Json]:
        group = str(next(self.world.query_ids))
        words = [caption, *[None] * (len(photos) - 1)]
        return [
            await self.photo(data, text, chat, media_group_id=group) for data, text in zip(photos, words, strict=True)
        ]

    async def sends(self, body: Json, chat: Chat | None = None, **more: Any) -> Json:
        """Write a message and let the bot know."""
        where = chat or self.own
        if where is self.own:
            where.open = True
        message = await self.world.write(where, self.me, {**body, **more})
        await self.world.push("message", json.loads(json.dumps(message)))
        return message

    async def presses(self, words: str, message: Json | None = None) -> "asyncio.Future[str | None]":
        """Press the button that says this, under the latest message with buttons or a given one.

        Returns:
            What the bot answers to the press; until then the button spins.
        """
        message = message or self.buttons_last()
        rows = message["reply_markup"]["inline_keyboard"]
        found = [button["callback_data"] for row in rows for button in row if words in button["text"]]
        assert len(found) == 1, f"{words!r} is one of {[button['text'] for row in rows for button in row]}"
        return await self.press_data(found[0], message)

    async def press_data(self, data: str, message: Json | None) -> "asyncio.Future[str | None]":
        number = str(next(self.world.query_ids))
        answer = self.world.queries[number] = asyncio.get_running_loop().create_future()
        query = {"id": number, "from": self.me, "chat_instance": "1", "data": data, "message": message}
        await self.world.push("callback_query", {key: value for key, value in query.items() if value is not None})
        return answer

    def seen(self, chat: Chat | None = None) -> list[Json]:
        """The bot's messages as they stand, in the person's own chat or a given one."""
        where, bot = (chat or self.own).id, self.world.me["id"]
        return [m for (place, _), m in self.world.messages.items() if place == where and m["from"]["id"] == bot]

    def buttons_last(self) -> Json:
        return [message for message in self.seen() if "reply_markup" in message][-1]

    async def sees(self, test: Callable[[Json], Any], chat: Chat | None = None, seconds: float = 10.0) -> Json:
        """Wait for a message of the bot that is so."""

        def ready() -> Json | None:
            return next((message for message in reversed(self.seen(chat)) if test(message)), None)

        found: Json = await self.world.wait(ready, seconds)
        return found

    def forward_of(self, other: "Human", hidden: bool = False) -> Json:
        origin: Json = {"type": "hidden_user", "sender_user_name": other.me["first_name"]}
        if not hidden:
            origin = {"type": "user", "sender_user": other.me}
        return {"forward_origin": {**origin, "date": int(time.time())}}

    def _entities(self, text: str) -> list[Json] | None:
        found: list[Json] = []
        at = 0
        for word in text.split(" "):
            offset = len(text[:at].encode("utf-16-le")) // 2
            if word.startswith("/") and len(word) > 1:
                found.append({"type": "bot_command", "offset": offset, "length": len(word)})
            elif word.startswith("@") and len(word) > 1:
                found.append({"type": "mention", "offset": offset, "length": len(word)})
            at += len(word) + 1
        return found or None
