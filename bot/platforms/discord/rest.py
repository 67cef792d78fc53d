"""What Discord is asked for over HTTPS, through discord.py: it keeps to the rate limits. Knows no chat.

Whatever goes wrong comes out as Later, OSError or Refused, and none of them carries an address or a token.
"""

import io
import json
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import aiohttp
import discord
from discord.http import HTTPClient, MultipartParameters
from discord.webhook.async_ import AsyncWebhookAdapter, interaction_response_params

from bot.messages import Later
from bot.platforms.discord.draw import Sheet
from bot.platforms.discord.limits import FETCH_BYTES

T = TypeVar("T")
Json = dict[str, Any]

PATIENCE_S = 30.0
"""How long discord.py may wait for a rate limit; what takes longer is tried again later."""
CROWD = 3
"""How many messages may wait for one channel's rate limit at once; the others must not be held up by it."""
_UNKNOWN_WEBHOOK, _UNKNOWN_MESSAGE, _BAD_WEBHOOK_TOKEN = 10015, 10008, 50027


class Refused(Exception):
    """Discord says no, and will say so again."""

    def __init__(self, status: int, code: int) -> None:
        super().__init__(f"Discord says no: status {status}, code {code}")
        self.status, self.code = status, code

    @property
    def closed(self) -> bool:
        """Is it because an interaction is not open (any more)?"""
        return self.code in (_UNKNOWN_WEBHOOK, _BAD_WEBHOOK_TOKEN) or (self.status == 401 and self.code == 0)

    @property
    def missing(self) -> bool:
        return self.code == _UNKNOWN_MESSAGE

    @property
    def gone(self) -> bool:
        """Is it because there is no such place, or we are not let in?"""
        return self.status in (403, 404)


