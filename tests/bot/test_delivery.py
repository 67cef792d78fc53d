"""Messages come to the screen once, as they should look, in whatever order the network and the work allow."""

import asyncio
from typing import Any

import pytest

from bot.delivery import Delivery, fit
from bot.messages import Button, Gone, Later, Showing
from bot.platforms import Limits
from db import Answer, JobRow, Store
from tests.bot.parts import Captions, eventually, running
from tests.db.rows import event, finished, ordered
from tests.fakes.platform import FakePlatform, Fault


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.backoff_s", lambda attempts, most: 0.01)
    monkeypatch.setattr("bot.delivery.NEWS_S", 0.01)


class Bench:
    def __init__(self, store: Store, **platform: Any) -> None:
        self.store = store
        self.platform = FakePlatform(name="web", **platform)
        self.delivery = self.another()

    def another(self, **settings: Any) -> Delivery:
        texts = Captions()
        return Delivery(self.store, {"web": self.platform}, waiting=texts.waiting, working=texts.working, **settings)

    async def says(self, name: str, text: str, user: str = "web:anna", **more: Any) -> None:
        await self.store.inbox.answer(await event(self.store, name, user), user, Answer(text, **more))

    async def shows(self, *texts: str, chat: str = "anna") -> None:
        await eventually(lambda: self.platform.texts(chat) == list(texts))

    async def job(self) -> JobRow:
        (job,) = await self.store.jobs.claim("test", 1, 60)
        return job

    async def settled(self) -> None:
        """Nothing is due any more."""
        await asyncio.sleep(0.05)

        async def idle() -> bool:
            posts = await self.store.outbox.claim("somebody", 9, -1)
            return posts == []

        await eventually(idle)


@pytest.fixture
def bench(store: Store) -> Bench:
    return Bench(store)


async def test_an_answer_comes_to_the_screen_with_its_buttons(bench: Bench) -> None:
    async with running(bench.delivery):
        await bench.says("1", "hello", choices=(("Help", "/help"),))
        await bench.shows("hello")
    (showing,) = bench.platform.chats["anna"].values()
    (button,) = showing.buttons
    assert button.title == "Help"
    assert await bench.store.buttons.command(button.token, "web:anna") == "/help"


async def test_a_placeholder_becomes_the_picture(bench: Bench) -> None:
    async with running(bench.delivery):
        await ordered(bench.store, "1")
        await bench.shows("queued")
        await finished(bench.store, await bench.job(), picture=b"\xff\xd8 me")
        await bench.shows("done")
        await bench.settled()
    (showing,) = bench.platform.chats["anna"].values()
    assert (showing.picture, showing.progress) == (b"\xff\xd8 me", None)
    assert [text for _, _, text in bench.platform.drawn] == ["queued", "done"]


async def test_a_picture_done_before_its_placeholder_was_sent_is_one_message(bench: Bench) -> None:
    await ordered(bench.store, "1")
    await finished(bench.store, await bench.job())
    async with running(bench.delivery):
        await bench.shows("done")
    assert len(bench.platform.drawn) == 1


async def test_a_picture_done_while_its_placeholder_is_being_sent_is_one_message(store: Store) -> None:
    bench = Bench(store, delay_s=0.15)
    async with running(bench.delivery):
        await ordered(store, "1")
        await asyncio.sleep(0.08)
        await finished(store, await bench.job())
        await bench.shows("done")
    assert [text for _, _, text in bench.platform.drawn] == ["queued", "done"]


async def test_new_messages_of_a_chat_come_in_order_even_if_one_is_delayed(bench: Bench) -> None:
    bench.platform.faults = [Fault("show", ConnectionError(), times=3)]
    for n in range(4):
        await bench.says(str(n), f"text {n}")
    async with running(bench.delivery):
        await bench.shows("text 0", "text 1", "text 2", "text 3")


@pytest.mark.parametrize("error", [ConnectionResetError(), TimeoutError(), Later(0.02), KeyError("a bug")])
async def test_what_could_not_be_shown_is_shown_later(bench: Bench, error: Exception) -> None:
    bench.platform.faults = [Fault("show", error, times=3)]
    async with running(bench.delivery):
        await bench.says("1", "hello")
        await bench.shows("hello")


async def test_a_connection_cut_after_an_edit_gives_one_visible_answer(bench: Bench) -> None:
    async with running(bench.delivery):
        await ordered(bench.store, "1")
        await bench.shows("queued")
        await bench.settled()
        bench.platform.faults = [Fault("show", ConnectionResetError(), after=True, times=2)]
        await finished(bench.store, await bench.job())
        await eventually(lambda: not bench.platform.faults)
        await bench.settled()
        await bench.shows("done")


async def test_a_connection_cut_after_sending_gives_one_message_where_the_platform_knows_the_key(store: Store) -> None:
    bench = Bench(store, once=True)
    bench.platform.faults = [Fault("show", ConnectionResetError(), after=True)]
    async with running(bench.delivery):
        await bench.says("1", "hello")
        await eventually(lambda: len(bench.platform.drawn) == 2)
        await bench.shows("hello")


async def test_a_bot_stopped_while_showing_leaves_the_message_to_the_next(store: Store) -> None:
    bench = Bench(store, delay_s=0.1, once=True)
    await bench.says("1", "hello")
    async with running(bench.delivery):
        await asyncio.sleep(0.05)
    async with running(bench.another()):
        await bench.shows("hello")
    assert len(bench.platform.drawn) == 1


async def test_two_bots_on_one_database_show_each_message_once(store: Store) -> None:
    bench = Bench(store)
    for n in range(12):
        await bench.says(str(n), f"text {n}", f"web:{n % 4}")
    async with running(bench.delivery, bench.another()):
        await eventually(lambda: len(bench.platform.drawn) == 12)
        await bench.settled()
    assert len(bench.platform.drawn) == 12


