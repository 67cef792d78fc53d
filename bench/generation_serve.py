"""People who come when they like: the real stream and engine, from photo to labelled picture, at several loads."""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from bench.generation_rates import stock_pace
from bench.generation_subject import Plan, Subject, order, selfie
from bench.generation_watch import Watched, WatchedEngine
from generation.engines.diffusion.batcher import Batcher
from generation.engines.diffusion.references import Cutter
from generation.face.finder import FaceFinder
from generation.job import Answer, Failed, Progress
from generation.photo import read_photo
from generation.pools.process import threads_each
from generation.stream import Stream

LONE = 5
"""Jobs that come alone, for the time that loads are compared with."""


@dataclass
class Crowd:
    """Everybody who asks: when they did, and when they had their answer, by perf_counter.

    Args:
        at_once: none asks while so many wait.
    """

    at_once: int = 1 << 30
    asked_s: dict[str, float] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    failures: int = 0
    _news: threading.Condition = field(default_factory=threading.Condition)

    def ask(self, stream: Stream, number: int, photos: tuple[bytes, ...], within_s: float) -> None:
        job = order(number, photos, within_s)
        with self._news:
            self._news.wait_for(lambda: self.waiting < self.at_once)
            self.asked_s[job.id] = perf_counter()
        stream.take(job)

    def hear(self, answer: Answer) -> None:
        if isinstance(answer, Progress):
            return
        with self._news:
            self.seconds[answer.job] = perf_counter() - self.asked_s[answer.job]
            self.failures += isinstance(answer, Failed)
            self._news.notify_all()

    def until_all_have_theirs(self) -> None:
        with self._news:
            self._news.wait_for(lambda: self.waiting == 0)

    @property
    def waiting(self) -> int:
        return len(self.asked_s) - len(self.seconds)

    @property
    def rate(self) -> float:
        ends = [self.asked_s[job] + seconds for job, seconds in self.seconds.items()]
        return (len(ends) - self.failures) / (max(ends) - min(self.asked_s.values()))

    def quantile(self, percent: float) -> float:
        return float(np.percentile(list(self.seconds.values()), percent))


def serve_lines(subject: Subject) -> Iterator[str]:
    plan = subject.plan
    photos = (selfie(plan),) * plan.refs
    cutter = Cutter(FaceFinder(plan.faces).load(), plan.size_px, plan.ref_sides[0], plan.refs)
    references = cutter.cut([read_photo(data) for data in photos], likeness=0.5)
    stock = stock_pace(subject.stock(), references, plan)
    yield f"{'stock FIFO':<16}{stock}  no photo read, nothing labelled"

    denoiser = Watched(subject.ours())
    batcher = Batcher(denoiser, max(plan.batches), static=plan.compiled)
    batcher.warm([denoiser.prepare(order(0), references)], math.inf)
    engine = WatchedEngine(denoiser, cutter, batcher)

    alone = through(engine, Crowd(at_once=1), lambda crowd, stream: _in_a_row(crowd, stream, LONE, photos, plan))
    lone_s = alone.quantile(50)
    full = through(
        engine,
        Crowd(at_once=2 * max(plan.batches)),
        lambda crowd, stream: _in_a_row(crowd, stream, max(plan.jobs, 4 * max(plan.batches)), photos, plan),
    )
    of_stock = full.rate / stock.rate
    yield f"{'ours, at most':<16}{full.rate:7.2f} pictures/s = {of_stock:.2f} x stock; one alone {lone_s:.3f} s"
    for percent in plan.loads:
        denoiser.forget()
        rate = full.rate * percent / 100
        crowd = through(engine, Crowd(), lambda crowd, stream, rate=rate: _poisson(crowd, stream, rate, photos, plan))
        yield _line(percent, crowd, lone_s, denoiser.mean_batch, plan)
        plain_s = queued_p95_s(rate, plan.jobs, 1 / full.rate) + max(0.0, lone_s - 1 / full.rate)
        stock_s = queued_p95_s(rate, plan.jobs, 1 / stock.rate)
        yield f"{'':<16}p95 computed: one by one at our pace {plain_s / lone_s:.2f} lone; stock FIFO {stock_s:.3f} s"


def through(engine: WatchedEngine, crowd: Crowd, feed: Callable[[Crowd, Stream], None]) -> Crowd:
    """Run a stream on that engine, in this thread, while `feed` asks in another; until all have their answers."""
    stream = Stream(engine, crowd.hear, threads=max(2, threads_each(1)))

    def come() -> None:
        try:
            feed(crowd, stream)
            crowd.until_all_have_theirs()
        finally:
            stream.close()

    thread = threading.Thread(target=come)
    thread.start()
    stream.run()
    thread.join()
    return crowd


def _in_a_row(crowd: Crowd, stream: Stream, jobs: int, photos: tuple[bytes, ...], plan: Plan) -> None:
    for number in range(jobs):
        crowd.ask(stream, number, photos, plan.within_s)


def _poisson(crowd: Crowd, stream: Stream, rate: float, photos: tuple[bytes, ...], plan: Plan) -> None:
    start_s = perf_counter()
    for number, due_s in enumerate(_arrivals(rate, plan.jobs)):
        time.sleep(max(0.0, start_s + due_s - perf_counter()))
        crowd.ask(stream, number, photos, plan.within_s)


def _arrivals(rate: float, jobs: int) -> Iterator[float]:
    """Seconds from the start; the same crowd in every run."""
    dice, at_s = random.Random(0), 0.0
    for _ in range(jobs):
        at_s += dice.expovariate(rate)
        yield at_s


def queued_p95_s(rate: float, jobs: int, each_s: float) -> float:
    """What the same crowd would wait if pictures were made one by one, each in `each_s` and in the order they came."""
    free_s, waits = 0.0, []
    for at_s in _arrivals(rate, jobs):
        free_s = max(free_s, at_s) + each_s
        waits.append(free_s - at_s)
    return float(np.percentile(waits, 95))


def _line(percent: int, crowd: Crowd, lone_s: float, batch: float, plan: Plan) -> str:
    p50, p95 = crowd.quantile(50), crowd.quantile(95)
    late = sum(seconds > plan.within_s for seconds in crowd.seconds.values())
    return (
        f"load {percent:>3} %      {crowd.rate:7.2f} pictures/s  p50 {p50:6.3f} s = {p50 / lone_s:.2f} lone  "
        f"p95 {p95:6.3f} s = {p95 / lone_s:.2f} lone  batches of {batch:.1f}  {crowd.failures} failed  {late} late"
    )
