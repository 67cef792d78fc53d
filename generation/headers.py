"""What a picture file says of itself, read without decoding a pixel. Knows containers, not Pillow.

JPEG, PNG and GIF files are also thinned: what a decoder does not need (thumbnails, texts, Exif, further
frames) never reaches it. Readers walk those parts one by one in Python, so a file made of a million tiny
ones, or of Exif entries that all point at one large block, would cost minutes or gigabytes.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from generation.errors import BrokenImage, NotAnImage

MOST_PARTS = 50_000
"""Segments, chunks or blocks of a file; an honest 25 MB PNG has a few thousand."""

MOST_SCANS = 100
"""Of a progressive JPEG; honest ones have about ten. Every scan walks over all pixels again."""

ORIENTATION = 0x0112
JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_NEEDED = JPEG_SIZES | {0xC4, 0xCC, 0xDB, 0xDC, 0xDD, 0xE0, 0xEE}
PNG_NEEDED = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"iCCP"}
AVIF_BRANDS = {b"avif", b"avis"}
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


@dataclass(frozen=True, slots=True)
class Header:
    """What is known before decoding.

    Args:
        format: Pillow's name of it.
        data: the file, or the part of it a decoder needs.
        size: (width, height) px as stored, or None when only the decoder can say.
        orientation: Exif's, 1 to 8; 1 is upright.
    """

    format: str
    data: bytes
    size: tuple[int, int] | None = None
    orientation: int = 1


def read_header(data: bytes) -> Header:
    """Recognise a file by its first bytes, whatever its name.

    Raises:
        NotAnImage: it is none of the formats we take.
        BrokenImage: it ends in its own header, or is built to wear a reader out.
    """
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data)
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return _png(data)
        if data.startswith((b"GIF87a", b"GIF89a")):
            return _gif(data)
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            return _webp(data)
        if data[4:8] == b"ftyp":
            return _iso(data)
    except (IndexError, ValueError, struct.error) as error:
        raise BrokenImage from error
    raise NotAnImage


def read_orientation(exif: bytes) -> int:
    """The orientation in an Exif block, with or without its "Exif" prefix; 1 when there is none or it is damaged."""
    tiff = exif.removeprefix(b"Exif\x00\x00")
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for entry in range(start + 2, start + 2 + 12 * min(count, 1000), 12):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
            if tag == ORIENTATION:
                return int(value) if kind == 3 and 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1


def _jpeg(data: bytes) -> Header:
    kept, size, orientation, at = [data[:2]], None, 1, 2
    for _ in range(MOST_PARTS):
        if data[at] != 0xFF:  # some cameras leave a few stray bytes between segments
            at = data.index(b"\xff", at)
        marker = data[at + 1]
        if marker == 0xFF or marker == 0x01 or 0xD0 <= marker <= 0xD7:  # padding, or without content
            at += 1 if marker == 0xFF else 2
            continue
        if marker in (0xDA, 0xD9):
            break
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        if marker in JPEG_SIZES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            size = (width, height)
        if marker in JPEG_NEEDED or (marker == 0xE2 and data[at + 4 : at + 15] == b"ICC_PROFILE"):
            kept.append(data[at:end])
        elif marker == 0xE1 and orientation == 1 and data[at + 4 : at + 10] == b"Exif\x00\x00":
            orientation = read_orientation(data[at + 4 : end])
        at = end
    else:
        raise BrokenImage
    if size is None or len(kept) > 1000 or data.count(b"\xff\xda", at) > MOST_SCANS:
        raise BrokenImage
    return Header("JPEG", b"".join([*kept, data[at:]]), size, orientation)


def _png(data: bytes) -> Header:
    kept, orientation, at = [data[:8]], 1, 8
    size = struct.unpack_from(">II", data, 16)
    for _ in range(MOST_PARTS):
        (length,) = struct.unpack_from(">I", data, at)
        name, end = data[at + 4 : at + 8], at + 12 + length
        if name in PNG_NEEDED:
            kept.append(data[at:end])
        elif name == b"eXIf":
            orientation = read_orientation(data[at + 8 : end - 4])
        if name == b"IEND" or end >= len(data):
            return Header("PNG", b"".join(kept), size, orientation)
        at = end
    raise BrokenImage


def _gif(data: bytes) -> Header:
    """Kept: the screen, the palette, the first frame and its transparency, and what follows it unread."""
    screen = struct.unpack_from("<HH", data, 6)
    at = 13 + (3 << ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    kept = [data[:at]]
    for _ in range(MOST_PARTS):
        if data[at] == 0x2C:
            left, top, width, height = struct.unpack_from("<HHHH", data, at + 1)
            size = (max(screen[0], left + width), max(screen[1], top + height))
            return Header("GIF", b"".join([*kept, data[at:]]), size)
        if data[at] != 0x21:
            raise BrokenImage
        start, at = at, at + 2
        while data[at]:
            at += data[at] + 1
        at += 1
        if data[start + 1] == 0xF9:
            kept = [kept[0], data[start:at]]
    raise BrokenImage


def _webp(data: bytes) -> Header:
    size, orientation, at = None, 1, 12
    for _ in range(MOST_PARTS):
        if at + 8 > len(data):
            break
        name, (length,) = data[at : at + 4], struct.unpack_from("<I", data, at + 4)
        if size is None:
            size = _webp_size(name, data[at + 8 : at + 18])
        if name == b"EXIF":
            orientation = read_orientation(data[at + 8 : at + 8 + length])
        at += 8 + length + length % 2
    if size is None:
        raise BrokenImage
    return Header("WEBP", data, size, orientation)


def _webp_size(name: bytes, start: bytes) -> tuple[int, int] | None:
    """After the container specification: three kinds of first chunk, each with its own way to say its size."""
    if name == b"VP8X":
        return int.from_bytes(start[4:7], "little") + 1, int.from_bytes(start[7:10], "little") + 1
    if name == b"VP8L":
        bits = int.from_bytes(start[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8 ":
        width, height = struct.unpack_from("<HH", start, 6)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _iso(data: bytes) -> Header:
    """HEIF and AVIF share a container; the brands tell them apart."""
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, length, 4))}
    if brands & AVIF_BRANDS:
        return Header("AVIF", data)
    if brands & HEIF_BRANDS:
        return Header("HEIF", data)
    raise NotAnImage
