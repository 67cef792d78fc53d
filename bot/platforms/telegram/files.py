"""The ids pictures have on Telegram once they were sent, so that none is sent twice. Knows no chat."""

import struct
import zlib
from collections import OrderedDict
from functools import cache

from telegram import Message

from bot.platforms.telegram.sheet import Sheet

REMEMBERED = 2000


class Files:
    def __init__(self) -> None:
        self._ids: OrderedDict[tuple[str, int], str] = OrderedDict()

    def source(self, sheet: Sheet) -> bytes | str:
        """The picture to upload, or its id if it was uploaded before."""
        known = self._ids.get((sheet.kind, sheet.showing.picture_id or 0))
        return known or sheet.showing.picture or b""

    def remember(self, sheet: Sheet, said: Message | None) -> None:
        number = sheet.showing.picture_id
        if said is None or number is None:
            return
        if sheet.kind == "photo" and said.photo:
            self._ids[sheet.kind, number] = said.photo[-1].file_id
        elif sheet.kind == "file" and said.document is not None:
            self._ids[sheet.kind, number] = said.document.file_id
        while len(self._ids) > REMEMBERED:
            self._ids.popitem(last=False)

    def forget(self, sheet: Sheet) -> bool:
        """An id that does not work (any more). Whether there was one."""
        return self._ids.pop((sheet.kind, sheet.showing.picture_id or 0), None) is not None


@cache
def empty_picture(side_px: int = 256) -> bytes:
    """A grey PNG (W3C PNG, 2nd edition: signature, IHDR, IDAT, IEND)."""
    rows = (b"\0" + b"\xdd" * side_px) * side_px
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", side_px, side_px, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    packed = [struct.pack(">I", len(d)) + kind + d + struct.pack(">I", zlib.crc32(kind + d)) for kind, d in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)
