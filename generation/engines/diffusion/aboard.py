"""Jobs on their way through a model: who waits to come aboard, who is aboard, what became of them. Decides nothing."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic

from generation.engine import Report
from generation.engines.diffusion.denoiser import RowT, WishT
from generation.errors import RenderFailed

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class Drawn:
    """A finished picture.

    Args:
        pixels: (H, W, 3) uint8 sRGB.
        stages: (stage, seconds), in order.
    """

    pixels: np.ndarray
    stages: tuple[tuple[str, float], ...]


Ended = tuple[str, Drawn | RenderFailed]
"""A job's id, and what became of it."""


@dataclass(slots=True)
class Newcomer(Generic[WishT]):
    wish: WishT
    report: Report
    joined_s: float
    within_s: float


@dataclass(slots=True)
class Rider(Generic[RowT]):
    """A row aboard. within_s: from when it joined."""

    row: RowT
    bucket: Hashable
    report: Report
    joined_s: float
    within_s: float
    first_s: float | None = None  # when its first step began
    last_s: float = 0.0  # when its last step ended

    def note_step(self, start_s: float, end_s: float) -> None:
        if self.first_s is None:
            self.first_s = start_s
        self.last_s = end_s
        self.report(self.row.step / (self.row.steps + 1))  # decoding is the rest

    def stages(self, now_s: float) -> tuple[tuple[str, float], ...]:
        first_s = self.joined_s if self.first_s is None else self.first_s
        return ("queue", first_s - self.joined_s), ("steps", self.last_s - first_s), ("decode", now_s - self.last_s)
