"""The server alone: what it gives to whom, and to whom it gives nothing."""

import aiohttp
import pytest
from aiohttp import ClientSession

from tests.bot.platforms.web.client import KEY, Client
from tests.bot.platforms.web.conftest import Running

pytestmark = pytest.mark.asyncio(loop_scope="session")


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
        answer = await Client(web.url, session).get("", {"Sec-Fetch-Site": "cross-site"})
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
        nobody = Client(web.url, session)
        assert (await nobody.send({"key": KEY, "text": "hi"}))[0] == 401
        for path in ("session", "photo/" + KEY, "picture/1"):
            assert (await nobody.get(path)).status == 401
        with pytest.raises(aiohttp.WSServerHandshakeError, match="401"):
            await session.ws_connect(web.url + "ws", headers=nobody.origin)
        assert (await nobody.get("session", {"Cookie": "selfiebot=short"})).status == 401
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