class Rest:
    """Open between `login` and `close`; ConnectionError outside. What needs no bot token works after `open`."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._client: discord.Client | None = None
        self._session: aiohttp.ClientSession | None = None
        self._hooks = AsyncWebhookAdapter()  # type: ignore[no-untyped-call]
        self._crowds: Counter[str] = Counter()

    def open(self) -> None:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=55.0)
            jar = aiohttp.DummyCookieJar()
            self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=jar, raise_for_status=_no_server_error)

    async def login(self) -> Json:
        """What Discord says of our application. Raises discord.LoginFailure."""
        self.open()
        if self._client is None:
            client = discord.Client(intents=discord.Intents.none(), max_ratelimit_timeout=PATIENCE_S)
            try:
                await client.login(self._token)
                self._client = client
            finally:
                if self._client is None:
                    await client.close()
        about: Json = dict(await self._ask(self._http.application_info()))
        return about

    async def close(self) -> None:
        client, self._client = self._client, None
        session, self._session = self._session, None
        if client is not None:
            await client.close()
        if session is not None:
            await session.close()

    @property
    def _http(self) -> HTTPClient:
        if self._client is None:
            raise ConnectionError("not logged in to Discord yet")
        return self._client.http

    @property
    def me(self) -> str:
        """The bot's own user; in old applications its id is another than theirs."""
        user = self._client and self._client.user
        if not user:
            raise ConnectionError("not logged in to Discord yet")
        return str(user.id)

    @property
    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise ConnectionError("not connected to Discord yet")
        return self._session

    async def respond(self, id: str, token: str, kind: int, data: Json) -> None:
        """The first answer to an interaction, due in 3 s."""
        params = interaction_response_params(kind, data)
        call = self._hooks.create_interaction_response(int(id), token, session=self._open_session, params=params)
        await self._ask(call)

    async def edit_answer(self, app: str, token: str, sheet: Sheet) -> str:
        """Returns the message's id."""
        with _multipart(sheet) as parts:
            call = self._hooks.edit_original_interaction_response(
                int(app),
                token,
                session=self._open_session,
                payload=parts.payload,
                multipart=parts.multipart,
                files=parts.files,
            )
            return str((await self._ask(call))["id"])

    async def drop_answer(self, app: str, token: str) -> None:
        call = self._hooks.delete_original_interaction_response(int(app), token, session=self._open_session)
        await self._ask(call)

    async def follow_up(self, app: str, token: str, sheet: Sheet) -> str:
        """Another message to an interaction; where the bot itself is no member this is the only way in."""
        with _multipart(sheet) as parts:
            call = self._hooks.execute_webhook(
                int(app),
                token,
                session=self._open_session,
                payload=parts.payload,
                multipart=parts.multipart,
                files=list(parts.files or ()),
                wait=True,
            )
            posted: Any = await self._ask(call)
            return str(posted["id"])

    async def post(self, channel: str, nonce: str, sheet: Sheet) -> str:
        """A new message. Discord answers the same nonce within a few minutes with the same message."""
        once = Sheet({**sheet.payload, "nonce": nonce, "enforce_nonce": True}, sheet.file)
        with self._crowd(channel), _multipart(once) as parts:
            return str((await self._ask(self._http.send_message(int(channel), params=parts)))["id"])

    async def edit(self, channel: str, message: str, sheet: Sheet) -> None:
        with self._crowd(channel), _multipart(sheet) as parts:
            await self._ask(self._http.edit_message(int(channel), int(message), params=parts))

    async def dm(self, user: str) -> str:
        """The channel of a person's direct messages."""
        return str((await self._ask(self._http.start_private_message(user)))["id"])

    async def messages(self, channel: str, most: int) -> list[Json]:
        """The newest messages of a channel."""
        return [dict(one) for one in await self._ask(self._http.logs_from(int(channel), most))]

    async def delete(self, channel: str, message: str) -> None:
        await self._ask(self._http.delete_message(int(channel), int(message)))

    async def commands(self, app: str) -> list[Json]:
        """What is registered, with its translations."""
        route = discord.http.Route("GET", "/applications/{app}/commands", app=app)
        listed: list[Json] = await self._ask(self._http.request(route, params={"with_localizations": "true"}))
        return listed

    async def register(self, app: str, commands: list[Json]) -> None:
        await self._ask(self._http.bulk_upsert_global_commands(int(app), commands))

    async def fetch(self, url: str) -> bytes:
        """A file, up to a byte more than is taken in."""
        return await self._ask(self._fetch(url))

    async def _fetch(self, url: str) -> bytes:
        async with self._open_session.get(url) as response:
            if response.status == 429:
                raise Later(_seconds(response.headers.get("Retry-After")))
            if response.status != 200:
                raise Refused(response.status, 0)
            data = bytearray()
            async for chunk in response.content.iter_chunked(2**16):
                data += chunk
                if len(data) > FETCH_BYTES:
                    break
            return bytes(data)

    @contextmanager
    def _crowd(self, channel: str) -> Iterator[None]:
        if self._crowds[channel] >= CROWD:
            raise Later(1.0)
        self._crowds[channel] += 1
        try:
            yield
        finally:
            self._crowds[channel] -= 1
            if not self._crowds[channel]:
                del self._crowds[channel]

    async def _ask(self, call: Coroutine[Any, Any, T]) -> T:
        try:
            return await call
        except discord.RateLimited as limit:
            raise Later(limit.retry_after) from None
        except discord.DiscordServerError as error:
            raise ConnectionError(f"Discord answers with status {error.status}") from None
        except discord.HTTPException as error:
            if error.status == 429:
                raise Later(_seconds(error.response.headers.get("Retry-After"))) from None
            raise Refused(error.status, error.code) from None
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise ConnectionError(type(error).__name__) from None
        except RuntimeError:
            if self._session is not None:
                raise
            raise ConnectionError("hung up") from None  # we stop while this is under way


async def _no_server_error(response: aiohttp.ClientResponse) -> None:
    """Discord's own trouble goes to whoever asked, at once: discord.py would wait a second before it asks again, and
    what we ask by this session is either tried again by us or harmless twice."""
    if response.status >= 500:
        raise aiohttp.ClientConnectionError(f"Discord answers with status {response.status}")


def _seconds(header: str | None) -> float:
    try:
        return min(3600.0, float(header or ""))
    except ValueError:
        return 30.0


@contextmanager
def _multipart(sheet: Sheet) -> Iterator[MultipartParameters]:
    """A message as discord.py's HTTP client takes it."""
    if sheet.file is None:
        yield MultipartParameters(sheet.payload, None, None)
        return
    name, data = sheet.file
    file = discord.File(io.BytesIO(data), name)
    body = {"name": "payload_json", "value": json.dumps(sheet.payload), "content_type": "application/json"}
    part = {"name": "files[0]", "value": file.fp, "filename": name, "content_type": "application/octet-stream"}
    with MultipartParameters(None, [body, part], [file]) as parts:
        yield parts
