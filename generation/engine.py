"""What every engine is: loaded once on a device, renders many times, and forgets when it is told to."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from generation.errors import UserError
from generation.job import Job, Note
from generation.painter import PAINTERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from generation.label.kinds import Kind
    from generation.painter import Painter
    from generation.photo import Photo
    from generation.styles.style import Style

Report = Callable[[float], None]
"""Called with the share of the work done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """What an engine hands to the worker, which labels it; it never leaves the worker like this.

    Args:
        pixels: (H, W, 3) uint8, sRGB.
        kind: what was done, for the label.
        face: (x0, y0, x1, y1) px in `pixels`, kept free of the label's pill; None if unknown.
        stages: (stage, seconds), in order.
    """

    pixels: np.ndarray
    kind: Kind
    face: tuple[int, int, int, int] | None
    notes: tuple[Note, ...] = ()
    stages: tuple[tuple[str, float], ...] = ()


Finish = Callable[[], Rendering]
"""What is left to do of a rendering once the device has done its part; called once, in any thread."""


class Engine(Protocol):
    """Raises UserErrors for what the person can mend; anything else it raises is a bug, and costs one job.

    One that remembers anything of a photo between jobs is a Remembers, too.
    """

    def render(self, job: Job, photos: tuple[Photo, ...], report: Report) -> Rendering: ...

    def check(self, style: Style) -> None:
        """Raises ValueError, with a message for whoever wrote the pack, if this engine can't draw that style."""


class BatchedEngine(Protocol):
    """Renders many people's jobs at the same time, one step of some of them a call. Keeps nothing of a job that ended.

    `prepare` may be called from any thread, beside the others; all else belongs to the one thread that loads it.
    What `prepare` raises, and what `step` gives back, concerns one job. If `step` raises, every job under way is lost.
    """

    @property
    def room(self) -> int:
        """How many more jobs it takes now."""

    def prepare(self, job: Job, photos: tuple[Photo, ...]) -> Any:
        """What the processor can do before the device is needed: references cut out, prompts put together.

        Raises:
            UserError: the person can mend it.
        """

    def begin(self, job: Job, prepared: Any, report: Report) -> None:
        """Take the job; its first step is at the next fitting call of `step`."""

    def step(self) -> Sequence[tuple[str, Rendering | Finish | UserError]]:
        """One denoising step of one batch. Gives the jobs that ended with it, by their ids; () if there are none."""

    def cancel(self, job_id: str) -> None:
        """Forget a job, at once; without a word if it is not there."""

    def check(self, style: Style) -> None:
        """Raises ValueError, with a message for whoever wrote the pack, if this engine can't draw that style."""


@runtime_checkable
class Remembers(Protocol):
    def forget(self, older_than_s: float = 0.0) -> None:
        """Drop what is remembered of photos that were not drawn for that long; by default of all."""


def load_engine(name: str, device: str, models: Path) -> Engine:
    """The engine of that name, ready on that device. Every engine module has a function `load(device, models)`."""
    module = importlib.import_module(name if "." in name else f"generation.engines.{name}")
    engine: Engine = module.load(device, models)
    return engine


def load_painter(painter: Painter, device: str, models: Path, module: str = PAINTERS) -> BatchedEngine:
    """The engine that paints from words, ready on that device.

    Args:
        module: has a function `load(painter, device, models)`.

    Raises:
        PainterUnusable: with a sentence for the operator.
    """
    engine: BatchedEngine = importlib.import_module(module).load(painter, device, models)
    return engine
