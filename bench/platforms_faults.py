"""Bad weather: of a hundred requests two meet a fault of some kind, at each fake and on the way to the web chat."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from tests.fakes.discord import Fault as DiscordFault
from tests.fakes.telegram import Fault as TelegramFault
from tests.fakes.telegram.faults import ApiError, flood

SHARE = 0.02
DELAY_S = 0.4


class Weather(list[Any]):
    """What a fake takes for its list of faults: each time it is looked through, there is one in it or none.

    met: how often each kind was dealt out.
    """

    def __init__(self, kinds: dict[str, Any], chance: random.Random, met: Counter[str]) -> None:
        super().__init__()
        self._kinds, self._chance, self.met = kinds, chance, met

    def __iter__(self) -> Iterator[Any]:
        if self._chance.random() < SHARE:
            kind = self._chance.choice(list(self._kinds))
            self.met[kind] += 1
            yield self._kinds[kind]()


class AnyCall(TelegramFault):
    """Meets every method."""

    def meets(self, method: str, params: dict[str, Any]) -> bool:
        return True


def telegram_weather(chance: random.Random, met: Counter[str]) -> Weather:
    kinds = {
        "429": lambda: AnyCall("*", flood(1)),
        "5xx": lambda: AnyCall("*", ApiError(500, "Internal Server Error")),
        "5xx after": lambda: AnyCall("*", ApiError(502, "Bad Gateway"), after=True),
        "cut before": lambda: AnyCall("*", cut=True),
        "cut after": lambda: AnyCall("*", cut=True, after=True),
        "delay": lambda: AnyCall("*", delay_s=DELAY_S),
    }
    return Weather(kinds, chance, met)


def discord_weather(chance: random.Random, met: Counter[str]) -> Weather:
    kinds = {
        "429": lambda: DiscordFault("*", "", 429, retry_after_s=0.5),
        "5xx": lambda: DiscordFault("*", "", 502),
        "5xx after": lambda: DiscordFault("*", "", 502, after=True),
        "cut before": lambda: DiscordFault("*", "", 0),
        "cut after": lambda: DiscordFault("*", "", 0, after=True),
        "delay": lambda: DiscordFault("*", "", 200, delay_s=DELAY_S),
    }
    return Weather(kinds, chance, met)


_AWAY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class WebWeather:
    """A way to the web chat on which requests meet faults. Knows no HTTP: what comes in one piece is one request."""

    def __init__(self, port: int, chance: random.Random, met: Counter[str]) -> None:
        self.port, self.met = port, met
        self._chance = chance
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
        with suppress(OSError):
            try:
                await self._carry(reader, writer)
            finally:
                writer.close()
                self._lines.discard(line)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self.port)
        answers = asyncio.create_task(_pour(there, writer))
        try:
            while (data := await reader.read(2**20)) and not answers.done():
                kind = self._kind() if data[:4] in (b"GET ", b"POST") else ""
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
                    await there.read(100)
                    return
        finally:
            answers.cancel()
            await asyncio.gather(answers, return_exceptions=True)
            back.close()

    def _kind(self) -> str:
        if self._chance.random() >= SHARE:
            return ""
        kind = self._chance.choice(("5xx", "cut before", "cut after", "delay"))
        self.met[kind] += 1
        return kind


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(2**20):
            writer.write(data)
            await writer.drain()
    writer.close()
