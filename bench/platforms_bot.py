"""python -m bench.platforms_bot [--discord REST LINE] [--unpaced]: the real bot by its own settings, at a fake Discord.

Discord's library has no setting for where Discord is, so it is told here. --unpaced takes away Telegram's 30 messages a
second, which are its own law and hide what the bot could do.
"""

import argparse
from functools import partial

import discord
import yarl
from discord.gateway import DiscordWebSocket

from bot.__main__ import run
from bot.platforms.telegram import platform as telegram
from bot.platforms.telegram.rates import Rates
from bot.settings import Settings

FREE = (0.0, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--discord", nargs=2, metavar=("REST", "LINE"))
    parser.add_argument("--unpaced", action="store_true")
    options = parser.parse_args()
    if options.discord:
        point_discord(*options.discord)
    if options.unpaced:
        vars(telegram)["Rates"] = partial(Rates, FREE, FREE, FREE)
    run(Settings())


def point_discord(rest: str, line: str) -> None:
    """Have discord.py in this process talk to a server of ours."""
    discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = rest, yarl.URL(line)


if __name__ == "__main__":
    main()
