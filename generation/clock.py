"""How long each stage of a job took. Knows no job."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generation.engine import Rendering


class Clock:
    """Seconds since it was made, by stages. One thread at a time has it."""

    def __init__(self) -> None:
        self.stages: list[tuple[str, float]] = []
        self._started = self._lap = perf_counter()

    def stage(self, name: str) -> None:
        """A stage ends now; it began where the last one ended."""
        now = perf_counter()
        self.stages.append((name, now - self._lap))
        self._lap = now

    def stages_of(self, rendering: Rendering) -> None:
        """The engine's own stages, and what they leave unnamed of its time."""
        self.stage("render")
        _, spent = self.stages.pop()
        named = [(str(name), float(seconds)) for name, seconds in rendering.stages]
        rest = max(0.0, spent - sum(seconds for _, seconds in named))
        self.stages += [*named, ("rest" if named else "render", rest)]

    def seconds(self) -> float:
        return perf_counter() - self._started
