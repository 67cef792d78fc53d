"""A contact sheet: one photo in many styles, each with its title, under a band for the label. Knows no engine."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

TILE_PX = 340  # wide
GAP_PX = 14
TITLE_PX = 26
TITLE_BAND_PX = 44
HEAD = 0.165  # of the sheet's width: high enough for the pill, so that it lies on no tile
RENDERED_PX = 900  # the longer side of what the styles are drawn on: more than a tile shows
ABOVE, BELOW, HALF_WIDTH = 1.1, 1.0, 1.25  # of the face, kept around it
PAPER, INK, FAINT = (250, 249, 246), (24, 24, 28), (120, 120, 126)


@dataclass(frozen=True, slots=True)
class Tile:
    """One style on the sheet.

    Args:
        pixels: (H, W, 3) uint8 sRGB; None: it could not be drawn on this photo.
    """

    title: str
    pixels: np.ndarray | None


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


def lay_sheet(photo: np.ndarray, tiles: list[Tile]) -> np.ndarray:
    """The photo, then every tile, as an (H, W, 3) uint8 sRGB sheet without its label."""
    every = [Tile("Photo", photo), *tiles]
    columns = math.ceil(math.sqrt(len(every)))
    tile_height = round(TILE_PX * min(max(photo.shape[0] / photo.shape[1], 0.5), 2))
    step_x, step_y = TILE_PX + GAP_PX, tile_height + TITLE_BAND_PX + GAP_PX
    width = GAP_PX + columns * step_x
    head = round(HEAD * width)
    sheet = Image.new("RGB", (width, head + math.ceil(len(every) / columns) * step_y), PAPER)
    pen = ImageDraw.Draw(sheet)
    words = f"{len(tiles)} styles" if len(tiles) > 1 else "1 style"
    pen.text((2 * GAP_PX, head // 2), words, fill=INK, font=ImageFont.load_default(head // 4), anchor="lm")
    font = ImageFont.load_default(TITLE_PX)
    for number, tile in enumerate(every):
        left, top = GAP_PX + number % columns * step_x, head + number // columns * step_y
        _draw_tile(sheet, tile, photo, (left, top), (TILE_PX, tile_height))
        middle = (left + TILE_PX // 2, top + tile_height + TITLE_BAND_PX // 2)
        pen.text(
            middle, _short(tile.title, font), fill=INK if tile.pixels is not None else FAINT, font=font, anchor="mm"
        )
    return np.asarray(sheet)


def _draw_tile(
    sheet: Image.Image, tile: Tile, photo: np.ndarray, corner: tuple[int, int], size: tuple[int, int]
) -> None:
    image = Image.fromarray(photo if tile.pixels is None else tile.pixels)
    image = ImageOps.fit(image, size, Image.Resampling.LANCZOS)
    if tile.pixels is None:
        image = Image.blend(ImageOps.grayscale(image).convert("RGB"), Image.new("RGB", size, PAPER), 0.7)
    sheet.paste(image, corner)


def _short(title: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    while font.getlength(title) > TILE_PX:
        title = title.removesuffix("…")[:-1] + "…"
    return title
