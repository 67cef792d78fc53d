"""Paints many pictures at once in plain numpy, and does to each job what its prompt says.

"in 7 steps", and also "kill", "hang", "raise", "refuse", "babble", "wrong pixels", "two faces", "bug in prepare",
"bug in begin", "finish later", "bug in finish": words that may stand together. A finished picture's stages tell how
many jobs were aboard at most, and how often the engine was told to forget.
"""

import contextlib
import os
import re
import signal
import stat
import threading
import time
from functools import partial

import numpy as np

from generation.engine import Rendering
from generation.errors import ManyFaces, PainterFull
from generation.label.kinds import Kind

ROOM = 8
STEP_S = 0.01


class Engine:
    def __init__(self):
        self.aboard = {}
        self.most_aboard = 0
        self.steps = 0
        self.forgotten = 0
        self.cancelled = []
        self.threads = {"prepare": set(), "engine": set(), "finish": set()}

    @property
    def room(self):
        return ROOM - len(self.aboard)

    def prepare(self, job, photos):
        self.threads["prepare"].add(threading.get_ident())
        if "bug in prepare" in job.style.prompt:
            raise ZeroDivisionError("in prepare")
        if "two faces" in job.style.prompt:
            raise ManyFaces(2)
        return photos[0].pixels

    def begin(self, job, prepared, report):
        self.threads["engine"].add(threading.get_ident())
        if "bug in begin" in job.style.prompt:
            raise ZeroDivisionError("in begin")
        asked = re.search(r"in (\d+) steps", job.style.prompt)
        self.aboard[job.id] = _Row(job, prepared, report, int(asked[1]) if asked else 4)
        self.most_aboard = max(self.most_aboard, len(self.aboard))

    def step(self):
        self.threads["engine"].add(threading.get_ident())
        self.steps += 1
        time.sleep(STEP_S)
        for row in self.aboard.values():
            _misbehave(row.job.style.prompt)
            row.done += 1
            row.report(row.done / row.steps)
        ended = [row for row in self.aboard.values() if row.done >= row.steps]
        for row in ended:
            del self.aboard[row.job.id]
        return [(row.job.id, self._outcome(row)) for row in ended]

    def cancel(self, job_id):
        self.threads["engine"].add(threading.get_ident())
        self.cancelled.append(job_id)
        self.aboard.pop(job_id, None)

    def check(self, style):
        pass

    def forget(self, older_than_s=0.0):
        self.threads["engine"].add(threading.get_ident())
        self.forgotten += 1

    def _outcome(self, row):
        if "refuse" in row.job.style.prompt:
            return PainterFull()
        colour = np.random.default_rng(row.job.seed).integers(0, 256, 3)
        pixels = np.rint(row.pixels * 0.5 + colour * 0.5).astype(np.uint8)
        if "wrong pixels" in row.job.style.prompt:
            pixels = pixels / 255
        counts = (("most aboard", 1e-9 * self.most_aboard), ("forgotten", 1e-9 * self.forgotten))
        rendering = Rendering(pixels, Kind.GENERATED, None, stages=counts)
        return partial(self._finish, row, rendering) if "finish" in row.job.style.prompt else rendering

    def _finish(self, row, rendering):
        self.threads["finish"].add(threading.get_ident())
        if "bug in finish" in row.job.style.prompt:
            raise ZeroDivisionError("in finish")
        return rendering


class _Row:
    def __init__(self, job, pixels, report, steps):
        self.job = job
        self.pixels = pixels
        self.report = report
        self.steps = steps
        self.done = 0


def _misbehave(prompt):
    if "raise" in prompt:
        raise ZeroDivisionError("in a step")
    if "kill" in prompt:
        os.kill(os.getpid(), signal.SIGKILL)
    if "babble" in prompt:
        _say_to_all_sockets(b"\x00" * 7 + b"\x05hello")
    while "hang" in prompt:
        time.sleep(60)


def _say_to_all_sockets(garbage):
    for name in os.listdir("/dev/fd"):
        with contextlib.suppress(OSError):
            if stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                os.write(int(name), garbage)


def load(painter, device, models):
    return Engine()
