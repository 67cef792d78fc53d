"""A pool of nobody, for jobs whose painter was taken away: each learns it at once."""

from generation.errors import PainterAway
from generation.job import Job, Picture
from generation.pools import OnProgress


class Absent:
    slots = 8

    def forget(self) -> None:
        """There is nothing to forget."""

    async def render(self, job: Job, on_progress: OnProgress) -> Picture:
        """Raises PainterAway."""
        raise PainterAway
