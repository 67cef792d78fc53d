"""Pictures a second: the stock pipeline, one job after the other, and our batcher on the same parts at equal tokens."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
import torch
from PIL import Image

from bench.generation_ceilings import Ceilings, Work, measure, work_of
from bench.generation_subject import VIKING, Plan, Subject, noise_references, order
from bench.generation_watch import Watched
from generation.engines.diffusion.aboard import Drawn
from generation.engines.diffusion.batcher import Batcher
from generation.engines.diffusion.references import References
from generation.progress import nobody

MOST_STOCK_JOBS = 12
"""One after the other, they all take the same."""


@dataclass(frozen=True)
class Form:
    """What is painted, what that asks for, and what the card can do at such shapes."""

    side_px: int
    references: References
    work: Work
    ceilings: Ceilings

    @classmethod
    def of(cls, pipeline: Any, side_px: int, plan: Plan) -> Form:
        references = noise_references(plan, side_px)
        work = work_of(pipeline, references, plan.steps)
        return cls(side_px, references, work, measure(pipeline, work.tokens, plan))

    @property
    def floor_s(self) -> float:
        return self.ceilings.floor_s(self.work)

    def __str__(self) -> str:
        rates = f"{self.ceilings.matrices / 1e12:.4g}"
        if self.ceilings.in_8_bits:
            rates += f", {self.ceilings.in_8_bits / 1e12:.4g} in 8 bits"
        return (
            f"\n{len(self.references.images)} x {self.side_px} px: {self.work.whole / 1e12:.4g} TFLOP a picture; "
            f"matrices {rates} TFLOP/s; floor {self.floor_s:.4g} s"
        )


@dataclass(frozen=True)
class Pace:
    """Args:
    seconds: of each picture, from asking for it.
    tokens: of a forward pass, for each picture in it.
    batch: how many rows a forward pass had, the mean.
    step_s: a forward pass of the largest batch, as the warm-up measured it.
    peak_gb: of the card's memory; 0 without one.
    """

    seconds: list[float]
    wall_s: float
    tokens: int
    failures: int = 0
    batch: float = 1.0
    step_s: float = math.nan
    peak_gb: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.wall_s

    def __str__(self) -> str:
        p50, p95 = np.percentile(self.seconds, [50, 95]) if self.seconds else (math.nan, math.nan)
        failed = f"  {self.failures} FAILED" if self.failures else ""
        return f"{self.rate:7.2f} pictures/s  p50 {p50:6.3f} s  p95 {p95:6.3f} s  {self.tokens} tokens{failed}"


def stock_lines(subject: Subject) -> Iterator[str]:
    plan = subject.plan
    pipeline = subject.stock()
    if plan.compiled:
        pipeline.transformer.compile_repeated_blocks(fullgraph=True, dynamic=False)
    for side_px in plan.ref_sides:
        form = Form.of(pipeline, side_px, plan)
        yield str(form)
        yield _line("stock FIFO", stock_pace(pipeline, form.references, plan), form)


def our_lines(subject: Subject) -> Iterator[str]:
    """The stock pipeline goes first: what we do to its parts changes them."""
    plan = subject.plan
    pipeline = subject.stock()
    found = []
    for side_px in plan.ref_sides:
        form = Form.of(pipeline, side_px, plan)
        yield str(form)
        stock = stock_pace(pipeline, form.references, plan)
        yield _line("stock FIFO", stock, form)
        found.append((form, stock))
    denoiser = Watched(subject.ours())
    for form, stock in found:
        yield str(form)
        for batch in plan.batches:
            ours = our_pace(denoiser, form.references, batch, plan)
            yield f"{_line(f'ours, batch {batch}', ours, form)}  {ours.rate / stock.rate:5.2f} x stock"


def stock_pace(pipeline: Any, references: References, plan: Plan) -> Pace:
    """The words read for each job, PIL pictures in and out."""
    images = [Image.fromarray(image) for image in references.images]
    width, height = references.canvas
    tokens: list[int] = []

    def count(_: Any, __: Any, seen: dict[str, Any]) -> None:
        tokens.append(seen["hidden_states"].shape[1] + seen["encoder_hidden_states"].shape[1])

    def paint(seed: int) -> None:
        pipeline(
            image=images,
            prompt=VIKING.prompt,
            height=height,
            width=width,
            num_inference_steps=plan.steps,
            guidance_scale=1.0,
            generator=torch.Generator().manual_seed(seed),
        )

    hook = pipeline.transformer.register_forward_pre_hook(count, with_kwargs=True)
    paint(0)
    hook.remove()
    seconds, start_s = [], perf_counter()
    for seed in range(min(plan.jobs, MOST_STOCK_JOBS)):
        begun_s = perf_counter()
        paint(seed)
        seconds.append(perf_counter() - begun_s)
    return Pace(seconds, perf_counter() - start_s, max(tokens), peak_gb=_peak_gb(plan))


def our_pace(denoiser: Watched[Any, Any], references: References, batch: int, plan: Plan) -> Pace:
    """As many jobs aboard as one batch has room for, until all are done."""
    wishes = [denoiser.prepare(order(number), references) for number in range(_whole(plan.jobs, batch))]
    batcher = Batcher(denoiser, batch, static=plan.compiled)
    if not batcher.warm(wishes[:1], math.inf):
        raise SystemExit("There is too little memory for one picture.")
    denoiser.forget()
    waiting, joined, seconds, failures = deque(wishes), {}, [], 0
    start_s = perf_counter()
    while waiting or len(batcher):
        while waiting and len(batcher) < batch:
            wish = waiting.popleft()
            joined[wish.id] = perf_counter()
            batcher.join(wish.id, wish, nobody, math.inf)
        for job_id, drawn in batcher.step():
            if isinstance(drawn, Drawn):
                seconds.append(perf_counter() - joined[job_id])
            else:
                failures += 1
    wall_s = perf_counter() - start_s
    row = denoiser.begin(wishes[0])
    tokens = row.latents.shape[1] + row.seen.shape[1] + row.words.shape[1]
    step_s = batcher.table.seconds(denoiser.bucket(row), batch)
    return Pace(seconds, wall_s, tokens, failures, denoiser.mean_batch, step_s, _peak_gb(plan))


def _whole(jobs: int, batch: int) -> int:
    """Full batches only, and two at least."""
    return max(2, math.ceil(jobs / batch)) * batch


def _peak_gb(plan: Plan) -> float:
    """Since it was last asked."""
    if not plan.on_card:
        return 0.0
    peak_gb = torch.cuda.max_memory_allocated(plan.device) / 1e9
    torch.cuda.reset_peak_memory_stats(plan.device)
    return peak_gb


def _line(what: str, pace: Pace, form: Form) -> str:
    more = "" if math.isnan(pace.step_s) else f"  {pace.batch:.1f} rows a step, {1000 * pace.step_s:.0f} ms a full one"
    more += f"  peak {pace.peak_gb:.0f} GB" if pace.peak_gb else ""
    return f"{what:<16}{pace}{more}  {form.floor_s * pace.rate:5.0%} of the floor"
