"""Free words, drafts that a painter goes on from, and stopping it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from types import MappingProxyType

import pytest

from bot.conversation import Conversation, Promises
from bot.messages import Message, PhotoRef
from bot.texts import CONSENT_VERSION, WITH_PAINTER
from db import Store
from generation.errors import NoFace, PainterAway, RenderFailed
from generation.styles import Catalogue, read_catalogue
from tests.bot.parts import TestPool, eventually
from tests.talk import Bot, Person, Side, whole_bot

SELFIE = b"a selfie"


def catalogue() -> Catalogue:
    styles = dict(read_catalogue().styles)
    styles["viking"] = replace(styles["viking"], prompt="as a viking")
    styles["lantern"] = replace(styles["viking"], name="lantern", title="Lantern", engine="painter", steps=())
    return Catalogue(MappingProxyType(styles))


@pytest.fixture
def painter() -> TestPool:
    return TestPool(slots=4)


@pytest.fixture
async def bot(store: Store, side: Side, painter: TestPool) -> AsyncIterator[Bot]:
    async with whole_bot(store, side, painter=painter, catalogue=catalogue()) as bot:
        yield bot


@pytest.fixture
async def ada(bot: Bot) -> Person:
    person = bot.person()
    await person.agrees()
    return person


@pytest.mark.sides("fake", "telegram", "discord")
async def test_free_words_are_painted_on_the_selfies_that_come_along(ada: Person, painter: TestPool) -> None:
    answer = await ada.says("/imagine me as a lighthouse keeper in a storm", SELFIE, b"another", b"a third")
    assert "“me as a lighthouse keeper in a storm”" in answer.text
    (job,) = painter.rendered
    assert job.style.prompt == "me as a lighthouse keeper in a storm"
    assert job.photos == (SELFIE, b"another", b"a third")
    assert job.style.title == "Imagined", "the label says nothing of the words"


async def test_free_words_are_painted_on_the_last_selfie(ada: Person, painter: TestPool) -> None:
    await ada.says("/style goth", SELFIE)
    await ada.says("/imagine me on the moon")
    assert painter.rendered[-1].photos == (SELFIE,)


async def test_free_words_without_a_selfie_come_back_to_be_sent_with_one(ada: Person) -> None:
    assert "/imagine me on the moon" in (await ada.says("/imagine me on the moon")).text


async def test_no_words_get_an_example(ada: Person) -> None:
    assert "for example" in (await ada.says("/imagine", SELFIE)).text


async def test_too_many_words_are_told_the_limit(ada: Person) -> None:
    assert "up to 400 letters" in (await ada.says("/imagine " + "moon " * 90, SELFIE)).text


async def test_what_is_not_painted_is_said(ada: Person, painter: TestPool) -> None:
    assert "I don't paint “nude”" in (await ada.says("/imagine me nude on a beach", SELFIE)).text
    assert painter.rendered == []


@pytest.mark.sides("fake")
async def test_without_a_painter_free_words_lead_to_the_styles(store: Store, side: Side) -> None:
    async with whole_bot(store, side) as bot:
        ada = bot.person()
        await ada.agrees()
        answer = await ada.says("/imagine me on the moon", SELFIE)
    assert "no painter" in answer.text
    assert any("More styles" in button.title for button in answer.buttons)


async def test_free_words_before_consent_are_answered_when_it_comes(bot: Bot, painter: TestPool) -> None:
    ada = bot.person()
    await ada.says("/imagine me on the moon", SELFIE)
    assert (await ada.taps("I agree")).picture is not None
    assert painter.rendered[-1].style.prompt == "me on the moon"


@pytest.mark.sides("fake")
async def test_a_style_with_recipe_and_prompt_is_drawn_and_then_painted_in_the_same_message(
    bot: Bot, ada: Person, painter: TestPool
) -> None:
    painter.seconds = 0.3
    await ada.says("/style viking", SELFIE, b"another")
    ref = next(reversed(ada.screen))
    texts = [text for chat, drawn, text in bot.platform.drawn if drawn == ref]
    drafts = [text for text in texts if "goes on from here" in text]
    assert drafts
    assert all("AI-" in text for text in drafts)
    assert "Viking" in texts[-1]
    assert "goes on" not in texts[-1]
    assert (bot.pool.rendered[-1].photos, painter.rendered[-1].photos) == ((SELFIE, b"another"),) * 2


@pytest.mark.sides("fake")
async def test_how_far_the_painter_is_stands_under_the_draft(bot: Bot, ada: Person, painter: TestPool) -> None:
    painter.seconds = 0.6
    await ada.says("/style viking", SELFIE)
    assert any("Painting, 50 %" in text and "AI-" in text for _, _, text in bot.platform.drawn)


async def test_a_style_of_words_alone_waits_for_the_painter(bot: Bot, ada: Person, painter: TestPool) -> None:
    await ada.says("/style lantern", SELFIE)
    assert bot.pool.rendered == []
    assert painter.rendered[-1].style.name == "lantern"


@pytest.mark.sides("fake")
@pytest.mark.parametrize("error", [PainterAway(), NoFace()])
async def test_when_the_painter_fails_the_draft_is_kept_and_the_reason_told(
    ada: Person, painter: TestPool, error: Exception
) -> None:
    painter.outcomes = {"1": [error], "2": [error]}
    answer = await ada.says("/style viking", SELFIE)
    assert answer.picture == b"\xff\xd8" + SELFIE
    assert f"That is the quick drawing. {error}" in answer.text
    assert any("Again" in button.title for button in answer.buttons)


@pytest.mark.sides("fake")
async def test_a_painter_that_breaks_is_tried_again_and_then_the_draft_is_kept(
    monkeypatch: pytest.MonkeyPatch, ada: Person, painter: TestPool
) -> None:
    monkeypatch.setattr("bot.dispatch.backoff_s", lambda attempts, most: 0.01)
    painter.outcomes = {"1": [RenderFailed()] * 9}
    answer = await ada.says("/style viking", SELFIE)
    assert len(painter.rendered) == 3
    assert answer.picture is not None
    assert "quick drawing" in answer.text


@pytest.mark.sides("fake")
async def test_painting_can_be_stopped_and_the_draft_stays(bot: Bot, ada: Person, painter: TestPool) -> None:
    painter.seconds = 60
    ref = await _drafted(bot, ada)
    draft = ada.screen[ref]
    assert [button.title for button in draft.buttons] == ["⏹️ Stop"]
    answer = await ada.taps("Stop", under=draft)
    assert (answer.picture, "Stopped." in answer.text) == (b"\xff\xd8" + SELFIE, True)
    await eventually(lambda: painter.at_once == 0)
    assert (await ada.says("/last")).picture == answer.picture


@pytest.mark.sides("fake")
async def test_what_has_no_draft_can_be_stopped_from_the_start_and_asked_for_again(
    bot: Bot, ada: Person, painter: TestPool
) -> None:
    painter.seconds = 60
    await bot.intake.receiver("fake")("first", ada.name, {"user": ada.name, "chat": ada.name, "text": "/style goth"})
    await eventually(lambda: len(ada.screen) > 2)
    before = set(ada.screen)
    bot.platform.photos["me"] = SELFIE
    raw = {"user": ada.name, "chat": ada.name, "text": "/imagine me on the moon", "photos": ["me"]}
    await bot.intake.receiver("fake")("order", ada.name, raw)
    await eventually(lambda: painter.at_once == 1)
    (placeholder,) = [showing for ref, showing in ada.screen.items() if ref not in before]
    assert [button.title for button in placeholder.buttons] == ["⏹️ Stop"]
    answer = await ada.taps("Stop", under=placeholder)
    assert (answer.picture, "Imagined: stopped." in answer.text) == (None, True)
    await eventually(lambda: painter.at_once == 0)
    painter.seconds = 0
    assert (await ada.taps("Try again", under=answer)).picture is not None


@pytest.mark.sides("fake")
async def test_forgetting_stops_the_painter(bot: Bot, ada: Person, painter: TestPool) -> None:
    painter.seconds = 60
    await _drafted(bot, ada)
    await bot.store.people.forget(ada.user)
    await eventually(lambda: painter.at_once == 0, timeout_s=5)


def without_vikings() -> Catalogue:
    return Catalogue(MappingProxyType({name: style for name, style in catalogue().styles.items() if name != "viking"}))


@pytest.mark.sides("fake")
async def test_a_draft_whose_style_is_gone_when_the_bot_comes_back_is_kept(
    store: Store, side: Side, painter: TestPool
) -> None:
    painter.seconds = 60
    async with whole_bot(store, side, painter=painter, catalogue=catalogue()) as bot:
        ada = bot.person()
        await ada.agrees()
        ref = await _drafted(bot, ada)
    async with whole_bot(store, side, painter=painter, catalogue=without_vikings()):
        await eventually(lambda: "quick drawing" in ada.screen[ref].text)
        assert ada.screen[ref].picture == b"\xff\xd8" + SELFIE
        assert ["Delete" in button.title for button in ada.screen[ref].buttons] == [False, True]
    assert await store.jobs.open_of(ada.user) == 0


@pytest.mark.sides("fake")
async def test_a_draft_whose_style_is_gone_can_be_stopped(store: Store, side: Side, painter: TestPool) -> None:
    painter.slots = 0
    async with whole_bot(store, side, painter=painter, catalogue=catalogue()) as bot:
        ada = bot.person()
        await ada.agrees()
        ref = await _drafted(bot, ada)
    async with whole_bot(store, side, painter=painter, catalogue=without_vikings()) as ada.bot:
        answer = await ada.taps("Stop", under=ada.screen[ref])
    assert (answer.picture, "Stopped." in answer.text) == (b"\xff\xd8" + SELFIE, True)


async def test_more_me_and_more_style_keep_seed_photos_and_words(ada: Person, painter: TestPool) -> None:
    await ada.says("/imagine me on the moon", SELFIE, b"another")
    await ada.taps("More of me")
    await ada.taps("More of me")
    await ada.taps("More of the style")
    assert [job.likeness for job in painter.rendered] == [0.5, 0.75, 1.0, 0.75]
    assert len({(job.seed, job.photos, job.style.prompt) for job in painter.rendered}) == 1


async def test_at_the_end_of_a_lean_only_the_way_back_is_offered(ada: Person, painter: TestPool) -> None:
    await ada.says("/imagine me on the moon", SELFIE)
    await ada.taps("More of the style")
    answer = await ada.taps("More of the style")
    titles = [button.title for button in answer.buttons]
    assert ("🧑 More of me" in titles, "🎨 More of the style" in titles) == (True, False)


async def test_again_is_another_seed(ada: Person, painter: TestPool) -> None:
    await ada.says("/imagine me on the moon", SELFIE)
    await ada.taps("Again")
    first, second = painter.rendered
    assert (first.seed != second.seed, first.style.prompt == second.style.prompt) == (True, True)


async def _drafted(bot: Bot, ada: Person) -> str:
    """Order a style that is painted too; the message's ref as soon as its draft is there."""
    platform = bot.platform
    before = set(ada.screen)
    ref = f"{ada.name}-photo"
    platform.photos[ref] = SELFIE
    raw = {"user": ada.name, "chat": ada.name, "lang": "en", "text": "/style viking", "photos": [ref]}
    await bot.intake.receiver("fake")("order", ada.name, raw)
    found: list[str] = []

    def there() -> bool:
        found[:] = [ref for ref, showing in ada.screen.items() if ref not in before and showing.picture is not None]
        return bool(found)

    await eventually(there)
    return found[0]


