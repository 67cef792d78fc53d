"""What the Bot API allows, each figure once. Knows no chat; the figures are those of core.telegram.org/bots/api."""

from bot.platforms import Limits

LIMITS = Limits(
    text_chars=4096,
    caption_chars=1024,
    buttons=100,
    photo_bytes=10_000_000,
    edits_per_minute=15,
)
"""edits_per_minute is ours, not Telegram's: progress is shown sparingly, since an edit counts like a message."""

DOWNLOAD_BYTES = 20_000_000
"""The largest file getFile gives a bot."""
LOCAL_BYTES = 50_000_000
"""A server of one's own in local mode gives any; this is as much as we read of one."""
PRESS_BYTES = 64
"""What a button can carry."""
ALBUM_S = 1.2
"""How long after an album's last part the album is taken to be whole; Telegram does not say where it ends."""
COMMAND_CHARS = 256
"""A command's description."""
CHAT_EVERY_S, CHAT_BURST = 1.0, 3
"""One message a second in a chat, with short bursts (core.telegram.org/bots/faq)."""
GROUP_EVERY_S, GROUP_BURST = 4.0, 3
"""So that no minute has more than 20 messages in a group, whenever it begins: 3 + 60 / 4, and a little room."""
ALL_EVERY_S, ALL_BURST = 0.04, 3
"""So that no second has more than 30 messages in all: 3 + 1 / 0.04, and a little room for late clocks."""
