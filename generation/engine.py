"""What every engine is: loaded once on a device, renders many times, and forgets when it is told to."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from generation.job import Job, Note

if TYPE_CHECKING:
    import numpy as np

    from generation.label.kinds import Kind
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


class Engine(Protocol):
    """Raises UserErrors for what the person can mend; anything else it raises is a bug, and costs one job.

    One that remembers anything of a photo between jobs is a Remembers, too.
    """

    def render(self, job: Job, photos: tuple[Photo, ...], report: Report) -> Rendering: ...

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
