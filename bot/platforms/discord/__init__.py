"""Discord: slash commands, a message menu, direct messages and buttons. Knows neither conversation nor database."""

from bot.platforms.discord.commands import WORDS
from bot.platforms.discord.doctor import check, invite_url
from bot.platforms.discord.platform import DiscordPlatform

__all__ = ["WORDS", "DiscordPlatform", "check", "invite_url"]
