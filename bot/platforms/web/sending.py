"""Reading what the page sends: a form in parts, measured while it streams in. Knows no chat and keeps nothing."""

import re
from dataclasses import dataclass

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.platforms.web.errors import Malformed, PhotoTooBig, TextTooLong

PHOTO_BYTES = 25_000_000
TEXT_CHARS = 4000
_PARTS = 8
_SMALL_BYTES = 200
_OVERHEAD_BYTES = 64_000  # the form's own lines and its texts
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_TOKEN = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_SIZE = re.compile(r"([1-9]\d{0,4})x([1-9]\d{0,4})")


@dataclass(frozen=True, slots=True)
class Sending:
    """One thing a person did.

    Args:
        key: the page's own id of it; the same when it is sent again.
        press: the token of a button, instead of a message.
        photo: the file as chosen, unchecked.
        size: the photo's width and height in px as the page saw it, so that its place can be kept free.
    """

    key: str
    text: str = ""
    press: str | None = None
    photo: bytes | None = None
    size: tuple[int, int] | None = None


async def read_sending(request: web.Request) -> Sending:
    """Raises Malformed, PhotoTooBig, TextTooLong."""
    if request.content_type != "multipart/form-data":
        raise Malformed("not a form")
    if (request.content_length or 0) > PHOTO_BYTES + _OVERHEAD_BYTES:
        raise PhotoTooBig
    try:
        parts = await _read_parts(request)
    except (ValueError, HttpProcessingError, RuntimeError) as error:
        raise Malformed("a broken form") from error
    return _sending(parts)


async def _read_parts(request: web.Request) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise Malformed("a part without a name")
        if len(parts) == _PARTS or part.name in parts:
            raise Malformed("too many parts")
        parts[part.name] = await _read_part(part)
    return parts


async def _read_part(part: BodyPartReader) -> bytes:
    limit = {"photo": PHOTO_BYTES, "text": TEXT_CHARS * 4}.get(part.name or "", _SMALL_BYTES)
    data = bytearray()
    while chunk := await part.read_chunk():
        data += chunk
        if len(data) > limit:
            raise _too_much(part.name)
    return bytes(data)


def _too_much(name: str | None) -> Exception:
    if name == "photo":
        return PhotoTooBig()
    if name == "text":
        return TextTooLong(TEXT_CHARS)
    return Malformed("a long part")


def _sending(parts: dict[str, bytes]) -> Sending:
    key = _text(parts, "key")
    if not _KEY.fullmatch(key):
        raise Malformed("no key")
    if "press" in parts:
        press = _text(parts, "press")
        if not _TOKEN.fullmatch(press):
            raise Malformed("no button")
        return Sending(key, press=press)
    text = _text(parts, "text").strip()
    if len(text) > TEXT_CHARS:
        raise TextTooLong(TEXT_CHARS)
    if not text and "photo" not in parts:
        raise Malformed("nothing in it")
    size = _SIZE.fullmatch(_text(parts, "size"))
    return Sending(key, text, None, parts.get("photo"), (int(size[1]), int(size[2])) if size else None)


def _text(parts: dict[str, bytes], name: str) -> str:
    """A part as text, with the line ends a form makes CR LF of as they were typed."""
    try:
        return parts.get(name, b"").decode().replace("\0", "").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Malformed("not UTF-8") from error
