"""A painter that does not start before somebody puts the file `here` into the models' folder."""

import os

from tests.engines import paints


def load(painter, device, models):
    if not (models / "here").exists():
        os._exit(3)
    return paints.Engine()
