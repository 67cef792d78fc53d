"""The documents say what is so."""

import runpy
from pathlib import Path

from PIL import Image

from generation.styles import read_catalogue

DOCS = Path(__file__).parent.parent / "docs"


def test_the_gallery_shows_every_style_as_the_catalogue_has_it() -> None:
    packs = read_catalogue().packs()
    page = runpy.run_path(str(DOCS / "gallery.py"))["page"]
    assert (DOCS / "gallery.md").read_text(encoding="utf-8") == page(packs), "run python docs/gallery.py"
    for pack in packs:
        with Image.open(DOCS / "gallery" / f"{pack}.jpg") as sheet:
            assert b"algorithmicallyEnhanced" in sheet.info["xmp"]
            assert sheet.width > 700
