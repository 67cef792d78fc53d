"""What a family of models is to the batcher: how its pictures begin, advance and become pixels. Runs nothing itself."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    import numpy as np

    from generation.engines.diffusion.references import References
    from generation.job import Job


@dataclass(kw_only=True)
class Row:
    """One picture under way. Families add its latents and what conditions them.

    Args:
        id: the job's.
        steps: how many denoising steps it takes altogether.
        step: how many of them are done.
    """

    id: str
    steps: int
    step: int = 0

    @property
    def done(self) -> bool:
        return self.step >= self.steps


WishT = TypeVar("WishT")
RowT = TypeVar("RowT", bound=Row)


class Denoiser(Protocol[WishT, RowT]):
    """One model on one device. A row's picture never depends on the rows beside it, which is tested for every family.

    `prepare` may be called from any thread beside the others; all else belongs to the thread that loaded the model.
    What runs out of memory raises torch.OutOfMemoryError, and leaves the rows as they were.
    """

    def prepare(self, job: Job, references: References) -> WishT:
        """All that `begin` needs of a job, on the processor: words read, references as tensors.

        Raises:
            UserError: the words cannot be painted.
        """

    def blank(self, references: References) -> WishT:
        """A wish of that shape without words, to try out how long such pictures take."""

    def begin(self, wish: WishT) -> RowT:
        """References encoded, noise drawn by the job's own generator on the processor: the same on every device."""

    def bucket(self, row: RowT) -> Hashable:
        """Everything that must agree among the rows of one forward pass: canvas, references, length of the text."""

    def step(self, rows: Sequence[RowT]) -> Sequence[bool]:
        """One forward pass over rows of one bucket, each at its own sigma; advances each by one step.

        It gives rows new latents and never writes into the old ones, which a copy of the row may share.
        It returns when the device is done.

        Returns:
            For each row, whether all its numbers are finite.
        """

    def decode(self, rows: Sequence[RowT]) -> Sequence[np.ndarray | None]:
        """(H, W, 3) uint8 sRGB for each of some rows of one bucket that are done; None: its numbers are not finite."""
