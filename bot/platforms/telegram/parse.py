"""From a raw update to a message: who, where, what, and whether it was meant for us. Does no input or output."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from telegram import (
    CallbackQuery,
    Document,
    MaybeInaccessibleMessage,
    MessageEntity,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    PhotoSize,
    Update,
    User,
)
from telegram import Message as Said

from bot.messages import Message, Offer, PhotoRef, Trouble
from bot.platforms import Raw, Unparsable
from bot.platforms.telegram.places import Place, read_press

KINDS = ("message", "callback_query")
"""The updates we ask for."""
GROUPS = ("group", "supergroup")
BROKEN = (TypeError, KeyError, ValueError, AttributeError, OverflowError, OSError)
"""What the library raises over an update it cannot read."""
_PICTURE_NAMES = (".heic", ".heif", ".jpg", ".jpeg", ".png", ".webp", ".avif")
_NO_PHOTOS = (
    *("sticker", "voice", "video", "video_note", "audio", "animation", "document", "story", "paid_media"),
    *("contact", "location", "venue", "poll", "dice", "game", "checklist"),
)


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself, as Telegram knows it."""

    id: int
    username: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Args:
    commands: the names of ours; in a group a bare /name may be meant for another bot.
    most_bytes: the largest file that can be fetched.
    """

    commands: Collection[str]
    most_bytes: int

    def read(self, event: str, raw: Raw) -> Message | None:
        """The message in a raw event, or in the parts of an album. Raises Unparsable."""
        parts = raw.get("parts", [raw])
        try:
            me = Me(int(parts[0]["me"]["id"]), str(parts[0]["me"]["username"]))
            updates = [Update.de_json(part["update"], None) for part in parts]
            return self._read(event, updates, me)
        except BROKEN as error:
            raise Unparsable(f"telegram event {event}: {type(error).__name__}") from error

    def _read(self, event: str, updates: list[Update], me: Me) -> Message | None:
        query = updates[0].callback_query
        if query is not None:
            return _pressed(event, query)
        said = sorted((u.message for u in updates if u.message is not None), key=lambda m: m.message_id)
        if not said or _nobody(said[0]):
            return None
        place = place_of(said[0])
        if place is None or said[0].from_user is None:
            return None
        readings = [self._part(message, me) for message in said]
        if not any(reading.for_us for reading in readings):
            return None
        return _message(event, said[0].from_user, place, readings)

    def _part(self, said: Said, me: Me) -> "_Part":
        text, for_us = self._text(said, me)
        own = said.chat.type == "private"
        answers = said.reply_to_message
        to_us = answers is not None and answers.from_user is not None and answers.from_user.id == me.id
        photos, trouble = self._photos(said)
        if to_us and not own and not photos and answers is not None and (answers.photo or answers.document):
            to_us, answers = False, None  # a remark under a picture somebody shared
        if not photos and trouble is None and answers is not None and not to_us and text:
            photos, trouble = self._photos(answers, of=said.from_user)
            if trouble is Trouble.NOT_A_PHOTO:
                trouble = None
        if not (text or photos or trouble):
            return _Part(False)
        return _Part(for_us is not False and (own or to_us or bool(for_us)), text, photos, trouble)

    def _text(self, said: Said, me: Me) -> tuple[str, bool | None]:
        """The text without our own name in it; whether it names us, None if it names nobody."""
        text = said.text or said.caption or ""
        entities = said.parse_entities() if said.text else said.parse_caption_entities()
        for entity, words in entities.items():
            if entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0:
                return self._command(text, words, said, me)
            if entity.type == MessageEntity.MENTION and words.lower() == f"@{me.username}".lower():
                return text.replace(words, "", 1).strip(), True
            if entity.type == MessageEntity.TEXT_MENTION and entity.user is not None and entity.user.id == me.id:
                return text.replace(words, "", 1).strip(), True
        return text, None

    def _command(self, text: str, words: str, said: Said, me: Me) -> tuple[str, bool | None]:
        name, _, to = words.partition("@")
        if to and to.lower() != me.username.lower():
            return text, False
        rest = text[len(words) :].strip()
        if name == "/start" and rest == "last":  # the link under a note in a group
            return "/last", True
        known = bool(to) or said.chat.type == "private" or name[1:].lower() in self.commands
        return f"{name} {rest}".strip(), True if known else None

    def _photos(self, said: Said, of: User | None = None) -> tuple[tuple[PhotoRef, ...], Trouble | None]:
        """The photo of a message; of: the person it has to be from, if it is not the message itself."""
        found: PhotoSize | Document | None = None
        if said.photo:
            found = max(said.photo, key=lambda size: size.width * size.height)
        elif said.document is not None and said.animation is None and _is_picture(said.document):
            found = said.document
        if found is None:
            other = any(getattr(said, name, None) for name in _NO_PHOTOS)
            return (), Trouble.NOT_A_PHOTO if other else None
        if (of is not None and (said.from_user is None or said.from_user.id != of.id)) or _forwarded(said):
            return (), Trouble.NOT_YOUR_PHOTO
        if (found.file_size or 0) > self.most_bytes:
            return (), Trouble.TOO_LARGE
        return (PhotoRef(found.file_id),), None


@dataclass(frozen=True, slots=True)
class _Part:
    for_us: bool
    text: str = ""
    photos: tuple[PhotoRef, ...] = ()
    trouble: Trouble | None = None


def _message(event: str, user: User, place: Place, parts: Iterable["_Part"]) -> Message:
    parts = list(parts)
    photos = tuple(photo for part in parts for photo in part.photos)
    trouble = next((part.trouble for part in parts if part.trouble is not None), None)
    return Message(
        event=event,
        user=f"telegram:{user.id}",
        chat=str(place),
        text=next((part.text for part in parts if part.text), ""),
        photos=photos,
        lang=user.language_code or "en",
        offers=_offers(place),
        trouble=None if photos else trouble,
    )


def _pressed(event: str, query: CallbackQuery) -> Message | None:
    if query.message is None or not query.data:
        return None
    user, chat = query.from_user, query.message.chat
    token, place = read_press(query.data, user.id)
    if place is None:
        shared = chat.type in GROUPS
        place = Place(user.id, chat.id, _topic(query.message)) if shared else Place(user.id)
    return Message(
        event=event,
        user=f"telegram:{user.id}",
        chat=str(place),
        pressed=token,
        lang=user.language_code or "en",
        offers=_offers(place),
    )


def _offers(place: Place) -> tuple[Offer, ...]:
    return (Offer.FILE,) if place.group is None else (Offer.FILE, Offer.SHARE)


def place_of(said: Said) -> Place | None:
    """None for channels and whatever else is no talk between people and us."""
    user = said.from_user
    if user is None:
        return None
    if said.chat.type == "private":
        return Place(user.id)
    if said.chat.type in GROUPS:
        return Place(user.id, said.chat.id, _topic(said))
    return None


def _topic(said: MaybeInaccessibleMessage) -> int | None:
    """Mere answers have a thread id too, but nothing can be sent to it."""
    return said.message_thread_id if isinstance(said, Said) and said.is_topic_message else None


def _nobody(said: Said) -> bool:
    """Bots, channels and anonymous administrators have no face to show."""
    return said.from_user is None or said.from_user.is_bot or said.sender_chat is not None


def _is_picture(document: Document) -> bool:
    kind, name = document.mime_type or "", (document.file_name or "").lower()
    return kind.startswith("image/") or name.endswith(_PICTURE_NAMES)


def _forwarded(said: Said) -> bool:
    """Whether it comes from somebody else. Who hides their name from forwards is known by that name alone."""
    origin, user = said.forward_origin, said.from_user
    if isinstance(origin, MessageOriginUser):
        return user is None or origin.sender_user.id != user.id
    if isinstance(origin, MessageOriginHiddenUser):
        return user is None or origin.sender_user_name != user.full_name
    return isinstance(origin, MessageOriginChannel | MessageOriginChat)


def raw_chat(update: Mapping[str, Any]) -> str:
    """A raw update's chat, good enough for one that nobody can read."""
    for kind in KINDS:
        body = update.get(kind)
        if isinstance(body, dict):
            where = body if kind == "message" else body.get("message")
            chat = where.get("chat") if isinstance(where, dict) else None
            if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                return str(chat["id"])
    return "0"
