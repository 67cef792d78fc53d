"""Tells the person what is wrong with the photo, as it should."""

from generation.errors import ManyFaces


class Engine:
    def render(self, job, photos, report):
        raise ManyFaces(3)


def load(device, models):
    return Engine()
