"""The addresses of the web chat and what happens at each. Knows no HTML and no conversation."""

import asyncio
import contextlib
import re
import time
import unicodedata
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import WSMsgType, web

from bot.platforms import Receive
from bot.platforms.web.errors import Malformed, NotFound
from bot.platforms.web.files import Files
from bot.platforms.web.guard import require_own_page
from bot.platforms.web.history import WebHistory
from bot.platforms.web.pictures import UNKNOWN, kind_of
from bot.platforms.web.rooms import Page, Rooms
from bot.platforms.web.sending import Sending, read_sending
from bot.platforms.web.session import arrives_from_elsewhere, chat_of, has_session, language_of, set_cookie

Write = Callable[[str, str, str, dict[str, Any]], Awaitable[None]]

PAGES_A_CHAT = 8
PAGES = 400
TOO_MANY_PAGES = 4008  # a WebSocket close code of our own
_HEARTBEAT_S = 20.0
_WORDS = re.compile(r"[^a-z0-9]+")
_REF = re.compile(r"[\x20-\x7e]{0,200}")

# Another site's link does not bring our strict cookie along. A page of our own that leads here does.
_COME_AGAIN = (
    '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=/"><title>selfiebot</title>'
)


class Routes:
    def __init__(
        self, files: Files, history: WebHistory, rooms: Rooms, receive: Receive, write: Write, keep_photos_s: float
    ) -> None:
        self._files, self._history, self._rooms = files, history, rooms
        self._receive, self._write, self._keep_photos_s = receive, write, keep_photos_s

    def table(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.page),
            web.get("/favicon.ico", self.icon),
            web.get("/static/{version}/{name}", self.static),
            web.get("/session", self.session),
            web.get("/ws", self.follow),
            web.post("/send", self.send),
            web.get("/photo/{key}", self.photo),
            web.get("/picture/{id:[0-9]{1,18}}", self.picture),
        ]

    async def page(self, request: web.Request) -> web.Response:
        if not has_session(request) and arrives_from_elsewhere(request):
            return web.Response(text=_COME_AGAIN, content_type="text/html")
        response = web.Response(text=self._files.page, content_type="text/html")
        set_cookie(request, response)
        return response

    async def icon(self, request: web.Request) -> web.Response:
        return self._files.serve(self._files.version, "icon.svg")

    async def static(self, request: web.Request) -> web.Response:
        return self._files.serve(request.match_info["version"], request.match_info["name"])

    async def session(self, request: web.Request) -> web.Response:
        """Tells a page that cannot connect whether its cookie is the reason."""
        chat_of(request)
        return web.Response(status=204)

    async def send(self, request: web.Request) -> web.Response:
        """One thing a person did. Kept and committed before the 200, so a page that hears no 200 sends it again."""
        require_own_page(request)
        chat = chat_of(request)
        sending = await read_sending(request)
        raw: dict[str, Any] = {"chat": chat, "lang": language_of(request)}
        if sending.press is not None:
            raw |= {"kind": "press", "press": sending.press}
        else:
            raw |= {"kind": "message", "text": sending.text, "photo": await self._keep(chat, sending)}
        new = await self._receive(f"{chat}/{sending.key}", chat, raw)
        return web.json_response({"new": new})

    async def _keep(self, chat: str, sending: Sending) -> str:
        """Returns the ref of the photo, "" without one."""
        body: dict[str, Any] = {"text": sending.text, "photo": None}
        if sending.photo is not None:
            kind = kind_of(sending.photo)
            expires_at = time.time() + self._keep_photos_s
            await self._history.put_upload(chat, sending.key, sending.photo, kind, expires_at)
            body |= {"photo": sending.key, "kind": kind, "size": sending.size}
        await self._write(chat, f"person:{sending.key}", "person", body)
        return f"{chat}/{sending.key}" if sending.photo is not None else ""

    async def photo(self, request: web.Request) -> web.Response:
        found = await self._history.upload(chat_of(request), request.match_info["key"])
        if found is None:
            raise NotFound
        data, kind = found
        headers = {"Content-Disposition": "attachment" if kind == UNKNOWN else "inline"}
        return web.Response(body=data, content_type=kind, headers=headers)

    async def picture(self, request: web.Request) -> web.Response:
        """With ?save=goth the browser saves it as selfiebot-goth.jpg."""
        data = await self._history.picture(chat_of(request), int(request.match_info["id"]))
        if data is None:
            raise NotFound
        headers = {}
        if "save" in request.query:
            plain = unicodedata.normalize("NFKD", request.query["save"]).encode("ascii", "ignore").decode().lower()
            words = _WORDS.sub("-", plain[:60]).strip("-")
            headers["Content-Disposition"] = f'attachment; filename="selfiebot-{words or "picture"}.jpg"'
        return web.Response(body=data, content_type="image/jpeg", headers=headers)

    async def follow(self, request: web.Request) -> web.WebSocketResponse:
        """The page's line: what it has not seen yet, then whatever happens. A new chat is greeted."""
        require_own_page(request)
        chat = chat_of(request)
        after, first = request.query.get("after", "0"), request.query.get("first", "")
        if not re.fullmatch(r"\d{1,18}", after) or not _REF.fullmatch(first):
            raise Malformed("an odd place to go on from")
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT_S, max_msg_size=1024, compress=False)
        await socket.prepare(request)
        room = self._rooms.of(chat)
        if len(room.pages) >= PAGES_A_CHAT or len(self._rooms.pages()) >= PAGES:
            await socket.close(code=TOO_MANY_PAGES)
            return socket
        page = Page(chat, room, self._history, socket)
        room.pages.add(page)
        try:
            if not await page.open(int(after), first):
                await self._receive(
                    f"hello:{chat}", chat, {"kind": "hello", "chat": chat, "lang": language_of(request)}
                )
            await _talk(page)
        except OSError:
            pass  # the page or the database went away; the page will come back and ask again
        finally:
            room.pages.discard(page)
            self._rooms.tidy(chat)
        return socket


async def _talk(page: Page) -> None:
    """Follow the chat until the page hangs up. A page may ask whether we are still here."""
    following = asyncio.create_task(page.follow())
    try:
        async for frame in page.socket:
            if frame.type == WSMsgType.TEXT:
                await page.socket.send_json({"kind": "pong"})
    finally:
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following
