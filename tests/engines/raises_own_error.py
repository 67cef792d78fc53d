"""Raises a UserError of its own making: the bot must not import this module to read it."""

from generation.errors import UserError


class Mine(UserError):
    text = "Buy {0} now."


class Engine:
    def render(self, job, photos, report):
        raise Mine("this")


def load(device, models):
    return Engine()
