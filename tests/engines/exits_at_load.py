"""Ends its process while loading."""

import os


def load(device, models):
    os._exit(3)
