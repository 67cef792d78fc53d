"""A bot to talk to: on every platform, and on both databases."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from db import Store
from tests.fakes.databases import empty_database
from tests.fakes.discord.talk import discord_side
from tests.fakes.telegram.talk import telegram_side
from tests.fakes.web_talk import web_side
from tests.talk import Bot, FakeSide, Side, whole_bot

SIDES = ("fake", "web", "telegram", "discord")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every conversation on every platform, unless `@pytest.mark.sides(...)` names some; PostgreSQL behind one."""
    if "side_name" not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("sides")
    runs = [(name, "sqlite") for name in (marker.args if marker else SIDES)]
    runs += [("fake", "postgres")] if runs[0][0] == "fake" else []
    metafunc.parametrize(("side_name", "database_url"), runs, indirect=["database_url"])


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return empty_database(request.param, request, tmp_path)


@pytest.fixture
async def side(side_name: str, store: Store) -> AsyncIterator[Side]:
    async with AsyncExitStack() as stack:
        if side_name == "fake":
            yield FakeSide()
        elif side_name == "web":
            yield await stack.enter_async_context(web_side(store.web))
        elif side_name == "telegram":
            yield await stack.enter_async_context(telegram_side())
        else:
            yield await stack.enter_async_context(discord_side())


@pytest.fixture
async def bot(store: Store, side: Side) -> AsyncIterator[Bot]:
    async with whole_bot(store, side) as bot:
        yield bot
