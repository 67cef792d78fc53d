"""Where a message is: a chat and a message of ours as strings that other parts keep, and back. Knows no network."""

from dataclasses import dataclass

from bot.platforms.telegram.limits import PRESS_BYTES


@dataclass(frozen=True, slots=True)
class Place:
    """Who said something, and where: "42" is that person's private chat, "-1001/42" a group, "-1001/42/7" a topic."""

    user: int
    group: int | None = None
    topic: int | None = None

    def __str__(self) -> str:
        parts = (self.user,) if self.group is None else (self.group, self.user, self.topic)
        return "/".join(str(part) for part in parts if part is not None)

    @classmethod
    def read(cls, chat: str) -> "Place":
        numbers = [int(part) for part in chat.split("/")]
        if len(numbers) == 1:
            return cls(numbers[0])
        return cls(numbers[1], numbers[0], numbers[2] if len(numbers) > 2 else None)


@dataclass(frozen=True, slots=True)
class Ref:
    """A message of ours, and what it shows: "text", "photo", "file", or a "note" that asks somebody to start us."""

    kind: str
    chat: int
    message: int
    picture: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.kind, self.chat, self.message, self.picture) if part is not None)

    @classmethod
    def read(cls, ref: str) -> "Ref":
        kind, chat, message, *picture = ref.split(":")
        return cls(kind, int(chat), int(message), int(picture[0]) if picture else None)


def press_data(token: str, home: Place) -> str:
    """What a button carries. One that belongs to a group but stands in a private chat also says which group."""
    if home.group is None:
        return token
    data = f"{token}@{home.group}" + (f"/{home.topic}" if home.topic is not None else "")
    return data if len(data.encode()) <= PRESS_BYTES else token


def read_press(data: str, user: int) -> tuple[str, Place | None]:
    """The token, and the group it belongs to if the button says so."""
    token, _, home = data.partition("@")
    if not home:
        return token, None
    group, _, topic = home.partition("/")
    return token, Place(user, int(group), int(topic) if topic else None)
