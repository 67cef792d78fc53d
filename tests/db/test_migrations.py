"""Migrations go up, down and up again, lose nothing, and make the tables the code knows."""

import asyncio
import logging
import sys
from pathlib import Path

import pytest

from db import Answer, Store
from db.migrate import check, downgrade, upgrade
from tests.db.rows import event


async def test_the_tables_are_those_of_the_code_after_going_down_and_up(database_url: str) -> None:
    await asyncio.to_thread(check, database_url)
    await asyncio.to_thread(downgrade, database_url)
    await asyncio.to_thread(upgrade, database_url)
    await asyncio.to_thread(check, database_url)


async def test_migrating_again_keeps_every_row(store: Store) -> None:
    await store.inbox.answer(await event(store, "1"), "web:anna", Answer("hello", (("Yes", "/yes"),)))
    await store.migrate()
    (post,) = await store.outbox.claim("test", 9, 60)
    assert await store.buttons.command(post.body.buttons[0][1], "web:anna") == "/yes"


async def test_a_new_database_is_made_where_there_was_not_even_a_folder(tmp_path: Path) -> None:
    async with Store(f"sqlite+aiosqlite:///{tmp_path}/new/folder/a.db") as store:
        await store.migrate()
        assert await store.inbox.receive("web", "e", "anna", {})


async def test_migrating_leaves_the_programs_logging_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("bot.somebody")
    async with Store(f"sqlite+aiosqlite:///{tmp_path}/a.db") as store:
        await store.migrate()
    assert not log.disabled
    log.warning("still heard")
    assert "still heard" in caplog.text


async def test_two_bots_that_start_at_once_both_find_their_tables(database_url: str) -> None:
    await asyncio.to_thread(downgrade, database_url)
    code = "import sys; from db.migrate import upgrade; upgrade(sys.argv[1])"
    bots = [await asyncio.create_subprocess_exec(sys.executable, "-c", code, database_url) for _ in range(2)]
    assert [await bot.wait() for bot in bots] == [0, 0]
    async with Store(database_url) as store:
        assert await store.inbox.receive("web", "e", "anna", {})
