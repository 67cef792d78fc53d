"""Is the bot set up at Discord as it should be? Looks, and changes nothing."""

from collections.abc import Mapping, Sequence

import discord

from bot.messages import Later
from bot.platforms.discord.commands import Menu, registered
from bot.platforms.discord.quiet import hush
from bot.platforms.discord.rest import Refused, Rest

_PERMISSIONS = discord.Permissions(
    view_channel=True, send_messages=True, send_messages_in_threads=True, attach_files=True, read_message_history=True
)
Found = tuple[bool, str, str]
"""Is it well, what was found, and what to do about it."""


def invite_url(application_id: int | str) -> str:
    """The address at which a server's owner lets the bot in."""
    scopes = ("bot", "applications.commands")
    return discord.utils.oauth_url(application_id, permissions=_PERMISSIONS, scopes=scopes)


async def check(
    token: str,
    *,
    commands: Mapping[str, Sequence[tuple[str, str]]],
    words: Mapping[str, Mapping[str, str]],
    styles: Sequence[tuple[str, str]],
) -> list[Found]:
    """The same arguments as DiscordPlatform."""
    hush()
    rest = Rest(token)
    try:
        return await _look(rest, Menu(commands, words, styles))
    except discord.LoginFailure:
        remedy = "Copy it anew: discord.com/developers/applications, your application, Bot, Reset Token."
        return [(False, "Discord does not accept DISCORD_TOKEN", remedy)]
    except (Refused, Later, OSError, discord.DiscordException) as error:
        return [(False, f"Discord cannot be asked ({type(error).__name__})", "Check the network, and try again.")]
    finally:
        await rest.close()


async def _look(rest: Rest, menu: Menu) -> list[Found]:
    about = await rest.login()
    app, name = str(about["id"]), str(about["name"])
    found = [
        (True, f"token accepted: the application “{name}”", ""),
        (True, "intents: direct messages alone, none that is privileged", ""),
    ]
    if about.get("interactions_endpoint_url"):
        remedy = "Empty “Interactions Endpoint URL” in the developer portal, General Information."
        found.append((False, "commands and buttons are sent to a web address instead of the bot", remedy))
    if registered(menu.payload(), await rest.commands(app)):
        found.append((True, f"{len(menu.payload())} commands registered", ""))
    else:
        found.append((False, "the registered commands are not this version's", "Start the bot: it registers them."))
    remedy = "" if about.get("approximate_guild_count") else f"Invite it: {invite_url(app)}"
    guilds = about.get("approximate_guild_count", 0)
    found.append((True, f"in {guilds} servers; invite link: {invite_url(app)}", remedy))
    return found