async def test_a_chat_that_is_gone_is_given_up_and_stops_nobody(bench: Bench) -> None:
    bench.platform.faults = [Fault("show", Gone())]
    async with running(bench.delivery):
        await bench.says("1", "to nobody")
        await bench.says("2", "hello")
        await bench.shows("hello")


async def test_progress_is_shown_on_the_placeholder_only(bench: Bench) -> None:
    async with running(bench.delivery):
        await ordered(bench.store, "1")
        await bench.shows("queued")
        await bench.settled()
        job = await bench.job()
        bench.delivery.progress(job, place=2)
        await bench.shows("place 2")
        bench.delivery.progress(job, share=0.4)
        await bench.shows("working")
        assert [showing.progress for showing in bench.platform.chats["anna"].values()] == [0.4]
        await finished(bench.store, job)
        bench.delivery.progress(job, share=0.9)
        await bench.shows("done")
        await bench.settled()
        await bench.shows("done")


async def test_progress_never_overtakes_the_picture(store: Store) -> None:
    bench = Bench(store, delay_s=0.02)
    async with running(bench.delivery):
        await ordered(store, "1")
        await bench.shows("queued")
        job = await bench.job()

        def seen() -> bool:
            bench.delivery.progress(job, share=0.5)
            return "working" in [text for _, _, text in bench.platform.drawn]

        await eventually(seen)
        bench.delivery.progress(job, share=0.9)
        await finished(store, job)
        bench.delivery.progress(job, share=1.0)
        await bench.shows("done")
        await bench.settled()
    assert [text for _, _, text in bench.platform.drawn][-1] == "done"


async def test_progress_of_another_bot_that_comes_after_the_picture_is_painted_over(store: Store) -> None:
    """The other bot's edit is under way while this one shows the picture."""
    bench, other = Bench(store), Bench(store, delay_s=0.3)
    await ordered(store, "1")
    async with running(bench.delivery):
        await bench.shows("queued")
        await bench.settled()
    other.platform.chats = bench.platform.chats
    job = await bench.job()
    slow = other.another(at_once=0)
    async with running(slow):
        slow.progress(job, place=3)
        await asyncio.sleep(0.1)
        await finished(store, job)
        (post,) = await store.outbox.claim("quick", 1, 60)
        ref = await bench.platform.show("anna", post.key, Showing(post.body.text), post.ref)
        await store.outbox.shown(post, ref)
        await bench.shows("place 3")
        async with running(bench.delivery):
            await bench.shows("done")


async def test_progress_keeps_to_the_platforms_pace(store: Store) -> None:
    limits = Limits(text_chars=200, caption_chars=100, buttons=8, photo_bytes=1000, edits_per_minute=300)
    bench = Bench(store, limits=limits)
    async with running(bench.delivery):
        await ordered(store, "1")
        await bench.shows("queued")
        job = await bench.job()
        for share in range(50):
            bench.delivery.progress(job, share=share / 50)
            await asyncio.sleep(0.01)
    assert 2 <= len(bench.platform.drawn) - 1 <= 5


async def test_a_message_just_shown_is_news_enough(store: Store) -> None:
    limits = Limits(text_chars=200, caption_chars=100, buttons=8, photo_bytes=1000, edits_per_minute=100)
    bench = Bench(store, limits=limits)
    async with running(bench.delivery):
        await ordered(store, "1")
        await bench.shows("queued")
        bench.delivery.progress(await bench.job(), place=2)
        await asyncio.sleep(0.3)
        await bench.shows("queued")
        assert len(bench.platform.drawn) == 1
        await bench.shows("place 2")


async def test_a_wipe_takes_the_chat_away_before_its_answer(bench: Bench) -> None:
    async with running(bench.delivery):
        await bench.says("1", "hello")
        await bench.shows("hello")
        bench.platform.faults = [Fault("wipe", ConnectionError()), Fault("show", ConnectionError())]
        await bench.says("2", "Everything is erased.", wipes=True)
        await bench.shows("Everything is erased.")
        await bench.settled()


async def test_a_message_forgotten_before_it_was_shown_is_not_shown(store: Store) -> None:
    bench = Bench(store)
    await bench.says("1", "hello")
    await store.people.forget("web:anna")
    async with running(bench.delivery):
        await asyncio.sleep(0.1)
    assert bench.platform.drawn == []


async def test_a_message_whose_picture_has_expired_keeps_its_text(bench: Bench) -> None:
    await ordered(bench.store, "1")
    await finished(bench.store, await bench.job())
    await bench.store.expire(2e12)
    async with running(bench.delivery):
        await bench.shows("done")
    (showing,) = bench.platform.chats["anna"].values()
    assert showing.picture is None


LIMITS = Limits(text_chars=20, caption_chars=10, buttons=2, photo_bytes=100, edits_per_minute=60)


def test_texts_and_buttons_are_cut_at_the_limits() -> None:
    buttons = tuple(Button(str(n), str(n)) for n in range(5))
    fitted = fit(Showing("x" * 30, buttons), LIMITS)
    assert (fitted.text, fitted.buttons) == ("x" * 19 + "…", buttons[:2])
    assert fit(Showing("x" * 20), LIMITS).text == "x" * 20


def test_a_caption_has_the_captions_limit() -> None:
    assert fit(Showing("x" * 15, picture=b"p"), LIMITS).text == "x" * 9 + "…"


def test_a_picture_too_large_for_its_platform_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    assert fit(Showing("x", picture=bytes(101)), LIMITS).picture is None
    assert "too many" in caplog.text
