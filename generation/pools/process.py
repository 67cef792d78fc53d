"""One worker process as its parent sees it: started, given one job at a time, ended. Knows no queue.

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
from typing import Self

import psutil

from generation.errors import UserError
from generation.job import Job, Picture, Progress
from generation.pools import OnProgress
from generation.pools.wire import (
    LENGTH,
    Down,
    Forget,
    NotOurs,
    Ready,
    Setup,
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


class WorkerProcess:
    """Made by `start`. Once a method raised or was cancelled, only `end` is left to call."""

    def __init__(self, process: "subprocess.Popen[bytes]", reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self.pid = process.pid
        self.warm = False
        self._process = process
        self._reader = reader
        self._writer = writer
        self._killed_for = ""
        self._ended_itself = False

    @classmethod
    async def start(cls, setup: Setup, timeout_s: float) -> Self:
        """A process that is ready for jobs.

        Raises:
            WorkerDied: it ended, or was not ready in time.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            reader, writer = await asyncio.open_connection(sock=ours)
            try:
                worker = cls(_spawn(theirs), reader, writer)
            except OSError as error:  # no memory or no process number left
                writer.close()
                raise WorkerDied(str(error)) from error
        try:
            async with asyncio.timeout(timeout_s):
                await worker._send(setup)
                ready = await worker._receive()
            if not isinstance(ready, Ready):
                raise WorkerDied(f"it said {type(ready).__name__} before it was ready")
        except TimeoutError as error:
            await worker.end()
            raise WorkerDied(f"it was not ready within {timeout_s:g} s") from error
        except BaseException:
            await worker.end()
            raise
        worker.warm = ready.warm
        return worker

    @property
    def alive(self) -> bool:
        return not self._killed_for and not self._reader.at_eof()

    async def ask(self, job: Job, on_progress: OnProgress, timeout_s: float, memory_mb: float) -> Picture | UserError:
        """What became of the job.

        Raises:
            WorkerDied: the process died, or was killed here for taking too long or too much memory.
        """
        watch = asyncio.create_task(self._watch_memory(memory_mb))
        try:
            async with asyncio.timeout(timeout_s):
                await self._send(job)
                while isinstance(message := await self._receive(), Progress):
                    on_progress(message)
        except TimeoutError as error:
            raise WorkerDied(f"it gave no answer within {timeout_s:g} s") from error
        finally:
            watch.cancel()
        if isinstance(message, Ready):
            raise WorkerDied("it said Ready in the middle of a job")
        return message

    def forget(self) -> None:
        """Have it drop what it remembers of photos, as soon as it has no job."""
        if self.alive:
            self._writer.write(packed_order(Forget()))

    def kill(self, why: str) -> None:
        """At once, with every process it started. `end` must follow."""
        if not self._killed_for:
            self._killed_for = why
            self._ended_itself = self._reader.at_eof()
            with contextlib.suppress(ProcessLookupError, PermissionError):  # a zombie is beyond killing
                os.killpg(self.pid, signal.SIGKILL)  # its own group: it was started as a leader, and is not reaped yet

    async def end(self) -> None:
        """Kill it and wait until nothing of it is left. When cancelled, call it again."""
        self.kill("it is not needed any more")
        self._writer.transport.abort()
        await asyncio.sleep(0)  # that closes the pipe in the loop's next round
        while self._process.poll() is None:  # noqa: ASYNC110 - no event tells it on every system
            await asyncio.sleep(REAP_EVERY_S)
        if self._ended_itself:
            log.error("worker process %d ended by itself with status %s", self.pid, self._process.returncode)

    async def _send(self, message: Down) -> None:
        try:
            self._writer.write(packed_order(message))
            await self._writer.drain()
        except OSError as error:
            raise WorkerDied(self._killed_for or "it died before it took the job") from error

    async def _receive(self) -> Up:
        try:
            head = await self._reader.readexactly(LENGTH.size)
            return unpacked_answer(await self._reader.readexactly(length_of(head)))
        except (asyncio.IncompleteReadError, OSError) as error:
            raise WorkerDied(self._killed_for or "it died") from error
        except NotOurs as error:
            raise WorkerDied(f"it said something odd: {error}") from error

    async def _watch_memory(self, limit_mb: float) -> None:
        with contextlib.suppress(psutil.Error):  # gone already: the pipe tells
            process = psutil.Process(self.pid)
            while 0 < (used_mb := process.memory_info().rss / 2**20) <= limit_mb:  # noqa: ASYNC110
                await asyncio.sleep(LOOK_EVERY_S)
            # None at all: it died, but a process it had forked holds the pipe open.
            self.kill(f"it used {used_mb:.0f} MB of {limit_mb:.0f} MB" if used_mb else "it died")


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
