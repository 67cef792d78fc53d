"""The Bot API over HTTP: reads calls, meets faults, answers, and holds every call and answer to its shape."""

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from tests.fakes.telegram.faults import ApiError, Fault, bad
from tests.fakes.telegram.methods import Methods, Uploads
from tests.fakes.telegram.people import Human
from tests.fakes.telegram.shapes import METHODS, fields, wrong_answer, wrong_call
from tests.fakes.telegram.world import Chat, Json, World

TOKEN = "123456:AAF-a_Secret_that_nobody_may_ever_read0"
UPLOAD_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Call:
    """One call the bot made that was not refused by a fault."""

    method: str
    params: Json
    at: float
    error: int | None = None

    @property
    def chat(self) -> int | None:
        return self.params.get("chat_id")


class BotApi:
    """Use as `async with BotApi() as api`, then `api.url` is where the Bot API is.

    `complaints` is what a strict server has to say about the bot's calls and its own answers; it should stay empty.
    """

    def __init__(self, token: str = TOKEN, username: str = "selfie_test_bot", port: int = 0) -> None:
        self.token = token
        self.world = World(
            {
                "id": int(token.split(":")[0]),
                "is_bot": True,
                "first_name": "Selfie",
                "username": username,
                "can_join_groups": True,
                "can_read_all_group_messages": False,
                "supports_inline_queries": False,
            }
        )
        self.methods = Methods(self.world)
        self.faults: list[Fault] = []
        self.calls: list[Call] = []
        self.complaints: list[str] = []
        self.url = ""
        self._port = port
        self._pump: asyncio.Task[None] | None = None
        self.world.on_update = self._deliver

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=UPLOAD_BYTES + 100_000)
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._pump is not None:
            self._pump.cancel()
            with suppress(asyncio.CancelledError):
                await self._pump
        await self._runner.cleanup()

    def person(self, number: int = 42, name: str = "Ada", lang: str | None = "en", started: bool = True) -> Human:
        """Somebody with a private chat, which the bot may write to once they started it."""
        self.world.chats.setdefault(number, Chat(number, "private", name, open=started))
        return Human(self.world, number, name, lang)

    def group(self, number: int = -1001, title: str = "Friends", *, forum: bool = False) -> Chat:
        return self.world.chats.setdefault(number, Chat(number, "supergroup", title, forum=forum))

    def sent(self, *methods: str) -> list[Call]:
        """The calls of these methods that had their effect."""
        return [call for call in self.calls if call.method in methods and call.error is None]

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            if request.match_info["token"] != self.token:
                raise ApiError(401, "Unauthorized")
            if method not in METHODS:
                raise ApiError(404, "Not Found: method not found")
            params, files = await _read(request, method)
            return await self._answer(request, method, params, files)
        except ApiError as error:
            return web.json_response(error.body(), status=error.code)

    async def _answer(self, request: web.Request, method: str, params: Json, files: Uploads) -> web.StreamResponse:
        wrong = wrong_call(method, params)
        if wrong:
            self.complaints += wrong
            raise bad(wrong[0])
        fault = next((fault for fault in self.faults if fault.meets(method, params)), None)
        if fault is not None:
            fault.times -= 1
            fault.met.append(params)
            await asyncio.sleep(fault.delay_s)
            if not fault.after and (refused := _spoil(request, fault)) is not None:
                return refused
        try:
            result = await getattr(self.methods, method)(params, files)
        except ApiError as error:
            self.calls.append(Call(method, params, time.monotonic(), error.code))
            raise
        if method != "getUpdates":
            self.calls.append(Call(method, params, time.monotonic()))
            self.complaints += wrong_answer(method, result)
        if fault is not None and fault.after and (refused := _spoil(request, fault)) is not None:
            return refused
        return web.json_response({"ok": True, "result": result})

    async def _download(self, request: web.Request) -> web.StreamResponse:
        try:
            return await self._file(request)
        except ApiError as error:
            return web.json_response(error.body(), status=error.code)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            raise ApiError(401, "Unauthorized")
        fault = next((fault for fault in self.faults if fault.meets("file", {})), None)
        if fault is not None:
            fault.times -= 1
            await asyncio.sleep(fault.delay_s)
            if (refused := _spoil(request, fault)) is not None:
                return refused
        path = request.match_info["path"]
        file = next((file for file in self.world.files.values() if file.path == path), None)
        if file is None:
            raise ApiError(404, "Not Found")
        return web.Response(body=file.data)

    def _deliver(self) -> None:
        if self.methods.hook is not None and (self._pump is None or self._pump.done()):
            self._pump = asyncio.create_task(self._push_updates())

    async def _push_updates(self) -> None:
        """Bring updates to the webhook, each again until it is taken."""
        async with ClientSession(timeout=ClientTimeout(total=5)) as session:
            while self.world.queue and (hook := self.methods.hook) is not None:
                update = self.world.queue[0]
                headers = {"X-Telegram-Bot-Api-Secret-Token": hook["secret"]} if hook["secret"] else {}
                try:
                    async with session.post(hook["url"], json=update, headers=headers) as answer:
                        if answer.status == 200:
                            self.world.queue.remove(update)
                            continue
                        self.methods.last_error = f"Wrong response from the webhook: {answer.status}"
                except (ClientError, TimeoutError):
                    self.methods.last_error = "Connection refused"
                await asyncio.sleep(0.05)


def _spoil(request: web.Request, fault: Fault) -> web.StreamResponse | None:
    if fault.error is not None:
        raise fault.error
    if fault.raw is not None:
        return web.Response(body=fault.raw, status=502)
    if fault.cut:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
    return None


async def _read(request: web.Request, method: str) -> tuple[Json, Uploads]:
    """A call's parameters, typed as the method has them, and its files. Everything comes as a string in a form."""
    raw: dict[str, str] = dict(request.query)
    files: Uploads = {}
    if request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            data = bytes(await part.read(decode=False))  # type: ignore[union-attr]
            if part.filename is not None:
                files[part.name or ""] = (part.filename, data)
            else:
                raw[part.name or ""] = data.decode()
    elif request.method == "POST":
        raw |= {name: str(value) for name, value in (await request.post()).items()}
    kinds = {name: kind for name, _, kind in fields(METHODS[method][1])}
    params = {name: _typed(value, kinds.get(name, "String")) for name, value in raw.items()}
    return params | {name: name for name in files if name in kinds}, files


def _typed(value: str, kind: str) -> Any:
    if kind == "String":
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise bad(f"can't parse {kind}") from error
