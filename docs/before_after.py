"""Draws docs/before-after.jpg: python docs/before_after.py. The photo is scikit-image's astronaut, public domain."""

import io
import sys
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from skimage import data

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from generation.face.models import default_folder, fetch_models  # noqa: E402
from generation.job import Job, Picture  # noqa: E402
from generation.styles import read_catalogue  # noqa: E402
from generation.worker import Worker  # noqa: E402

STYLES = ("glam", "goth", "pink-hair", "noir", "comic", "cyberpunk", "flower-crown")
CUT = (70, 0, 390, 400)
SIZE, GAP, TITLE, COLUMNS = (400, 500), 14, 46, 4


def main() -> None:
    astronaut: Any = data.astronaut()
    file = io.BytesIO()
    photo = Image.fromarray(astronaut).crop(CUT).resize((800, 1000), Image.Resampling.LANCZOS)
    photo.save(file, "PNG")
    fetch_models(default_folder())
    worker, catalogue = Worker("cpu", default_folder()), read_catalogue()
    tiles = [("The photo", photo)]
    for name in STYLES:
        style = catalogue.styles[name]
        picture = worker.answer(Job("readme", style, (file.getvalue(),), style.strength, seed=1))
        if not isinstance(picture, Picture):
            raise SystemExit(f"{name}: {picture}")
        tiles.append((style.title, Image.open(io.BytesIO(picture.data))))
    lay(tiles).save(HERE / "before-after.jpg", quality=88)


def lay(tiles: list[tuple[str, Image.Image]]) -> Image.Image:
    (width, height), rows = SIZE, -(-len(tiles) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (width + GAP) + GAP, rows * (height + TITLE + GAP)), (250, 249, 246))
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(26)
    for number, (title, image) in enumerate(tiles):
        x, y = GAP + number % COLUMNS * (width + GAP), GAP + number // COLUMNS * (height + TITLE + GAP)
        sheet.paste(image.resize(SIZE, Image.Resampling.LANCZOS), (x, y))
        pen.text((x + width // 2, y + height + TITLE // 2), title, (24, 24, 28), font, anchor="mm")
    return sheet


if __name__ == "__main__":
    main()
