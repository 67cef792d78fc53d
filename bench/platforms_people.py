"""People at each platform, and the platform they are at: the fakes of the tests, or the web chat over HTTP itself."""

import asyncio
import base64
import hashlib
import secrets
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol, Self

import aiohttp
from yarl import URL

from tests.fakes.bot_process import free_port
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord import Human as Member
from tests.fakes.telegram import TOKEN, BotApi
from tests.fakes.telegram import Human as Writer
from tests.fakes.web_person import WebPerson

Json = dict[str, Any]
STYLE = "plain"
ACK_S = 3.0
"""After so long Discord itself tells a person that nobody answered."""
_LOADING = 128


class Guest(Protocol):
    """Somebody with a selfie. sends: how often they sent one; again only where the platform says it failed."""

    sends: int

    async def says(self, text: str, photo: bytes | None = None) -> None: ...

    async def asks(self, photo: bytes) -> None:
        """Send one selfie with a style."""

    def messages(self) -> int:
        """Messages of ours on their screen."""

    def answers(self) -> int:
        """Those that are pictures or wait to become one."""

    def pictures(self) -> int: ...

    async def looks_again(self) -> None:
        """Look at the whole chat, if the screen was away."""

    async def leaves(self) -> None: ...

    def names(self) -> Sequence[str]:
        """What tells in a request to the platform that it is about them."""


class World(Protocol):
    name: str

    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *_: object) -> None: ...

    @property
    def settings(self) -> dict[str, str]: ...

    @property
    def arguments(self) -> list[str]:
        """What the bot's program is told."""

    @property
    def echo(self) -> list[str]:
        """What the echo bot's program is told."""

    def forget(self) -> None:
        """The bot was ended: from now on `up` is about the next one."""

    async def up(self) -> bool:
        """Whether the bot listens."""

    def user(self, number: int) -> str:
        """By what name the bot knows this guest."""

    async def guest(self, number: int) -> Guest: ...


class TelegramGuest:
    def __init__(self, human: Writer, screen: list[Json]) -> None:
        self.sends = 0
        self._human, self._screen = human, screen

    def names(self) -> Sequence[str]:
        return (f"chat {self._human.id};",)

    async def says(self, text: str, photo: bytes | None = None) -> None:
        await (self._human.says(text) if photo is None else self._human.photo(photo, text))

    async def asks(self, photo: bytes) -> None:
        self.sends += 1
        await self.says(f"/style {STYLE}", photo)

    def messages(self) -> int:
        return len(self._screen)

    answers = messages

    def pictures(self) -> int:
        return sum("photo" in message for message in self._screen)

    async def looks_again(self) -> None:
        """It is always there."""

    async def leaves(self) -> None:
        """The chat stays."""


