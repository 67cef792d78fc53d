"""Has a bug whose exception cannot be pickled, nor unpickled."""

import threading


class Odd(Exception):
    def __init__(self, one, two):
        super().__init__()
        self.lock = threading.Lock()


class Engine:
    def render(self, job, photos, report):
        raise Odd(1, 2)


def load(device, models):
    return Engine()
