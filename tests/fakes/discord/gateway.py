"""The gateway: sessions, heartbeats, replay, and all the ways a line ends. Knows nothing of routes."""

import asyncio
import json
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.fakes.discord.things import Json, member

if TYPE_CHECKING:
    from tests.fakes.discord.server import FakeDiscord

DISPATCH, BEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, BEATEN = 0, 1, 2, 6, 7, 9, 10, 11
GUILD_MESSAGES, DIRECT_MESSAGES, CONTENT, PRIVILEGED = 1 << 9, 1 << 12, 1 << 15, (1 << 1 | 1 << 8 | 1 << 15)


class Session:
    def __init__(self, intents: int) -> None:
        self.intents = intents
        self.seq = 0
        self.log: list[Json] = []
        self.socket: web.WebSocketResponse | None = None


class Gateway:
    """Attributes:
    beat_ms: the interval asked for. answers_beats: False makes it a zombie.
    refuses: a number of connections that are cut before anything is said.
    """

    def __init__(self, world: "FakeDiscord") -> None:
        self._world = world
        self.sessions: dict[str, Session] = {}
        self.beat_ms = 41_250
        self.answers_beats = True
        self.refuses = 0
        self.identified = self.resumed = self.beats = 0
        self.events: Callable[[str, Json], None] | None = None

    @property
    def listening(self) -> bool:
        return any(one.socket is not None and not one.socket.closed for one in self.sessions.values())

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if self.refuses > 0:
            self.refuses -= 1
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        await _say(socket, HELLO, {"heartbeat_interval": self.beat_ms})
        session: Session | None = None
        async for frame in socket:
            if frame.type != WSMsgType.TEXT:
                break
            told = json.loads(frame.data)
            if told["op"] == BEAT:
                self.beats += 1
                if self.answers_beats:
                    await _say(socket, BEATEN, None)
            elif told["op"] == IDENTIFY:
                session = await self._identify(socket, told["d"])
            elif told["op"] == RESUME:
                session = await self._resume(socket, told["d"])
        if session is not None and session.socket is socket:
            session.socket = None
        return socket

    async def _identify(self, socket: web.WebSocketResponse, told: Json) -> Session | None:
        if told["token"] != self._world.token:
            await socket.close(code=4004, message=b"Authentication failed.")
            return None
        if told["intents"] & PRIVILEGED:
            await socket.close(code=4014, message=b"Disallowed intent(s).")
            return None
        id, session = secrets.token_hex(16), Session(told["intents"])
        self.identified += 1
        self.sessions[id] = session
        session.socket = socket
        ready = {
            "v": 10,
            "user": self._world.bot,
            "guilds": [{"id": self._world.guild, "unavailable": True}],
            "session_id": id,
            "session_type": "normal",
            "resume_gateway_url": self._world.line,
            "application": {"id": self._world.bot["id"], "flags": 0},
        }
        await self._send(session, "READY", ready)
        return session

    async def _resume(self, socket: web.WebSocketResponse, told: Json) -> Session | None:
        session = self.sessions.get(told["session_id"])
        if session is None or told["token"] != self._world.token:
            await _say(socket, INVALID, False)
            return None
        self.resumed += 1
        session.socket = socket
        for event in session.log:
            if event["s"] > told["seq"]:
                await socket.send_json(event)
        await self._send(session, "RESUMED", {"_trace": []})
        return session

    async def dispatch(self, name: str, data: Any) -> None:
        """An event for every session; one whose line is down gets it when it resumes."""
        if self.events is not None and isinstance(data, dict):
            self.events(name, data)
        for session in list(self.sessions.values()):
            await self._send(session, name, data)

    async def dispatch_message(self, message: Json) -> None:
        """A new message, to those whose intents ask for it; what is said in servers only with its own intent."""
        direct = self._world.owner_of(message["channel_id"]) is not None
        place: Json = {} if direct else {"guild_id": self._world.guild}
        if not direct and message["author"]["id"] in self._world.people:
            place["member"] = {key: value for key, value in member(message["author"]).items() if key != "user"}
        for session in list(self.sessions.values()):
            if session.intents & (DIRECT_MESSAGES if direct else GUILD_MESSAGES):
                hidden = {} if direct or session.intents & CONTENT else {"content": "", "attachments": []}
                if self.events is not None:
                    self.events("MESSAGE_CREATE", message)
                await self._send(session, "MESSAGE_CREATE", {**message, **hidden, **place})

    async def _send(self, session: Session, name: str, data: Any) -> None:
        session.seq += 1
        event = {"op": DISPATCH, "t": name, "s": session.seq, "d": data}
        session.log.append(json.loads(json.dumps(event)))
        if session.socket is not None and not session.socket.closed:
            try:
                await session.socket.send_json(event)
            except ConnectionError:
                session.socket = None

    async def say(self, text: str) -> None:
        """Any text at all, down every line."""
        for socket in self._sockets():
            await socket.send_str(text)

    async def drop(self, code: int = 1001, *, cut: bool = False) -> None:
        """End every line: with a close frame, or as a cable does."""
        for session in self.sessions.values():
            socket, session.socket = session.socket, None
            if socket is None or socket.closed:
                continue
            if cut and socket._req is not None and socket._req.transport is not None:
                socket._req.transport.abort()
            else:
                await asyncio.wait_for(socket.close(code=code), 2)

    async def ask_to_reconnect(self) -> None:
        for socket in self._sockets():
            await _say(socket, RECONNECT, None)

    async def invalidate(self) -> None:
        """Forget every session, and say so."""
        sockets = self._sockets()
        self.sessions.clear()
        for socket in sockets:
            await _say(socket, INVALID, False)

    def _sockets(self) -> list[web.WebSocketResponse]:
        found = [one.socket for one in self.sessions.values()]
        return [socket for socket in found if socket is not None and not socket.closed]


async def _say(socket: web.WebSocketResponse, op: int, data: Any) -> None:
    await socket.send_json({"op": op, "d": data, "s": None, "t": None})
