"""The command line: selfiebot run · setup · try · styles · models · doctor · db. Parses words and prints, no more."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import ValidationError

from bot.models_cli import ModelsRefused
from bot.models_cli import add_commands as add_models_commands
from bot.settings import Settings
from bot.shelf import read_styles
from bot.verify_cli import ProofRefused
from bot.verify_cli import add_commands as add_verify_commands
from generation.errors import UnknownStyle, UserError
from generation.styles import Catalogue, Style
from generation.styles.catalogue import BadPack


class Refused(Exception):
    """A command that cannot be carried out; its text says why and what to do."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        The exit status: 0 done, 1 refused with a sentence, 130 interrupted, 141 nobody listens any more.
    """
    arguments = _parser().parse_args(argv)
    try:
        status = int(arguments.command(arguments, read_settings()))
        sys.stdout.flush()
        return status
    except (Refused, BadPack, ProofRefused) as refused:
        print(refused, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read it has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the interpreter complains at its end
        return 141


def read_settings() -> Settings:
    """The settings, or a sentence about one that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"  {'.'.join(map(str, item['loc'])).upper()}: {item['msg']}" for item in error.errors()]
        raise Refused("These settings can't be used (environment or .env):\n" + "\n".join(lines)) from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="selfiebot", description="A selfie in, a labelled AI picture out.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace, Settings], int], text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(command=run)
        return added

    command("run", _run, "start the bot with its settings (the web chat by default)")
    command("setup", _setup, "fetch and check the small face models, once")
    attempt = command("try", _try, "draw one photo in one style")
    attempt.add_argument("photo", type=Path)
    attempt.add_argument("--style", required=True, help="a style's name, see `selfiebot styles`")
    attempt.add_argument("--strength", type=_percent, help="1 to 100; the style's own if not given")
    attempt.add_argument("--seed", type=int, default=1)
    attempt.add_argument("--beside", action="store_true", help="put the original at the left")
    attempt.add_argument("-o", "--output", type=Path, help="where to write the JPEG (default: PHOTO-STYLE.jpg)")
    styles = command("styles", _styles, "list the catalogue, check a pack, or draw contact sheets")
    styles.add_argument("--pack", type=Path, metavar="FOLDER", help="check the packs of this folder, and add them")
    styles.add_argument("--only", metavar="NAMES", help="these styles alone, by commas: goth,pink-hair,goth+crown")
    styles.add_argument(
        "--sheet",
        type=Path,
        metavar="PHOTO",
        help="draw the styles on this photo; of a folder of portraits, one sheet for each style",
    )
    styles.add_argument("-o", "--output", type=Path, help="where to write (default: sheet.jpg, or the folder sheets)")
    models = command("models", _models, "list, fetch and check the weights of what paints from words")
    add_models_commands(models)
    command("doctor", _doctor, "say what works on this machine, and what to do about what does not")
    add_verify_commands(command)
    database = command("db", _db, "bring the database to this version")
    database.add_argument("action", choices=["upgrade"])
    return parser


def _percent(words: str) -> float:
    percent = float(words.removesuffix("%"))
    if not 1 <= percent <= 100:
        raise argparse.ArgumentTypeError("a strength is a number from 1 to 100")
    return percent / 100


