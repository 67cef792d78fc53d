"""A bot to talk to, on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from db import Store
from tests.talk import Bot, whole_bot


@pytest.fixture
async def bot(store: Store) -> AsyncIterator[Bot]:
    async with whole_bot(store) as bot:
        yield bot
