"""SDXL row by row: equal to the stock pipeline run alone, whoever is beside, and nobody's face in another's."""

from __future__ import annotations

import copy
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import torch

from generation.engines.diffusion.aboard import Drawn
from generation.engines.diffusion.batcher import Batcher
from generation.engines.diffusion.sdxl import Sdxl
from generation.engines.diffusion.sdxl_faces import weight_of
from generation.engines.diffusion.sdxl_model import load_parts
from generation.engines.diffusion.sdxl_steps import lcm_steps
from generation.errors import RenderFailed
from generation.painter import Dtype, Painter, PainterName
from tests.generation.diffusion.sdxl_rows import Order, Ours, Stock, apart

EXACT = 2e-6
"""Of the greatest latent: 1e-5 for latents as trained models have them."""

OTHER_FACE = 1000 * EXACT
"""Another face changes a picture by more than this."""

ANNA = Order("a viking", 1, (10,))
BEN = Order("a marble statue", 2, (20,))
CLEO = Order("in the rain, at night", 3, (30, 31), steps=8)
DAN = Order("a lighthouse keeper", 4, (40, 41, 42, 43), steps=6)


@pytest.fixture(scope="module")
def stock(sdxl_folder: Path) -> Stock:
    return Stock(sdxl_folder)


@pytest.fixture(scope="module")
def ours(sdxl_folder: Path) -> Ours:
    return Ours(load_parts(Painter(PainterName.SDXL_IP, str(sdxl_folder), dtype=Dtype.FP32), "cpu"))


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_alone_it_draws_what_the_stock_pipeline_draws(stock: Stock, ours: Ours, count: int) -> None:
    order = Order("a viking", 5, tuple(range(count)))
    (row,) = ours.drawn(order)
    assert apart(row.latents, stock.draw(order)) <= EXACT
    (pixels,) = ours.sdxl.decode([row])
    theirs = np.asarray(stock.draw(order, output="pil")[0])
    assert pixels is not None
    assert np.abs(pixels.astype(int) - theirs).max() <= 1  # a rounding border


@pytest.mark.parametrize("canvas", [(80, 48), (48, 80), (96, 96)])
def test_every_canvas_is_drawn_as_the_stock_pipeline_draws_it(
    stock: Stock, ours: Ours, canvas: tuple[int, int]
) -> None:
    order = Order("a viking", 5, (1, 2), canvas=canvas)
    assert apart(ours.drawn(order)[0].latents, stock.draw(order)) <= EXACT


@pytest.mark.parametrize("strength", [0.8, 0.5, 0.4, 0.2])
def test_every_strength_is_the_stock_pipelines_with_as_many_steps(stock: Stock, ours: Ours, strength: float) -> None:
    order = Order("a viking", 5, (1,), strength=strength)
    (row,) = ours.drawn(order)
    assert row.steps == 4
    assert apart(row.latents, stock.draw(order)) <= EXACT


@pytest.mark.parametrize("likeness", [0.0, 0.3, 1.0])
def test_every_likeness_is_the_stock_pipelines_scale(stock: Stock, ours: Ours, likeness: float) -> None:
    order = Order("a viking", 5, (1,), likeness=likeness)
    assert apart(ours.drawn(order)[0].latents, stock.draw(order)) <= EXACT


def test_the_stock_pipeline_mixes_faces_in_a_batch_and_so_fails_what_ours_must_pass(stock: Stock, ours: Ours) -> None:
    eve = Order(BEN.prompt, BEN.seed, (50,))
    theirs = [stock.draw(ANNA, beside)[:1] for beside in (BEN, eve)]
    assert apart(theirs[0], theirs[1]) > OTHER_FACE  # Anna's picture depends on whose face is beside hers
    assert apart(theirs[0], stock.draw(ANNA)) > OTHER_FACE
    both = stock.faces(Order("", 0, (*ANNA.faces, *BEN.faces)))
    assert apart(theirs[0], stock.draw(ANNA, faces=both)) <= EXACT  # she has two faces

    own = [ours.drawn(ANNA, beside)[0].latents for beside in (BEN, eve)]
    assert apart(own[0], own[1]) <= EXACT
    assert apart(own[0], stock.draw(ANNA)) <= EXACT


def test_the_face_the_words_the_photo_and_the_seed_change_a_picture_by_far_more_than_rounding(ours: Ours) -> None:
    wish = ours.wish(ANNA)
    others = [ours.wish(order) for order in (BEN, Order("in the snow", 1, (10,)), Order(ANNA.prompt, 9, (10,)))]
    pictures = []
    for changes in ({}, {"faces": others[0].faces}, {"embeds": others[1].embeds}, {"start": others[0].start}):
        row = ours.sdxl.begin(replace(wish, **changes))
        ours.finish([row])
        pictures.append(row.latents)
    for other in [*pictures[1:], ours.drawn(Order(ANNA.prompt, 9, (10,)))[0].latents]:
        assert apart(pictures[0], other) > OTHER_FACE


@pytest.mark.parametrize("crew", [crew for size in (2, 3, 4) for crew in combinations((ANNA, BEN, CLEO, DAN), size)])
def test_no_row_depends_on_the_rows_beside_it(ours: Ours, stock: Stock, crew: tuple[Order, ...]) -> None:
    for row, order in zip(ours.drawn(*crew), crew, strict=True):
        assert apart(row.latents, ours.drawn(order)[0].latents) <= EXACT


