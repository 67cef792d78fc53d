"""Looks whether Telegram would work with these settings, and says what to do where it would not. Changes nothing."""

from telegram import WebhookInfo
from telegram.error import TelegramError

from bot.messages import Gone, Later
from bot.platforms.telegram.client import SERVER, Client, Refused, told
from bot.platforms.telegram.commands import Commands, per_language
from bot.platforms.telegram.webhook import Webhook

Finding = tuple[bool, str, str]
"""Whether it is well, what was found, and what to do about it ("" if nothing)."""

NEW_TOKEN = "Ask @BotFather for the token (/mybots → your bot → API Token) and set it as TELEGRAM_TOKEN."


async def check(
    token: str,
    *,
    commands: Commands | None = None,
    webhook: Webhook | None = None,
    base_url: str = SERVER,
    local_mode: bool = False,
    proxy: str | None = None,
) -> list[Finding]:
    """Never raises for what Telegram or the network does."""
    client = Client(token, base_url, local_mode=local_mode, proxy=proxy)
    try:
        with told():
            return await _look(client, commands or {}, webhook)
    except Refused:
        return [(False, "Telegram does not know this token", NEW_TOKEN)]
    except (OSError, Gone, Later, TelegramError) as error:
        return [(False, f"Telegram cannot be reached ({error})", "Check the network, the proxy and TELEGRAM_API_URL.")]
    finally:
        await client.close()


async def _look(client: Client, commands: Commands, webhook: Webhook | None) -> list[Finding]:
    me = await client.bot.get_me()
    found: list[Finding] = [(True, f"the token is @{me.username}'s", "")]
    found.append(_webhook(await client.bot.get_webhook_info(), webhook))
    found.append(
        (True, "it can be added to groups", "")
        if me.can_join_groups
        else (True, "it cannot be added to groups (@BotFather → /setjoingroups changes that)", "")
    )
    found.append(
        (False, "privacy mode is off: it is sent every word said in its groups", _PRIVACY)
        if me.can_read_all_group_messages
        else (True, "privacy mode is on: in groups it hears only what is meant for it", "")
    )
    for lang, listed in per_language(commands).items():
        there = await client.bot.get_my_commands(language_code=lang)
        words = f"commands in {lang or 'every other language'}"
        same = list(there) == listed
        found.append((same, f"{words} are {'' if same else 'not '}registered", "" if same else _START))
    return found


_PRIVACY = "@BotFather → /setprivacy → Enable, then remove the bot from its groups and add it again."
_START = "Start the bot once: it registers them itself."


def _webhook(info: WebhookInfo, wanted: Webhook | None) -> Finding:
    """Polling and a webhook exclude each other; the bot sets what its settings say when it starts."""
    wanted_url = wanted.url if wanted is not None else ""
    if info.url != wanted_url:
        what = f"a webhook is set ({info.url})" if info.url else "no webhook is set"
        said = "the settings want one" if wanted_url else "the settings say polling"
        return False, f"{what}, but {said}", "Start the bot: it sets this right. If it comes back, another bot has it."
    if info.last_error_message:
        return False, f"Telegram cannot deliver: {info.last_error_message}", "See docs/telegram.md on webhooks."
    return True, "updates come by webhook" if wanted_url else "updates are asked for (polling)", ""
