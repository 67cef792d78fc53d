"""The server alone: what it gives to whom, and what it refuses."""

import asyncio
import io
import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import ClientSession, FormData, WSMsgType

from bot.messages import Message, PhotoRef, Showing
from bot.platforms import Gone, Unparsable
from bot.platforms.web import AddressTaken, WebPlatform
from bot.platforms.web.routes import PAGES_A_CHAT
from tests.bot.platforms.web.conftest import Running, serve
from tests.fakes.web_history import MemoryHistory, Row

pytestmark = pytest.mark.asyncio(loop_scope="session")
KEY = "0123456789abcdef"


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    cookie: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """A browser's requests without the browser. It has been at the page, so it has a cookie."""

    def __init__(self, web: Running, session: ClientSession) -> None:
        self.url, self.session = web.url, session
        self.origin = {"Origin": web.url.rstrip("/")}

    async def send(self, form: dict[str, Any], headers: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
        data = FormData(default_to_multipart=True)
        for name, value in form.items():
            filename = "photo.jpg" if isinstance(value, bytes) else None
            data.add_field(name, io.BytesIO(value) if isinstance(value, bytes) else value, filename=filename)
        return await self.post(data, headers)

    async def post(self, data: Any, headers: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
        given = self.origin if headers is None else headers
        async with self.session.post(self.url + "send", data=data, headers=given) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        async with self.session.get(self.url + path, headers=headers) as it:
            cookie = it.cookies["selfiebot"].value if "selfiebot" in it.cookies else ""
            return Answer(it.status, it.headers, await it.read(), cookie)

    async def frames(self, after: int = 0, first: str = "") -> list[dict[str, Any]]:
        """What a page that connects is told, up to its "ready"."""
        where = {"after": str(after), "first": first}
        frames: list[dict[str, Any]] = []
        async with self.session.ws_connect(self.url + "ws", headers=self.origin, params=where) as socket:
            while not frames or frames[-1]["kind"] != "ready":
                frames.append(await socket.receive_json(timeout=5))
        return frames


@pytest_asyncio.fixture(loop_scope="session")
async def client(web: Running) -> AsyncIterator[Client]:
    async with ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        it = Client(web, session)
        await it.get("")
        yield it


@pytest_asyncio.fixture(loop_scope="session")
async def stranger(web: Running) -> AsyncIterator[Client]:
    """Somebody else, with a cookie of their own."""
    async with ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        it = Client(web, session)
        await it.get("")
        yield it


async def test_the_cookie_is_secret_strict_and_kept(web: Running) -> None:
    async with ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session, session.get(web.url) as answer:
        cookie = answer.cookies["selfiebot"]
    assert len(cookie.value) == 43
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert int(cookie["max-age"]) > 300 * 24 * 3600


async def test_the_cookie_stays_the_same(client: Client) -> None:
    answer = await client.get("")
    (cookie,) = client.session.cookie_jar
    assert answer.cookie == cookie.value


async def test_a_link_from_another_site_does_not_replace_the_cookie(web: Running) -> None:
    async with ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        answer = await Client(web, session).get("", {"Sec-Fetch-Site": "cross-site"})
    assert answer.cookie == ""
    assert b'content="0; url=/"' in answer.body


async def test_every_answer_has_strict_headers(client: Client) -> None:
    for path in ("", "nowhere", "session", "picture/1"):
        answer = await client.get(path)
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style")
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Permissions-Policy"].startswith("camera=(self), microphone=()")
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"


async def test_the_pages_files_are_kept_forever_under_a_name_of_their_content(client: Client) -> None:
    page = (await client.get("")).body.decode()
    address = page.split('src="/')[1].split('"')[0]
    assert address.startswith("static/")
    answer = await client.get(address)
    assert answer.status == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert (await client.get("static/0000000000000000/chat.js")).status == 404
    assert (await client.get(address.replace("chat.js", "..%2f..%2fplatform.py"))).status == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "8.8.8.8", "[", ""])
async def test_another_name_is_refused(client: Client, host: str) -> None:
    answer = await client.get("", {"Host": host})
    assert answer.status in (400, 403)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("host", ["localhost", "localhost:9999", "127.0.0.1", "[::1]:80"])
