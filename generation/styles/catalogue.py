"""Reads the packs and checks them. Knows TOML and spelling, not effects: an engine checks its own recipes."""

import difflib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from pathlib import Path
from types import MappingProxyType
from typing import Any

from generation.errors import UnknownStyle
from generation.styles.imagined import IMAGINE, imagine
from generation.styles.mixing import MOST, mix
from generation.styles.style import PAINTER, Painted, Step, Style

HERE = Path(__file__).parent
NEEDED = ("title", "line", "emoji")
KNOWN = {*NEEDED, "strength", "least", "engine", "steps", "aliases", "fixed", "playful", "prompt", "avoid", "painted"}
LONGEST = 32
"""More letters than that are no misspelt style, but small talk."""


class BadPack(ValueError):
    """A pack that cannot be used; the text names the file, the style and what to change."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every style by name, in the order of the packs."""

    styles: Mapping[str, Style]
    _spellings: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        spellings: dict[str, str] = {}
        for style in self:
            for spelling in (style.name, style.title, *style.aliases):
                spellings.setdefault(_plain(spelling), style.name)
        object.__setattr__(self, "_spellings", MappingProxyType(spellings))

    def __iter__(self) -> Iterator[Style]:
        return iter(self.styles.values())

    def __len__(self) -> int:
        return len(self.styles)

    def __contains__(self, name: object) -> bool:
        return name in self.styles

    def packs(self) -> dict[str, list[Style]]:
        """The styles of each pack, in order."""
        packs: dict[str, list[Style]] = {}
        for style in self:
            packs.setdefault(style.pack, []).append(style)
        return packs

    def by_turns(self) -> list[Style]:
        """One of each pack, then the second of each, and so on: a taste of everything first."""
        rounds = zip_longest(*self.packs().values())
        return [style for round_ in rounds for style in round_ if style is not None]

    def named(self, name: str, words: str = "") -> Style | None:
        """The style of exactly that name, or of names joined by "+"; None if one of them is gone from the catalogue.

        Args:
            words: what was asked for instead of a style.
        """
        if words:
            return imagine(words)
        parts = [self.styles.get(part) for part in name.split("+")]
        return mix([part for part in parts if part]) if all(parts) else None

    def find(self, words: str) -> Style:
        """The style a person means by what they typed, or several of them joined by "+".

        Raises:
            UnknownStyle: nothing has that name; carries the nearest names.
            CannotMix, TooManyStyles
        """
        return mix(self.find_each(words))

    def find_each(self, words: str) -> list[Style]:
        """The styles a person wants together: "goth + pink hair".

        Raises:
            UnknownStyle
        """
        parts = [part for part in words.split("+") if part.strip()]
        return [self._find(part) for part in parts[: MOST + 1]] or [self._find(words)]

    def _find(self, words: str) -> Style:
        """By its name, title or alias, however spaced or written."""
        known, wanted = self._spellings, _plain(words)
        if wanted in known:
            return self.styles[known[wanted]]
        near = difflib.get_close_matches(wanted, known, n=6, cutoff=0.55) if len(wanted) <= LONGEST else []
        near += [spelling for spelling in known if len(wanted) >= 3 and wanted in spelling]
        raise UnknownStyle(words.strip()[:40], tuple(dict.fromkeys(known[spelling] for spelling in near))[:3])


def read_catalogue(extra: Path | None = None, *, more: Iterable[Style] = (), paints: bool = False) -> Catalogue:
    """Our packs, then those of the operator's own folder.

    Args:
        more: styles from elsewhere, after those of the folders.
        paints: there is a painter; without one, styles that are nothing but words are left out.

    Raises:
        BadPack: a file cannot be used; the message says where and what to do.
    """
    styles: dict[str, Style] = {}
    files = [HERE / f"{name}.toml" for name in _order()]
    if extra is not None:
        files += sorted(extra.glob("*.toml"))
    for style in chain(*map(_read_pack, files), more):
        if style.name in styles:
            where = f"{style.pack}.toml: [{style.name}]"
            raise BadPack(f"{where} is already in pack '{styles[style.name].pack}'. Rename it.")
        if style.drawn or paints:
            styles[style.name] = style
    return Catalogue(MappingProxyType(styles))


