"""Migrations go up, down and up again, lose nothing, and make the tables the code knows."""

import asyncio
import logging
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from db import Answer, Store
from db.migrate import check, downgrade, upgrade
from tests.db.rows import event, photo_of


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


async def test_what_the_released_version_wrote_is_still_there_after_this_one_migrated(database_url: str) -> None:
    await asyncio.to_thread(downgrade, database_url, "0001")
    columns = """id, "user", platform, chat, outbox_key, style, strength, photo, seed, beside, offers, lang, state,
        priority, vtime, due_at, attempts, lease, at"""
    old = f"""INSERT INTO job ({columns}) VALUES
        (1, 'web:anna', 'web', 'anna', 'k', 'goth', 0.8, 1, 7, false, '', 'en', 'open', 0, 0, 0, 0, 0, 0)"""
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text(old))
    await engine.dispose()
    async with Store(database_url) as store:
        await store.migrate()
        (job,) = await store.jobs.claim("test", 9, 60)
    assert (job.id, job.style, job.sheet, job.many) == ("1", "goth", (), False)


async def test_a_photo_on_its_way_is_gone_after_going_back_a_version(store: Store) -> None:
    here, on_its_way = (
        await photo_of(store, "web:anna", "1"),
        await store.errands.note("web:anna", "2", "web", "r", 2e12),
    )
    await asyncio.to_thread(downgrade, store.url, "0001")
    await store.migrate()
    assert await store.blobs.has(here, "web:anna")
    assert not await store.blobs.has(on_its_way, "web:anna")


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
