"""The visible pill, "AI MODIFIED" or "AI GENERATED". Knows no file format and no style.

Measures are shares of the picture's short side, so it reads the same on a sticker and on a poster.
Height and place follow GB 45438-2025 (characters of at least 5 %, at an edge or corner) and the EU's code of
practice ("AI" as main element, for example top right). Never at the bottom right: chats draw the clock there.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

FaceBox = tuple[int, int, int, int]
"""x0, y0, x1, y1 in px: kept free of the pill if there is a way."""

INSET = 0.03
CAP_HEIGHT = 0.05
SECOND_WORD = 0.62  # of the first one's size
PAD_X, PAD_Y, GAP = 0.028, 0.022, 0.018
OUTLINE = 0.004
ROUNDNESS = 0.28  # corner radius, of the pill's height
INK = (12, 12, 12)
OPACITY = 200 / 255  # white text keeps 10.4:1 even on a white picture; 7:1 is promised
OUTLINE_OPACITY = 230 / 255  # sets the pill apart on black
SMOOTHING = 4  # the shape is drawn that much larger and shrunk: Pillow's own has jagged corners


@dataclass(frozen=True, slots=True)
class Pill:
    """A drawn pill, ready to be laid.

    Args:
        ink: (h, w, 3) float32, 0 to 255, already multiplied by its opacity.
        see_through: (h, w, 1) float32, 0 to 1: how much of the picture shows through.
    """

    ink: np.ndarray
    see_through: np.ndarray

    @property
    def height_px(self) -> int:
        return int(self.ink.shape[0])

    @property
    def width_px(self) -> int:
        return int(self.ink.shape[1])


def draw_badge(pixels: np.ndarray, word: str, faces: Sequence[FaceBox] = ()) -> np.ndarray:
    """The picture with the pill on it.

    Args:
        pixels: (H, W, 3) uint8 sRGB; not changed.
        word: what stands beside "AI".
        faces: kept free: the pill goes to the corner, right before left, where it covers least of them.
    """
    height, width = pixels.shape[:2]
    pill = draw_pill(min(height, width), word)
    left, top = place_pill(height, width, pill, faces)
    out = pixels.copy()
    under = out[top : top + pill.height_px, left : left + pill.width_px]
    under[...] = np.rint(under * pill.see_through + pill.ink)
    return out


def place_pill(height: int, width: int, pill: Pill, faces: Sequence[FaceBox]) -> tuple[int, int]:
    """Left and top edge in px of the pill in a picture of that size."""
    inset = round(INSET * min(height, width))
    corners = [max(width - pill.width_px - inset, 0), inset]  # the right one first: it wins a draw
    left = min(corners, key=lambda x: sum(_covered(x, inset, pill, face) for face in faces))
    return left, inset


def _covered(left: int, top: int, pill: Pill, face: FaceBox) -> int:
    """How many px of the face lie under the pill."""
    x0, y0, x1, y1 = face
    wide = min(x1, left + pill.width_px) - max(x0, left)
    high = min(y1, top + pill.height_px) - max(y0, top)
    return max(wide, 0) * max(high, 0)


@lru_cache(maxsize=32)
def draw_pill(short_side: int, word: str) -> Pill:
    """The pill for pictures with that short side in px."""
    large = _font(math.ceil(CAP_HEIGHT * short_side) + 1)  # the topmost row may be a faint, smoothed one
    small = _font(math.ceil(CAP_HEIGHT * SECOND_WORD * short_side))
    first, second = large.getbbox("AI"), small.getbbox(word)
    pad_x, pad_y, gap = (round(share * short_side) for share in (PAD_X, PAD_Y, GAP))
    first_width, second_width = round(first[2] - first[0]), round(second[2] - second[0])
    width = 2 * pad_x + first_width + gap + second_width
    height = 2 * pad_y + round(first[3] - first[1])

    text = Image.new("L", (width, height))
    pen = ImageDraw.Draw(text)
    pen.text((pad_x - first[0], pad_y - first[1]), "AI", font=large, fill=255)
    pen.text((pad_x + first_width + gap - second[0], height - pad_y - second[3]), word, font=small, fill=255)

    body, edge = _shape(width, height, max(1, round(OUTLINE * short_side)))
    white = np.maximum(np.asarray(text, np.float32) / 255, edge * np.float32(OUTLINE_OPACITY))[..., None]
    dark = body[..., None] * np.float32(OPACITY) * (1 - white)
    return Pill(ink=255 * white + np.asarray(INK, np.float32) * dark, see_through=1 - white - dark)


def _shape(width: int, height: int, line: int) -> tuple[np.ndarray, np.ndarray]:
    """(height, width) float32, 0 to 1: the rounded body, and its outline."""
    size = (width * SMOOTHING, height * SMOOTHING)
    outer = ((0, 0), (size[0] - 1, size[1] - 1))
    radius = height * SMOOTHING * ROUNDNESS
    masks = []
    for fill, pen_width in ((255, 0), (0, line * SMOOTHING)):
        mask = Image.new("L", size)
        ImageDraw.Draw(mask).rounded_rectangle(outer, radius, fill=fill, outline=255, width=pen_width)
        masks.append(np.asarray(mask.reduce(SMOOTHING), np.float32) / 255)
    return masks[0], masks[1]


def _font(cap_px: int) -> ImageFont.FreeTypeFont:
    """Pillow's own font at the least size whose capitals are that high."""
    size = cap_px
    while True:
        font = ImageFont.load_default(size=size)
        if not isinstance(font, ImageFont.FreeTypeFont):
            raise RuntimeError("This Pillow was built without FreeType. Install Pillow's own wheel by pip.")
        box = font.getbbox("AI")
        if box[3] - box[1] >= cap_px:
            return font
        size += 1
