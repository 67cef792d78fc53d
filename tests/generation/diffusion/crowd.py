"""Many people at a simulated card, by a clock that only moves when a step is taken."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from generation.engines.diffusion.batcher import Batcher
from tests.generation.diffusion.counting import Counting, Tally, Wish

STEPS = 4
StepTime = Callable[[int], float]


@dataclass(frozen=True)
class Served:
    """times: each person's wait, in pictures' times alone. rate: pictures a second, as a share of the most there is."""

    times: np.ndarray
    rate: float


def serve(step_s: tuple[float, float], load: float, max_batch: int, people: int = 800) -> Served:
    """Poisson arrivals at that share of the most pictures a second, whoever waits for room in the order they came.

    Args:
        step_s: a step's time, of any pass and of each row in it.
    """
    model = Counting(step_s=step_s)
    batcher: Batcher[Wish, Tally] = Batcher(model, max_batch, clock=model.clock)
    batcher.warm([Wish("warm", STEPS)], within_s=1e9)
    most = max_batch / (STEPS * (step_s[0] + step_s[1] * max_batch))
    came = _arrivals(model.clock.now_s, load * most, people)
    coming, waiting = deque(came), deque[str]()
    done: dict[str, float] = {}
    start_s = model.clock.now_s
    while len(done) < people:
        while coming and came[coming[0]] <= model.clock.now_s:
            waiting.append(coming.popleft())
        while waiting and (not len(batcher) or batcher.room > 0):
            who = waiting.popleft()
            batcher.join(who, Wish(who, STEPS), lambda share: None, 60 - (model.clock.now_s - came[who]))
        if not len(batcher):
            model.clock.now_s = came[coming[0]]
            continue
        done |= {who: model.clock.now_s for who, _ in batcher.step()}
    alone_s = STEPS * sum(step_s)
    times = np.asarray([(done[who] - came[who]) / alone_s for who in came])
    return Served(times, people / (model.clock.now_s - start_s) / most)


def one_by_one(load: float, people: int = 800) -> np.ndarray:
    """The same people's times if each is served alone, in the order they came: the least there is, on a card where
    twice the rows take twice the time (a queue M/D/1)."""
    free_at, times = 0.0, []
    for came in _arrivals(0.0, load, people).values():
        free_at = max(free_at, came) + 1
        times.append(free_at - came)
    return np.asarray(times)


def _arrivals(start_s: float, rate: float, people: int) -> dict[str, float]:
    chance, now_s, came = random.Random(1), start_s, {}
    for number in range(people):
        now_s += chance.expovariate(rate)
        came[str(number)] = now_s
    return came
