"""Discord's objects as JSON: users, channels, messages, attachments. Knows no routes."""

import itertools
import time
from datetime import UTC, datetime
from typing import Any

EPOCH_MS = 1_420_070_400_000
Json = dict[str, Any]
_numbers = itertools.count()

EVERYTHING = str(2**53 - 1)


def snowflake(at: float | None = None) -> str:
    made_ms = int((time.time() if at is None else at) * 1000) - EPOCH_MS
    return str(made_ms << 22 | (next(_numbers) & 0x3FFFFF))


def stamp() -> str:
    return datetime.now(UTC).isoformat()


def user(name: str, *, bot: bool = False, id: str | None = None) -> Json:
    return {
        "id": id or snowflake(),
        "username": name,
        "discriminator": "0",
        "global_name": name.title(),
        "avatar": None,
        "bot": bot,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }


def me(name: str) -> Json:
    return {**user(name, bot=True), "mfa_enabled": False, "locale": "en-US", "verified": True}


def member(of: Json) -> Json:
    return {
        "user": of,
        "roles": [],
        "joined_at": "2024-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "nick": None,
        "avatar": None,
        "banner": None,
        "premium_since": None,
        "pending": False,
        "permissions": EVERYTHING,
        "flags": 0,
        "communication_disabled_until": None,
    }


def application(bot: Json) -> Json:
    return {
        "id": bot["id"],
        "name": bot["username"],
        "icon": None,
        "description": "",
        "type": None,
        "bot": {key: value for key, value in bot.items() if key not in ("mfa_enabled", "locale", "verified")},
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": user("owner"),
        "summary": "",
        "team": None,
        "flags": 0,
        "flags_new": "0",
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": ["bot", "applications.commands"],
    }


def direct_channel(id: str, recipient: Json) -> Json:
    return {"id": id, "type": 1, "flags": 0, "last_message_id": None, "recipients": [recipient]}


def message(id: str, channel: str, author: Json, content: str = "", **more: Any) -> Json:
    return {
        "id": id,
        "channel_id": channel,
        "author": {key: value for key, value in author.items() if key not in ("mfa_enabled", "locale", "verified")},
        "content": content,
        "timestamp": stamp(),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "type": 0,
        "components": [],
        "flags": 0,
        **more,
    }
