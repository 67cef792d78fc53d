"""Nine styles on the person's own face, and a number to tap for each."""

import pytest

from generation.job import Job
from tests.talk import Bot, Person

SELFIE = b"a selfie"


@pytest.fixture
async def ada(bot: Bot) -> Person:
    person = bot.person()
    await person.agrees()
    return person


def last(bot: Bot) -> Job:
    return bot.pool.rendered[-1]


def sheet(bot: Bot) -> list[str]:
    return [style.name for style in last(bot).sheet]


async def test_after_a_selfie_nine_styles_are_a_tap_away_and_each_a_number(bot: Bot, ada: Person) -> None:
    await ada.says("/style goth", SELFIE)
    answer = await ada.taps("Nine on my face")
    order = [style.name for style in bot.catalogue.by_turns()]
    assert sheet(bot) == order[:9]
    assert last(bot).photos == (SELFIE,)
    assert answer.picture is not None
    assert [button.title for button in answer.buttons[:9]] == list("123456789")
    await ada.taps("4")
    assert (last(bot).style.name, last(bot).sheet, last(bot).photos) == (order[3], (), (SELFIE,))


async def test_a_number_draws_on_the_photo_of_the_sheet(bot: Bot, ada: Person) -> None:
    await ada.says("/style goth", SELFIE)
    first = await ada.taps("Nine on my face")
    await ada.says("", b"a later selfie")
    await ada.taps("2", first)
    assert last(bot).photos == (SELFIE,)


async def test_more_pages_through_the_whole_catalogue_and_begins_anew(bot: Bot, ada: Person) -> None:
    await ada.says("/sheet", SELFIE)
    seen = sheet(bot)
    while len(seen) < len(bot.catalogue):
        await ada.taps("Nine more")
        seen += sheet(bot)
    assert seen == [style.name for style in bot.catalogue.by_turns()]
    await ada.taps("Nine more")
    assert sheet(bot) == seen[:9]


async def test_a_pack_has_sheets_of_its_own(bot: Bot, ada: Person) -> None:
    await ada.says("", SELFIE)
    makeup = [style.name for style in bot.catalogue.packs()["makeup"]]
    await ada.says("/styles makeup")
    await ada.taps("Nine on my face")
    assert sheet(bot) == makeup[:9]
    await ada.taps("Nine more")
    assert sheet(bot) == (makeup[9:18] or makeup[:9])


async def test_a_page_can_be_typed(bot: Bot, ada: Person) -> None:
    await ada.says("/sheet 2", SELFIE)
    assert sheet(bot) == [style.name for style in bot.catalogue.by_turns()][9:18]
    await ada.says("/sheet Hair 1")
    assert sheet(bot) == [style.name for style in bot.catalogue.packs()["hair"]][:9]
    await ada.says("/sheet 9999")
    assert 1 <= len(sheet(bot)) <= 9


async def test_without_a_selfie_the_sheet_asks_for_one(bot: Bot, ada: Person) -> None:
    assert "Send me a selfie first" in (await ada.says("/sheet")).text
    assert "no pack called “gothic stuff”" in (await ada.says("/sheet gothic stuff")).text
    assert bot.pool.rendered == []


async def test_a_sheet_can_be_asked_for_again_and_deleted(bot: Bot, ada: Person) -> None:
    await ada.says("/sheet", SELFIE)
    answer = await ada.says("/last")
    assert answer.picture is not None
    assert answer.buttons[0].title == "1"
    await ada.taps("Delete", changes=2)
    assert all("Deleted" in showing.text for showing in list(ada.screen.values())[-2:])
