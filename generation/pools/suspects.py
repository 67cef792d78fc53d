"""Jobs that were aboard when their worker died: one of them may be what killed it. Knows no worker and no pool."""

from collections.abc import Callable, Iterable
from time import monotonic

MOST = 1000


class Suspects:
    """Args:
    for_s: how long a job is remembered that nobody clears.
    clock: seconds, ever rising.
    """

    def __init__(self, for_s: float = 600.0, clock: Callable[[], float] = monotonic) -> None:
        self._for_s = for_s
        self._clock = clock
        self._since: dict[str, float] = {}  # by the job; the oldest first

    def add(self, job_id: str) -> None:
        self.clear(job_id)
        self._since[job_id] = self._clock()
        if len(self._since) > MOST:
            self.clear(next(iter(self._since)))

    def clear(self, job_id: str) -> None:
        """It ended well, and so did all that were aboard with it."""
        self._since.pop(job_id, None)

    def __contains__(self, job_id: str) -> bool:
        since = self._since.get(job_id)
        return since is not None and self._clock() < since + self._for_s

    def may_join(self, job_id: str, aboard: Iterable[str]) -> bool:
        """No two suspects aboard one worker: the guilty one would take the other down again."""
        return job_id not in self or not any(other in self for other in aboard)