async def test_a_bot_that_paints_says_so_before_anything_is_looked_at(bot: Bot) -> None:
    ada = bot.person()
    asked = await ada.says("/start")
    assert "a model on that computer looks at your photos" in asked.text
    await ada.taps("I agree")
    assert "a model on that computer" in (await ada.says("/privacy")).text
    person = await bot.store.people.get(ada.user)
    assert person.consent == WITH_PAINTER


@pytest.mark.sides("fake")
async def test_who_agreed_before_there_was_a_painter_is_asked_again_and_not_the_other_way_round(
    store: Store, side: Side, painter: TestPool
) -> None:
    plain, painting = Promises(24, 7, 3), Promises(24, 7, 3, paints=True)

    async def answered(promises: Promises, user: str) -> bool:
        talk = Conversation(store, catalogue(), promises)
        reply = await talk.reply_to(Message(f"e-{user}-{promises.paints}", user, "chat", text="/styles"), nothing)
        return "There are" in reply.text

    await store.people.agree("fake:early", CONSENT_VERSION, "en")
    await store.people.agree("fake:late", WITH_PAINTER, "en")
    assert [await answered(plain, "fake:early"), await answered(plain, "fake:late")] == [True, True]
    assert [await answered(painting, "fake:early"), await answered(painting, "fake:late")] == [False, True]


async def nothing(photo: PhotoRef) -> int:
    raise AssertionError("nothing is fetched here")
