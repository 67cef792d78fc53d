"""The only way out: pixels go in, a file with every layer of the label comes out. Knows no engine and no chat.

pixels -> ON_PIXELS: badge, (an invisible mark belongs here: it must cover the badge as well)
       -> JPEG with XMP
       -> ON_FILE: (a signed manifest belongs here: anything written later would break its hash)
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
from PIL import Image

from generation.label.badge import FaceBox, draw_badge
from generation.label.kinds import Kind
from generation.label.metadata import xmp_packet

QUALITY = 92
SUBSAMPLING = (
    "4:2:0"  # every chat makes this of it anyway; a fifth smaller and faster than 4:4:4, and not seen on faces
)


@dataclass(frozen=True, slots=True)
class Label:
    """What one picture's label says.

    Args:
        picture_id: unique, random, says nothing about anyone.
        title: the style's title.
        faces: kept free of the pill if there is a way.
    """

    picture_id: str
    kind: Kind
    title: str
    day: date
    faces: tuple[FaceBox, ...] = ()


def badge(pixels: np.ndarray, label: Label) -> np.ndarray:
    return draw_badge(pixels, label.kind.words.badge, label.faces)


ON_PIXELS: tuple[Callable[[np.ndarray, Label], np.ndarray], ...] = (badge,)
"""In order; each takes and gives (H, W, 3) uint8 sRGB."""

ON_FILE: tuple[Callable[[bytes, Label], bytes], ...] = ()
"""In order; each takes and gives a whole JPEG file."""


def stamp(pixels: np.ndarray, label: Label) -> bytes:
    """A JPEG file of the picture, labelled.

    Args:
        pixels: (H, W, 3) uint8 sRGB, bare; not changed.
    """
    for mark in ON_PIXELS:
        pixels = mark(pixels, label)
    data = _encode(pixels, xmp_packet(label.kind, label.title, label.picture_id, label.day))
    for seal in ON_FILE:
        data = seal(data, label)
    return data


def _encode(pixels: np.ndarray, packet: bytes) -> bytes:
    """Nothing of the photo's own metadata can be in there: it starts from bare pixels."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=QUALITY, subsampling=SUBSAMPLING, xmp=packet)
    return file.getvalue()
