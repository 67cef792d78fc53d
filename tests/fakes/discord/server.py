"""The fake Discord: its state, its port, and what every request passes. Routes and gateway stand beside it."""

import asyncio
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import discord
import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket

from tests.fakes.discord import things
from tests.fakes.discord.faults import Buckets, Fault, Handler, befall, refusal, slow_down
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.people import Human
from tests.fakes.discord.routes import BODY, Routes
from tests.fakes.discord.rules import No
from tests.fakes.discord.things import Json

API = "/api/v10"
Check = Callable[[web.Request, Any, web.Response], None]


@contextmanager
def redirect(fake: "FakeDiscord") -> Iterator[None]:
    """Have discord.py in this process talk to the fake."""
    rest, line = discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = fake.rest, yarl.URL(fake.line)
    try:
        yield
    finally:
        discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = rest, line


class FakeDiscord:
    """Args:
    port: 0 takes any free one; a test that starts its Discord anew wants the same again.

    Attributes:
        messages: every message that exists, by id. alone: by message, the one person who sees it.
        closed: channels where the bot may not write. deaf: people who take no direct messages from it.
        calls: method and path of every request. check: looks at every answered request.
    """

    def __init__(self, port: int = 0) -> None:
        self.token = f"MTA{secrets.token_hex(12)}.{secrets.token_hex(3)}.{secrets.token_hex(19)}"
        self.bot = things.me("selfiebot")
        self.about = things.application(self.bot)
        self.guild, self.channel = things.snowflake(), things.snowflake()
        self.commands: list[Json] = []
        self.registrations = 0
        self.messages: dict[str, Json] = {}
        self.alone: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        self.interactions: dict[str, Json] = {}
        self.direct: dict[str, str] = {}
        self.people: dict[str, Json] = {}
        self.nonces: dict[str, str] = {}
        self.closed: set[str] = set()
        self.deaf: set[str] = set()
        self.calls: list[tuple[str, str]] = []
        self.faults: list[Fault] = []
        self.buckets = Buckets()
        self.check: Check | None = None
        self.ack_s, self.token_s = 3.0, 900.0
        self.gateway = Gateway(self)
        self._port = port
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application(client_max_size=64 * 2**20, middlewares=[self._pass])
        app.add_routes(Routes(self).table(API))
        app.add_routes([web.get("/gateway/", self.gateway.serve), web.get("/gateway", self.gateway.serve)])
        app.add_routes([web.get("/attachments/{channel}/{id}/{name}", self._cdn)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        await self.gateway.drop()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def rest(self) -> str:
        return self.base + API

    @property
    def line(self) -> str:
        return f"ws://127.0.0.1:{self._port}/gateway"

    def human(self, name: str = "ada", locale: str = "en-US") -> Human:
        who = things.user(name)
        self.people[who["id"]] = who
        return Human(self, who, locale)

    def fail(self, method: str, path: str, **how: Any) -> Fault:
        fault = Fault(method, path, **how)
        self.faults.append(fault)
        return fault

    def count(self, method: str, path: str) -> int:
        """How many requests came with this method, and a path like this."""
        return sum(one == method and bool(re.search(path, where)) for one, where in self.calls)

    @web.middleware
    async def _pass(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(API):
            response: web.StreamResponse = await handler(request)
            return response
        self.calls.append((request.method, request.path))
        if self._stranger(request):
            return refusal(401, 0, "401: Unauthorized")
        if fault := next((one for one in self.faults if one.fits(request)), None):
            return await befall(fault, request, self._answer(handler))
        return await self._answer(handler)(request)

    def _stranger(self, request: web.Request) -> bool:
        open_to_all = re.match(rf"{API}/(interactions|webhooks)/", request.path)
        return not open_to_all and request.headers.get("Authorization") != f"Bot {self.token}"

    def _answer(self, handler: Handler) -> Handler:
        async def answered(request: web.Request) -> web.StreamResponse:
            fits, headers, seconds = self.buckets.take(request)
            if not fits:
                return slow_down(seconds, headers=headers)
            try:
                response: web.Response = await handler(request)
            except No as no:
                response = no.response()
            except web.HTTPNotFound:
                response = refusal(404, 0, "404: Not Found")
            response.headers.update(headers)
            if self.check is not None:
                self.check(request, request.get(BODY), response)
            return response

        return answered

    async def _cdn(self, request: web.Request) -> web.StreamResponse:
        if fault := next((one for one in self.faults if one.fits(request)), None):
            return await befall(fault, request, self._cdn)
        data = self.files.get(request.path)
        return (
            web.Response(status=404, text="This content is no longer available.")
            if data is None
            else web.Response(body=data)
        )

    # What routes and people share.

    def attach(self, channel: str, name: str, data: bytes, kind: str | None, **more: Any) -> Json:
        id = things.snowflake()
        path = f"/attachments/{channel}/{id}/{name}"
        self.files[path] = data
        url = f"{self.base}{path}"
        attachment = {"id": id, "filename": name, "size": len(data), "url": f"{url}?ex=1&is=2&hm=3", "proxy_url": url}
        return {**attachment, **({"content_type": kind} if kind else {}), **more}

    def direct_channel(self, user: str) -> str:
        return self.direct.setdefault(user, things.snowflake())

    def owner_of(self, channel: str) -> str | None:
        """Whose direct messages these are."""
        return next((user for user, one in self.direct.items() if one == channel), None)

    def interaction(self, token: str) -> Json | None:
        """The interaction this token opens, if Discord still knows it."""
        return next((one for one in self.interactions.values() if one["token"] == token), None)

    def expire(self) -> None:
        """A quarter of an hour goes by for everything that is open."""
        for one in self.interactions.values():
            one["_at"] -= self.token_s + 1

    def screen(self, channel: str, user: str) -> dict[str, Json]:
        """What a person sees in a channel of what the bot shows, the oldest first."""
        return {
            id: one
            for id, one in self.messages.items()
            if one["channel_id"] == channel
            and one["author"]["id"] == self.bot["id"]
            and self.alone.get(id, user) == user
        }

    async def until(self, holds: Callable[[], bool], seconds: float = 10.0) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "it never came to hold at Discord"
            await asyncio.sleep(0.01)
