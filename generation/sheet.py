"""A contact sheet: many small pictures of one face with their styles' titles. Knows no engine and no label."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

CELL_PX = 360
"""Width of one picture; all have the photo's shape."""
GAP_PX = 12
TITLE_PX = 44
PAPER, INK = (250, 248, 245), (38, 34, 32)


def lay_out(cells: Sequence[tuple[str, np.ndarray]], columns: int | None = None) -> np.ndarray:
    """The pictures in rows, each over its title.

    Args:
        cells: (title, (h, w, 3) uint8 sRGB), all of one shape.
        columns: None: as many as make the sheet about as wide as it is high.

    Returns:
        (H, W, 3) uint8 sRGB.
    """
    height = round(CELL_PX * cells[0][1].shape[0] / cells[0][1].shape[1])
    step_x, step_y = CELL_PX + GAP_PX, height + TITLE_PX + GAP_PX
    if columns is None:
        columns = max(1, round((len(cells) * step_y / step_x) ** 0.5))
    rows = -(-len(cells) // columns)
    sheet = Image.new("RGB", (columns * step_x + GAP_PX, rows * step_y + GAP_PX), PAPER)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(TITLE_PX * 0.55)
    for number, (title, pixels) in enumerate(cells):
        x, y = GAP_PX + number % columns * step_x, GAP_PX + number // columns * step_y
        small = cv2.resize(pixels, (CELL_PX, height), interpolation=cv2.INTER_AREA)
        sheet.paste(Image.fromarray(small), (x, y))
        draw.text((x + CELL_PX / 2, y + height + TITLE_PX / 2), title, INK, font, anchor="mm")
    return np.asarray(sheet)
