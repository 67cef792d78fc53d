"""What pages are told while they are open, and what becomes of events."""

import asyncio
import json
import time
from collections.abc import Sequence

import pytest
from aiohttp import WSMsgType

from bot.messages import Message, PhotoRef, Showing
from bot.platforms import Gone, Unparsable
from bot.platforms.web import AddressTaken
from bot.platforms.web.routes import PAGES_A_CHAT
from tests.bot.platforms.web.client import KEY, Client
from tests.bot.platforms.web.conftest import Running, serve
from tests.fakes.web_history import MemoryHistory, Row

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_page_gets_only_what_it_has_not_seen(web: Running, client: Client) -> None:
    await client.send({"key": KEY, "text": "hi"})
    await asyncio.sleep(0.05)
    *rows, ready = await client.frames()
    assert [(row["author"], row["body"]["text"]) for row in rows] == [("person", "hi"), ("bot", "You said: hi")]
    assert ready == {"kind": "ready", "seq": rows[-1]["seq"]}
    *again, _ = await client.frames(after=rows[0]["seq"], first=rows[0]["ref"])
    assert again == rows[1:]
    assert [frame["kind"] for frame in await client.frames(after=99, first="gone")] == ["reset", "row", "row", "ready"]


async def test_a_page_that_asks_gets_an_answer(client: Client) -> None:
    async with client.session.ws_connect(client.url + "ws", headers=client.origin) as socket:
        await socket.send_str('{"ping": 1}')
        kinds = [(await socket.receive_json(timeout=5))["kind"] for _ in range(3)]
        assert sorted(kinds) == ["pong", "ready", "row"]
        await socket.send_str("x" * 2000)
        closed = await socket.receive(timeout=5)
        assert closed.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED)


async def test_one_person_has_a_limited_number_of_pages(client: Client, stranger: Client) -> None:
    sockets = [
        await client.session.ws_connect(client.url + "ws", headers=client.origin) for _ in range(PAGES_A_CHAT + 1)
    ]
    last = await sockets[-1].receive(timeout=5)
    assert (last.type, last.data) == (WSMsgType.CLOSE, 4008)
    assert (await stranger.frames())[-1]["kind"] == "ready"
    for socket in sockets:
        await socket.close()
    await asyncio.sleep(0.05)
    assert (await client.frames())[-1]["kind"] == "ready"


async def test_a_slow_page_does_not_hold_up_the_others(web: Running, client: Client) -> None:
    async with client.session.ws_connect(client.url + "ws", headers=client.origin):  # never reads
        await asyncio.sleep(0.05)
        chat = next(iter(web.bot.events.values()))["chat"]
        for i in range(40):
            await asyncio.wait_for(web.platform.show(chat, f"k{i}", Showing("x" * 100_000), None), 1)
        frames = await client.frames()
        assert len(frames) == 42


async def test_showing_the_same_message_twice_is_one_message(web: Running) -> None:
    for _ in range(2):
        assert await web.platform.show("web:me", "key-1", Showing("hello"), None) == "key-1"
    assert await web.platform.show("web:me", "another", Showing("hello you"), "key-1") == "key-1"
    assert [row.body["text"] for row in web.history.rows.values()] == ["hello you"]


async def test_progress_passes_by_unwritten(web: Running) -> None:
    await web.platform.show("web:me", "key-1", Showing("In the queue", progress=0.0), None)
    for share in (0.1, 0.2):
        await web.platform.show("web:me", "key-1", Showing("Painting", progress=share), "key-1")
    (row,) = await web.history.since("web:me", 0)
    assert (row.seq, row.body["text"]) == (1, "In the queue")
    await web.platform.show("web:me", "key-1", Showing("Done"), "key-1")
    (row,) = await web.history.since("web:me", 0)
    assert (row.seq, row.body["text"]) == (2, "Done")


