"""What happens to one job, whichever pool runs it: read, render, label. Knows no queue, process or network.

The only maker of Pictures, so that none leaves without its label; and one of the two places where exceptions end.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from generation import errors
from generation.beside import put_beside
from generation.clock import Clock
from generation.engine import Engine, Remembers, Rendering, Report, load_engine
from generation.errors import PhotoError, RenderFailed, UserError
from generation.job import Job, Note, Picture
from generation.label.badge import FaceBox
from generation.label.kinds import Kind, kind_of_many
from generation.label.stamp import Label, stamp
from generation.photo import Photo, read_photo
from generation.progress import ENGINE_BEGINS, ENGINE_ENDS, in_steps, nobody, of_engine
from generation.sheet import Tile, as_tile, cut_to_head, lay_sheet
from generation.styles.style import Style

log = logging.getLogger(__name__)
Made = TypeVar("Made")
Refuse = Callable[[str, UserError], None]

WARM_PHOTO = Path(__file__).with_name("warm.jpg")
"""NASA's portrait of Eileen Collins, public domain, cut to the head: a face, so that every network runs once."""


class Worker:
    """Loads an engine the first time a style asks for it, and keeps it."""

    def __init__(self, device: str, models: Path) -> None:
        self.device = device
        self.models = models
        self._engines: dict[str, Engine] = {}

    def warm(self, styles: Iterable[Style]) -> bool:
        """Render a small photo in each style, so that nobody's first photo waits. False: one could not be drawn."""
        photo = WARM_PHOTO.read_bytes()
        jobs = [Job("warm-up", style, (photo,), style.strength, seed=0) for style in styles]
        return all([isinstance(self.answer(job), Picture) for job in jobs])

    def answer(self, job: Job, report: Report = nobody) -> Picture | UserError:
        """The picture, or the reason why there is none. Never raises, and gives back nothing but plain values."""
        return guarded(called(job), lambda: self._run(job, in_steps(report)))

    def sheet(self, photo: bytes, styles: Sequence[Style], report: Report = nobody) -> bytes | UserError:
        """A labelled JPEG that shows one photo in every style; a style that this photo does not suit stays pale."""
        whole = Job("sheet", styles[0], (photo,), strength=1, seed=0)
        return guarded(called(whole), lambda: self._draw_all(photo, styles, in_steps(report)))

    def grids(
        self,
        photos: Sequence[tuple[str, bytes]],
        styles: Sequence[Style],
        report: Report = nobody,
        refuse: Refuse = lambda title, error: None,
    ) -> Iterator[tuple[Style, bytes]]:
        """For each style a labelled JPEG that shows it on every one of the photos, each with its title.

        Args:
            refuse: hears of the photos that cannot be used.
        """
        rows: dict[str, list[tuple[Tile, Kind | None]]] = {style.name: [] for style in styles}
        for number, (title, photo) in enumerate(photos):
            head = self._guarded_head(photo, styles[0])
            if isinstance(head, UserError):
                refuse(title, head)
                continue
            for style in styles:
                tile, kind = self._tile(head, style)
                rows[style.name].append((replace(tile, title=title, pixels=as_tile(tile.pixels)), kind))
            report((number + 1) / len(photos))
        for style in styles:
            if row := rows[style.name]:
                yield style, _labelled_sheet(style.title, row)

    def forget(self, older_than_s: float = 0.0) -> None:
        """Drop what engines remember of photos that were not drawn for that long; by default of all."""
        for engine in self._engines.values():
            if isinstance(engine, Remembers):
                engine.forget(older_than_s)

    def _run(self, job: Job, report: Report) -> Picture:
        return self._run_sheet(job, report) if job.sheet else self._run_one(job, report)

    def _run_one(self, job: Job, report: Report) -> Picture:
        clock = Clock()
        photos = tuple(read_photo(data) for data in job.photos)
        clock.stage("read")
        report(ENGINE_BEGINS)

        engine = self._engine(job.style.engine, clock)
        rendering = engine.render(job, photos, of_engine(report))
        clock.stages_of(rendering)
        report(ENGINE_ENDS)

        return finished(job, photos[0], rendering, clock, report)

    def _run_sheet(self, job: Job, report: Report) -> Picture:
        clock = Clock()
        head = self._head(job.photos[0], job.sheet[0])
        clock.stage("head")
        drawn = self._tiles(head, job.sheet, of_engine(report))
        clock.stage("tiles")
        kind = kind_of_many([kind for _, kind in drawn if kind is not None])
        title = f"{len(drawn)} styles"
        sheet = lay_sheet(title, [tile for tile, _ in drawn], numbered=True)
        data = stamp(sheet, Label(_id_of(sheet), kind, title, _today()))
        clock.stage("label")
        report(1)
        return _picture(job, data, sheet, kind, (), clock)

    def _draw_all(self, data: bytes, styles: Sequence[Style], report: Report) -> bytes:
        head = self._head(data, styles[0])
        drawn = [(Tile("Photo", head.pixels), None), *self._tiles(head, styles, report)]
        return _labelled_sheet(f"{len(styles)} styles" if len(styles) > 1 else "1 style", drawn)

    def _head(self, data: bytes, style: Style) -> Photo:
        """Head and shoulders, for a sheet's tiles are small; the whole photo if this style's engine cannot tell where.

        Raises:
            PhotoError: every style would say the same.
        """
        photo = read_photo(data)
        drawn = self._draw_bare(photo, style, strength=0)
        if isinstance(drawn, PhotoError):
            raise drawn
        face = drawn.face if isinstance(drawn, Rendering) else None
        return Photo(cut_to_head(photo.pixels, face))

    def _guarded_head(self, data: bytes, style: Style) -> Photo | UserError:
        job = Job("sheet", style, (data,), strength=0, seed=0)
        return guarded(called(job), lambda: self._head(data, style))

    def _tiles(self, head: Photo, styles: Sequence[Style], report: Report) -> list[tuple[Tile, Kind | None]]:
        """In their order, as many at once as all of their engines can draw; one by one while one is not loaded."""
        at_once = min(getattr(self._engines.get(style.engine), "at_once", 1) for style in styles)
        drawn = []
        with ThreadPoolExecutor(at_once) as threads:
            for tile in threads.map(partial(self._tile, head), styles):
                drawn.append(tile)
                report(len(drawn) / len(styles))
        return drawn

    def _tile(self, head: Photo, style: Style) -> tuple[Tile, Kind | None]:
        """For a sheet, which is labelled as a whole."""
        drawn = self._draw_bare(head, style, style.strength)
        if isinstance(drawn, Rendering):
            return Tile(style.title, drawn.pixels), Kind(drawn.kind)
        return Tile(style.title, head.pixels, pale=True), None

    def _draw_bare(self, photo: Photo, style: Style, strength: float) -> Rendering | UserError:
        job = Job("sheet", style, (b"",), strength, seed=0)
        return guarded(called(job), lambda: self._engine(style.engine, Clock()).render(job, (photo,), nobody))

    def _engine(self, name: str, clock: Clock) -> Engine:
        if name not in self._engines:
            self._engines[name] = load_engine(name, self.device, self.models)
            clock.stage("load")
        return self._engines[name]