async def test_our_own_names_are_answered(client: Client, host: str) -> None:
    assert (await client.get("", {"Host": host})).status == 200


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://127.0.0.1:1", "http://localhost"])
async def test_another_sites_page_can_neither_send_nor_listen(web: Running, client: Client, origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin}
    status, answer = await client.send({"key": KEY, "text": "/forget"}, headers)
    assert (status, answer["why"]) == (403, "OtherSite")
    with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
        await client.session.ws_connect(client.url + "ws", headers=headers)
    assert web.bot.events == {}


async def test_without_a_cookie_there_is_nothing(web: Running) -> None:
    async with ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        nobody = Client(web, session)
        assert (await nobody.send({"key": KEY, "text": "hi"}))[0] == 401
        for path in ("session", "photo/" + KEY, "picture/1"):
            assert (await nobody.get(path)).status == 401
        with pytest.raises(aiohttp.WSServerHandshakeError, match="401"):
            await session.ws_connect(web.url + "ws", headers=nobody.origin)
        assert (await nobody.get("session", {"Cookie": "selfiebot=short"})).status == 401
    assert web.bot.events == {}


async def test_the_same_key_twice_is_one_event(web: Running, client: Client) -> None:
    form = {"key": KEY, "text": "once", "photo": b"\xff\xd8\xff photo"}
    assert await client.send(form) == (200, {"new": True})
    assert await client.send(form) == (200, {"new": False})
    assert len(web.bot.events) == 1
    assert [row.body["text"] for row in web.history.rows.values() if row.author == "person"] == ["once"]


async def test_two_people_may_use_the_same_key(web: Running, client: Client, stranger: Client) -> None:
    assert (await client.send({"key": KEY, "text": "mine"}))[1] == {"new": True}
    assert (await stranger.send({"key": KEY, "text": "mine too"}))[1] == {"new": True}


async def test_everything_is_kept_before_the_event_is_committed(web: Running, client: Client) -> None:
    kept: list[Any] = []

    async def note(event: str, chat: str, raw: Any) -> bool:
        kept.append((raw, list(web.history.uploads), [row.ref for row in web.history.rows.values()]))
        return True

    platform = WebPlatform("127.0.0.1", 0, web.history)
    task = asyncio.create_task(platform.run(note))
    url = await platform.listening()
    data = FormData({"key": KEY, "text": "hi"}, default_to_multipart=True)
    data.add_field("photo", b"\x89PNG\r\n\x1a\n", filename="x.png")
    headers = {"Origin": url.rstrip("/"), "Accept-Language": "de-AT,de;q=0.9"}
    async with client.session.post(url + "send", data=data, headers=headers) as answer:
        assert answer.status == 200
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    ((raw, uploads, refs),) = kept
    chat = raw["chat"]
    assert raw == {"kind": "message", "chat": chat, "lang": "de-AT", "text": "hi", "photo": f"{chat}/{KEY}"}
    assert uploads == [(chat, KEY)]
    assert refs == [f"person:{KEY}"]


async def test_an_upload_that_says_it_is_too_large_is_refused_unread(client: Client) -> None:
    started = time.monotonic()
    status, answer = await client.send({"key": KEY, "text": "", "photo": bytes(26_000_000)})
    assert status == 413
    assert answer["error"].startswith("That file is too large.")
    assert time.monotonic() - started < 5


async def test_an_upload_that_hides_its_size_is_refused_while_it_streams(web: Running, client: Client) -> None:
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="key"\r\n\r\n' + KEY.encode()
        yield b'\r\n--b\r\nContent-Disposition: form-data; name="photo"; filename="p"\r\n\r\n'
        for _ in range(27):
            sent += 1
            yield bytes(1_000_000)
        yield b"\r\n--b--\r\n"

    status, answer = await client.post(body(), client.origin | {"Content-Type": "multipart/form-data; boundary=b"})
    assert (status, answer["why"]) == (413, "PhotoTooBig")
    assert web.history.uploads == {}


