"""One painter of words: photos become references, references rows of a batch, rows pictures. Knows no model family."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Generic

import numpy as np

from generation.engine import Finish, Rendering, Report
from generation.engines.diffusion.aboard import Drawn
from generation.engines.diffusion.batcher import Batcher
from generation.engines.diffusion.denoiser import Denoiser, RowT, WishT
from generation.engines.diffusion.place import Place
from generation.engines.diffusion.references import Cutter, References
from generation.errors import UserError
from generation.face.finder import FaceFinder
from generation.job import Job, Note
from generation.label.kinds import Kind
from generation.painter import Painter, PainterUnusable
from generation.photo import Photo
from generation.styles.style import Style

LookOver = Callable[[References, np.ndarray], tuple[Note, ...]]
"""What is to be said of a finished picture, beside the person's references."""

WARM_UP_S = 30.0
"""How long a graphics card is tried out before the first job."""

FORMS_COMPILED = 6
"""The forms of pictures that models are compiled for, three shapes with one reference and with two; others run as
they are, for each form takes a minute."""


def nothing_to_say(references: References, pixels: np.ndarray) -> tuple[Note, ...]:
    """Every picture passes. A check of likeness (the face's size and place, the tone of the skin) takes its place."""
    return ()


@dataclass(frozen=True, slots=True)
class Prepared(Generic[WishT]):
    """A job that is ready for the device. seconds: what that took."""

    wish: WishT
    references: References
    seconds: float


class DiffusionEngine(Generic[WishT, RowT]):
    """A generation.engine.BatchedEngine over a denoiser and what batches its rows."""

    def __init__(
        self,
        denoiser: Denoiser[WishT, RowT],
        cutter: Cutter,
        batcher: Batcher[WishT, RowT],
        look_over: LookOver = nothing_to_say,
    ) -> None:
        self.denoiser = denoiser
        self.cutter = cutter
        self.batcher = batcher
        self._look_over = look_over
        self._under_way: dict[str, Prepared[WishT]] = {}

    @property
    def room(self) -> int:
        """How many more jobs it takes now."""
        return self.batcher.room

    def prepare(self, job: Job, photos: tuple[Photo, ...]) -> Prepared[WishT]:
        """References cut out of the photos, words read.

        Raises:
            PhotoError: the first photo cannot be used (see generation.face.gate).
            WordsUnreadable: free words, and no text encoder.
        """
        start_s = time.perf_counter()
        references = self.cutter.cut(photos, job.likeness, job.style.painted)
        wish = self.denoiser.prepare(job, references)
        return Prepared(wish, references, time.perf_counter() - start_s)

    def begin(self, job: Job, prepared: Prepared[WishT], report: Report) -> None:
        """Take the job; its first step is at the next fitting call of `step`."""
        self._under_way[job.id] = prepared
        self.batcher.join(job.id, prepared.wish, report, job.within_s - prepared.seconds)

    def step(self) -> Sequence[tuple[str, Rendering | Finish | UserError]]:
        """One denoising step of one batch. Gives the jobs that ended with it."""
        ended: list[tuple[str, Rendering | Finish | UserError]] = []
        for job_id, drawn in self.batcher.step():
            references = self._under_way.pop(job_id).references
            if isinstance(drawn, UserError):
                ended.append((job_id, drawn))
            elif references.place is not None:
                ended.append((job_id, partial(self._laid_back, references, references.place, drawn)))
            else:
                ended.append((job_id, self._rendering(references, drawn)))
        return ended

    def cancel(self, job_id: str) -> None:
        """Forget a job, at once; without a word if it is not there."""
        self._under_way.pop(job_id, None)
        self.batcher.cancel(job_id)

    def check(self, style: Style) -> None:
        """Raises ValueError if the style has no words."""
        if not style.prompt.strip():
            raise ValueError(f"{style.name}: a painter needs a prompt.")

    def _rendering(self, references: References, drawn: Drawn) -> Rendering:
        notes = references.notes + self._look_over(references, drawn.pixels)
        return Rendering(drawn.pixels, Kind.GENERATED, references.face, notes, drawn.stages)

    def _laid_back(self, references: References, place: Place, drawn: Drawn) -> Rendering:
        """In any thread."""
        start_s = time.perf_counter()
        notes = references.notes + self._look_over(references, drawn.pixels)
        pixels = place.lay(drawn.pixels)
        kind = Kind.GENERATED if place.whole else Kind.COMPOSITE
        stages = *drawn.stages, ("lay", time.perf_counter() - start_s)
        return Rendering(pixels, kind, place.face, notes, stages)


def ready(denoiser: Denoiser[WishT, RowT], painter: Painter, device: str, models: Path) -> DiffusionEngine[WishT, RowT]:
    """An engine over that denoiser, tried out: how long which pictures take is known, and what is compiled is.

    Args:
        models: the folder of the face models.

    Raises:
        PainterUnusable: the device has too little memory for one picture.
    """
    cutter = Cutter(FaceFinder(models).load(), painter.size_px, painter.ref_side_px, painter.max_refs)
    batcher = Batcher(denoiser, painter.max_batch, static=painter.compiled)
    forms = FORMS_COMPILED if painter.compiled else None if device.startswith("cuda") else 1
    wishes = (denoiser.blank(blank) for blank in islice(cutter.blanks(), forms))
    if not batcher.warm(wishes, math.inf if painter.compiled else WARM_UP_S):
        raise PainterUnusable(
            f"{device} has too little memory for one picture by {painter.model}. "
            "Lower SIZE or REF_SIDE, or set DTYPE=fp8."
        )
    return DiffusionEngine(denoiser, cutter, batcher)
