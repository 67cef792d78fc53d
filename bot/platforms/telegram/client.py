"""The road to the Bot API: python-telegram-bot without the token, which is put in at the last moment.

Neither the library nor its logs, errors and reprs ever hold the token. Knows no chat and no text.
"""

import json
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlencode

import httpx
from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.messages import Gone, Later

SERVER = "https://api.telegram.org"
STAND_IN = "token"
_STAND_IN_PATH = f"/bot{STAND_IN}/".encode()


class Refused(OSError):
    """Telegram does not know our token (any more)."""

    def __init__(self) -> None:
        super().__init__("Telegram refuses the token")


class Flooded(TelegramError):
    """Too many requests. The library's own RetryAfter is not used: its seconds change their type between versions."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too many requests: {seconds:g} s")
        self.seconds = seconds


@cache
def _tls() -> ssl.SSLContext:
    """Reading the authorities takes longer than a request does."""
    return httpx.create_ssl_context()


class _Transport(httpx.AsyncHTTPTransport):
    """Puts the token into the address on its way out; whoever logs a request before or after sees the stand-in."""

    def __init__(self, token: str, proxy: str | None, connections: int) -> None:
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        super().__init__(verify=_tls(), proxy=proxy, limits=limits)
        self._path = f"/bot{token}/".encode()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.replace(_STAND_IN_PATH, self._path, 1)
        real = httpx.Request(
            request.method,
            request.url.copy_with(raw_path=path),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return await super().handle_async_request(real)


class _Request(HTTPXRequest):
    def __init__(self, token: str, proxy: str | None, connections: int) -> None:
        super().__init__(
            read_timeout=20,
            write_timeout=20,
            media_write_timeout=40,
            connect_timeout=10,
            pool_timeout=10,
            httpx_kwargs={"transport": _Transport(token, proxy, connections)},
        )

    async def do_request(self, *args: Any, **more: Any) -> tuple[int, bytes]:
        code, payload = await super().do_request(*args, **more)
        if code == 429:
            raise Flooded(_patience_s(payload))
        return code, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As the library's, but what cannot be read, people's words maybe, is not written to the log."""
        try:
            answer: dict[str, Any] = json.loads(payload)
        except ValueError as error:
            raise TelegramError("the answer is no JSON") from error
        return answer


def _patience_s(payload: bytes) -> float:
    try:
        return max(1.0, float(json.loads(payload)["parameters"]["retry_after"]))
    except (ValueError, KeyError, TypeError):
        return 5.0


class Client:
    """`bot` for everything but getting updates, which are wanted raw.

    Args:
        server: where the Bot API is.
        local_mode: it is our own server, which shares this machine's disk.
        proxy: "http://…" or "socks5://…".
    """

    def __init__(self, token: str, server: str = SERVER, *, local_mode: bool = False, proxy: str | None = None) -> None:
        self._server = server.rstrip("/")
        self._polling = _Request(token, proxy, 2)
        self.bot = Bot(
            STAND_IN,
            base_url=f"{self._server}/bot",
            base_file_url=f"{self._server}/file/bot",
            request=_Request(token, proxy, 64),
            get_updates_request=self._polling,
            local_mode=local_mode,
        )

    async def open(self) -> None:
        """Open again after close; a new client is open."""
        await self.bot.request.initialize()
        await self._polling.initialize()

    async def close(self) -> None:
        await self.bot.request.shutdown()
        await self._polling.shutdown()

    async def updates(self, offset: int, timeout_s: int, kinds: Sequence[str]) -> list[dict[str, Any]]:
        """Raw updates from `offset` on, waiting for them if there are none; asking confirms all before `offset`.

        Raises:
            TelegramError, OSError
        """
        query = {"offset": offset, "timeout": timeout_s, "limit": 100, "allowed_updates": json.dumps(kinds)}
        url = f"{self._server}/bot{STAND_IN}/getUpdates?{urlencode(query)}"
        payload = await self._polling.retrieve(url, read_timeout=timeout_s + 15)
        try:
            found = json.loads(payload)["result"]
            return [update for update in found if isinstance(update, dict) and isinstance(update.get("update_id"), int)]
        except (ValueError, KeyError, TypeError) as error:
            raise OSError("Telegram's answer could not be read") from error

    async def photo(self, ref: str) -> bytes:
        """A file by its id. Raises Gone, Later, OSError."""
        with told():
            try:
                file = await self.bot.get_file(ref)
                return bytes(await file.download_as_bytearray())
            except BadRequest as error:
                if says(error, "temporarily unavailable"):
                    raise OSError("the file is not to be had just now") from error
                raise Gone("no such file") from error


@contextmanager
def told() -> Iterator[None]:
    """The library's errors in the house's words: Gone, Later, OSError. BadRequest passes, it means many things."""
    try:
        yield
    except BadRequest:
        raise
    except Flooded as error:
        raise Later(error.seconds) from error
    except Forbidden as error:
        raise Gone("we are not let in") from error
    except InvalidToken as error:
        raise Refused from error
    except TelegramError as error:
        raise OSError(f"Telegram: {type(error).__name__}: {str(error)[:200]}") from error


def says(error: TelegramError, *words: str) -> bool:
    """Whether an error's text has one of these; the library changes its capitals."""
    text = str(error).lower()
    return any(word in text for word in words)


def dig(raw: object, *path: str) -> Any:
    """What lies deep in a raw event; None where there is nothing."""
    for name in path:
        raw = raw.get(name) if isinstance(raw, Mapping) else None
    return raw
