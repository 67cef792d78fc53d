"""When the database is away, questions say so in one way, and go on once it is back."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.intake import Intake
from db import Store, StoreDown
from tests.bot.parts import Talk, eventually, running
from tests.fakes.platform import FakePlatform


async def test_a_database_that_cannot_be_reached_is_told_as_an_oserror() -> None:
    async with Store("postgresql+asyncpg://nobody@/nothing?host=/nonexistent") as store:
        with pytest.raises(StoreDown):
            await store.people.get("web:anna")
    assert issubclass(StoreDown, OSError)


async def test_connections_that_were_cut_are_made_again(postgres_database: str) -> None:
    async with Store(postgres_database) as store:
        questions: list[Callable[[], Any]] = [
            lambda: store.people.get("web:anna"),
            lambda: store.people.remember("web:anna", style="goth"),
        ]
        for _ in range(3):
            asked = [asyncio.create_task(question()) for question in questions * 5]
            await asyncio.sleep(0.002)
            await cut_all(postgres_database)
            for task in asked:
                with suppress(StoreDown):
                    await task
        assert (await store.people.get("web:anna")).style in (None, "goth")


async def test_the_bot_goes_on_when_its_database_is_back(postgres_database: str) -> None:
    platform, talk = FakePlatform(), Talk()
    async with Store(postgres_database) as store:
        intake = Intake(store, {"fake": platform}, talk.reply_to, keep_photos_s=60)
        async with running(intake):
            await cut_all(postgres_database)
            await asyncio.sleep(0.3)
            await cut_all(postgres_database)
            with suppress(StoreDown):
                await intake.receiver("fake")("1", "anna", {"user": "anna", "chat": "anna", "text": "hello"})
            await intake.receiver("fake")("1", "anna", {"user": "anna", "chat": "anna", "text": "hello"})
            await eventually(lambda: talk.heard == ["1"])


async def cut_all(url: str) -> None:
    engine = create_async_engine(url)
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    async with engine.connect() as connection:
        await connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))
    await engine.dispose()
