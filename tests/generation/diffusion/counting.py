"""A denoiser of a few lines that counts instead of painting, and can be told to misbehave."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch

from generation.engines.diffusion.batcher import Batcher
from generation.engines.diffusion.denoiser import Row


@dataclass(kw_only=True)
class Tally(Row):
    """Its latents are a number: how many forward passes it was in."""

    shape: str
    value: float = 0.0


@dataclass
class Wish:
    id: str
    steps: int = 4
    shape: str = "square"


class Clock:
    """Seconds, when somebody says so."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Counting:
    """Args:
    step_s: what a forward pass of so many rows takes, in seconds.
    holds: how many rows a forward pass has memory for.
    begins: how many rows memory holds altogether.
    broken: rows whose numbers are no numbers after their second step.
    """

    clock: Clock = field(default_factory=Clock)
    step_s: tuple[float, float] = (1.0, 0.0)  # of any pass, and of each row in it
    holds: int = 100
    begins: int = 100
    decodes: int = 100
    broken: tuple[str, ...] = ()
    passes: list[list[str]] = field(default_factory=list)
    decoded: list[list[str]] = field(default_factory=list)
    batcher: Batcher[Wish, Tally] | None = None

    def begin(self, wish: Wish) -> Tally:
        if self.batcher is not None and len(self.batcher._aboard) >= self.begins:
            raise torch.OutOfMemoryError
        return Tally(id=wish.id, steps=wish.steps, shape=wish.shape)

    def bucket(self, row: Tally) -> Hashable:
        return row.shape

    def step(self, rows: Sequence[Tally]) -> list[bool]:
        if len(rows) > self.holds:
            raise torch.OutOfMemoryError
        assert len({row.shape for row in rows}) == 1
        self.passes.append([row.id for row in rows])
        self.clock.now_s += self.step_s[0] + self.step_s[1] * len(rows)
        for row in rows:
            row.step += 1
            row.value += 1
        return [row.id not in self.broken or row.step < 2 for row in rows]

    def decode(self, rows: Sequence[Tally]) -> list[np.ndarray | None]:
        if len(rows) > self.decodes:
            raise torch.OutOfMemoryError
        self.decoded.append([row.id for row in rows])
        return [np.full((1, 1, 3), row.value, np.uint8) for row in rows]
