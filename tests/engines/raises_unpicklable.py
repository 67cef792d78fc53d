"""Has a bug whose exception cannot be pickled, nor unpickled."""


class Odd(Exception):
    def __init__(self, one, two):
        super().__init__()
        self.lock = open(__file__)  # noqa: SIM115 - an open file does not pickle


class Engine:
    def render(self, job, photos, report):
        raise Odd(1, 2)


def load(device, models):
    return Engine()
