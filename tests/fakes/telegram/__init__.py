"""A small, strict Telegram: the Bot API over HTTP, and the people who talk to the bot there."""

from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.people import Human
from tests.fakes.telegram.server import TOKEN, BotApi

__all__ = ["TOKEN", "BotApi", "Fault", "Human"]
