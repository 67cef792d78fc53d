"""Contact sheets: pictures side by side, each with its title, under a band for the label. Knows no engine."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

TILE_PX = 340  # wide
GAP_PX = 14
TITLE_PX = 26
TITLE_BAND_PX = 44
HEAD = 0.165  # of the sheet's width: high enough for the pill, so that it lies on no tile
RENDERED_PX = 460  # the longer side of what the styles are drawn on: more than a tile shows
NUMBER = 0.16  # the number's disc, of a tile's width
ABOVE, BELOW, HALF_WIDTH = 1.1, 1.0, 1.25  # of the face, kept around it
PAPER, INK, FAINT = (250, 249, 246), (24, 24, 28), (120, 120, 126)


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture on the sheet.

    Args:
        pixels: (H, W, 3) uint8 sRGB.
        pale: the photo alone, for it could not be drawn: shown as something that cannot be had.
    """

    title: str
    pixels: np.ndarray
    pale: bool = False


def cut_to_head(pixels: np.ndarray, face: tuple[int, int, int, int] | None) -> np.ndarray:
    """Head and shoulders with room for a hat, in a size that tiles need. No face: the whole.

    Args:
        pixels: (H, W, 3) uint8 sRGB.
        face: x0, y0, x1, y1 px, brow to chin.
    """
    height, width = pixels.shape[:2]
    if face is not None:
        x0, y0, x1, y1 = face
        unit = max(x1 - x0, y1 - y0)
        middle, half = (x0 + x1) // 2, round(HALF_WIDTH * unit)
        top, bottom = max(round(y0 - ABOVE * unit), 0), min(round(y1 + BELOW * unit), height)
        pixels = pixels[top:bottom, max(middle - half, 0) : min(middle + half, width)]
    image = Image.fromarray(np.ascontiguousarray(pixels))
    image.thumbnail((RENDERED_PX, RENDERED_PX), Image.Resampling.LANCZOS)
    return np.array(image)


def as_tile(pixels: np.ndarray) -> np.ndarray:
    """No larger than a tile shows."""
    image = Image.fromarray(pixels)
    image.thumbnail((TILE_PX, 2 * TILE_PX), Image.Resampling.LANCZOS)
    return np.asarray(image)


def lay_sheet(words: str, tiles: Sequence[Tile], *, numbered: bool = False) -> np.ndarray:
    """The tiles, as an (H, W, 3) uint8 sRGB sheet with room for its label.

    Args:
        words: the heading.
        numbered: each tile has its number, from 1, in a corner.
    """
    columns = math.ceil(math.sqrt(len(tiles)))
    height, width = tiles[0].pixels.shape[:2]
    tile_height = round(TILE_PX * min(max(height / width, 0.5), 2))
    step_x, step_y = TILE_PX + GAP_PX, tile_height + TITLE_BAND_PX + GAP_PX
    width = GAP_PX + columns * step_x
    head = round(HEAD * width)
    sheet = Image.new("RGB", (width, head + math.ceil(len(tiles) / columns) * step_y), PAPER)
    pen = ImageDraw.Draw(sheet)
    pen.text((2 * GAP_PX, head // 2), words, fill=INK, font=ImageFont.load_default(head // 4), anchor="lm")
    font = ImageFont.load_default(TITLE_PX)
    for number, tile in enumerate(tiles):
        left, top = GAP_PX + number % columns * step_x, head + number // columns * step_y
        sheet.paste(_image_of(tile, (TILE_PX, tile_height)), (left, top))
        middle = (left + TILE_PX // 2, top + tile_height + TITLE_BAND_PX // 2)
        pen.text(middle, _short(tile.title, font), fill=FAINT if tile.pale else INK, font=font, anchor="mm")
        if numbered:
            _draw_number(sheet, number + 1, (left, top))
    return np.asarray(sheet)


def _image_of(tile: Tile, size: tuple[int, int]) -> Image.Image:
    image = ImageOps.fit(Image.fromarray(tile.pixels), size, Image.Resampling.LANCZOS)
    if not tile.pale:
        return image
    return Image.blend(ImageOps.grayscale(image).convert("RGB"), Image.new("RGB", size, PAPER), 0.7)


def _draw_number(sheet: Image.Image, number: int, corner: tuple[int, int]) -> None:
    """A white number on a dark disc, readable on any picture."""
    side = round(NUMBER * TILE_PX)
    disc = Image.new("L", (4 * side, 4 * side), 0)
    ImageDraw.Draw(disc).ellipse((0, 0, 4 * side - 1, 4 * side - 1), fill=200)
    at = corner[0] + side // 5, corner[1] + side // 5
    sheet.paste(INK, at, disc.resize((side, side), Image.Resampling.LANCZOS))
    middle = at[0] + side // 2, at[1] + side // 2
    font = ImageFont.load_default(round(0.62 * side))
    ImageDraw.Draw(sheet).text(middle, str(number), fill=PAPER, font=font, anchor="mm")


def in_basic_letters(title: str) -> str:
    """What Pillow's own font can write: no accents, and nothing it would show as a box; "Ombré" is "Ombre"."""
    apart = unicodedata.normalize("NFKD", title)
    return " ".join("".join(letter for letter in apart if " " <= letter <= "~").split())


def _short(title: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    title = in_basic_letters(title)
    while font.getlength(title) > TILE_PX:
        title = title.removesuffix("...")[:-1] + "..."
    return title
