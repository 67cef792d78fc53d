"""Takes memory until somebody stops it; 3 GB at most, for the machine's sake."""

import time


class Engine:
    def render(self, job, photos, report):
        eaten = []
        for _ in range(150):
            eaten.append(b"\x01" * 20_000_000)
            time.sleep(0.01)
        time.sleep(60)


def load(device, models):
    return Engine()
