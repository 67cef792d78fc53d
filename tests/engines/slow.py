"""Answers after half a second, and reports far too often on the way, sometimes backwards."""

import time

from tests.engines import instant


class Engine(instant.Engine):
    def render(self, job, photos, report):
        for step in range(1000):
            report(step / 1000)
            report(step / 2000)
            time.sleep(0.0005)
        return super().render(job, photos, report)


def load(device, models):
    return Engine()
