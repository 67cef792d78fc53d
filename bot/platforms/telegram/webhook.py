"""Updates by webhook: a small server that says 200 only once an update is committed. Knows no conversation."""

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Webhook:
    """Args:
    url: what Telegram calls, https; its path is the one we listen on.
    secret: 1 to 256 of A-Z a-z 0-9 _ -; without it anybody could speak for Telegram.
    host, port: where we listen, usually behind a proxy that speaks TLS.
    """

    url: str
    secret: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8443


async def serve(webhook: Webhook, take: Callable[[Mapping[str, Any]], Awaitable[None]]) -> None:
    """Listen until cancelled. Raises OSError if the address cannot be had."""

    async def update(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), webhook.secret.encode()):
            return web.Response(status=401)
        try:
            body = json.loads(await request.text())
        except (ValueError, UnicodeDecodeError):
            return web.Response(status=400)
        if not isinstance(body, dict) or not isinstance(body.get("update_id"), int):
            return web.Response(status=400)
        try:
            await take(body)
        except OSError as error:
            log.warning("an update could not be kept, Telegram will bring it again: %s", type(error).__name__)
            return web.Response(status=503)
        return web.Response()

    app = web.Application(client_max_size=_MOST_BYTES)
    app.router.add_post(urlsplit(webhook.url).path or "/", update)
    runner = web.AppRunner(app, shutdown_timeout=2.0, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, webhook.host, webhook.port).start()
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()
