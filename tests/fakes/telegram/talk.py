"""People who talk to the whole bot over Telegram, by the same words as in tests/talk.py.

What they see is what Telegram shows. Only what Telegram has no place for (alt text, ids, whether work goes on) is
taken from what the bot wanted shown.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.messages import Button, Message, Offer, Showing
from bot.platforms import Limits, Raw, Receive
from bot.platforms.telegram import TelegramPlatform
from bot.platforms.telegram.places import Ref, read_press
from bot.platforms.telegram.rates import Rates
from tests.fakes.telegram.people import Human
from tests.fakes.telegram.server import TOKEN, BotApi
from tests.fakes.telegram.world import Json
from tests.talk import Person

AT_ONCE = ((0.0, 1), (0.0, 1), (0.0, 1))


class Watched:
    """The real platform, with a note of what it was last asked to show as each message."""

    name = "telegram"

    def __init__(self, platform: TelegramPlatform) -> None:
        self._platform = platform
        self.limits: Limits = platform.limits
        self.wanted: dict[tuple[int, int], Showing] = {}

    async def run(self, receive: Receive) -> None:
        await self._platform.run(receive)

    def parse(self, event: str, raw: Raw) -> Message | None:
        return self._platform.parse(event, raw)

    async def fetch(self, ref: str) -> bytes:
        return await self._platform.fetch(ref)

    async def show(self, chat: str, key: str, showing: Showing, ref: str | None) -> str:
        shown = await self._platform.show(chat, key, showing, ref)
        there = Ref.read(shown)
        self.wanted[there.chat, there.message] = showing
        return shown

    async def wipe(self, chat: str) -> None:
        await self._platform.wipe(chat)


@dataclass
class TelegramSide:
    """A Telegram, and the bot's platform there."""

    api: BotApi
    platform: Watched
    numbers: dict[str, int] = field(default_factory=dict)

    async def ready(self) -> None:
        pass

    def person(self, bot: Any, name: str = "ada", lang: str = "en") -> "TelegramPerson":
        number = self.numbers.setdefault(name, 100 + len(self.numbers))
        return TelegramPerson(bot, name, lang, side=self, human=self.api.person(number, name, lang))


@asynccontextmanager
async def telegram_side() -> AsyncIterator[TelegramSide]:
    """Put `.platform` among the bot's platforms and have it run; then `.person(bot)` can talk."""
    async with BotApi() as api:
        platform = TelegramPlatform(
            TOKEN,
            commands={"en": [(name, name) for name in ("start", "style", "styles", "last", "privacy", "forget")]},
            start_here={"en": "Start me here: {link}"},
            base_url=api.url,
            rates=Rates(*AT_ONCE),
            pause_s=0.05,
            poll_s=2,
        )
        yield TelegramSide(api, Watched(platform))
        assert api.complaints == []


@dataclass
class TelegramPerson(Person):
    side: TelegramSide | None = None
    human: Human | None = None

    @property
    def user(self) -> str:
        return f"telegram:{self._human.id}"

    @property
    def screen(self) -> dict[str, Showing]:
        """Everything of the bot's that this person can see."""
        world = self._side.api.world
        places = [chat for chat in world.chats.values() if chat.id < 0 or chat.id == self._human.id]
        seen = [message for chat in places for message in self._human.seen(chat)]
        return {f"{m['chat']['id']}:{m['message_id']}": self._showing(m) for m in seen}

    async def says(self, text: str = "", photo: bytes | None = None, *more: bytes) -> Showing:
        """In a group, if the bot is to offer sharing; then by naming the bot."""
        chat = self._side.api.group() if Offer.SHARE in self.offers else None
        words = text if chat is None else self._named(text)
        photos = [data for data in (photo, *more) if data]
        if len(photos) > 1:
            return await self._does(self._human.album(photos, words or None, chat))
        if photos:
            return await self._does(self._human.photo(photos[0], words or None, chat))
        return await self._does(self._human.says(words, chat))

    async def shows_trouble(self, trouble: str) -> Showing:
        large = {"file_id": "x", "file_unique_id": "x", "mime_type": "image/png", "file_size": 21_000_000}
        if trouble == "too_large":
            return await self._does(self._human.sends({"document": large}))
        if trouble == "not_your_photo":
            other = self._side.api.person(7, "Bob")
            return await self._does(self._human.photo(b"\xff\xd8", **self._human.forward_of(other)))
        return await self._does(self._human.sends({"voice": {"file_id": "x", "file_unique_id": "x", "duration": 2}}))

    async def taps(self, words: str, under: Showing | None = None, changes: int = 1) -> Showing:
        data, message = self._button(self._token(words, under))
        return await self._does(self._human.press_data(data, message), changes)

    def _named(self, text: str) -> str:
        name = "@selfie_test_bot"
        head, space, rest = text.partition(" ")
        return f"{head}{name}{space}{rest}" if text.startswith("/") else f"{name} {text}".strip()

    def _button(self, token: str) -> tuple[str, Json]:
        """What the button with this token carries and the message it is under; or was, before that was deleted."""
        for message in self._side.api.world.messages.values():
            for button in _buttons(message):
                if read_press(button["callback_data"], self._human.id)[0] == token:
                    return button["callback_data"], message
        return token, {"chat": self._human.own.json(), "message_id": 1, "date": 0}

    def _showing(self, message: Json) -> Showing:
        wanted = self._side.platform.wanted.get((message["chat"]["id"], message["message_id"]))
        buttons = [Button(b["text"], read_press(b["callback_data"], self._human.id)[0]) for b in _buttons(message)]
        file = message["photo"][-1] if "photo" in message else message.get("document")
        return Showing(
            text=message.get("text") or message.get("caption", ""),
            buttons=tuple(buttons),
            picture=self._side.api.world.files[file["file_id"]].data if file else None,
            picture_id=wanted.picture_id if wanted else None,
            alt=wanted.alt if wanted else "",
            progress=wanted.progress if wanted else 0.0,
            public=message["chat"]["id"] < 0,
            as_file="document" in message,
        )

    @property
    def _side(self) -> TelegramSide:
        assert self.side is not None
        return self.side

    @property
    def _human(self) -> Human:
        assert self.human is not None
        return self.human


def _buttons(message: Json) -> list[Json]:
    return [button for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]
