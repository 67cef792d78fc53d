"""What batching itself costs: the scheduler's time beside the model's, how soon a job begins, how soon one is gone."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import numpy as np

from bench.generation_serve import Crowd, through
from bench.generation_subject import Plan, Subject, noise_references, order, selfie
from bench.generation_watch import Watched, WatchedEngine
from generation.engines.diffusion.batcher import Batcher
from generation.engines.diffusion.engine import Prepared
from generation.engines.diffusion.references import Cutter
from generation.face.finder import FaceFinder
from generation.job import Answer, Progress
from generation.progress import ENGINE_BEGINS, nobody
from generation.stream import Stream

SCHEDULER_MS, ADMISSION_MS = 1, 50
"""What is asked for: of a step and job; from a job's admission to its first step."""

MANY_STEPS = 200
"""Of a job that is stopped on its way."""


@dataclass
class Impatient(Crowd):
    """Knows when a picture is under way."""

    begun: threading.Event = field(default_factory=threading.Event)

    def hear(self, answer: Answer) -> None:
        super().hear(answer)
        if isinstance(answer, Progress) and answer.share > ENGINE_BEGINS:
            self.begun.set()


def overhead_lines(subject: Subject) -> Iterator[str]:
    plan = subject.plan
    subject.stock()
    cutter = Cutter(FaceFinder(plan.faces).load(), plan.size_px, plan.ref_sides[0], plan.refs)
    denoiser = Watched(subject.ours())
    yield "milliseconds: median, and 9 of 10 below"
    for batch in plan.batches:
        yield from _scheduler(denoiser, cutter, batch, plan)
    yield from _from_the_photo(_engine(denoiser, cutter, max(plan.batches)), plan)
    yield _cancelled(_engine(Watched(subject.ours(MANY_STEPS)), cutter, max(plan.batches)), plan)


def _engine(denoiser: Watched[Any, Any], cutter: Cutter, batch: int) -> WatchedEngine:
    return WatchedEngine(denoiser, cutter, Batcher(denoiser, batch))


def _scheduler(denoiser: Watched[Any, Any], cutter: Cutter, batch: int, plan: Plan) -> Iterator[str]:
    """As many aboard as one batch has room for; each step less the time inside the denoiser, by those who took it."""
    engine, references = _engine(denoiser, cutter, batch), noise_references(plan, plan.ref_sides[0])
    jobs = [order(number) for number in range(max(plan.jobs, 4 * batch))]
    engine.batcher.warm([denoiser.prepare(jobs[0], references)], math.inf)
    denoiser.forget()
    own_ms, coming, aboard = [], iter(jobs), 0
    while True:
        while aboard < batch and (job := next(coming, None)):
            engine.begin(job, Prepared(denoiser.prepare(job, references), references, 0.0), nobody)
            aboard += 1
        if not aboard:
            break
        busy_s, start_s = denoiser.busy_s, perf_counter()
        ended = engine.step()
        spent_s = perf_counter() - start_s - (denoiser.busy_s - busy_s)
        own_ms.append(1000 * spent_s / len(set(denoiser.passes[-1].rows)))
        aboard -= len(ended)
    yield _line(f"{batch} aboard: scheduler, a step and job", own_ms, f"asked: < {SCHEDULER_MS}")
    model_ms = [1000 * each.seconds for each in denoiser.passes]
    yield _line(f"{batch} aboard: the model's step", model_ms, f"of {denoiser.mean_batch:.1f} rows")


def _from_the_photo(engine: WatchedEngine, plan: Plan) -> Iterator[str]:
    """A job that comes alone, to its first step: from its bytes, and from when the engine takes it."""
    denoiser, photos = engine.denoiser, (selfie(plan),) * plan.refs
    assert isinstance(denoiser, Watched)
    denoiser.forget()

    def come(crowd: Crowd, stream: Stream) -> None:
        for number in range(plan.jobs):
            crowd.ask(stream, number, photos, plan.within_s)

    crowd = through(engine, Crowd(at_once=1), come)
    for what, from_s, asked in (
        ("admission to first step", engine.taken_s, f"asked: < {ADMISSION_MS}"),
        ("photo's bytes to first step, face found", crowd.asked_s, ""),
    ):
        yield _line(what, [1000 * (denoiser.first_step_s(job) - start_s) for job, start_s in from_s.items()], asked)


def _cancelled(engine: WatchedEngine, plan: Plan) -> str:
    photos, gone_ms = (selfie(plan),) * plan.refs, []

    def stop(crowd: Crowd, stream: Stream) -> None:
        assert isinstance(crowd, Impatient)
        for number in range(plan.jobs):
            crowd.begun.clear()
            stream.take(job := order(number, photos))
            crowd.begun.wait()
            stopped_s = perf_counter()
            stream.cancel(job.id)
            while job.id not in engine.left_s:
                time.sleep(0.0002)
            gone_ms.append(1000 * (engine.left_s[job.id] - stopped_s))

    through(engine, Impatient(), stop)
    return _line("cancelled to gone, a step under way", gone_ms)


def _line(what: str, found_ms: list[float], asked: str = "") -> str:
    p50, p90 = np.percentile(found_ms, [50, 90])
    return f"{what:<42}{p50:8.3f}{p90:9.3f}  {asked}".rstrip()
