"""Builds the platforms that the settings name, and has them look at themselves for the doctor. Part of the root."""

import importlib
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any, cast

from bot.platforms import Platform
from bot.platforms.web import WebHistory, WebPlatform
from bot.settings import Settings
from bot.texts import LANGUAGES, commands, say
from generation.styles import Catalogue

PLATFORMS = ("web", "telegram", "discord")
Finding = tuple[bool, str, str]
"""Whether it is well, what was found, and what to do about it."""


class CannotStart(Exception):
    """The bot cannot start; the text says why and what to do."""


def make_platform(name: str, settings: Settings, history: WebHistory, catalogue: Catalogue) -> Platform:
    """The platform of that name.

    Raises:
        CannotStart: there is none, its package is not installed, or its token is missing.
    """
    if name == "web":
        keep_photos_s = settings.keep_photos_h * 3600
        return WebPlatform(
            settings.web_host, settings.web_port, history, keep_photos_s=keep_photos_s, hosts=settings.web_hosts
        )
    if name == "telegram":
        return cast(Platform, _module(name).TelegramPlatform(_token(name, settings), **_telegram(settings)))
    if name == "discord":
        return cast(Platform, _module(name).DiscordPlatform(_token(name, settings), **_discord(settings, catalogue)))
    raise CannotStart(f"PLATFORMS names “{name}”, which this version does not have. It has: {', '.join(PLATFORMS)}.")


async def check_platform(name: str, settings: Settings, catalogue: Catalogue) -> list[Finding]:
    """What a platform finds of its token and its registration. Never raises for what the network does."""
    found: list[Finding] = []
    try:
        if name == "telegram":
            given = {key: value for key, value in _telegram(settings).items() if key != "start_here"}
            found = await _module(name).check(_token(name, settings), **given)
        elif name == "discord":
            found = await _module(name).check(_token(name, settings), **_discord(settings, catalogue))
        elif name != "web":
            what = f"PLATFORMS names {name}; this version has {', '.join(PLATFORMS)}"
            return [(False, what, "Change PLATFORMS.")]
    except CannotStart as error:
        return [(False, str(error), "")]
    return found


def _module(name: str) -> ModuleType:
    try:
        return importlib.import_module(f"bot.platforms.{name}")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("telegram", "discord"):
            raise
        raise CannotStart(f"{name.capitalize()} needs its package: pip install 'selfiebot[{name}]'") from error


def _token(name: str, settings: Settings) -> str:
    token: str = getattr(settings, f"{name}_token").get_secret_value()
    if not token:
        raise CannotStart(
            f"PLATFORMS names {name}, but {name.upper()}_TOKEN is empty. docs/{name}.md says how to get one."
        )
    return token


def _commands(settings: Settings) -> Mapping[str, Sequence[tuple[str, str]]]:
    return {lang: commands(lang, paints=settings.painter is not None) for lang in LANGUAGES}


def _telegram(settings: Settings) -> dict[str, Any]:
    given: dict[str, Any] = {
        "commands": _commands(settings),
        "start_here": {lang: say(lang, "start_here", link="{link}") for lang in LANGUAGES},
        "local_mode": settings.telegram_local_mode,
        "proxy": settings.telegram_proxy or None,
    }
    if settings.telegram_api_url:
        given["base_url"] = settings.telegram_api_url
    if settings.telegram_webhook_url:
        secret = settings.telegram_webhook_secret.get_secret_value()
        if not secret:
            raise CannotStart(
                "TELEGRAM_WEBHOOK_URL needs a TELEGRAM_WEBHOOK_SECRET, or anybody could speak for Telegram."
            )
        made = _module("telegram").Webhook
        given["webhook"] = made(settings.telegram_webhook_url, secret, port=settings.telegram_webhook_port)
    return given


def _discord(settings: Settings, catalogue: Catalogue) -> dict[str, Any]:
    words = _module("discord").WORDS
    return {
        "commands": _commands(settings),
        "words": {lang: {word: say(lang, f"discord_{word}") for word in words} for lang in LANGUAGES},
        "styles": [(style.name, style.title) for style in catalogue.by_turns()],  # a menu has room for 25
    }
