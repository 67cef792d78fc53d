"""Pools of workers. A pool takes a job and gives back a picture; what lies between is its own affair."""

from collections.abc import Callable
from typing import Protocol

from generation.job import Job, Picture, Progress

OnProgress = Callable[[Progress], None]


class Pool(Protocol):
    """Raises UserError: the person's to mend, or RenderFailed when the worker raised, hung, ate memory or died."""

    @property
    def slots(self) -> int:
        """How many jobs it renders at the same time."""

    def forget(self) -> None:
        """Have the workers drop what they remember of anybody's photos, for somebody wants to be forgotten."""

    async def render(self, job: Job, on_progress: OnProgress) -> Picture: ...
