"""Draws docs/gallery.md and its sheets: python docs/gallery.py. The photo is NASA's, in the public domain."""

import io
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image
from skimage import data

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from generation.face.models import default_folder, fetch_models  # noqa: E402
from generation.styles import Style, read_catalogue  # noqa: E402
from generation.worker import Worker  # noqa: E402

CUT = (50, 0, 410, 450)
HEAD = """# Every style

Drawn by this program on a public-domain NASA portrait of Eileen Collins (`python docs/gallery.py`). Your own face on
all of them: `selfiebot styles --sheet photo.jpg`, or `/sheet` in a chat. Styles combine: `/style goth+pink-hair`. What
a photo does not show cannot be drawn on, and the bot says so: here the suit hides the neck, so necklaces are left out.
"""


def main() -> None:
    packs = read_catalogue().packs()
    (HERE / "gallery").mkdir(exist_ok=True)
    fetch_models(default_folder())
    worker, photo = Worker("cpu", default_folder()), portrait()
    for pack, styles in packs.items():
        sheet = worker.sheet(photo, styles)
        if not isinstance(sheet, bytes):
            raise SystemExit(f"{pack}: {sheet}")
        Image.open(io.BytesIO(sheet)).save(HERE / "gallery" / f"{pack}.jpg", quality=82, xmp=_xmp(sheet))
    (HERE / "gallery.md").write_text(page(packs), encoding="utf-8")


def portrait() -> bytes:
    astronaut: Any = data.astronaut()
    file = io.BytesIO()
    Image.fromarray(astronaut).crop(CUT).resize((1080, 1350), Image.Resampling.LANCZOS).save(file, "PNG")
    return file.getvalue()


def page(packs: Mapping[str, Sequence[Style]]) -> str:
    """The text, which `tests/test_docs.py` holds against the catalogue."""
    parts = [HEAD]
    for pack, styles in packs.items():
        parts.append(f"\n## {pack.capitalize()}\n\n![{pack}](gallery/{pack}.jpg)\n")
        parts += [f"- {style.emoji} **{style.title}** `{style.name}`: {style.line}" for style in styles]
        parts.append("")
    return "\n".join(parts)


def _xmp(sheet: bytes) -> bytes:
    """The label inside the file, which saving it smaller must not lose."""
    xmp: bytes = Image.open(io.BytesIO(sheet)).info["xmp"]
    return xmp


if __name__ == "__main__":
    main()
