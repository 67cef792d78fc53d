"""Is killed from outside while it renders, as by the kernel when memory is short."""

import os
import signal


class Engine:
    def render(self, job, photos, report):
        os.kill(os.getpid(), signal.SIGKILL)


def load(device, models):
    return Engine()
