"""A person at the web chat without a browser: the same requests over real HTTP and WebSocket, sent again until heard.

Outlives the server: it keeps its cookie, tries again with the same key, and replays what it missed.
"""

import asyncio
import itertools
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import ClientTimeout

TROUBLE = (aiohttp.ClientError, OSError, TimeoutError)


@dataclass
class WebPerson:
    """shown: what each message shows now, by ref. finals: how often each of the bot's messages came to a picture."""

    base: str
    session: aiohttp.ClientSession
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)
    finals: dict[str, list[int]] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _seq: int = 0
    _keys: "itertools.count[int]" = field(default_factory=itertools.count)

    @property
    def answers(self) -> list[dict[str, Any]]:
        return [body for ref, body in self.shown.items() if self.authors[ref] == "bot"]

    async def opens(self) -> None:
        """Get the page and its cookie."""
        async with self.session.get(f"{self.base}/") as page:
            page.raise_for_status()

    async def follows(self) -> None:
        """Keep up with the chat until cancelled, through any number of lost connections."""
        while True:
            with suppress(*TROUBLE):
                await self._follow()
            await asyncio.sleep(0.05)

    async def says(self, text: str = "", photo: bytes | None = None) -> None:
        await self._send({"text": text}, photo)

    async def taps(self, words: str) -> None:
        """Press the latest button whose title holds these words."""
        buttons = [button for body in self.answers for button in body["buttons"] if words in button[0]]
        await self._send({"press": buttons[-1][1]}, None)

    async def sees(self, holds: Callable[["WebPerson"], bool], timeout_s: float = 30) -> None:
        """Wait until what is on the screen holds."""
        async with asyncio.timeout(timeout_s):
            while not holds(self):
                self.changed.clear()
                await self.changed.wait()

    async def picture(self, id: int) -> bytes:
        async with self.session.get(f"{self.base}/picture/{id}") as response:
            response.raise_for_status()
            return await response.read()

    async def presses(self, token: str) -> None:
        await self._send({"press": token}, None)

    async def _send(self, parts: dict[str, str], photo: bytes | None) -> None:
        key = f"{next(self._keys):04d}-{secrets.token_hex(8)}"
        while True:
            form = aiohttp.FormData({**parts, "key": key}, default_to_multipart=True)
            if photo is not None:
                form.add_field("photo", photo, filename="selfie.jpg", content_type="image/jpeg")
            with suppress(*TROUBLE):
                async with self.session.post(f"{self.base}/send", data=form, headers=self._own) as response:
                    if response.status == 200:
                        return
                    if response.status < 500:
                        raise AssertionError(await response.text())
            await asyncio.sleep(0.05)

    async def _follow(self) -> None:
        address = f"{self.base}/ws?after={self._seq}&first={next(iter(self.shown), '')}"
        async with self.session.ws_connect(address, headers=self._own, heartbeat=5) as socket:
            async for frame in socket:
                if frame.type == aiohttp.WSMsgType.TEXT:
                    self._take(frame.json())

    def _take(self, frame: dict[str, Any]) -> None:
        if frame["kind"] == "reset":
            self.shown.clear()
            self._seq = 0
        elif frame["kind"] == "row":
            self._seq = max(self._seq, frame["seq"])
            ref, body = frame["ref"], frame["body"]
            self.shown[ref], self.authors[ref] = body, frame["author"]
            if body.get("picture_id") is not None and body["picture_id"] not in self.finals.setdefault(ref, []):
                self.finals[ref].append(body["picture_id"])
        self.changed.set()

    @property
    def _own(self) -> dict[str, str]:
        return {"Origin": self.base}


@asynccontextmanager
async def web_person(base: str, lang: str = "en") -> AsyncIterator[WebPerson]:
    """Somebody new, with the page open."""
    speaks = {"Accept-Language": lang}
    jar = aiohttp.CookieJar(unsafe=True)  # cookies for an IP address
    async with aiohttp.ClientSession(cookie_jar=jar, timeout=ClientTimeout(total=20), headers=speaks) as session:
        person = WebPerson(base, session)
        await person.opens()
        following = asyncio.create_task(person.follows())
        try:
            yield person
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following