def _run(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.__main__ import run
    from bot.chats import CannotStart

    try:
        run(settings)
    except CannotStart as error:
        raise Refused(str(error)) from error
    return 0


def _setup(arguments: argparse.Namespace, settings: Settings) -> int:
    from generation.face.models import ModelsMissing, default_folder, fetch_models

    try:
        fetch_models(settings.models_dir or default_folder(), print)
    except ModelsMissing as error:
        raise Refused(str(error)) from error
    return 0


def _try(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.offline import draw_photo

    style = _find(read_styles(settings), arguments.style)
    if not style.drawn:
        raise Refused(f"“{style.title}” is made by the painter alone. Start the bot, and ask for it there.")
    output = arguments.output or arguments.photo.with_name(f"{arguments.photo.stem}-{style.name}.jpg")
    photo = _read(arguments.photo)
    try:
        picture = draw_photo(settings, photo, style, arguments.strength, arguments.seed, beside=arguments.beside)
    except UserError as error:
        raise Refused(str(error)) from error
    _write(output, picture.data)
    for note in picture.notes:
        print(_note(note))
    print(f"{output}  {picture.width_px}×{picture.height_px}, labelled, {picture.seconds:.1f} s")
    return 0


def _styles(arguments: argparse.Namespace, settings: Settings) -> int:
    catalogue = read_styles(settings, arguments.pack)
    styles = [_find(catalogue, name) for name in arguments.only.split(",")] if arguments.only else list(catalogue)
    if arguments.pack is not None:
        _check(styles)
    if arguments.sheet is None:
        _list(styles)
    elif arguments.sheet.is_dir():
        _draw_grids(settings, arguments.sheet, styles, arguments.output or Path("sheets"))
    else:
        _draw_sheet(settings, arguments.sheet, styles, arguments.output or Path("sheet.jpg"))
    return 0


def _list(styles: Sequence[Style]) -> None:
    pack = ""
    for style in styles:
        if style.pack != pack:
            pack = style.pack
            print(f"\n{pack}")
        print(f"  {style.emoji} {style.name:<20} {style.line}")


def _check(styles: Sequence[Style]) -> None:
    """Every step of every style by the engine that would draw it."""
    from bot.offline import check_styles

    if wrong := check_styles(styles):
        raise Refused("\n".join(wrong))


def _draw_sheet(settings: Settings, photo: Path, styles: Sequence[Style], output: Path) -> None:
    from bot.offline import draw_sheet

    try:
        sheet = draw_sheet(settings, _read(photo), styles)
    except UserError as error:
        raise Refused(str(error)) from error
    _write(output, sheet)
    print(f"{output}  {len(styles)} styles, labelled")


def _draw_grids(settings: Settings, folder: Path, styles: Sequence[Style], output: Path) -> None:
    from bot.offline import draw_grids

    photos = [(file.stem, _read(file)) for file in sorted(folder.iterdir()) if file.is_file()]
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"I can't make the folder {output}: {error.strerror}.") from error
    refused: list[str] = []
    drawn = 0
    for name, sheet in draw_grids(settings, photos, styles, refused.append):
        _write(output / f"{name}.jpg", sheet)
        drawn += 1
    for words in refused:
        print(words, file=sys.stderr)
    if not drawn:
        raise Refused(f"There is no photo in {folder} that I can draw on.")
    print(f"{output}  {drawn} styles on {len(photos) - len(refused)} photos, labelled")


def _models(arguments: argparse.Namespace, settings: Settings) -> int:
    try:
        return int(arguments.act(arguments, settings))
    except ModelsRefused as error:
        raise Refused(str(error)) from error


def _doctor(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.doctor import examine

    return asyncio.run(examine(settings))


def _db(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.__main__ import upgrade
    from bot.chats import CannotStart

    try:
        asyncio.run(upgrade(settings))
    except CannotStart as error:
        raise Refused(str(error)) from error
    print("The database is at this version.")
    return 0


def _find(catalogue: Catalogue, name: str) -> Style:
    try:
        return catalogue.find(name)
    except UnknownStyle as error:
        near = f" Nearest: {', '.join(error.nearest)}." if error.nearest else ""
        raise Refused(f"{error}{near} `selfiebot styles` lists them all.") from error


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refused(f"I can't read {file}: {error.strerror}.") from error


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise Refused(f"I can't write {file}: {error.strerror}.") from error


def _note(note: str) -> str:
    from bot.texts import say

    return say("en", f"note_{note}")


if __name__ == "__main__":
    sys.exit(main())
