"""What a page may send, and how everything else is refused."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import FormData

from bot.platforms.web import WebPlatform
from tests.bot.platforms.web.client import KEY, Client
from tests.bot.platforms.web.conftest import Running

pytestmark = pytest.mark.asyncio(loop_scope="session")


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
