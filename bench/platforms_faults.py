"""Bad weather: of a hundred requests two meet a fault of some kind, at each fake and on the way to the web chat."""

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.discord import Fault as DiscordFault
from tests.fakes.telegram import Fault as TelegramFault
from tests.fakes.telegram.faults import ApiError, flood

SHARE = 0.02
DELAY_S = 0.4

Note = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Met:
    """A fault that was dealt out. where: what of the request tells whose it was; at: time.monotonic()."""

    kind: str
    what: str
    where: str
    at: float


class Weather(list[Any]):
    """What a fake takes for its list of faults: each time it is looked through, there is one in it or none.

    Args:
        kinds: makes a fault of each kind, given what it is to call with (what, where) of the request it meets.
        met: every fault dealt out.
    """

    def __init__(self, kinds: Mapping[str, Callable[[Note], Any]], chance: random.Random, met: list[Met]) -> None:
        super().__init__()
        self._kinds, self._chance, self._met = kinds, chance, met

    def __iter__(self) -> Iterator[Any]:
        if self._chance.random() < SHARE:
            kind = self._chance.choice(list(self._kinds))
            yield self._kinds[kind](lambda what, where: self._met.append(Met(kind, what, where, time.monotonic())))


class AnyCall(TelegramFault):
    """Meets every method."""

    def __init__(self, note: Note, *how: Any, **more: Any) -> None:
        super().__init__("*", *how, **more)
        self._note = note

    def meets(self, method: str, params: dict[str, Any]) -> bool:
        self._note(method, f"chat {params.get('chat_id')};")
        return True


class AnyRequest(DiscordFault):
    """Meets every request."""

    def __init__(self, note: Note, *how: Any, **more: Any) -> None:
        super().__init__("*", "", *how, **more)
        self._note = note

    def fits(self, request: web.Request) -> bool:
        self._note(f"{request.method} {request.path.split('/')[-1]}", request.path)
        return True


def telegram_weather(chance: random.Random, met: list[Met]) -> Weather:
    kinds: Mapping[str, Callable[[Note], Any]] = {
        "429": lambda note: AnyCall(note, flood(1)),
        "5xx": lambda note: AnyCall(note, ApiError(500, "Internal Server Error")),
        "5xx after": lambda note: AnyCall(note, ApiError(502, "Bad Gateway"), after=True),
        "cut before": lambda note: AnyCall(note, cut=True),
        "cut after": lambda note: AnyCall(note, cut=True, after=True),
        "delay": lambda note: AnyCall(note, delay_s=DELAY_S),
    }
    return Weather(kinds, chance, met)


def discord_weather(chance: random.Random, met: list[Met]) -> Weather:
    kinds: Mapping[str, Callable[[Note], Any]] = {
        "429": lambda note: AnyRequest(note, 429, retry_after_s=0.5),
        "5xx": lambda note: AnyRequest(note, 502),
        "5xx after": lambda note: AnyRequest(note, 502, after=True),
        "cut before": lambda note: AnyRequest(note, 0),
        "cut after": lambda note: AnyRequest(note, 0, after=True),
        "delay": lambda note: AnyRequest(note, 200, delay_s=DELAY_S),
    }
    return Weather(kinds, chance, met)


_AWAY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class WebWeather:
    """A way to the web chat on which requests meet faults. Knows no HTTP: what comes in one piece is one request."""

    def __init__(self, port: int, chance: random.Random, met: list[Met]) -> None:
        self.port, self._met, self._chance = port, met, chance
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.Task[None]] = set()

    async def start(self) -> str:
        """Returns the address."""
        self._server = await asyncio.start_server(self._line, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for line in self._lines:
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = asyncio.current_task()
        assert line is not None
        self._lines.add(line)
        with suppress(OSError, asyncio.CancelledError):  # a stream's task that is cancelled says so on the screen
            try:
                await self._carry(reader, writer)
            finally:
                writer.close()
                self._lines.discard(line)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self.port)
        answers, rest = asyncio.create_task(_pour(there, writer)), None
        try:
            while (data := await reader.read(2**20)) and not answers.done():
                kind = self._kind(data) if data[:4] in (b"GET ", b"POST") else ""
                if kind == "5xx":
                    writer.write(_AWAY)
                if kind in ("5xx", "cut before"):
                    return
                if kind == "delay":
                    await asyncio.sleep(DELAY_S)
                if kind == "cut after":
                    answers.cancel()
                    await asyncio.gather(answers, return_exceptions=True)
                back.write(data)
                await back.drain()
                if kind == "cut after":
                    rest = asyncio.create_task(_pour(reader, back))  # a request may come in many pieces
                    await there.read(100)
                    return
        finally:
            tasks = [answers] if rest is None else [answers, rest]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            back.close()

    def _kind(self, data: bytes) -> str:
        if self._chance.random() >= SHARE:
            return ""
        kind = self._chance.choice(("5xx", "cut before", "cut after", "delay"))
        head = data.partition(b"\r\n\r\n")[0].decode("latin-1")
        self._met.append(Met(kind, " ".join(head.split()[:2]).partition("?")[0], head, time.monotonic()))
        return kind


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(2**20):
            writer.write(data)
            await writer.drain()
    writer.close()
