"""Discord in miniature: REST, gateway and CDN on one local port, as strict as the real one where we come near it."""

from tests.fakes.discord.faults import Fault
from tests.fakes.discord.people import Human
from tests.fakes.discord.server import FakeDiscord, redirect

__all__ = ["FakeDiscord", "Fault", "Human", "redirect"]
