"""/forget erases everything, once it was meant."""

import pytest
from sqlalchemy import select

from db import Store
from db.models import Table
from tests.bot.parts import eventually
from tests.talk import Bot

SELFIE = b"a selfie nobody shall ever see again"


async def test_forgetting_is_asked_once_and_can_be_declined(bot: Bot) -> None:
    ada = bot.person()
    await ada.agrees()
    await ada.says("/style goth", SELFIE)
    await ada.says("/forget")
    assert "everything stays" in (await ada.taps("Keep it")).text
    assert (await bot.store.people.get(ada.user)).consent is not None


@pytest.mark.sides("fake", "web", "discord")
async def test_after_forgetting_nothing_of_the_person_is_left(bot: Bot) -> None:
    ada, ben = bot.person("ada"), bot.person("ben")
    for person in (ada, ben):
        await person.agrees()
        await person.says("/style goth", SELFIE)
    await ada.says("/forget")
    remembered = bot.pool.forgotten
    answer = await ada.taps("Yes, erase everything")
    await eventually(lambda: bot.pool.forgotten > remembered)
    assert "erased everything" in answer.text
    assert list(ada.screen.values()) == [answer]

    async def nothing_left() -> bool:  # the message that says so is a row until it is on the screen; ours is a screen
        return await _rows_with(bot.store, ada.user) in ({}, {"web_message": 1})

    await eventually(nothing_left)
    assert len(await _rows_with(bot.store, ben.user)) > 3
    assert "I agree" in (await ada.says("/start")).buttons[0].title


async def _rows_with(store: Store, user: str) -> dict[str, int]:
    """How many rows of each table name that person."""
    found = {}
    async with store._database.read() as connection:
        for name, table in Table.metadata.tables.items():
            rows = (await connection.execute(select(table))).all()
            count = sum(any(value == user for value in row) for row in rows)
            if count:
                found[name] = count
    return found


@pytest.mark.sides("fake")
async def test_one_person_cannot_fill_the_queue(bot: Bot) -> None:
    ada = bot.person()
    await ada.agrees()
    bot.pool.seconds = 60
    receive = bot.intake.receiver("fake")
    bot.platform.photos["x"] = SELFIE
    for number in range(5):
        await receive(f"x{number}", "ada", {"user": "ada", "chat": "ada", "text": "/style goth", "photos": ["x"]})

    def refused() -> int:
        return sum("3 pictures in the making" in text for text in bot.platform.texts("ada"))

    await eventually(lambda: refused() == 2)
