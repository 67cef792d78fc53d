"""Many jobs at once on one batched engine, each read before and labelled after. Knows no pool, process or network.

    take ──► read, prepare ──► wait for room ──► begin, step, step … ──► label ──► say
    any       a few threads                the engine's one thread      threads

What is said is Progress, then one Picture or Failed for each job, unless it was cancelled.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

from generation.clock import Clock
from generation.engine import BatchedEngine, Finish, Remembers, Rendering, Report
from generation.errors import RenderFailed, UserError
from generation.job import Answer, Failed, Job, Picture, Progress
from generation.photo import Photo, read_photo
from generation.progress import ENGINE_BEGINS, ENGINE_ENDS, in_steps, of_engine
from generation.styles.style import Style
from generation.worker import WARM_PHOTO, called, finished, fit_to_travel, guarded

log = logging.getLogger(__name__)

Say = Callable[[Answer], None]
"""May be called from several threads at once."""


def tried_out(engine: BatchedEngine, styles: Iterable[Style]) -> bool:
    """Paint a small photo in each style, so that nobody's first photo waits. False: one did not come out."""
    photo = WARM_PHOTO.read_bytes()
    jobs = [Job("warm-up", style, (photo,), style.strength, seed=0) for style in styles]
    return all([_comes_out(engine, job) for job in jobs])


def _comes_out(engine: BatchedEngine, job: Job) -> bool:
    end = painted_alone(engine, job)
    if isinstance(end, Failed):
        log.error("the trial picture in style %s failed: %s", job.style.name, end.error)
    return isinstance(end, Picture)


def painted_alone(engine: BatchedEngine, job: Job) -> Answer:
    """What becomes of one job with nobody beside it."""
    answers: list[Answer] = []

    def hear(answer: Answer) -> None:
        answers.append(answer)
        if not isinstance(answer, Progress):
            stream.close()

    stream = Stream(engine, hear, threads=1)
    stream.take(job)
    stream.run()
    return answers[-1]


