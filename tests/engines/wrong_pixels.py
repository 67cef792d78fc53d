"""Hands over floats."""

import numpy as np

from generation.engine import Rendering
from generation.label.kinds import Kind


class Engine:
    def render(self, job, photos, report):
        return Rendering(photos[0].pixels / np.float32(255), Kind.ENHANCED, None)


def load(device, models):
    return Engine()
