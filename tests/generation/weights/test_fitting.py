"""What is said to fit on a card: more memory never brings less, and what is said to fit does."""

import pytest

from generation.painter import Dtype, Painter, PainterName
from generation.weights import Weights, read_registry
from generation.weights.fitting import best_fit, needed_gb, one_job_gb
from generation.weights.registry import Memory

MEMORIES = [weights.memory for weights in read_registry().weights if weights.memory is not None]


@pytest.mark.parametrize("memory", MEMORIES)
def test_what_is_said_to_fit_does(memory: Memory) -> None:
    for card_gb in range(2, 100):
        fit = best_fit(memory, card_gb)
        if fit is None:
            assert one_job_gb(memory, Dtype.FP8, False) > card_gb * 0.95
        else:
            assert fit.jobs >= 1
            assert one_job_gb(memory, fit.dtype, fit.text_on_card) <= fit.needed_gb <= card_gb


@pytest.mark.parametrize("memory", MEMORIES)
def test_a_larger_card_takes_no_smaller_weights(memory: Memory) -> None:
    fits = [fit for card_gb in range(2, 100) if (fit := best_fit(memory, card_gb))]
    order = [(fit.dtype is Dtype.BF16, fit.text_on_card) for fit in fits]
    assert order == sorted(order)


def test_small_weights_take_less_and_more_photos_take_more() -> None:
    klein = read_registry().find("klein-4b")
    assert isinstance(klein, Weights)
    assert klein.memory
    whole = Painter(PainterName.FLUX2_KLEIN, klein.id)
    small = Painter(PainterName.FLUX2_KLEIN, klein.id, dtype=Dtype.FP8)
    alone = Painter(PainterName.FLUX2_KLEIN, klein.id, max_refs=1)
    read = Painter(PainterName.FLUX2_KLEIN, klein.id, text_device="cuda")
    needs = [needed_gb(klein.memory, painter) for painter in (small, whole, read)]
    assert needs == sorted(needs)
    assert needed_gb(klein.memory, alone) < needed_gb(klein.memory, whole)
