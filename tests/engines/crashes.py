"""Reads where it must not, like a bug in compiled code."""

import ctypes


class Engine:
    def render(self, job, photos, report):
        ctypes.string_at(0)


def load(device, models):
    return Engine()
