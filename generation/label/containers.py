"""What lies beside the pixels in a JPEG, PNG or WebP file, found without decoding it. Knows no meaning of it.

Made for hostile files: every length is checked against the file, every text is cut, nothing is unpacked beyond a limit.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

MOST_PARTS = 50_000
MOST_BYTES = 1 << 20  # of one text, unpacked
MOST_IN_ALL = 16 << 20
XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\0"
EXIF_HEAD = b"Exif\0\0"
IPTC_HEAD = b"Photoshop 3.0\0"
XMP_KEYWORD = "XML:com.adobe.xmp"


class Layer(StrEnum):
    XMP = "xmp"
    EXIF = "exif"
    IPTC = "iptc"
    TEXT = "text"  # a named text of a PNG, or a JPEG's comment
    C2PA = "c2pa"


@dataclass(frozen=True, slots=True)
class Part:
    """key: the name of a PNG's text; else empty."""

    layer: Layer
    data: bytes
    key: str = ""


def media_type(data: bytes) -> str | None:
    """By its first bytes; None for any other kind of file."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return None


def parts_of(data: bytes) -> Iterator[Part]:
    """In the file's order, up to where it is damaged."""
    walk = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}.get(media_type(data) or "")
    if walk is None:
        return
    seen = 0
    for part in islice(walk(data), MOST_PARTS):
        if part is not None:
            seen += len(part.data)
            if seen > MOST_IN_ALL:
                return
            yield part


def _jpeg(data: bytes) -> Iterator[Part | None]:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:  # 0xDA: pixels begin
        if data[at + 1] == 0xFF:  # a filling byte
            at += 1
            continue
        length = int.from_bytes(data[at + 2 : at + 4])
        body = data[at + 4 : at + 2 + length]
        yield _jpeg_part(data[at + 1], body)
        if length < 2:
            return
        at += 2 + length


def _jpeg_part(marker: int, body: bytes) -> Part | None:
    heads = {(0xE1, XMP_HEAD): Layer.XMP, (0xE1, EXIF_HEAD): Layer.EXIF, (0xED, IPTC_HEAD): Layer.IPTC}
    for (wanted, head), layer in heads.items():
        if marker == wanted and body.startswith(head):
            return Part(layer, body[len(head) :])
    if marker == 0xEB and body[:2] == b"JP":  # a box of JPEG's part 11: the manifest, cut into segments
        return Part(Layer.C2PA, body)
    return Part(Layer.TEXT, body) if marker == 0xFE else None


def _png(data: bytes) -> Iterator[Part | None]:
    at = 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4])
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        yield _png_part(name, body)
        at += 12 + length


def _png_part(name: bytes, body: bytes) -> Part | None:
    if name in (b"eXIf", b"caBX"):
        return Part(Layer.EXIF if name == b"eXIf" else Layer.C2PA, body)
    if name not in (b"tEXt", b"zTXt", b"iTXt"):
        return None
    key, _, rest = body.partition(b"\0")
    packed = name == b"zTXt" or (name == b"iTXt" and rest[:1] == b"\1")
    if name == b"zTXt":
        rest = rest[1:]
    elif name == b"iTXt":  # two flags, a language, the keyword in that language, the text: PNG, 11.3.3.4
        rest = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    text = _unpacked(rest) if packed else rest[:MOST_BYTES]
    keyword = key.decode("latin-1")[:79]
    return Part(Layer.XMP if keyword == XMP_KEYWORD else Layer.TEXT, text, keyword)


def _webp(data: bytes) -> Iterator[Part | None]:
    layers = {b"XMP ": Layer.XMP, b"EXIF": Layer.EXIF, b"C2PA": Layer.C2PA}
    at = 12
    while at + 8 <= len(data):
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        layer = layers.get(data[at : at + 4])
        yield Part(layer, data[at + 8 : at + 8 + length]) if layer else None
        at += 8 + length + length % 2


def _unpacked(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, MOST_BYTES)
    except zlib.error:
        return b""
