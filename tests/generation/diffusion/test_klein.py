"""FLUX.2 klein row by row: equal to the stock pipeline run alone, whoever is beside, and nobody's face in another's."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
import torch

from generation.engines.diffusion.aboard import Drawn
from generation.engines.diffusion.batcher import Batcher
from generation.engines.diffusion.klein import schedule
from generation.errors import RenderFailed
from tests.engines.tiny_models import tiny_klein
from tests.generation.diffusion.rows import Order, Ours, apart, noise, stock

EXACT = 1e-5

ANNA = Order("as a viking", 1, (10,))
BEN = Order("as a marble statue", 2, (20,))
CLEO = Order("in the rain, at night", 3, (30,), steps=8)
DAN = Order("as a lighthouse keeper", 4, (40,), steps=6)


@pytest.fixture(scope="module")
def pipeline() -> Any:
    made = tiny_klein()
    made.set_progress_bar_config(disable=True)
    return made


@pytest.fixture(scope="module")
def ours(pipeline: Any) -> Ours:
    return Ours(pipeline)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_alone_it_draws_what_the_stock_pipeline_draws(pipeline: Any, ours: Ours, count: int) -> None:
    order = Order("as a viking", 5, tuple(range(count)))
    (row,) = ours.drawn(order)
    assert apart(ours.klein.unpacked([row]), stock(pipeline, order)) <= EXACT
    (pixels,) = ours.klein.decode([row])
    theirs = np.asarray(stock(pipeline, order, output="pil")[0])
    assert pixels is not None
    assert np.abs(pixels.astype(int) - theirs).max() <= 1  # a rounding border


@pytest.mark.parametrize("canvas", [(80, 48), (48, 80), (96, 96)])
def test_every_canvas_is_drawn_as_the_stock_pipeline_draws_it(
    pipeline: Any, ours: Ours, canvas: tuple[int, int]
) -> None:
    order = Order("as a viking", 5, (1, 2), canvas=canvas)
    assert apart(ours.klein.unpacked(ours.drawn(order)), stock(pipeline, order)) <= EXACT


def test_references_change_a_picture_by_far_more_than_rounding(ours: Ours) -> None:
    (row,), (other,) = ours.drawn(ANNA), ours.drawn(Order(ANNA.prompt, ANNA.seed, BEN.faces))
    assert apart(row.latents, other.latents) > 1000 * EXACT


def test_the_stock_pipeline_mixes_faces_in_a_batch_and_so_fails_what_ours_must_pass(pipeline: Any, ours: Ours) -> None:
    eve = Order(BEN.prompt, BEN.seed, (50,))
    theirs = [stock(pipeline, ANNA, beside)[:1] for beside in (BEN, eve)]
    assert apart(theirs[0], theirs[1]) > 1000 * EXACT  # Anna's picture depends on whose face is beside hers
    assert apart(theirs[0], stock(pipeline, ANNA)) > 1000 * EXACT
    assert apart(theirs[0], stock(pipeline, ANNA, images=[noise(10), noise(20)])) <= EXACT  # she has two faces

    own = [ours.drawn(ANNA, beside)[0].latents for beside in (BEN, eve)]
    assert apart(own[0], own[1]) <= EXACT


@pytest.mark.parametrize("crew", [crew for size in (2, 3, 4) for crew in combinations((ANNA, BEN, CLEO, DAN), size)])
def test_no_row_depends_on_the_rows_beside_it(ours: Ours, crew: tuple[Order, ...]) -> None:
    for row, order in zip(ours.drawn(*crew), crew, strict=True):
        assert apart(row.latents, ours.drawn(order)[0].latents) <= EXACT


def test_rows_that_join_and_leave_at_different_steps_equal_the_stock_pipeline(pipeline: Any, ours: Ours) -> None:
    orders, joins = (ANNA, BEN, CLEO, DAN), (0, 1, 2, 5)
    rows = [ours.row(order) for order in orders]
    together = []
    for tick in range(20):
        riders = [row for row, join in zip(rows, joins, strict=True) if join <= tick and not row.done]
        if riders:
            together.append(len(riders))
            ours.klein.step(riders)
    assert together == [1, 2, 3, 3, 2, 2, 2, 2, 2, 2, 1]
    for row, order in zip(rows, orders, strict=True):
        assert apart(ours.klein.unpacked([row]), stock(pipeline, order)) <= EXACT


@pytest.mark.parametrize("static", [False, True])
def test_jobs_of_every_bucket_through_the_batcher_equal_the_stock_pipeline(
    pipeline: Any, ours: Ours, static: bool
) -> None:
    orders = [
        *(Order("as a viking", seed, (seed,)) for seed in range(3)),
        Order("as a statue", 5, (5, 6)),
        Order("in the rain", 7, (7, 8, 9)),
        Order("in the snow", 10, (10, 11, 12, 13)),
        Order("at sea", 14, (14,), canvas=(80, 48)),
        Order("at night", 15, (15, 16)),
    ]
    batcher = Batcher(ours.klein, max_batch=2, static=static)
    drawn: dict[str, Drawn | RenderFailed] = {}
    for number, order in enumerate(orders):
        batcher.join(str(number), ours.wish(order, str(number)), lambda share: None, within_s=60)
        drawn.update(batcher.step())
    while len(batcher):
        drawn.update(batcher.step())
    for number, order in enumerate(orders):
        own = drawn[str(number)]
        assert isinstance(own, Drawn)
        theirs = np.asarray(stock(pipeline, order, output="pil")[0])
        assert np.abs(own.pixels.astype(int) - theirs).max() <= 1


def test_rows_decoded_together_are_as_decoded_alone(ours: Ours) -> None:
    rows = ours.drawn(ANNA, BEN, CLEO)
    for together, row in zip(ours.klein.decode(rows), rows, strict=True):
        (alone,) = ours.klein.decode([row])
        assert together is not None
        assert alone is not None
        assert np.abs(together.astype(int) - alone).max() <= 1


def test_rows_of_other_canvases_and_references_are_of_other_buckets(ours: Ours) -> None:
    buckets = [
        ours.klein.bucket(ours.row(order))
        for order in (ANNA, BEN, Order("x", 1, (1, 2)), Order("x", 1, (1,), canvas=(48, 80)))
    ]
    assert buckets[0] == buckets[1]
    assert len(set(buckets)) == 3


def test_a_row_whose_numbers_broke_says_so_and_spoils_nobody(ours: Ours) -> None:
    anna, ben = ours.row(ANNA), ours.row(BEN)
    ben.latents = ben.latents * torch.nan
    for _ in range(4):
        assert ours.klein.step([anna, ben]) == [True, False]
    assert apart(anna.latents, ours.drawn(ANNA)[0].latents) <= EXACT
    assert [pixels is None for pixels in ours.klein.decode([anna, ben])] == [False, True]


def test_a_step_leaves_the_old_latents_as_they_were(ours: Ours) -> None:
    row = ours.row(ANNA)
    before = row.latents
    kept = before.clone()
    ours.klein.step([row])
    assert torch.equal(before, kept)
    assert row.latents is not before


def test_full_strength_has_the_stock_pipelines_schedule(pipeline: Any, ours: Ours) -> None:
    stock(pipeline, ANNA)
    assert torch.equal(schedule(pipeline.scheduler, 4, 16, 1.0), pipeline.scheduler.sigmas)


def test_strength_goes_evenly_from_the_photo_itself_to_a_new_picture(ours: Ours) -> None:
    photo = ours.photo(ANNA)
    full = ours.drawn(ANNA)[0].latents
    strengths = (0.0, 0.05, 0.2, 0.5, 0.8, 0.95, 1.0)
    rows = [ours.drawn(Order(ANNA.prompt, 1, (10,), strength=strength))[0] for strength in strengths]
    from_photo = [float((row.latents - photo).abs().mean()) for row in rows]
    assert from_photo[0] < 0.01
    assert from_photo == sorted(from_photo)
    assert apart(rows[-1].latents, full) == 0
    assert all(row.steps == 4 for row in rows)


def test_every_step_of_less_strength_has_less_noise(pipeline: Any) -> None:
    soft, whole = (schedule(pipeline.scheduler, 4, 16, strength) for strength in (0.5, 1.0))
    assert len(soft) == len(whole) == 5
    assert (soft[:-1] < whole[:-1]).all()
    assert soft[-1] == 0
    assert (soft.diff() < 0).all()
