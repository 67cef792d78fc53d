"""The web chat as a platform: runs the server, parses what its pages send, draws by writing its history."""

import asyncio
import contextlib
import errno
import logging
from collections.abc import Iterable
from typing import Any

from aiohttp import WSCloseCode, web

from bot.messages import Message, PhotoRef, Showing
from bot.platforms import Gone, Limits, Raw, Receive, Unparsable
from bot.platforms.web.files import read_files
from bot.platforms.web.guard import Names, add_headers, watch
from bot.platforms.web.history import WebHistory
from bot.platforms.web.pictures import jpeg_size
from bot.platforms.web.rooms import Rooms
from bot.platforms.web.routes import Routes
from bot.platforms.web.sending import PHOTO_BYTES, TEXT_CHARS

log = logging.getLogger(__name__)


class AddressTaken(Exception):
    """The server's address cannot be had; the text says what to do."""


class WebPlatform:
    """Everything that is to last is in the history; this object can be replaced at any moment.

    Args:
        host: what to bind to; "127.0.0.1" lets nobody else in.
        port: 0 takes any free one; `listening()` tells which.
        keep_photos_s: how long an upload is kept.
        hosts: more names under which the page may be opened.
    """

    name = "web"
    limits = Limits(
        text_chars=TEXT_CHARS, caption_chars=TEXT_CHARS, buttons=60, photo_bytes=PHOTO_BYTES, edits_per_minute=300
    )

    def __init__(
        self, host: str, port: int, history: WebHistory, *, keep_photos_s: float = 86_400.0, hosts: Iterable[str] = ()
    ) -> None:
        self._host, self._port, self._history = host, port, history
        self._names = Names(host, hosts)
        self._keep_photos_s = keep_photos_s
        self._rooms = Rooms()
        self._address: str | None = None
        self._listens = asyncio.Event()

    async def listening(self) -> str:
        """The page's address, as soon as it can be opened: "http://127.0.0.1:8080/"."""
        await self._listens.wait()
        assert self._address is not None
        return self._address

    async def run(self, receive: Receive) -> None:
        """Serve until cancelled. Raises AddressTaken."""
        runner = web.AppRunner(self._app(receive), shutdown_timeout=1.0, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, self._host, self._port)
            try:
                await site.start()
            except OSError as error:
                raise AddressTaken(_why(self._host, self._port, error)) from error
            port = runner.addresses[0][1]
            shown = "127.0.0.1" if self._host in ("0.0.0.0", "::", "") else self._host
            self._address = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"
            self._listens.set()
            await asyncio.Event().wait()
        finally:
            self._listens.clear()
            await runner.cleanup()

    def _app(self, receive: Receive) -> web.Application:
        app = web.Application(middlewares=[watch(self._names)], client_max_size=PHOTO_BYTES + 64_000)
        app.on_response_prepare.append(add_headers)
        app.on_shutdown.append(lambda _: self.disconnect())
        routes = Routes(read_files(), self._history, self._rooms, receive, self._write, self._keep_photos_s)
        app.add_routes(routes.table())
        return app

    async def disconnect(self, chat: str | None = None) -> None:
        """Hang up on the pages of a chat, or on all. They call again by themselves as long as there is a server."""
        pages = self._rooms.pages() if chat is None else list(self._rooms.of(chat).pages)
        closing = [page.socket.close(code=WSCloseCode.GOING_AWAY) for page in pages]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                await asyncio.gather(*closing)

    async def _write(self, chat: str, ref: str, author: str, body: dict[str, Any]) -> None:
        await self._history.write(chat, ref, author, body)
        self._rooms.of(chat).settle(ref)
        self._rooms.tidy(chat)

    def parse(self, event: str, raw: Raw) -> Message | None:
        kind, chat = raw.get("kind"), raw.get("chat")
        text, photo, press, lang = (raw.get(name, "") for name in ("text", "photo", "press", "lang"))
        if not all(isinstance(value, str) for value in (chat, text, photo, press, lang)):
            raise Unparsable(f"web event of kind {kind!r} with odd values")
        who: dict[str, Any] = {"event": event, "user": chat, "chat": chat, "lang": lang or "en"}
        if kind == "hello":
            return Message(**who, text="/start")
        if kind == "press":
            return Message(**who, pressed=press)
        if kind == "message":
            return Message(**who, text=text, photos=(PhotoRef(photo),) if photo else ())
        raise Unparsable(f"web event of unknown kind {kind!r}")

    async def fetch(self, ref: str) -> bytes:
        chat, _, key = ref.partition("/")
        found = await self._history.upload(chat, key)
        if found is None:
            raise Gone(ref)
        return found[0]

    async def show(self, chat: str, key: str, showing: Showing, ref: str | None) -> str:
        """A message's first showing and its last are written; how far its work is in between only passes by."""
        body = _body(showing)
        if ref is not None and showing.progress is not None and showing.picture is None:
            self._rooms.of(chat).pass_by(ref, body)
            return ref
        await self._write(chat, ref or key, "bot", body)
        return ref or key

    async def wipe(self, chat: str) -> None:
        await self._history.wipe(chat)
        self._rooms.of(chat).wipe()
        self._rooms.tidy(chat)


def _body(showing: Showing) -> dict[str, Any]:
    return {
        "text": showing.text,
        "buttons": [[button.title, button.token] for button in showing.buttons],
        "picture_id": showing.picture_id,
        "size": jpeg_size(showing.picture) if showing.picture else None,
        "alt": showing.alt,
        "progress": showing.progress,
    }


def _why(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken on {host}: selfiebot may be running already. Stop it, or set another WEB_PORT."
    return f"The web chat cannot be opened on {host}, port {port}: {error.strerror or error}."
