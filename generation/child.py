"""A worker process's own side: lives as long as its parent, takes jobs from a pipe, one or many at once, answers each.

Knows nothing of what it renders. Nobody imports this: pools.process starts a fresh interpreter with it.
"""

import contextlib
import ctypes
import faulthandler
import logging
import os
import resource
import select
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from generation.errors import UserError
from generation.job import Failed, Job, Progress
from generation.painter import Painter, PainterUnusable
from generation.pools.wire import (
    Cancel,
    Down,
    Forget,
    Readable,
    Ready,
    Setup,
    Unusable,
    Up,
    packed_answer,
    read_order,
)
from generation.styles.style import Style

if TYPE_CHECKING:
    from generation.stream import Stream

NICENESS = 5  # the bot answers first
OOM_SCORE = "500"  # and is killed last when the machine runs out of memory
REST_AFTER_S = 2.0  # without a job; then memory goes back to the machine
REMEMBERED_S = 300.0  # after that long without a job on a photo, nothing is left of it in memory
PR_SET_PDEATHSIG = 1  # linux/prctl.h
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # glibc's malloc.h
KEPT_BYTES = 1 << 30
LEAST_READERS = 2  # of photos, beside an engine that mostly waits for its device
LARGEST_KEPT_BYTES = 1 << 25  # glibc takes no more

NextOrder = Callable[[Callable[[], None]], Down | None]
"""Waits for the pool's next message, and now and then calls what tidies up meanwhile."""


def main(pipe_number: int) -> None:
    with socket.socket(fileno=pipe_number) as pipe, pipe.makefile("rb", buffering=0) as orders:
        pipe.set_inheritable(False)
        setup = read_order(orders)
        if not isinstance(setup, Setup):
            return
        _live_and_die_with(setup.parent, pipe)
        _be_modest(setup.threads)
        logging.basicConfig(level=logging.INFO, format="%(asctime)s worker %(levelname)s %(name)s: %(message)s")
        say = _mouth(pipe)
        if setup.painter is not None:
            _paint(setup, setup.painter, say, orders)
        else:
            keep_freed_memory()
            _serve(setup, say, lambda tidy: _next_order(pipe, orders, tidy))


def _mouth(pipe: socket.socket) -> Callable[[Up], None]:
    """Says one thing at a time, whichever thread says it."""
    lock = threading.Lock()

    def say(message: Up) -> None:
        packed = packed_answer(message)
        with lock:
            pipe.sendall(packed)

    return say


def _next_order(pipe: socket.socket, orders: Readable, tidy: Callable[[], None]) -> Down | None:
    while not select.select([pipe], [], [], REST_AFTER_S)[0]:
        tidy()
        _give_memory_back()
    return read_order(orders)


def _serve(setup: Setup, say: Callable[[Up], None], next_order: NextOrder) -> None:
    from generation.worker import Worker  # only now: libraries read the number of threads when they are loaded

    _limit_opencv(setup.threads)
    worker = Worker(setup.device, setup.models)
    say(Ready(worker.warm(_one_of_each_pack() if setup.warm is None else setup.warm)))
    worker.forget()
    while isinstance(order := next_order(lambda: worker.forget(REMEMBERED_S)), Job | Forget):
        if isinstance(order, Forget):
            worker.forget()
            continue
        name = order.id
        answer = worker.answer(order, lambda share: say(Progress(name, share)))  # noqa: B023 - used before the next round
        say(Failed(name, answer) if isinstance(answer, UserError) else answer)


def _paint(setup: Setup, painter: Painter, say: Callable[[Up], None], orders: Readable) -> None:
    from generation.engine import load_painter  # only now, as above
    from generation.stream import Stream, tried_out

    _limit_opencv(setup.threads)
    try:
        engine = load_painter(painter, setup.device, setup.models, setup.engine)
    except PainterUnusable as error:
        say(Unusable(str(error)))
        return
    say(Ready(tried_out(engine, _one_to_paint() if setup.warm is None else setup.warm)))
    stream = Stream(engine, say, max(LEAST_READERS, setup.threads))
    threading.Thread(target=_hand_on, args=(orders, stream), daemon=True).start()
    stream.run()


def _hand_on(orders: Readable, stream: "Stream") -> None:
    """Until the pool is gone."""
    while isinstance(order := read_order(orders), Job | Cancel | Forget):
        if isinstance(order, Job):
            stream.take(order)
        elif isinstance(order, Cancel):
            stream.cancel(order.job)
        else:
            stream.forget()
    stream.close()


def _one_to_paint() -> tuple[Style, ...]:
    from generation.styles import read_catalogue

    return tuple(style for style in read_catalogue().styles.values() if style.prompt)[:1]


def _one_of_each_pack() -> tuple[Style, ...]:
    """Together they run every network, matte and kind of drawing once."""
    from generation.styles import read_catalogue

    return tuple(styles[0] for styles in read_catalogue().packs().values())


def _live_and_die_with(parent: int, pipe: socket.socket) -> None:
    """End at once when the parent does, even killed: no worker may render for nobody."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's to handle, also when a supervisor signals everyone
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before that
        os._exit(1)
    threading.Thread(target=_wait_for_the_end, args=(pipe.fileno(),), daemon=True).start()


def _wait_for_the_end(pipe_number: int) -> None:
    poll = select.poll()
    poll.register(pipe_number, 0)  # asks for nothing but the hang-up, which is always told
    poll.poll()
    os._exit(1)


def _be_modest(threads: int) -> None:
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would keep somebody's photo
    faulthandler.enable()
    with contextlib.suppress(OSError):  # not on every system
        Path("/proc/self/oom_score_adj").write_text(OOM_SCORE)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(threads)


def keep_freed_memory() -> None:
    """Let the next canvas take the last one's pages: fetching fresh ones takes an eighth of a render's time."""
    with contextlib.suppress(AttributeError, OSError):  # not glibc
        libc = ctypes.CDLL("libc.so.6")
        libc.mallopt(M_MMAP_THRESHOLD, LARGEST_KEPT_BYTES)
        libc.mallopt(M_TRIM_THRESHOLD, KEPT_BYTES)


def _give_memory_back() -> None:
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def _limit_opencv(threads: int) -> None:
    import cv2

    cv2.setNumThreads(threads)