async def test_a_text_that_is_too_long_is_refused(client: Client) -> None:
    for text in ("x" * 4001, "x" * 100_000):
        status, answer = await client.send({"key": KEY, "text": text})
        assert (status, answer["why"]) == (413, "TextTooLong")
    assert (await client.send({"key": KEY, "text": "ü" * 4000}))[0] == 200


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"key": KEY},
        {"key": KEY, "text": "  "},
        {"key": "short", "text": "hi"},
        {"key": "../../../../etc", "text": "hi"},
        {"key": KEY * 5, "text": "hi"},
        {"key": KEY, "press": ""},
        {"key": KEY, "press": "x" * 65},
        {"key": KEY, "text": b"\xff\xfe"},
        {"key": KEY, "text": "hi", **{f"more{i}": "x" for i in range(8)}},
        {"key": KEY, "text": "hi", "more": "x" * 1000},
    ],
    ids=lambda form: ",".join(form),
)
async def test_a_malformed_form_is_refused_in_words(web: Running, client: Client, form: dict[str, Any]) -> None:
    status, answer = await client.send(form)
    assert (status, answer["why"]) == (400, "Malformed")
    assert "Please reload" in answer["error"]
    assert web.bot.events == {}


MULTIPART = "multipart/form-data; boundary=b"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", b"hi"),
        ("application/json", b"{}"),
        ("multipart/form-data", b"hi"),
        (MULTIPART, b""),
        (MULTIPART, b"garbage\r\n"),
        (MULTIPART, b'--b\r\nContent-Disposition: form-data; name="key"\r\n\r\nabc'),
        (MULTIPART, b"--b\r\n\r\nno name\r\n--b--\r\n"),
        (MULTIPART, b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--\r\n"),
        (
            MULTIPART,
            b'--b\r\nContent-Disposition: form-data; name="key"\r\nContent-Transfer-Encoding: odd\r\n\r\nx\r\n',
        ),
        (MULTIPART, b"--b\r\n" + b"X: y\r\n" * 5000),
    ],
    ids=range(10),
)
async def test_a_broken_body_is_refused_in_words(web: Running, client: Client, kind: str, body: bytes) -> None:
    status, answer = await client.post(body, client.origin | {"Content-Type": kind})
    assert (status, answer["why"]) == (400, "Malformed")
    assert web.bot.events == {}


async def test_wrong_methods_and_addresses_are_told_in_json(client: Client) -> None:
    answer = await client.get("send")
    assert (answer.status, answer.json["why"]) == (405, "Malformed")
    answer = await client.get("photo/nothing-here")
    assert (answer.status, answer.json["why"]) == (404, "NotFound")
    assert (await client.get("ws", client.origin)).status == 400
    assert (await client.get("ws?after=-1", client.origin)).status == 400


async def test_only_its_owner_sees_a_photo(client: Client, stranger: Client) -> None:
    await client.send({"key": KEY, "text": "", "photo": b"\xff\xd8\xff mine"})
    answer = await client.get("photo/" + KEY)
    assert (answer.status, answer.headers["Content-Type"], answer.body) == (200, "image/jpeg", b"\xff\xd8\xff mine")
    assert (await stranger.get("photo/" + KEY)).status == 404


async def test_a_page_that_poses_as_a_photo_is_never_shown_as_a_page(client: Client) -> None:
    await client.send({"key": KEY, "photo": b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"})
    answer = await client.get("photo/" + KEY)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment"


async def test_only_its_owner_sees_a_picture(web: Running, client: Client, stranger: Client, picture: bytes) -> None:
    await client.frames()
    chat = next(iter(web.bot.events.values()))["chat"]
    id = web.history.add_picture(chat, picture)
    answer = await client.get(f"picture/{id}")
    assert (answer.status, answer.headers["Content-Type"], answer.body) == (200, "image/jpeg", picture)
    assert (await stranger.get(f"picture/{id}")).status == 404
    assert (await client.get("picture/999999")).status == 404


@pytest.mark.parametrize(
    ("save", "name"),
    [
        ("Goth", "goth"),
        ('a"b\r\nSet-Cookie: x', "a-b-set-cookie-x"),
        ("🖤 Ünï", "uni"),
        ("", "picture"),
        ("x" * 300, "x" * 60),
    ],
)
async def test_a_picture_is_saved_under_a_harmless_name(
    web: Running, client: Client, picture: bytes, save: str, name: str
) -> None:
    await client.frames()
    chat = next(iter(web.bot.events.values()))["chat"]
    id = web.history.add_picture(chat, picture)
    async with client.session.get(f"{client.url}picture/{id}", params={"save": save}) as answer:
        assert answer.headers["Content-Disposition"] == f'attachment; filename="selfiebot-{name}.jpg"'


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
