"""Never comes back."""

import time


class Engine:
    def render(self, job, photos, report):
        report(0.5)
        while True:
            time.sleep(60)


def load(device, models):
    return Engine()
