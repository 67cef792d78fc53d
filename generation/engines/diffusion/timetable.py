"""How long one step takes, by bucket and batch size: measured at warm-up, kept true by running averages."""

from collections.abc import Hashable

WEIGHT = 0.2
"""Of the newest measurement in the running average."""


class TimeTable:
    """t(bucket, size) in seconds. What was never measured is guessed from what was."""

    def __init__(self) -> None:
        self._seconds: dict[Hashable, dict[int, float]] = {}

    def note(self, bucket: Hashable, size: int, seconds: float) -> None:
        """One step of `size` rows of that bucket took so long."""
        sizes = self._seconds.setdefault(bucket, {})
        sizes[size] = seconds if size not in sizes else (1 - WEIGHT) * sizes[size] + WEIGHT * seconds

    def seconds(self, bucket: Hashable, size: int) -> float:
        """Of another size, in proportion; of another bucket, the mean of those known; 0 while nothing is known."""
        if sizes := self._seconds.get(bucket):
            return _in_proportion(sizes, size)
        guesses = [_in_proportion(sizes, size) for sizes in self._seconds.values()]
        return sum(guesses) / len(guesses) if guesses else 0.0


def _in_proportion(sizes: dict[int, float], size: int) -> float:
    if size in sizes:
        return sizes[size]
    nearest = min(sizes, key=lambda known: abs(known - size))
    return sizes[nearest] * size / nearest
