"""How long one step takes, by bucket and batch size: measured at warm-up, kept true by running averages."""

from collections.abc import Hashable

WEIGHT = 0.2
"""Of the newest measurement in the running average."""


HOPE = 0.9
"""Where nothing like it was ever measured, n times as many rows are guessed to take n to this power times as long: a
little less than in proportion, so that larger batches are tried out, and measured."""


class TimeTable:
    """t(bucket, size) in seconds. What was never measured is guessed from what was."""

    def __init__(self) -> None:
        self._seconds: dict[Hashable, dict[int, float]] = {}

    def note(self, bucket: Hashable, size: int, seconds: float) -> None:
        """One step of `size` rows of that bucket took so long."""
        sizes = self._seconds.setdefault(bucket, {})
        sizes[size] = seconds if size not in sizes else (1 - WEIGHT) * sizes[size] + WEIGHT * seconds

    def seconds(self, bucket: Hashable, size: int) -> float:
        """A size between two lies between them, others grow as in other buckets; of another bucket, the mean of all.

        0 while nothing is known.
        """
        if sizes := self._seconds.get(bucket):
            return self._of_another_size(sizes, size)
        guesses = [self._of_another_size(sizes, size) for sizes in self._seconds.values()]
        return sum(guesses) / len(guesses) if guesses else 0.0

    def _of_another_size(self, sizes: dict[int, float], size: int) -> float:
        if size in sizes:
            return sizes[size]
        below, above = [known for known in sizes if known < size], [known for known in sizes if known > size]
        if below and above:
            low, high = max(below), min(above)
            return sizes[low] + (sizes[high] - sizes[low]) * (size - low) / (high - low)
        nearest = max(below, default=0) or min(above)
        grown = [other[size] / other[nearest] for other in self._seconds.values() if size in other and nearest in other]
        return sizes[nearest] * (sum(grown) / len(grown) if grown else (size / nearest) ** HOPE)
