"""What can be told of a picture file without decoding it. Knows nothing of chats; never trusts a name or a claim."""

_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
)
_BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"hevc": "image/heic",
    b"mif1": "image/heif",
    b"msf1": "image/heif",
}
UNKNOWN = "application/octet-stream"


def kind_of(data: bytes) -> str:
    """The kind of picture a file begins like; UNKNOWN for all else, which a browser then will not draw."""
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], UNKNOWN)
    return UNKNOWN


def jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in px from a JPEG's frame header (ITU T.81, B.2.2); None where there is none.

    An orientation in EXIF is not looked at: our own pictures have none.
    """
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None