class TelegramWorld:
    name = "telegram"

    def __init__(self) -> None:
        self.api = BotApi()
        self._screens: defaultdict[int, list[Json]] = defaultdict(list)
        self._polls = 0
        write = self.api.world.write

        async def noted(chat: Any, author: Json, body: Json) -> Json:
            message = await write(chat, author, body)
            if author is self.api.world.me:
                self._screens[chat.id].append(message)
            return message

        self.api.world.write = noted  # type: ignore[method-assign]

    async def __aenter__(self) -> Self:
        await self.api.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.api.__aexit__()

    @property
    def settings(self) -> dict[str, str]:
        return {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": self.api.url}

    @property
    def arguments(self) -> list[str]:
        return []

    @property
    def echo(self) -> list[str]:
        return ["telegram", self.api.url, TOKEN]

    def forget(self) -> None:
        self._polls = self.api.methods.polls

    async def up(self) -> bool:
        return self.api.methods.polls > self._polls

    def user(self, number: int) -> str:
        return f"telegram:{number + 1}"

    async def guest(self, number: int) -> Guest:
        return TelegramGuest(self.api.person(number + 1), self._screens[number + 1])


class DiscordGuest:
    def __init__(self, world: FakeDiscord, human: Member, direct: list[str]) -> None:
        self.sends = 0
        self._world, self._human, self._direct = world, human, direct
        self._own: list[Json] = []

    def names(self) -> Sequence[str]:
        return [str(own[name]) for own in self._own for name in ("id", "token")]

    async def says(self, text: str, photo: bytes | None = None) -> None:
        await self._human.says(text, *([] if photo is None else [("selfie.jpg", photo)]))

    async def asks(self, photo: bytes) -> None:
        """The slash command in a server; again whenever Discord says that the application did not respond."""
        while True:
            with suppress(StopIteration):  # the command is not there before the bot's first start
                self.sends += 1
                sent = await self._human.commands("style", style=STYLE, photo=("selfie.jpg", photo))
                own = self._world.interactions[sent["id"]]
                self._own.append(own)
                until = asyncio.get_running_loop().time() + ACK_S
                while own["_response"] is None and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
                if own["_response"] is not None:
                    return

    def messages(self) -> int:
        return sum(not message["flags"] & _LOADING for message in self._messages())

    answers = messages

    def pictures(self) -> int:
        return sum(bool(message["attachments"]) for message in self._messages())

    async def looks_again(self) -> None:
        """It is always there."""

    async def leaves(self) -> None:
        """The chat stays."""

    def _messages(self) -> list[Json]:
        ids = [*self._direct, *(own["_original"] for own in self._own if own["_original"])]
        bot = self._world.bot["id"]
        there = (self._world.messages.get(id) for id in ids)
        return [message for message in there if message is not None and message["author"]["id"] == bot]


class ByChannel(dict[str, Json]):
    """Messages by id, and their ids by channel."""

    def __init__(self) -> None:
        super().__init__()
        self.channels: defaultdict[str, list[str]] = defaultdict(list)

    def __setitem__(self, id: str, message: Json) -> None:
        super().__setitem__(id, message)
        self.channels[message["channel_id"]].append(id)


class DiscordWorld:
    name = "discord"

    def __init__(self) -> None:
        self.fake = FakeDiscord()
        self._messages = self.fake.messages = ByChannel()
        self._identified = 0
        self._humans: dict[int, Member] = {}

    async def __aenter__(self) -> Self:
        await self.fake.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.fake.stop()

    @property
    def settings(self) -> dict[str, str]:
        return {"DISCORD_TOKEN": self.fake.token}

    @property
    def arguments(self) -> list[str]:
        return ["--discord", self.fake.rest, self.fake.line]

    @property
    def echo(self) -> list[str]:
        return ["discord", self.fake.rest, self.fake.line, self.fake.token]

    def forget(self) -> None:
        self._identified = self.fake.gateway.identified

    async def up(self) -> bool:
        return self.fake.gateway.identified > self._identified

    def user(self, number: int) -> str:
        return f"discord:{self._human(number).id}"

    async def guest(self, number: int) -> Guest:
        human = self._human(number)
        return DiscordGuest(self.fake, human, self._messages.channels[human.dm])

    def _human(self, number: int) -> Member:
        if number not in self._humans:
            self._humans[number] = self.fake.human(f"guest{number}")
        return self._humans[number]


class WebGuest:
    def __init__(self, base: str, token: str) -> None:
        self.sends = 0
        jar = aiohttp.CookieJar(unsafe=True)  # cookies for an IP address
        jar.update_cookies({"selfiebot": token}, response_url=URL(base))
        self._base, self._jar, self._token = base, jar, token
        self._person: WebPerson | None = None
        self._following: asyncio.Task[None] | None = None

    def names(self) -> Sequence[str]:
        return (self._token,)

    async def says(self, text: str, photo: bytes | None = None) -> None:
        person = await self.comes()
        await person.says(text, photo)

    async def asks(self, photo: bytes) -> None:
        self.sends += 1
        await self.says(f"/style {STYLE}", photo)

    def messages(self) -> int:
        return len(self._person.answers) if self._person is not None else 0

    def answers(self) -> int:
        """All but the greeting."""
        if self._person is None:
            return 0
        return sum(body["progress"] is not None or body["picture_id"] is not None for body in self._person.answers)

    def pictures(self) -> int:
        if self._person is None:
            return 0
        return sum(body["picture_id"] is not None for body in self._person.answers)

    async def comes(self) -> WebPerson:
        """Open the page and follow it."""
        if self._person is None:
            session = aiohttp.ClientSession(cookie_jar=self._jar, timeout=aiohttp.ClientTimeout(total=20))
            self._person = WebPerson(self._base, session)
        if self._following is None:
            self._following = asyncio.create_task(self._person.follows())
        return self._person

    async def looks_again(self) -> None:
        await self.comes()

    async def leaves(self) -> None:
        following, self._following = self._following, None
        if following is not None:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following


class WebWorld:
    """Args:
    way: the address guests go by, where it is not the bot's own.
    """

    name = "web"

    def __init__(self, way: str = "") -> None:
        self.port = free_port()
        self.way = way or f"http://127.0.0.1:{self.port}"
        self._tokens: list[str] = []
        self._guests: list[WebGuest] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for guest in self._guests:
            await guest.leaves()
            if guest._person is not None:
                await guest._person.session.close()

    @property
    def settings(self) -> dict[str, str]:
        return {"WEB_PORT": str(self.port)}

    @property
    def arguments(self) -> list[str]:
        return []

    @property
    def echo(self) -> list[str]:
        return ["web", str(self.port)]

    def forget(self) -> None:
        """Whether the port is open says it all."""

    async def up(self) -> bool:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.close()
            return True
        return False

    def user(self, number: int) -> str:
        digest = hashlib.sha256(self._token(number).encode()).digest()
        return "web:" + base64.urlsafe_b64encode(digest).decode()[:22]

    async def guest(self, number: int) -> Guest:
        guest = WebGuest(self.way, self._token(number))
        self._guests.append(guest)
        return guest

    def _token(self, number: int) -> str:
        while len(self._tokens) <= number:
            self._tokens.append(secrets.token_urlsafe(32))
        return self._tokens[number]


WORLDS: Sequence[type[TelegramWorld] | type[DiscordWorld] | type[WebWorld]] = (TelegramWorld, DiscordWorld, WebWorld)
