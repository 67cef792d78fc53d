"""Dies while a forked copy of it keeps everything open that it had open."""

import os
import time


class Engine:
    def render(self, job, photos, report):
        if os.fork() == 0:
            time.sleep(60)
        os._exit(0)


def load(device, models):
    return Engine()
