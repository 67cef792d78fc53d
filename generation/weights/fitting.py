"""What of a model fits on a card of a size. Computed, not measured; knows no card of this machine."""

from dataclasses import dataclass

from generation.painter import Dtype, Painter
from generation.weights.registry import Memory

USABLE = 0.95
"""Of a card's memory; the desktop and the driver take some."""

MOST_JOBS = 8
"""More at once only make each other wait: a large card is busy with one."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Settings with which a model fits.

    Args:
        text_on_card: whether free words can be read on the card, too.
        jobs: how many pictures at once.
    """

    dtype: Dtype
    text_on_card: bool
    jobs: int
    needed_gb: float


def best_fit(memory: Memory, card_gb: float, size_px: int = 1024, ref_side_px: int = 768) -> Fit | None:
    """The best settings for a card; None if it is too small for any.

    Whole weights come before small ones, and at least two pictures at once before the text encoder.
    """
    for dtype, text, least in ((Dtype.BF16, True, 2), (Dtype.BF16, False, 1), (Dtype.FP8, False, 1)):
        rest = memory.needed_gb(dtype, text=text, jobs=0, size_px=size_px, refs=1, ref_side_px=ref_side_px)
        job = one_job_gb(memory, dtype, text, size_px, ref_side_px) - rest
        jobs = min(int((card_gb * USABLE - rest) / job), MOST_JOBS)
        if jobs >= least:
            return Fit(dtype, text, jobs, rest + jobs * job)
    return None


def one_job_gb(memory: Memory, dtype: Dtype, text: bool, size_px: int = 1024, ref_side_px: int = 768) -> float:
    """The least that a card must have: one picture at a time, of one photo."""
    return memory.needed_gb(dtype, text=text, jobs=1, size_px=size_px, refs=1, ref_side_px=ref_side_px)


def needed_gb(memory: Memory, painter: Painter) -> float:
    """What a painter takes of its card when as many people as it allows each send as many photos as it looks at."""
    return memory.needed_gb(
        painter.dtype,
        text=painter.text_device == "cuda",
        jobs=painter.max_batch,
        size_px=painter.size_px,
        refs=painter.max_refs,
        ref_side_px=painter.ref_side_px,
    )
