"""Thousands of damaged files of every format: each becomes a photo or a sentence, soon and in little memory.

The files are read in processes of their own, so a decoder that crashes fails the test instead of ending it.
"""

import contextlib
import io
import multiprocessing
import random
import resource
import struct
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from generation.errors import PhotoError
from generation.photo import read_photo

FILES_EACH = 800
SLOWEST_S = 5.0
MOST_MB = 400
"""How much the reading process may grow, at its worst moment, over the whole test."""


def picture(mode: str = "RGB") -> Image.Image:
    y, x = np.mgrid[0:72, 0:96]
    noise = np.random.default_rng(3).integers(0, 60, (72, 96))
    return Image.fromarray(np.stack([x * 2, y * 3, noise + 90], -1).astype(np.uint8)).convert(mode)


def saved(kind: str, mode: str = "RGB", **options: object) -> bytes:
    stream = io.BytesIO()
    picture(mode).save(stream, kind, **options)
    return stream.getvalue()


def heic() -> bytes:
    stream = io.BytesIO()
    pillow_heif.from_pillow(picture()).save(stream, quality=60)
    return stream.getvalue()


def exif() -> bytes:
    block = Image.Exif()
    block[0x0112] = 6
    block[0x010E] = "a description"
    return block.tobytes()


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


FILES: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: saved("JPEG", exif=exif(), icc_profile=profile()),
    "progressive jpeg": lambda: saved("JPEG", progressive=True, quality=60),
    "cmyk jpeg": lambda: saved("JPEG", "CMYK"),
    "png": lambda: saved("PNG", "RGBA", exif=exif(), icc_profile=profile()),
    "palette png": lambda: saved("PNG", "P", transparency=3),
    "sixteen bit png": lambda: saved("PNG", "I;16"),
    "webp": lambda: saved("WEBP", exif=exif(), icc_profile=profile(), method=0),
    "lossless webp": lambda: saved("WEBP", "RGBA", lossless=True, method=0),
    "gif": lambda: saved("GIF", comment=b"hello"),
    "animated gif": lambda: saved("GIF", save_all=True, append_images=[picture("L")]),
    "avif": lambda: saved("AVIF", exif=exif(), speed=10),
    "heic": heic,
}


@dataclass(frozen=True)
class Outcome:
    """Of one format: how many files, how many were still photos, s for the slowest, MB the process grew."""

    files: int
    photos: int
    slowest_s: float
    grown_mb: float


def damage(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """One file with one to six faults, more of them near its start, where the structure is."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        reach = len(out) if chance.random() < 0.5 else min(len(out), 400)
        at = chance.randrange(reach) if reach else 0
        span = chance.choice((1, 1, 2, 4, 16, 64))
        fault = chance.randrange(8)
        if fault == 0:
            del out[at:]
        elif fault == 1:
            del out[at : at + span]
        elif fault == 2:
            out[at : at + span] = chance.randbytes(span)
        elif fault == 3:
            out[at : at + span] = chance.choice((b"\x00", b"\xff", b"\x7f", b"\x80")) * span
        elif fault == 4:
            out[at:at] = bytes(out[at : at + span]) * chance.choice((1, 10, 1000))
        elif fault == 5:
            out[at : at + 4] = struct.pack(
                chance.choice("<>") + "I", chance.choice((0, 1, 65535, 2**31 - 1, 2**32 - 1))
            )
        elif fault == 6:
            start = chance.randrange(len(other))
            out[at : at + span] = other[start : start + span]
        elif at < len(out):
            out[at] ^= 1 << chance.randrange(8)
    return mend_png(bytes(out)) if data.startswith(b"\x89PNG") and chance.random() < 0.7 else bytes(out)


def mend_png(data: bytes) -> bytes:
    """Correct the checksums, or nearly every damaged PNG would be refused for those alone."""
    out, at = bytearray(data), 8
    while at + 12 <= len(out):
        (length,) = struct.unpack_from(">I", out, at)
        end = at + 8 + length
        if end + 4 > len(out):
            break
        struct.pack_into(">I", out, end, zlib.crc32(out[at + 4 : end]))
        at = end + 4
    return bytes(out)


def read_damaged(kind: str) -> Outcome:
    """Runs in a process of its own."""
    chance = random.Random(kind)
    data, other = FILES[kind](), FILES[chance.choice(list(FILES))]()
    read_photo(data)
    before = peak_mb()
    photos, slowest_s = 0, 0.0
    for _ in range(FILES_EACH):
        file = damage(chance, data, other)
        began = time.perf_counter()
        with contextlib.suppress(PhotoError):
            pixels = read_photo(file, 256).pixels
            assert pixels.dtype == np.uint8
            assert pixels.shape[2:] == (3,)
            assert 64 <= min(pixels.shape[:2]) <= max(pixels.shape[:2]) <= 256
            photos += 1
        slowest_s = max(slowest_s, time.perf_counter() - began)
    return Outcome(FILES_EACH, photos, slowest_s, peak_mb() - before)


def peak_mb() -> float:
    """The most this process has held so far. getrusage() would answer with the parent's peak in a young child."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # bytes on macOS


@pytest.mark.timeout(110)
def test_damaged_files_become_a_photo_or_a_sentence_soon_and_in_little_memory() -> None:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        outcomes = dict(zip(FILES, processes.map(read_damaged, FILES), strict=True))
    print(*outcomes.items(), sep="\n")
    assert sum(outcome.files for outcome in outcomes.values()) >= 2000
    for kind, outcome in outcomes.items():
        assert 0 < outcome.photos < outcome.files, f"{kind}: the damage is too small or too great to test anything"
        assert outcome.slowest_s < SLOWEST_S, kind
        assert outcome.grown_mb < MOST_MB, kind
