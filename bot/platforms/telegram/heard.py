"""What is worth remembering for a while of whom we heard last. Losing it does little harm; knows no network."""

from collections import OrderedDict
from typing import TypeVar

from bot.messages import Message

REMEMBERED = 2000
Key = TypeVar("Key")
Value = TypeVar("Value")


class Heard:
    def __init__(self) -> None:
        self._last: OrderedDict[str, tuple[str, int | None]] = OrderedDict()
        self._albums: OrderedDict[str, str] = OrderedDict()
        self._newest: OrderedDict[int, int] = OrderedDict()

    def note(self, message: Message, message_id: object, album: str | None = None) -> None:
        """A message for us, the id Telegram gave it, and the album it is a part of."""
        _put(self._last, message.chat, (message.lang, message_id if isinstance(message_id, int) else None))
        if album is not None:
            _put(self._albums, album, message.chat)

    def know(self, message: Message) -> None:
        """A message that came before we were started again."""
        if message.chat not in self._last:
            self.note(message, None)

    def saw(self, chat: object, message_id: object) -> None:
        """A message in a private chat, whoever wrote it."""
        if isinstance(chat, int) and isinstance(message_id, int) and chat > 0:
            _put(self._newest, chat, max(message_id, self._newest.get(chat, 0)))

    def newest(self, chat: int) -> int:
        """The latest message there that we know of; 0 if none."""
        return self._newest.get(chat, 0)

    def last(self, chat: str) -> tuple[str, int | None]:
        """The language and the latest message of whoever speaks in this chat."""
        return self._last.get(chat, ("en", None))

    def album(self, album: str | None) -> str | None:
        """The chat of an album one part of which was for us."""
        return self._albums.get(album) if album is not None else None


def _put(known: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    known[key] = value
    known.move_to_end(key)
    while len(known) > REMEMBERED:
        known.popitem(last=False)
