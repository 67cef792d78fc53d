"""Reads a folder of style nets into styles: every picture beside a transfer net, and every generator, is one.

    DIR/transfer/       a predictor (*predict*.tflite or .onnx) and a transformer (*transf*.onnx)
    DIR/transfer/pictures/NAME.jpg      one style each
    DIR/generators/NAME.onnx            one style each; or .safetensors, .pt, .pth: weights of PyTorch
    NAME.toml           beside a picture or a generator: its title, licence and so on; may be missing

Knows names and tables, not what is inside the nets: the engine `stylenet` checks that.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from generation.styles.catalogue import BadPack
from generation.styles.style import Step, Style, Value
from generation.weights.licence import licence_by_id

ENGINE = "stylenet"
PICTURES = (".jpg", ".jpeg", ".png", ".webp")
GENERATORS = (".onnx", ".safetensors", ".pt", ".pth")
STRENGTHS = MappingProxyType({"arbitrary": 0.8, "generator": 1.0})
"""How strong a style is drawn if its table does not say: a picture's strokes hide a face at full strength."""

TEXTS = ("title", "line", "emoji", "licence")
LOOK: Mapping[str, tuple[type, ...]] = MappingProxyType({"tone": (int, float), "keep": (int, float), "side_px": (int,)})
"""What goes to the engine as it is, and which kinds of value it takes; stylenet.recipe says what they mean."""

FORMAT: Mapping[str, tuple[type, ...]] = MappingProxyType(
    {"layout": (str,), "range": (str,), "range_out": (str,), "architecture": (str,)}
)
"""The same for generators only."""


def read_nets(folder: Path, accepts_noncommercial: bool = False) -> list[Style]:
    """The styles in the operator's folder, by name; their pack has the folder's name.

    Raises:
        BadPack: something in it cannot be used; the text says what and what to do.
    """
    folder = folder.resolve()
    transfer, generators = folder / "transfer", folder / "generators"
    if not transfer.is_dir() and not generators.is_dir():
        raise BadPack(f"{folder} holds no style nets: it needs a folder 'transfer' or a folder 'generators'.")
    pack = _name(folder.name)
    found = [*_transfer_styles(pack, transfer), *_generator_styles(pack, generators)]
    styles: dict[str, Style] = {}
    for file, style, table in found:
        if style.name in styles:
            raise BadPack(f"{file}: there is another style named {style.name} in {folder}. Rename one of them.")
        _check_licence(file, table, accepts_noncommercial)
        styles[style.name] = style
    return list(styles.values())


def find_predictor(folder: Path) -> Path:
    """The net that turns a picture into a style vector. Raises BadPack: there is none, or several."""
    return _only(folder, "predict", (".tflite", ".onnx"))


def find_transformer(folder: Path) -> Path:
    """The net that draws a photo by a style vector. Raises BadPack: there is none, or several."""
    return _only(folder, "transf", (".onnx",))


Found = tuple[Path, Style, Mapping[str, Any]]


def _transfer_styles(pack: str, folder: Path) -> Iterator[Found]:
    if not folder.is_dir():
        return
    find_predictor(folder), find_transformer(folder)
    pictures = folder / "pictures"
    if not _files(pictures, PICTURES):
        raise BadPack(f"{pictures} holds no picture ({', '.join(PICTURES)}). Each picture in it becomes a style.")
    for file in _files(pictures, PICTURES):
        table = _read_table(file, LOOK)
        look = {key: value for key, value in table.items() if key in LOOK}
        yield file, _style(pack, file, table, "arbitrary", {"net": str(folder), "picture": str(file), **look}), table


def _generator_styles(pack: str, folder: Path) -> Iterator[Found]:
    if not folder.is_dir():
        return
    known = {**LOOK, **FORMAT}
    for file in _files(folder, GENERATORS):
        table = _read_table(file, known)
        params = {key: value for key, value in table.items() if key in known}
        yield file, _style(pack, file, table, "generator", {"file": str(file), **params}), table


