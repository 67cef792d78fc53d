"""The local web chat: a page, a WebSocket, and what keeps strangers out. Knows neither conversation nor database."""

from bot.platforms.web.history import WebHistory
from bot.platforms.web.platform import AddressTaken, WebPlatform

__all__ = ["AddressTaken", "WebHistory", "WebPlatform"]
