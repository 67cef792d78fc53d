"""Never comes back, and has started a process of its own whose number it leaves in the models' folder."""

import subprocess
import sys


class Engine:
    def __init__(self, models):
        self.models = models

    def render(self, job, photos, report):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        (self.models / "child").write_text(str(child.pid))
        child.wait()


def load(device, models):
    return Engine(models)
