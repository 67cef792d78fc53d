"""selfiebot try and styles --sheet: one worker in this process, no database and no chat."""

import sys
from collections.abc import Callable, Iterator, Sequence

from bot.settings import Settings
from generation.errors import UserError
from generation.face.models import default_folder
from generation.job import Job, Picture
from generation.styles import Style

WIDTH = 24


def draw_photo(
    settings: Settings, photo: bytes, style: Style, strength: float | None, seed: int, *, beside: bool
) -> Picture:
    """One picture, with a line of progress on the terminal.

    Raises:
        UserError
    """
    from generation.worker import Worker  # here, so that no other command loads the picture side

    worker = Worker("cpu", settings.models_dir or default_folder())
    job = Job("try", style, (photo,), style.strength if strength is None else strength, seed, beside)
    outcome = worker.answer(job, _line(style.title))
    if isinstance(outcome, UserError):
        raise outcome
    return outcome


def draw_sheet(settings: Settings, photo: bytes, styles: Sequence[Style]) -> bytes:
    """Every style on one photo, as a JPEG.

    Raises:
        UserError
    """
    from generation.worker import Worker

    worker = Worker("cpu", settings.models_dir or default_folder())
    outcome = worker.sheet(photo, styles, _line(f"{len(styles)} styles"))
    if isinstance(outcome, UserError):
        raise outcome
    return outcome


def draw_grids(
    settings: Settings, photos: Sequence[tuple[str, bytes]], styles: Sequence[Style], refuse: Callable[[str], None]
) -> Iterator[tuple[str, bytes]]:
    """(a style's name, a JPEG of every photo in that style); `refuse` hears of photos that cannot be used, and why."""
    from generation.worker import Worker

    worker = Worker("cpu", settings.models_dir or default_folder())
    report = _line(f"{len(styles)} styles on {len(photos)} photos")
    for style, sheet in worker.grids(photos, styles, report, lambda title, error: refuse(f"{title}: {error}")):
        yield style.name, sheet


def check_styles(styles: Sequence[Style]) -> list[str]:
    """What is wrong with the styles' recipes, a sentence each; styles of engines that are no files of ours are left."""
    from generation.engines.retouch.recipes import check_recipe

    wrong = []
    for style in styles:
        if style.engine == "retouch":
            try:
                check_recipe(style)
            except ValueError as error:
                wrong.append(f"{style.pack}.toml: {error}")
    return wrong


def _line(what: str) -> Callable[[float], None]:
    """Draws one line over itself; nothing where nobody looks."""

    def show(share: float) -> None:
        if sys.stderr.isatty():
            full = round(share * WIDTH)
            end = "\n" if share >= 1 else ""
            print(f"\r{what} {'█' * full}{'░' * (WIDTH - full)} {share:4.0%}", end=end, file=sys.stderr, flush=True)

    return show
