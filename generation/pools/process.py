"""One worker process as its parent sees it: started, given jobs, one or many at a time, ended. Knows no queue.

Not multiprocessing's: that imports the bot's main module again in every child, and starts a helper process.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from typing import Self

import psutil

from generation.errors import UserError
from generation.job import Answer, Failed, Job, Picture, Progress
from generation.pools import OnProgress
from generation.pools.wire import (
    LENGTH,
    Cancel,
    Down,
    Forget,
    NotOurs,
    Ready,
    Setup,
    Unusable,
    Up,
    length_of,
    packed_order,
    unpacked_answer,
)

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.2
REAP_EVERY_S = 0.005
STDERR = 2


class WorkerDied(Exception):
    """The process is gone or must go; the text says why, for the log."""


Mailbox = asyncio.Queue[Answer | WorkerDied]


class WorkerProcess:
    """Made by `start`. `end` must follow, whatever became of it.

    Attributes:
        warm: its trial pictures came out.
        heard_at: when it last said anything, by time.monotonic().
        lost: set when it died or was killed.
        lost_for: why; "" before that.
    """

    def __init__(
        self,
        process: "subprocess.Popen[bytes]",
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        memory_mb: float,
    ) -> None:
        self.pid = process.pid
        self.warm = False
        self.heard_at = time.monotonic()
        self.lost = asyncio.Event()
        self.lost_for = ""
        self._process = process
        self._reader = reader
        self._writer = writer
        self._memory_mb = memory_mb
        self._mailboxes: dict[str, Mailbox] = {}  # by the job
        self._ear: asyncio.Task[None] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._ended_itself = False

    @classmethod
    async def start(cls, setup: Setup, timeout_s: float, memory_mb: float) -> Self:
        """A process that is ready for jobs.

        Args:
            memory_mb: what it may use of the machine's memory while it has a job.

        Raises:
            WorkerDied: it ended, was not ready in time, or said that it cannot be.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            reader, writer = await asyncio.open_connection(sock=ours)
            try:
                worker = cls(_spawn(theirs), reader, writer, memory_mb)
            except OSError as error:  # no memory or no process number left
                writer.close()
                raise WorkerDied(str(error)) from error
        try:
            async with asyncio.timeout(timeout_s):
                await worker._be_ready(setup)
        except TimeoutError as error:
            await worker.end()
            raise WorkerDied(f"it was not ready within {timeout_s:g} s") from error
        except BaseException:
            await worker.end()
            raise
        return worker

    @property
    def alive(self) -> bool:
        return not self.lost.is_set() and not self._reader.at_eof()

    async def ask(self, job: Job, on_progress: OnProgress) -> Picture | UserError:
        """What became of the job. Whoever leaves before that, cancels the job. No two with the same id at a time.

        Raises:
            WorkerDied: the process died, or was killed for whatever reason.
        """
        if not self.alive:
            raise WorkerDied(self.lost_for or "it died before it took the job")
        mailbox = self._mailboxes[job.id] = Mailbox()
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._watch_memory())
        answer: Answer | WorkerDied | None = None
        try:
            await self._send(job)
            while isinstance(answer := await mailbox.get(), Progress):
                on_progress(answer)
        finally:
            del self._mailboxes[job.id]
            if answer is None or isinstance(answer, Progress):
                self._tell(Cancel(job.id))
        if isinstance(answer, WorkerDied):
            raise answer
        return answer.error if isinstance(answer, Failed) else answer

    def forget(self) -> None:
        """Have it drop what it remembers of photos, as soon as it can."""
        self._tell(Forget())

    def kill(self, why: str) -> None:
        """At once, with every process it started; who asked it hears of it. `end` must follow."""
        if self.lost_for:
            return
        self.lost_for = why
        self._ended_itself = self._reader.at_eof()
        with contextlib.suppress(ProcessLookupError, PermissionError):  # a zombie is beyond killing
            os.killpg(self.pid, signal.SIGKILL)  # its own group: it was started as a leader, and is not reaped yet
        for mailbox in self._mailboxes.values():
            mailbox.put_nowait(WorkerDied(why))
        self.lost.set()

    async def end(self) -> None:
        """Kill it and wait until nothing of it is left. When cancelled, call it again."""
        self.kill("it is not needed any more")
        for task in filter(None, (self._ear, self._watch)):
            task.cancel()
        self._writer.transport.abort()
        await asyncio.sleep(0)  # that closes the pipe in the loop's next round
        while self._process.poll() is None:  # noqa: ASYNC110 - no event tells it on every system
            await asyncio.sleep(REAP_EVERY_S)
        if self._ended_itself:
            log.error("worker process %d ended by itself with status %s", self.pid, self._process.returncode)

    async def _be_ready(self, setup: Setup) -> None:
        await self._send(setup)
        first = await self._receive()
        if isinstance(first, Unusable):
            raise WorkerDied(first.text)
        if not isinstance(first, Ready):
            raise WorkerDied(f"it said {type(first).__name__} before it was ready")
        self.warm = first.warm
        self._ear = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        """Hand on what it says to whoever asked, until it is lost."""
        try:
            while isinstance(answer := await self._receive(), Answer):
                self.heard_at = time.monotonic()
                if mailbox := self._mailboxes.get(answer.job):  # else nobody waits for it any more
                    mailbox.put_nowait(answer)
            self.kill(f"it said {type(answer).__name__} when it was ready already")
        except WorkerDied as error:
            self.kill(str(error))

    def _tell(self, message: Down) -> None:
        if self.alive:
            self._writer.write(packed_order(message))

    async def _send(self, message: Down) -> None:
        try:
            self._writer.write(packed_order(message))
            await self._writer.drain()
        except OSError as error:
            raise WorkerDied(self.lost_for or "it died before it took the job") from error

    async def _receive(self) -> Up:
        try:
            head = await self._reader.readexactly(LENGTH.size)
            return unpacked_answer(await self._reader.readexactly(length_of(head)))
        except (asyncio.IncompleteReadError, OSError) as error:
            raise WorkerDied(self.lost_for or "it died") from error
        except NotOurs as error:
            raise WorkerDied(f"it said something odd: {error}") from error

    async def _watch_memory(self) -> None:
        """While it has a job."""
        with contextlib.suppress(psutil.Error):  # gone already: the pipe tells
            process = psutil.Process(self.pid)
            while self._mailboxes:
                used_mb = process.memory_info().rss / 2**20
                if not used_mb:  # it died, but a process it had forked holds the pipe open
                    self.kill("it died")
                elif used_mb > self._memory_mb:
                    self.kill(f"it used {used_mb:.0f} MB of {self._memory_mb:.0f} MB")
                await asyncio.sleep(LOOK_EVERY_S)


def threads_each(workers: int) -> int:
    """How many threads each of so many workers may use, if they share the cores that this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores // max(1, workers))


def _spawn(pipe: socket.socket) -> "subprocess.Popen[bytes]":
    """A fresh interpreter, which looks for modules where this one does, at the other end of the pipe."""
    code = f"import sys; sys.path[:] = {sys.path!r}; from generation.child import main; main({pipe.fileno()})"
    return subprocess.Popen(
        [sys.executable, "-c", code],
        pass_fds=[pipe.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=STDERR,  # what an engine prints is for the log, and stdout may be the operator's
        start_new_session=True,  # Ctrl-C is for the parent
    )