def test_rows_that_join_and_leave_at_different_steps_equal_the_stock_pipeline(stock: Stock, ours: Ours) -> None:
    orders, joins = (ANNA, BEN, CLEO, DAN), (0, 1, 2, 5)
    rows = [ours.row(order) for order in orders]
    together = []
    for tick in range(20):
        riders = [row for row, join in zip(rows, joins, strict=True) if join <= tick and not row.done]
        if riders:
            together.append(len(riders))
            ours.sdxl.step(riders)
    assert together == [1, 2, 3, 3, 2, 2, 2, 2, 2, 2, 1]
    for row, order in zip(rows, orders, strict=True):
        assert apart(row.latents, stock.draw(order)) <= EXACT


def test_latents_as_small_as_trained_ones_differ_nowhere_by_more_than_a_hundred_thousandth(
    sdxl_folder: Path, ours: Ours
) -> None:
    velocity = Stock(sdxl_folder)  # a random UNet that says velocities leaves latents small
    velocity.pipeline.scheduler.register_to_config(prediction_type="v_prediction")
    same = Ours(replace(ours.parts, scheduler=velocity.pipeline.scheduler))
    for row, order in zip(same.drawn(ANNA, BEN, CLEO, DAN), (ANNA, BEN, CLEO, DAN), strict=True):
        theirs = velocity.draw(order)
        assert float(theirs.abs().max()) < 6
        assert float((row.latents - theirs).abs().max()) <= 1e-5


def test_rows_of_other_strengths_and_likenesses_share_a_pass(stock: Stock, ours: Ours) -> None:
    crew = (
        ANNA,
        Order("a statue", 2, (20,), strength=0.5),
        Order("at sea", 3, (30,), likeness=0.0),
        Order("at night", 4, (40,), strength=0.8, likeness=1.0),
    )
    for row, order in zip(ours.drawn(*crew), crew, strict=True):
        assert apart(row.latents, stock.draw(order)) <= EXACT


@pytest.mark.parametrize("static", [False, True])
def test_jobs_of_every_bucket_through_the_batcher_equal_the_stock_pipeline(
    stock: Stock, ours: Ours, static: bool
) -> None:
    orders = [
        *(Order("a viking", seed, (seed,)) for seed in range(3)),
        Order("a statue", 5, (5, 6)),
        Order("in the rain", 7, (7, 8, 9)),
        Order("at sea", 14, (14,), canvas=(80, 48), strength=0.5),
    ]
    batcher = Batcher(ours.sdxl, max_batch=4, static=static)
    drawn: dict[str, Drawn | RenderFailed] = {}
    for number, order in enumerate(orders):
        batcher.join(str(number), ours.wish(order, str(number)), lambda share: None, within_s=60)
        drawn.update(batcher.step())
    while len(batcher):
        drawn.update(batcher.step())
    for number, order in enumerate(orders):
        own = drawn[str(number)]
        assert isinstance(own, Drawn)
        theirs = np.asarray(stock.draw(order, output="pil")[0])
        assert np.abs(own.pixels.astype(int) - theirs).max() <= 1


def test_people_with_one_two_and_four_photos_share_a_pass_and_other_canvases_do_not(ours: Ours) -> None:
    buckets = [
        ours.sdxl.bucket(ours.row(order))
        for order in (ANNA, CLEO, DAN, Order("x", 1, (1, 2, 3)), Order("x", 1, (1,), canvas=(48, 80)))
    ]
    assert buckets[0] == buckets[1] == buckets[2]
    assert len(set(buckets)) == 3


def test_a_step_can_be_done_again_and_leaves_the_old_latents_as_they_were(ours: Ours) -> None:
    row = ours.row(ANNA)
    again, before, kept = copy.copy(row), row.latents, row.latents.clone()
    ours.finish([row])
    assert torch.equal(before, kept)
    ours.finish([again])
    assert torch.equal(row.latents, again.latents)


def test_a_row_whose_numbers_broke_says_so_and_spoils_nobody(ours: Ours) -> None:
    anna, ben = ours.row(ANNA), ours.row(BEN)
    ben.latents = ben.latents * torch.nan
    for _ in range(4):
        assert ours.sdxl.step([anna, ben]) == [True, False]
    assert apart(anna.latents, ours.drawn(ANNA)[0].latents) <= EXACT
    assert [pixels is None for pixels in ours.sdxl.decode([anna, ben])] == [False, True]


def test_strength_goes_evenly_from_the_photo_itself_to_a_new_picture(stock: Stock) -> None:
    scheduler = stock.pipeline.scheduler
    strengths = [number / 50 for number in range(51)]
    noises = [lcm_steps(scheduler, 4, strength).start[1] for strength in strengths]
    assert noises == sorted(noises)
    assert len(set(noises)) >= 49
    assert noises[0] < 0.2
    assert noises[-1] > 0.99
    counts = [len(lcm_steps(scheduler, 4, strength).times) for strength in strengths]
    assert counts[:5] == [1, 1, 2, 3, 4]
    assert set(counts[5:]) == {4}


def test_likeness_is_the_weight_of_the_face(ours: Ours) -> None:
    assert [weight_of(likeness) for likeness in (0.0, 0.5, 1.0)] == pytest.approx([0.3, 0.65, 1.0])
    assert isinstance(ours.sdxl, Sdxl)
