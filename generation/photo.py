"""Hostile bytes to an upright, sRGB, bounded picture without metadata. Knows files, not faces.

What can be refused is refused from the header, before anything is decoded. Only the formats named
in `headers` are ever opened, and no setting of Pillow's is changed for the rest of the process.
"""

from __future__ import annotations

import io
import struct
import threading
import warnings
import zlib
from dataclasses import dataclass

import cv2
import numpy as np
import pillow_heif
from PIL import AvifImagePlugin as _avif  # noqa: F401  (Pillow knows the format once its plugin is imported)
from PIL import Image, ImageCms
from PIL import WebPImagePlugin as _webp  # noqa: F401

from generation.errors import BrokenImage, EmptyFile, FileTooLarge, ImageTooSmall, TooManyPixels
from generation.headers import Header, read_header, read_orientation

MAX_BYTES = 25_000_000
MAX_PIXELS = 60_000_000
MAX_WEBP_PIXELS = 40_000_000
"""Its decoder holds four copies of the picture."""

MIN_SIDE_PX = 64

NEARLY = 0.9
"""A JPEG may come out this much smaller than allowed, if that lets its decoder do half the work."""

DAMAGE = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
    AssertionError,
    AttributeError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
"""What Pillow and libheif raise at damaged files, found by fuzzing; a palette without colours fails an assertion."""

# warnings.catch_warnings() is not safe across threads, so only one of ours is inside at a time.
_quiet = threading.Lock()


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture fit for an engine.

    Args:
        pixels: (H, W, 3) uint8, sRGB, upright, what was transparent laid on white. Read-only.
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
    header = read_header(data)
    if header.size:
        _check_size(header.size, max_side_px, MAX_WEBP_PIXELS if header.format == "WEBP" else MAX_PIXELS)
    with _quiet, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            pixels = _heif(header, max_side_px) if header.format == "HEIF" else _decode(header, max_side_px)
        except DAMAGE as error:
            raise BrokenImage from error
    pixels.setflags(write=False)
    return Photo(pixels)


def _check_size(size: tuple[int, int], max_side_px: int, max_pixels: int = MAX_PIXELS) -> None:
    """Refuse from the size alone; a strip so long that nothing of its width would be left counts as small."""
    width, height = size
    if min(width, height) < 1:
        raise BrokenImage
    if width * height > max_pixels:
        raise TooManyPixels(-(-width * height // 1_000_000), max_pixels // 1_000_000)
    wide, high = _bounded(size, max_side_px)
    if min(wide, high) < MIN_SIDE_PX:
        raise ImageTooSmall(wide, high, MIN_SIDE_PX)


def _bounded(size: tuple[int, int], max_side_px: int) -> tuple[int, int]:
    share = min(1.0, max_side_px / max(size))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def _decode(header: Header, max_side_px: int) -> np.ndarray:
    image = Image.open(io.BytesIO(header.data), formats=(header.format,))
    _check_size(image.size, max_side_px)
    if header.format == "JPEG":
        _decode_less(image, max_side_px)
    orientation = header.orientation
    if header.format == "AVIF":
        orientation = read_orientation(image.info.get("exif", b""))
    image.load()
    return _turn(_finish(image, image.info.get("icc_profile"), max_side_px), orientation)


def _decode_less(image: Image.Image, max_side_px: int) -> None:
    """Let the JPEG decoder halve the picture up to three times while it decodes."""
    for part in (8, 4, 2):
        if max(image.size) / part >= NEARLY * max_side_px:
            image.draft(None, (image.width // part, image.height // part))
            return


def _heif(header: Header, max_side_px: int) -> np.ndarray:
    """libheif turns the picture upright itself; the orientation in its Exif block must be ignored."""
    image = pillow_heif.open_heif(io.BytesIO(header.data))
    _check_size(image.size, max_side_px)
    return _finish(image.to_pillow(), image.info.get("icc_profile"), max_side_px)


def _finish(image: Image.Image, profile: bytes | None, max_side_px: int) -> np.ndarray:
    """Opaque, bounded and sRGB: (H, W, 3) uint8. Colours are converted last, when there are fewest pixels."""
    part = max(image.size) // max_side_px
    if part > 1 and image.mode in ("L", "LA", "RGB", "RGBA", "CMYK"):
        image = image.reduce(part)  # at once, for every copy of a large picture is a quarter of a gigabyte
    pixels = np.asarray(_opaque(image))
    size = (pixels.shape[1], pixels.shape[0])
    wanted = _bounded(size, max_side_px)
    if wanted != size:
        pixels = cv2.resize(pixels, wanted, interpolation=cv2.INTER_AREA)
    if pixels.ndim == 3 and pixels.shape[2] == 3 and (not profile or _is_srgb(profile)):
        return pixels
    mode = "L" if pixels.ndim == 2 else {3: "RGB", 4: "CMYK"}[pixels.shape[2]]
    return np.asarray(_to_srgb(Image.frombytes(mode, wanted, pixels.tobytes()), profile))


def _opaque(image: Image.Image) -> Image.Image:
    """The picture in mode L, RGB or CMYK; what is transparent lies on white."""
    if image.mode.startswith("I;16"):
        native = np.asarray(image)
        return Image.fromarray((native >> 8).astype(np.uint8))
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        ground = Image.new("RGB", image.size, (255, 255, 255))
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _is_srgb(profile: bytes) -> bool:
    try:
        return "srgb" in ImageCms.getProfileDescription(_profile(profile)).lower()
    except (ImageCms.PyCMSError, OSError):
        return True  # unreadable: sRGB is the best guess


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            done = ImageCms.profileToProfile(image, _profile(profile), ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):  # a profile of another kind, or damaged: do without
            done = None
        if done is not None:
            return done
    return image.convert("RGB")


def _profile(profile: bytes) -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(io.BytesIO(profile))


def _turn(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """Undo the camera's orientation, as Exif numbers them: 5 to 8 swap the axes, then come the mirrorings."""
    if orientation >= 5:
        pixels = pixels.transpose(1, 0, 2)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)