def _order() -> list[str]:
    first = ["everyday", "makeup", "hair", "face", "accessories", "worlds", "places"]
    there = sorted(file.stem for file in HERE.glob("*.toml"))
    return [name for name in first if name in there] + [name for name in there if name not in first]


def _read_pack(file: Path) -> Iterator[Style]:
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadPack(f"{file.name} is not valid TOML: {error}") from error
    for name, table in tables.items():
        yield _read_style(file, name, table)


def _read_style(file: Path, name: str, table: Any) -> Style:
    where = f"{file.name}: [{name}]"
    if not isinstance(table, dict):
        raise BadPack(f"{where} must be a table; write it as [{name}] on a line of its own.")
    if name != _name(name):
        raise BadPack(f"{where}: a style's name is lower case with hyphens, for example [{_name(name)}].")
    if name == IMAGINE:
        raise BadPack(f"{where}: this name is taken by pictures from free words. Pick another one.")
    if table.get("engine") == PAINTER and not table.get("prompt"):
        raise BadPack(f"{where}: a style of the painter is made of words; add a prompt.")
    if lacking := [key for key in NEEDED if not isinstance(table.get(key), str)]:
        raise BadPack(f"{where} lacks {', '.join(lacking)} (a text in quotes).")
    if unknown := set(table) - KNOWN:
        raise BadPack(f"{where} has unknown keys: {', '.join(sorted(unknown))}. Known: {', '.join(sorted(KNOWN))}.")
    strength = _read_share(where, table, "strength", 0.8)
    least = _read_share(where, table, "least", min(0.2, strength))
    if least > strength:
        raise BadPack(f"{where}: least, the softest it is drawn, is at most its strength {strength}, not {least}.")
    _check_kinds(where, table)
    return Style(
        name=name,
        pack=file.stem,
        title=table["title"],
        line=table["line"],
        emoji=table["emoji"],
        strength=strength,
        least=least,
        engine=table.get("engine", "retouch"),
        steps=tuple(_read_step(where, entry) for entry in table.get("steps", [])),
        aliases=tuple(table.get("aliases", ())),
        fixed=table.get("fixed", False),
        playful=table.get("playful", False),
        prompt=table.get("prompt", ""),
        avoid=table.get("avoid", ""),
        painted=_read_painted(where, table),
    )


def _read_share(where: str, table: dict[str, Any], key: str, default: float) -> float:
    share = table.get(key, default)
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share <= 1:
        raise BadPack(f"{where}: {key} is a number above 0 and up to 1, not {share!r}.")
    return float(share)


def _read_painted(where: str, table: dict[str, Any]) -> Painted:
    painted = table.get("painted", Painted.FRAME)
    if painted not in list(Painted):
        raise BadPack(f'{where}: painted is "frame" (all of the picture) or "head" (only that), not {painted!r}.')
    if "painted" in table and not table.get("prompt"):
        raise BadPack(f"{where}: painted is for styles with a prompt; add one, or leave it out.")
    return Painted(painted)


def _check_kinds(where: str, table: dict[str, Any]) -> None:
    aliases = table.get("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        raise BadPack(f'{where}: aliases is a list of texts, like ["rose hair", "bubblegum"].')
    if not isinstance(table.get("steps", []), list):
        raise BadPack(f'{where}: steps is a list of tables, like [{{ effect = "lipstick" }}].')
    for key in ("fixed", "playful"):
        if not isinstance(table.get(key, False), bool):
            raise BadPack(f"{where}: {key} is true or false.")
    for key in ("engine", "prompt", "avoid"):
        if not isinstance(table.get(key, ""), str):
            raise BadPack(f"{where}: {key} is a text in quotes.")


def _read_step(where: str, entry: Any) -> Step:
    if not isinstance(entry, dict) or not isinstance(entry.get("effect"), str):
        raise BadPack(f'{where}: each step is a table with an effect, like {{ effect = "lipstick" }}.')
    return Step(entry["effect"], MappingProxyType({key: value for key, value in entry.items() if key != "effect"}))


def _name(words: str) -> str:
    return "-".join(words.lower().replace("_", " ").replace("-", " ").split())


def _plain(words: str) -> str:
    return _name(words).replace("-", "")
