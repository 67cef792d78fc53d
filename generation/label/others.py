"""How other programs say that a picture is made by AI: looks for what `others.toml` lists. Knows no signature.

Nothing of it is proven: anybody can write such a line, and any chat erases it.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path

from generation.label.containers import Layer, Part, parts_of

TABLE = Path(__file__).with_name("others.toml")
MOST_CHARACTERS = 200_000  # of one part that are looked through


@dataclass(frozen=True, slots=True)
class Sign:
    """Args:
    name: of the program or standard, as the table has it.
    layer: where in the file it stands.
    """

    name: str
    layer: Layer


@dataclass(frozen=True, slots=True)
class Known:
    """One row of the table."""

    name: str
    where: frozenset[Layer]
    keys: frozenset[str]
    has: re.Pattern[str]

    def fits(self, layer: Layer, key: str, text: str) -> bool:
        return layer in self.where and (not self.keys or key in self.keys) and self.has.search(text) is not None


def find_signs(data: bytes) -> tuple[Sign, ...]:
    """What the file says beside its manifest, each once, those of programs before those of standards.

    Args:
        data: a whole file, of any kind and from anybody.
    """
    texts = [(part.layer, part.key, text_of(part)) for part in parts_of(data) if part.layer is not Layer.C2PA]
    found = (Sign(row.name, layer) for row in known() for layer, key, text in texts if row.fits(layer, key, text))
    return tuple(dict.fromkeys(found))


def name_generator(generator: str) -> str:
    """The program of the table which a manifest's generator is; "" if it is none that makes pictures by AI."""
    return next((row.name for row in known() if row.fits(Layer.C2PA, "", generator)), "")


def text_of(part: Part) -> str:
    """Whatever its encoding: EXIF holds comments in UTF-16, whose letters have zeros between them."""
    raw = part.data[: 2 * MOST_CHARACTERS].replace(b"\0", b"")
    return unescape(raw[:MOST_CHARACTERS].decode("utf-8", errors="replace"))


@cache
def known() -> tuple[Known, ...]:
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["sign"]
    return tuple(
        Known(
            row["name"],
            frozenset(Layer(layer) for layer in row["where"]),
            frozenset(row.get("key", ())),
            re.compile(row["has"], re.IGNORECASE | re.DOTALL),
        )
        for row in rows
    )
