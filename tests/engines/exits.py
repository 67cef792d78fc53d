"""Ends its process politely in the middle of a job."""

import sys


class Engine:
    def render(self, job, photos, report):
        sys.exit(0)


def load(device, models):
    return Engine()