def guarded(what: str, work: Callable[[], Made]) -> Made | UserError:
    """What the work gives, or the UserError it ends in; a bug becomes RenderFailed and a line in the log.

    Args:
        what: that is done, for the log.
    """
    try:
        return work()
    except UserError as error:
        return fit_to_travel(what, error)
    except Exception:
        log.exception("%s failed", what)
        return RenderFailed()


def fit_to_travel(what: str, error: UserError) -> UserError:
    """Only our own errors with plain arguments leave: any other would have the bot load the engine that defines it."""
    if getattr(errors, type(error).__name__, None) is type(error) and all(_is_plain(arg) for arg in error.args):
        return type(error)(*error.args)  # without the traceback, and the photo it holds
    log.error("%s raised %r, which is not of generation.errors", what, type(error))
    return RenderFailed()


def called(job: Job) -> str:
    """In the log."""
    return f"job {job.id} in style {job.style.name}"


def finished(job: Job, photo: Photo, rendering: Rendering, clock: Clock, report: Report) -> Picture:
    """What an engine made as a labelled picture, the original at its side if the job wants that.

    Args:
        photo: the original.
    """
    pixels, faces = _fit_to_label(rendering.pixels), _faces(rendering)
    if job.beside:
        pixels, shift = put_beside(photo.pixels, pixels)
        faces += tuple((x0 + shift, y0, x1 + shift, y1) for x0, y0, x1, y1 in faces)
        clock.stage("beside")
    kind = Kind(rendering.kind)
    data = stamp(pixels, Label(_id_of(pixels), kind, job.style.title, _today(), faces))
    clock.stage("label")
    report(1)
    return _picture(job, data, pixels, kind, rendering.notes, clock)


def _labelled_sheet(title: str, drawn: Sequence[tuple[Tile, Kind | None]]) -> bytes:
    sheet = lay_sheet(title, [tile for tile, _ in drawn])
    kind = kind_of_many([kind for _, kind in drawn if kind is not None])
    return stamp(sheet, Label(_id_of(sheet), kind, title, _today()))


def _picture(job: Job, data: bytes, pixels: np.ndarray, kind: Kind, notes: Sequence[Note], clock: Clock) -> Picture:
    return Picture(
        job=job.id,
        data=data,
        width_px=int(pixels.shape[1]),
        height_px=int(pixels.shape[0]),
        kind=kind.value,
        notes=tuple(Note(note) for note in notes),
        seconds=clock.seconds(),
        stages=tuple(clock.stages),
    )


def _today() -> date:
    return datetime.now(UTC).date()


def _fit_to_label(pixels: np.ndarray) -> np.ndarray:
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
        raise TypeError(f"An engine renders (H, W, 3) uint8, not {pixels.shape} {pixels.dtype}.")
    return np.ascontiguousarray(pixels)


def _id_of(pixels: np.ndarray) -> str:
    """The picture's id: the same picture's is the same, and it says nothing of the person, as a job's number would."""
    return hashlib.sha256(np.ascontiguousarray(pixels).data).hexdigest()[:32]


def _faces(rendering: Rendering) -> tuple[FaceBox, ...]:
    if rendering.face is None:
        return ()
    x0, y0, x1, y1 = (round(float(edge)) for edge in rendering.face)
    return ((x0, y0, x1, y1),)


def _is_plain(value: object) -> bool:
    if type(value) is tuple:
        return all(_is_plain(part) for part in value)
    return value is None or type(value) in (str, int, float, bool)
