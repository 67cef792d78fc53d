"""What the web chat is promised about its history: kept by the real store as by the one in memory."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.platforms.web import WebHistory
from db.store import Store
from tests.fakes.web_history import MemoryHistory


@pytest.fixture(params=["memory", "store"])
async def history(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[WebHistory]:
    if request.param == "memory":
        yield MemoryHistory()
        return
    async with Store(f"sqlite+aiosqlite:///{tmp_path}/history.db") as store:
        await store.migrate()
        yield store.web


async def test_a_message_written_again_is_newer_but_keeps_its_time(history: WebHistory) -> None:
    first = await history.write("web:a", "one", "bot", {"text": "old"})
    second = await history.write("web:a", "two", "person", {"text": "between", "size": [1, 2], "photo": None})
    (before,) = [row for row in await history.since("web:a", 0) if row.ref == "one"]
    third = await history.write("web:a", "one", "bot", {"text": "new"})
    assert first < second < third
    rows = await history.since("web:a", first)
    assert [(row.seq, row.ref, row.author) for row in rows] == [(second, "two", "person"), (third, "one", "bot")]
    assert rows[1].body == {"text": "new"}
    assert rows[0].body == {"text": "between", "size": [1, 2], "photo": None}
    assert rows[1].at == before.at < rows[0].at
    assert await history.since("web:a", third) == []


async def test_chats_do_not_see_each_other(history: WebHistory) -> None:
    await history.write("web:a", "one", "bot", {"text": "a"})
    await history.write("web:b", "one", "bot", {"text": "b"})
    await history.put_upload("web:a", "key", b"mine", "image/jpeg", time.time() + 60)
    assert [row.body["text"] for row in await history.since("web:b", 0)] == ["b"]
    assert await history.upload("web:b", "key") is None
    assert await history.picture("web:b", 1) is None


async def test_an_upload_is_kept_as_it_came_first(history: WebHistory) -> None:
    for data in (b"first", b"second"):
        await history.put_upload("web:a", "key", data, "image/png", time.time() + 60)
    assert await history.upload("web:a", "key") == (b"first", "image/png")


async def test_a_wiped_chat_is_empty_and_its_numbers_go_on(history: WebHistory) -> None:
    last = await history.write("web:a", "one", "bot", {"text": "a"})
    await history.write("web:b", "one", "bot", {"text": "b"})
    await history.put_upload("web:a", "key", b"mine", "image/jpeg", time.time() + 60)
    await history.wipe("web:a")
    assert await history.since("web:a", 0) == []
    assert await history.upload("web:a", "key") is None
    assert len(await history.since("web:b", 0)) == 1
    assert await history.write("web:a", "one", "bot", {"text": "again"}) > last
