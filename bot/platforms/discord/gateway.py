"""The line on which Discord sends us events: discord.py's, with its models of guilds and messages left out.

It identifies, resumes, beats and reconnects; events come through as the JSON they were. So an event this version of
discord.py could not read does no harm. Knows nothing of what is done with events.
"""

import asyncio
import random
from collections.abc import Callable
from functools import partial
from typing import Any

import discord

HEARD = ("INTERACTION_CREATE", "MESSAGE_CREATE")
_NEEDED = ("READY", "RESUMED")

Hear = Callable[[str, dict[str, Any]], None]


class Line(discord.Client):
    """Args:
    hear: called with the name and the JSON of each event.
    beat_s: a line on which nothing has come for so long is taken for dead.
    """

    def __init__(self, hear: Hear, *, beat_s: float = 60.0, again_s: float = 5.0) -> None:
        super().__init__(
            intents=discord.Intents(dm_messages=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            heartbeat_timeout=beat_s,
            guild_ready_timeout=0.0,
            max_ratelimit_timeout=30.0,
        )
        self._again_s = again_s
        parsers = self._connection.parsers
        for name in set(parsers) - set(_NEEDED):
            del parsers[name]
        parsers.update({name: partial(hear, name) for name in HEARD})

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Discord asks for a pause of 1 to 5 s before a new session takes an invalid one's place."""
        if not initial:
            await asyncio.sleep(random.uniform(0.2, 1.0) * self._again_s)
