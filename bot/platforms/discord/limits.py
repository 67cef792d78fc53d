"""What Discord allows. Knows nothing else.

Sources: Discord's developer documentation (uploading files, message create, components, interactions).
"""

from bot.platforms import Limits

LIMITS = Limits(text_chars=3800, caption_chars=1800, buttons=125, photo_bytes=10 * 2**20, edits_per_minute=10)
"""A message holds 2000 characters, and a longer text is put into a frame of 4096; what is left is for what drawing
adds: escapes and the bar of progress. More than 25 buttons become menus."""

CONTENT_CHARS = 1950
EMBED_CHARS = 4096
ROWS = 5
LABEL_CHARS = 80
ALT_CHARS = 1024
ROW_BUTTONS = 5
CHOICES = 25  # of a completion, and of a menu
FETCH_BYTES = 25_000_000
"""The largest photo fetched; people may send far larger files."""
PHOTOS = 4  # in one /selfie
ACK_S = 3.0
TOKEN_S = 15 * 60.0
NONCE_CHARS = 25