def _style(pack: str, file: Path, table: Mapping[str, Any], effect: str, params: dict[str, Value]) -> Style:
    name = _name(file.stem)
    title = table.get("title", name.replace("-", " ").capitalize())
    return Style(
        name=name,
        pack=pack,
        title=title,
        line=table.get("line", f"Your photo redrawn in the manner of “{title}”"),
        emoji=table.get("emoji", "🖼️"),
        strength=float(table.get("strength", STRENGTHS[effect])),
        engine=ENGINE,
        steps=(Step(effect, MappingProxyType(params)),),
        aliases=tuple(table.get("aliases", ())),
    )


def _files(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    """Those with such an ending, by name. Raises BadPack: a table beside them belongs to none of them."""
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    files = [file for file in there if file.suffix.lower() in endings and not file.name.startswith(".")]
    for file in there:
        if file.suffix == ".toml" and file.stem not in {each.stem for each in files}:
            raise BadPack(f"{file} belongs to nothing: there is no {file.stem} with {', '.join(endings)} beside it.")
    return files


def _only(folder: Path, word: str, endings: tuple[str, ...]) -> Path:
    found = [file for file in _files(folder, endings) if word in file.name.lower()]
    if len(found) != 1:
        many = f"{len(found)} files" if found else "no file"
        raise BadPack(
            f"{folder} has {many} with '{word}' in the name and ending in {' or '.join(endings)}; it needs one."
        )
    return found[0]


def _read_table(file: Path, params: Mapping[str, tuple[type, ...]]) -> Mapping[str, Any]:
    """What stands in the .toml beside a file; nothing if there is none."""
    beside = file.with_suffix(".toml")
    if not beside.exists():
        return {}
    try:
        table = tomllib.loads(beside.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadPack(f"{beside} is not valid TOML: {error}") from error
    known = {*TEXTS, "strength", "aliases", *params}
    if unknown := set(table) - known:
        raise BadPack(f"{beside} has unknown keys: {', '.join(sorted(unknown))}. Known: {', '.join(sorted(known))}.")
    _check_values(beside, table, params)
    return table


def _check_values(where: Path, table: Mapping[str, Any], params: Mapping[str, tuple[type, ...]]) -> None:
    for key in TEXTS:
        if not isinstance(table.get(key, ""), str):
            raise BadPack(f"{where}: {key} is a text in quotes.")
    strength, aliases = table.get("strength", 0.8), table.get("aliases", [])
    if isinstance(strength, bool) or not isinstance(strength, int | float) or not 0.2 <= strength <= 1:
        raise BadPack(f"{where}: strength is a number from 0.2 to 1, not {strength!r}.")
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        raise BadPack(f'{where}: aliases is a list of texts, like ["woodblock", "ukiyo-e"].')
    for key, kinds in params.items():
        if key in table and (isinstance(table[key], bool) or not isinstance(table[key], kinds)):
            raise BadPack(
                f"{where}: {key} is a {'text in quotes' if kinds == (str,) else 'number'}, not {table[key]!r}."
            )


def _check_licence(file: Path, table: Mapping[str, Any], accepts_noncommercial: bool) -> None:
    licence = licence_by_id(table.get("licence", ""))
    if licence.commercial is False and not accepts_noncommercial:
        raise BadPack(
            f"{file} is under {licence.title}, which forbids commercial use. If yours is not commercial, set "
            "ACCEPT_NONCOMMERCIAL=true; else take it out."
        )


def _name(words: str) -> str:
    """Lower case, letters and digits joined by hyphens. Raises BadPack: nothing is left."""
    plain = "".join(letter if letter.isalnum() else " " for letter in words.lower())
    if not plain.split():
        raise BadPack(f"'{words}' is no name for a style: it needs letters or digits.")
    return "-".join(plain.split())
