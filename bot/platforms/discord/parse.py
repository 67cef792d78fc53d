"""From a raw event to what a person said: interactions and direct messages. Knows neither network nor conversation."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.messages import Message, Offer, PhotoRef, Trouble
from bot.platforms import Raw, Unparsable
from bot.platforms.discord.limits import FETCH_BYTES, PHOTOS
from bot.platforms.discord.refs import Answer, Chat, made_at, write_ref

COMMAND, PRESS, AUTOCOMPLETE, MODAL = 2, 3, 4, 5  # kinds of interaction
CHAT_INPUT, ON_MESSAGE = 1, 3  # kinds of command
BOT_DM = 1  # a context: the direct messages of a person and the bot
_TALK = (0, 19, 20, 23)  # kinds of message a person writes; the others tell of pins, calls and members
_NAMES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif", ".gif", ".bmp", ".tif", ".tiff")
_VAGUE = ("", "application/octet-stream")

Data = Mapping[str, Any]


def parse(event: str, raw: Raw) -> Message | None:
    """Raises Unparsable."""
    try:
        data, kind = raw["d"], raw["t"]
        if kind == "INTERACTION_CREATE":
            return _interaction(event, data)
        if kind == "MESSAGE_CREATE":
            return _direct(event, data, raw.get("lang", "en"))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise Unparsable(f"an odd event of Discord: {type(error).__name__}") from None
    raise Unparsable(f"an event of Discord of unknown kind {kind!r}")


def is_dm(data: Data) -> bool:
    """Is this interaction between the person and the bot alone?"""
    if (context := data.get("context")) is not None:
        return bool(context == BOT_DM)
    return "guild_id" not in data and data.get("channel", {}).get("type") == 1


def chat_of(data: Data) -> Chat:
    """The chat of an interaction or a direct message."""
    if "author" in data:
        return Chat(str(data["channel_id"]), str(data["author"]["id"]), "guild_id" not in data)
    return Chat(str(data["channel_id"]), _user(data), is_dm(data))


def _user(data: Data) -> str:
    return str((data.get("member") or data)["user"]["id"])


def _interaction(event: str, data: Data) -> Message | None:
    chat, lang, kind = chat_of(data), str(data.get("locale") or "en"), data["type"]
    answer = Answer(
        app=str(data["application_id"]),
        token=str(data["token"]),
        at=made_at(data["id"]),
        channel=chat.channel,
        user=chat.user,
        dm=chat.dm,
        lang=lang,
    )
    said = _SAID.get(kind)
    if said is None:
        raise Unparsable(f"an interaction of kind {kind!r}")
    return Message(
        event=event,
        user=f"discord:{chat.user}",
        chat=str(chat),
        lang=lang,
        ref=write_ref(answer),
        offers=() if chat.dm else (Offer.SHARE,),
        **said(data["data"], chat),
    )


def _press(inner: Data, chat: Chat) -> dict[str, Any]:
    """A button, or a choice in a menu of them."""
    chosen = inner.get("values")
    return {"pressed": str(chosen[0] if chosen else inner["custom_id"])}


def _command(inner: Data, chat: Chat) -> dict[str, Any]:
    if inner.get("type", CHAT_INPUT) == ON_MESSAGE:
        return _pointed_at(inner, chat)
    options = {option["name"]: option["value"] for option in inner.get("options", ())}
    words = " ".join(str(options.get("style") or options.get("words", "")).split())
    if "strength" in options:
        words += f" {int(options['strength'])}"
    said = {"text": f"/{inner['name']} {words}".strip()}
    if "photo" not in options:
        return said
    return {**said, **_photos([inner["resolved"]["attachments"][options["photo"]]])}


def _pointed_at(inner: Data, chat: Chat) -> dict[str, Any]:
    """The menu of a message: only one's own is drawn on."""
    message = inner["resolved"]["messages"][inner["target_id"]]
    if str(message["author"]["id"]) != chat.user:
        return {"trouble": Trouble.NOT_YOUR_PHOTO}
    return _photos(message.get("attachments", ()))


def _modal(inner: Data, chat: Chat) -> dict[str, Any]:
    """The form of /selfie: photos, and perhaps a style."""
    values: dict[str, list[str]] = {}
    for label in inner["components"]:
        field = label.get("component") or label["components"][0]
        values[field["custom_id"]] = field.get("values") or []
    attachments = inner.get("resolved", {}).get("attachments", {})
    said = _photos([attachments[id] for id in values.get("photos", ())])
    if style := values.get("style"):
        said["text"] = f"/style {style[0]}"
    return said


_SAID = {COMMAND: _command, PRESS: _press, MODAL: _modal}


def _direct(event: str, data: Data, lang: str) -> Message | None:
    if data["type"] not in _TALK or data["author"].get("bot"):
        return None
    chat = chat_of(data)
    said: dict[str, Any] = {"text": str(data.get("content") or "")}
    if data.get("attachments"):
        said |= _photos(data["attachments"])
    elif not said["text"]:  # a sticker, a poll, something forwarded
        said["trouble"] = Trouble.NOT_A_PHOTO
    return Message(event=event, user=f"discord:{chat.user}", chat=str(chat), lang=lang, **said)


def _photos(attachments: Iterable[Data]) -> dict[str, Any]:
    """The photos among some attachments, or why there are none."""
    photos = [one for one in attachments if _is_photo(one)]
    fit = [one for one in photos if int(one["size"]) <= FETCH_BYTES]
    if not fit:
        return {"trouble": Trouble.TOO_LARGE if photos else Trouble.NOT_A_PHOTO}
    return {"photos": tuple(PhotoRef(str(one["url"])) for one in fit[:PHOTOS])}


def _is_photo(attachment: Data) -> bool:
    """Some cameras' files come without a kind, and are known by their name."""
    kind = str(attachment.get("content_type") or "").partition(";")[0].strip().lower()
    if kind in _VAGUE:
        return str(attachment.get("filename", "")).lower().endswith(_NAMES)
    return kind.startswith("image/") and kind != "image/svg+xml"
