"""Discord as a platform: takes events in, acknowledges them, and starts its line anew whatever becomes of it."""

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

import discord

from bot.messages import Gone, Message, Showing
from bot.platforms import Later, Raw, Receive
from bot.platforms.discord import parse as parsing
from bot.platforms.discord.commands import SELFIE, Menu, registered
from bot.platforms.discord.gateway import Line
from bot.platforms.discord.limits import ACK_S, LIMITS
from bot.platforms.discord.quiet import hush
from bot.platforms.discord.refs import Answer, Chat, made_at, read_ref, write_ref
from bot.platforms.discord.rest import Refused, Rest
from bot.platforms.discord.show import Screen

log = logging.getLogger(__name__)

_DEFERRED, _COMPLETIONS, _FORM = 5, 8, 9  # kinds of response
_ALONE = 64  # a message's flag: seen by one person
_LOADING = 128  # a message's flag: an answer that is still awaited
_ANSWERED_ALREADY = 40060
_STEADY_S = 60.0
_PATIENCE_S = 120.0
_WIPED = 100
_LANGS = 10_000


class DiscordPlatform:
    """Args:
    commands: by language, (name, what it does) of every command; the first language is the one Discord falls back on.
    words: by language, a text for each of `commands.WORDS`.
    styles: (name, title) of every style, for completion.
    retry_s, refused_s: the shortest wait before the line is started anew, and the wait after a token was refused.
    beat_s, again_s: as in Line.
    """

    name = "discord"
    limits = LIMITS

    def __init__(
        self,
        token: str,
        *,
        commands: Mapping[str, Sequence[tuple[str, str]]],
        words: Mapping[str, Mapping[str, str]],
        styles: Sequence[tuple[str, str]],
        retry_s: float = 1.0,
        refused_s: float = 300.0,
        beat_s: float = 60.0,
        again_s: float = 5.0,
    ) -> None:
        self._token = token
        self._menu = Menu(commands, words, styles)
        self._rest = Rest(token)
        self._screen = Screen(self._rest, self._menu)
        self._retry_s, self._refused_s, self._beat_s, self._again_s = retry_s, refused_s, beat_s, again_s
        self._acknowledging: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._langs: dict[str, str] = {}

    def __repr__(self) -> str:
        return "DiscordPlatform()"

    async def run(self, receive: Receive) -> None:
        """Listen until cancelled. Whatever ends the line, a new one is started."""
        hush()
        failures = 0
        try:
            while True:
                started = time.monotonic()
                listening = asyncio.ensure_future(self._listen(receive))
                try:
                    await asyncio.wait({listening})
                finally:
                    if not listening.done():
                        listening.cancel()
                        await asyncio.wait({listening})
                failures = 0 if time.monotonic() - started > _STEADY_S else failures + 1
                error = None if listening.cancelled() else listening.exception()
                await asyncio.sleep(self._pause_s(error, failures))
        finally:
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._rest.close()

    async def _listen(self, receive: Receive) -> None:
        about = await self._rest.login()
        await self._register(str(about["id"]))

        def hear(kind: str, data: dict[str, Any]) -> None:
            self._spawn(self._take(kind, data, receive))

        line = Line(hear, beat_s=self._beat_s, again_s=self._again_s)
        try:
            await line.login(self._token)
            await line.connect()
        finally:
            await line.close()

    def _pause_s(self, error: BaseException | None, failures: int) -> float:
        """What to say of a line that ended, and how long to wait before the next."""
        if isinstance(error, discord.LoginFailure) or (
            isinstance(error, discord.ConnectionClosed) and error.code == 4004
        ):
            log.error(
                "Discord does not accept DISCORD_TOKEN: copy it anew from the developer portal "
                "(your application, Bot, Reset Token). Trying again in %.0f s.",
                self._refused_s,
            )
            return self._refused_s
        pause_s = min(120.0, self._retry_s * 2.0 ** min(failures - 1, 10)) * random.uniform(0.75, 1.25)
        why = type(error).__name__ if error else "it hung up"
        log.warning("the line to Discord ended (%s); starting anew in %.1f s", why, pause_s)
        return max(0.0, pause_s)

    async def _register(self, app: str) -> None:
        """Tell Discord our commands, where it knows others."""
        ours = self._menu.payload()
        try:
            if not registered(ours, await self._rest.commands(app)):
                await self._rest.register(app, ours)
                log.info("registered %d commands at Discord", len(ours))
        except (Refused, Later, OSError) as error:
            log.warning("the commands could not be registered at Discord: %s", error)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._end)
        return task

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("an event of Discord is left out: %s", type(error).__name__)

    async def _take(self, kind: str, data: dict[str, Any], receive: Receive) -> None:
        if kind == "MESSAGE_CREATE":
            if "guild_id" not in data and not data["author"].get("bot"):
                lang = self._langs.get(str(data["author"]["id"]), "en")
                raw = {"t": kind, "d": data, "lang": lang}
                await _commit(receive, f"m{data['id']}", str(parsing.chat_of(data)), raw, _PATIENCE_S)
            return
        match data["type"], data["data"].get("name"):
            case parsing.AUTOCOMPLETE, _:
                await self._complete(data)
            case parsing.COMMAND, str(name) if name == SELFIE:
                await self._respond(data["id"], data["token"], _FORM, self._menu.form(data.get("locale", "en")))
            case _:
                await self._take_in(kind, data, receive)

    async def _complete(self, data: dict[str, Any]) -> None:
        typed = next((str(option["value"]) for option in data["data"]["options"] if option.get("focused")), "")
        choices = self._menu.complete(typed)
        await self._respond(data["id"], data["token"], _COMPLETIONS, {"choices": choices})

    async def _take_in(self, kind: str, data: dict[str, Any], receive: Receive) -> None:
        """Commit an interaction, then acknowledge it. What is answered meanwhile waits for that."""
        chat, token = parsing.chat_of(data), str(data["token"])
        if len(self._langs) >= _LANGS:
            self._langs.clear()
        self._langs[chat.user] = str(data.get("locale") or "en")
        mine = asyncio.current_task()
        assert mine is not None
        self._acknowledging[token] = mine
        try:
            await _commit(receive, f"i{data['id']}", str(chat), {"t": kind, "d": data}, ACK_S)
            await self._respond(str(data["id"]), token, _DEFERRED, {} if chat.dm else {"flags": _ALONE})
        finally:
            self._acknowledging.pop(token, None)

    async def _respond(self, id: str, token: str, kind: int, data: dict[str, Any]) -> None:
        """The first answer to an interaction, again until its time is over. One too late is given by other ways: show()
        finds the interaction closed."""
        until = made_at(id) + ACK_S
        while True:
            try:
                await self._rest.respond(id, token, kind, data)
            except Refused as refused:
                if refused.code != _ANSWERED_ALREADY:
                    log.warning("an interaction closed before it was acknowledged: %s", refused)
                return
            except OSError:
                if time.time() >= until:
                    log.warning("an interaction could not be acknowledged in time")
                    return
                await asyncio.sleep(0.1)
            else:
                return

    def parse(self, event: str, raw: Raw) -> Message | None:
        return parsing.parse(event, raw)

    async def fetch(self, ref: str) -> bytes:
        try:
            return await self._rest.fetch(ref)
        except Refused:
            raise Gone from None

    async def show(self, chat: str, key: str, showing: Showing, ref: str | None) -> str:
        place = read_ref(ref) if ref else None
        if isinstance(place, Answer) and (acknowledging := self._acknowledging.get(place.token)) is not None:
            await asyncio.wait({acknowledging})
        return write_ref(await self._screen.show(Chat.read(chat), key, showing, place))

    async def wipe(self, chat: str) -> None:
        """Take away our latest messages to a person: all in their direct messages, in a channel what names them.

        What only one person sees in a channel cannot be listed, and does not last.
        """
        place = Chat.read(chat)
        with contextlib.suppress(Refused):
            for message in await self._rest.messages(place.channel, _WIPED):
                if message["author"]["id"] == self._rest.me and _is_of(message, place):
                    with contextlib.suppress(Refused):
                        await self._rest.delete(place.channel, str(message["id"]))


async def _commit(receive: Receive, event: str, chat: str, raw: Raw, patience_s: float) -> None:
    """Discord sends nothing twice, so a database that is away for a moment is waited for."""
    until = time.monotonic() + patience_s
    while True:
        try:
            await receive(event, chat, raw)
        except OSError:
            if time.monotonic() >= until:
                raise
            await asyncio.sleep(0.25)
        else:
            return


def _is_of(message: Mapping[str, Any], place: Chat) -> bool:
    if place.dm:
        return not message.get("flags", 0) & _LOADING
    return f"<@{place.user}>" in message["content"]
