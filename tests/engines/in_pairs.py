"""Draws two at once or none at all: each strength above 0 waits until another one is being drawn too."""

import threading

from tests.engines import instant

WAIT_S = 10


class Engine(instant.Engine):
    at_once = 2

    def __init__(self):
        self._pair = threading.Barrier(2, timeout=WAIT_S)

    def render(self, job, photos, report):
        if job.strength > 0:
            self._pair.wait()
        return super().render(job, photos, report)


def load(device, models):
    return Engine()