class Stream:
    """`run` belongs to the thread that loaded the engine; every other method may be called from any.

    A bug in reading, preparing or labelling costs its job; one in a step, all that are in the engine.

    Args:
        threads: how many photos are read, or pictures labelled, at the same time.
    """

    def __init__(self, engine: BatchedEngine, say: Say, threads: int = 2) -> None:
        self._engine = engine
        self._say = say
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="photos")
        self._news: SimpleQueue[Callable[[], None]] = SimpleQueue()  # for the engine's thread, which owns what follows
        self._open = True
        self._aboard: dict[str, _Errand] = {}  # until they end or are labelled
        self._ready: list[_Errand] = []  # wait for room in the engine, the oldest first
        self._painting: dict[str, _Errand] = {}  # in the engine

    def take(self, job: Job) -> None:
        """No two jobs with the same id at the same time."""
        errand = _Errand(job, in_steps(lambda share: self._say(Progress(job.id, share))))
        self._news.put(partial(self._read, errand))

    def cancel(self, job_id: str) -> None:
        """Nothing of a job that is not labelled yet will be said; it leaves the engine at the next step's border."""
        self._news.put(partial(self._drop, job_id))

    def forget(self) -> None:
        """Have the engine drop what it remembers of anybody's photos."""
        self._news.put(self._forget)

    def close(self) -> None:
        """Have `run` end after the step under way, without a word to anybody who waits."""
        self._news.put(self._stop)

    def run(self) -> None:
        """Until it is closed. Without a job it sleeps."""
        while self._open:
            self._hear_news()
            self._fill_engine()
            if self._painting:
                self._step()
        self._threads.shutdown(cancel_futures=True)

    def _hear_news(self) -> None:
        """All there are; wait for some if there is nothing else to do."""
        if not self._painting and not self._ready:
            self._news.get()()
        with suppress(Empty):
            while True:
                self._news.get_nowait()()

    def _stop(self) -> None:
        self._open = False

    def _forget(self) -> None:
        if isinstance(self._engine, Remembers):
            self._engine.forget()

    def _read(self, errand: _Errand) -> None:
        self._aboard[errand.job.id] = errand
        self._threads.submit(self._prepare, errand)

    def _prepare(self, errand: _Errand) -> None:
        """In any thread."""
        refused = guarded(called(errand.job), partial(errand.prepare, self._engine))
        self._news.put(partial(self._line_up, errand, refused))

    def _line_up(self, errand: _Errand, refused: UserError | None) -> None:
        if self._aboard.get(errand.job.id) is not errand:
            return  # it was cancelled meanwhile
        if refused:
            self._fail(errand, refused)
        else:
            self._ready.append(errand)

    def _fill_engine(self) -> None:
        """As far as it has room; one that has no job takes one."""
        while self._ready and (not self._painting or self._engine.room > 0):
            errand = self._ready.pop(0)
            self._painting[errand.job.id] = errand
            if refused := guarded(called(errand.job), partial(errand.begin, self._engine)):
                self._leave_engine(errand)  # it may be half in
                self._fail(errand, refused)

    def _step(self) -> None:
        ended = guarded(f"a step of {len(self._painting)} jobs", self._engine.step)
        if isinstance(ended, UserError):
            self._lose_all()
            return
        for job_id, outcome in ended:
            if errand := self._painting.pop(job_id, None):
                self._end(errand, outcome)

    def _end(self, errand: _Errand, outcome: Rendering | Finish | UserError) -> None:
        if isinstance(outcome, UserError):
            self._fail(errand, fit_to_travel(called(errand.job), outcome))
            return
        del self._aboard[errand.job.id]
        self._threads.submit(self._label, errand, outcome)

    def _label(self, errand: _Errand, rendering: Rendering | Finish) -> None:
        """In any thread."""
        picture = guarded(called(errand.job), partial(errand.label, rendering))
        self._say(Failed(errand.job.id, picture) if isinstance(picture, UserError) else picture)

    def _lose_all(self) -> None:
        """Nothing is known of the engine after a step that raised, but that it shall be empty."""
        for errand in list(self._painting.values()):
            self._leave_engine(errand)
            self._fail(errand, RenderFailed())

    def _fail(self, errand: _Errand, error: UserError) -> None:
        del self._aboard[errand.job.id]
        self._say(Failed(errand.job.id, error))

    def _drop(self, job_id: str) -> None:
        errand = self._aboard.pop(job_id, None)
        if errand is None:
            return
        if job_id in self._painting:
            self._leave_engine(errand)
        elif errand in self._ready:
            self._ready.remove(errand)

    def _leave_engine(self, errand: _Errand) -> None:
        """Between two steps."""
        del self._painting[errand.job.id]
        guarded(called(errand.job), partial(self._engine.cancel, errand.job.id))


@dataclass(eq=False, slots=True)
class _Errand:
    """A job on its way, and what became of it so far. One thread at a time has it."""

    job: Job
    report: Report
    clock: Clock = field(default_factory=Clock)
    photos: tuple[Photo, ...] = ()
    prepared: Any = None

    def prepare(self, engine: BatchedEngine) -> None:
        self.photos = tuple(read_photo(data) for data in self.job.photos)
        self.clock.stage("read")
        self.prepared = engine.prepare(self.job, self.photos)
        self.clock.stage("prepare")

    def begin(self, engine: BatchedEngine) -> None:
        self.clock.stage("wait")
        self.report(ENGINE_BEGINS)
        engine.begin(self.job, self.prepared, of_engine(self.report))
        self.prepared = None

    def label(self, rendering: Rendering | Finish) -> Picture:
        if not isinstance(rendering, Rendering):
            rendering = rendering()
        self.clock.stages_of(rendering)
        self.report(ENGINE_ENDS)
        return finished(self.job, self.photos[0], rendering, self.clock, self.report)
