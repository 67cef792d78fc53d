"""selfiebot try and styles --sheet: one worker in this process, no database and no chat."""

import sys
from collections.abc import Callable

from bot.settings import Settings
from generation.errors import UserError
from generation.face.models import default_folder
from generation.job import Job, Picture
from generation.styles import Catalogue, Style

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


def draw_sheet(settings: Settings, photo: bytes, catalogue: Catalogue) -> bytes:
    """Every style on one photo, as a JPEG.

    Raises:
        UserError
    """
    from generation.worker import Worker

    worker = Worker("cpu", settings.models_dir or default_folder())
    outcome = worker.sheet(photo, tuple(catalogue), _line(f"{len(catalogue)} styles"))
    if isinstance(outcome, UserError):
        raise outcome
    return outcome


def _line(what: str) -> Callable[[float], None]:
    """Draws one line over itself; nothing where nobody looks."""

    def show(share: float) -> None:
        if sys.stderr.isatty():
            full = round(share * WIDTH)
            end = "\n" if share >= 1 else ""
            print(f"\r{what} {'█' * full}{'░' * (WIDTH - full)} {share:4.0%}", end=end, file=sys.stderr, flush=True)

    return show