async def test_a_pictures_size_is_told_so_that_its_place_can_be_kept(web: Running, picture: bytes) -> None:
    await web.platform.show("web:me", "key-1", Showing("Goth", picture=picture, picture_id=7, alt="You"), None)
    (row,) = await web.history.since("web:me", 0)
    assert json.loads(json.dumps(row.body))["size"] == [400, 500]
    assert (row.body["picture_id"], row.body["alt"]) == (7, "You")


async def test_raw_events_become_messages(web: Running) -> None:
    base = {"chat": "web:me", "lang": "de"}
    photo = base | {"kind": "message", "text": "/style goth", "photo": "web:me/k"}
    assert web.platform.parse("e1", photo) == Message(
        "e1", "web:me", "web:me", "/style goth", (PhotoRef("web:me/k"),), lang="de"
    )
    press = web.platform.parse("e2", base | {"kind": "press", "press": "tok"})
    assert press == Message("e2", "web:me", "web:me", pressed="tok", lang="de")
    hello = web.platform.parse("e3", base | {"kind": "hello"})
    assert hello == Message("e3", "web:me", "web:me", "/start", lang="de")
    for odd in (
        {},
        base,
        base | {"kind": "dance"},
        {"kind": "message", "chat": 1},
        base | {"kind": "press", "press": 1},
    ):
        with pytest.raises(Unparsable):
            web.platform.parse("e4", odd)


async def test_a_photo_that_is_gone_is_said_to_be_gone(web: Running, client: Client) -> None:
    await client.send({"key": KEY, "photo": b"\xff\xd8\xff mine"})
    raw = next(iter(web.bot.events.values()))
    assert await web.platform.fetch(raw["photo"]) == b"\xff\xd8\xff mine"
    with pytest.raises(Gone):
        await web.platform.fetch("web:someone/else")


class Moody(MemoryHistory):
    """A history whose database goes away and comes back."""

    away = False

    async def since(self, chat: str, seq: int) -> Sequence[Row]:
        if self.away:
            raise ConnectionRefusedError
        return await super().since(chat, seq)

    async def upload(self, chat: str, key: str) -> tuple[bytes, str] | None:
        if self.away:
            raise ConnectionRefusedError
        return await super().upload(chat, key)


async def test_a_database_that_is_away_is_told_and_waited_for(client: Client, picture: bytes) -> None:
    history = Moody()
    async with serve(history, picture) as moody:
        client.url, client.origin = moody.url, {"Origin": moody.url.rstrip("/")}
        async with client.session.ws_connect(client.url + "ws", headers=client.origin) as socket:
            kinds = [(await socket.receive_json(timeout=5))["kind"] for _ in range(2)]
            assert sorted(kinds) == ["ready", "row"]
            history.away = True
            answer = await client.get("photo/" + KEY)
            assert (answer.status, answer.json["why"]) == (503, "Unavailable")
            await moody.platform.show(moody.bot.heard[0].chat, "news", Showing("Hello?"), None)
            assert (await socket.receive(timeout=5)).type == WSMsgType.CLOSE
        async with client.session.ws_connect(client.url + "ws", headers=client.origin) as socket:
            assert (await socket.receive(timeout=5)).type == WSMsgType.CLOSE
        history.away = False
        assert [frame.get("ref") for frame in await client.frames()][1] == "news"


async def test_a_taken_port_is_explained(web: Running, picture: bytes) -> None:
    with pytest.raises(AddressTaken, match=f"Port {web.port} is taken on 127.0.0.1: selfiebot may be running"):
        async with serve(MemoryHistory(), picture, web.port):
            pass


async def test_the_server_stops_quickly_while_pages_are_open(web: Running, client: Client) -> None:
    async with client.session.ws_connect(client.url + "ws", headers=client.origin) as socket:
        for _ in range(2):
            await socket.receive_json(timeout=5)
        started = time.monotonic()
        await web.stop()
        assert time.monotonic() - started < 1.5
        assert (await socket.receive(timeout=5)).type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.ERROR)
