"""Paints the picture by how many photos it remembers: red grows by 20 for each."""

import numpy as np

from generation.engine import Rendering
from generation.label.kinds import Kind


class Engine:
    def __init__(self):
        self.photos = []

    def check(self, style):
        pass

    def render(self, job, photos, report):
        remembered = photos[0].pixels.tobytes() in self.photos
        pixels = np.zeros_like(photos[0].pixels)
        pixels[..., 0] = 20 * len(self.photos)
        pixels[..., 1] = 200 * remembered
        self.photos.append(photos[0].pixels.tobytes())
        return Rendering(pixels, Kind.ENHANCED, None)

    def forget(self, older_than_s=0.0):
        self.photos.clear()


def load(device, models):
    return Engine()
