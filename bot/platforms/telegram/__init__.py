"""Telegram: the Bot API through python-telegram-bot. Knows neither conversation nor database."""

from bot.platforms.telegram.doctor import Finding, check
from bot.platforms.telegram.platform import TelegramPlatform
from bot.platforms.telegram.webhook import Webhook

__all__ = ["Finding", "TelegramPlatform", "Webhook", "check"]
