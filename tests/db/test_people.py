"""What is remembered of a person, and that forgetting leaves nothing."""

import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine

from db import Answer, Person, Store
from db.models import Table
from db.people import HOLD_S
from tests.db.rows import claimed, event, finished, ordered, photo_of

FACE = b"a face nobody else has " * 4000


async def test_somebody_unknown_is_an_empty_person_and_is_not_written_down(store: Store) -> None:
    assert await store.people.get("web:anna") == Person("web:anna")
    assert await rows_about(store.url, "anna") == []


async def test_consent_and_what_was_taken_last_are_remembered(store: Store) -> None:
    photo = await photo_of(store, "web:anna", "1", b"photo")
    await store.people.agree("web:anna", "v1", "de")
    await store.people.remember("web:anna", style="goth")
    await store.people.remember("web:anna", photo=photo)
    person = await store.people.get("web:anna")
    assert (person.consent, person.style, person.photo, person.lang) == ("v1", "goth", photo, "de")
    assert person.consent_at == pytest.approx(time.time(), abs=5)


async def test_an_expired_photo_is_no_longer_anybodys_last(store: Store) -> None:
    photo = await photo_of(store, "web:anna", "1", b"photo")
    await store.people.remember("web:anna", style="goth", photo=photo)
    await store.expire(time.time() + 61)
    assert (await store.people.get("web:anna")).photo is None


async def test_a_message_sent_before_consent_is_held_until_it_is_answered(store: Store) -> None:
    await store.people.hold("web:anna", {"text": "/style goth"})
    await store.inbox.answer(await event(store, "1"), "web:anna", Answer("Do you agree?"))
    assert (await store.people.get("web:anna")).held == {"text": "/style goth"}
    await store.people.agree("web:anna", "v1", "en")
    asked = await event(store, "2")
    assert (await store.people.get("web:anna")).held == {"text": "/style goth"}  # a crash here loses nothing
    await store.inbox.answer(asked, "web:anna", Answer("queued"))
    assert (await store.people.get("web:anna")).held is None


async def test_a_message_is_held_for_an_hour_at_most(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    await store.people.hold("web:anna", {"text": "hello"})
    assert await store.people.drop_held(time.time() + HOLD_S - 60) == 0
    assert await store.people.drop_held(time.time() + HOLD_S + 60) == 1
    assert await rows_about(store.url, "anna") == []
    await store.people.hold("web:anna", {"text": "hello"})
    monkeypatch.setattr("db.people.HOLD_S", -1.0)
    assert (await store.people.get("web:anna")).held is None


async def test_forgetting_leaves_no_row_of_a_person_in_any_table(store: Store) -> None:
    await live(store, "web:anna")
    await live(store, "web:ben")
    theirs = await rows_about(store.url, "ben")
    assert {table for table, _ in await rows_about(store.url, "anna")} == {
        *("person", "blob", "errand", "inbox", "outbox", "button", "job", "web_message", "web_upload"),
    }
    assert await store.people.forget("web:anna") > 8
    assert await rows_about(store.url, "anna") == []
    assert await rows_about(store.url, "ben") == theirs


async def test_the_answer_to_the_wish_to_be_forgotten_leaves_with_its_showing(store: Store) -> None:
    asked = await event(store, "forget")
    await store.people.forget("web:anna")
    assert (await store.inbox.answer(asked, "web:anna", Answer("Forgotten.", wipes=True))).fresh
    (post,) = await store.outbox.claim("test", 9, 60)
    await store.outbox.shown(post, "ref")
    assert await rows_about(store.url, "anna") == []


async def test_whoever_was_forgotten_can_begin_again(store: Store) -> None:
    await store.inbox.answer(await event(store, "hello:anna"), "web:anna", Answer("Hello!"))
    asked = await event(store, "forget")
    await store.people.forget("web:anna")
    await store.inbox.answer(asked, "web:anna", Answer("Forgotten.", wipes=True))
    assert not await store.inbox.receive("web", "forget", "anna", {})
    assert await store.inbox.receive("web", "hello:anna", "anna", {})


async def test_what_comes_after_the_wish_to_be_forgotten_is_answered(store: Store) -> None:
    asked = await event(store, "forget")
    await store.inbox.receive("web", "hello again", "anna", {})
    await store.people.forget("web:anna")
    await store.inbox.answer(asked, "web:anna", Answer("Forgotten.", wipes=True))
    assert [e.event for e in await store.inbox.claim("test", 9, 60)] == ["hello again"]


async def test_a_job_under_way_while_its_person_is_forgotten_shows_nothing(store: Store) -> None:
    await ordered(store, "e")
    (job,) = await claimed(store)
    await store.people.forget("web:anna")
    assert not await finished(store, job)
    assert await rows_about(store.url, "anna") == []


async def test_a_strangers_job_never_gets_an_erased_ones_number(store: Store) -> None:
    old = await ordered(store, "e")
    await store.people.forget("web:anna")
    assert await ordered(store, "e2", "web:ben") != old


@pytest.mark.parametrize("how", ["forget", "expire", "delete"])
async def test_no_byte_of_an_erased_photo_stays_in_the_sqlite_file(
    sqlite_template: Path, tmp_path: Path, how: str
) -> None:
    file = tmp_path / "a.db"
    file.write_bytes(sqlite_template.read_bytes())
    async with Store(f"sqlite+aiosqlite:///{file}") as store:
        job = await ordered(store, "e", photo=FACE)
        (row,) = await claimed(store)
        await finished(store, row, picture=FACE)
        await store.web.put_upload("anna", "k", FACE, "image/jpeg", time.time() + 60)
        assert b"nobody else" in on_disk(tmp_path)
        if how == "forget":
            await store.people.forget("web:anna")
        elif how == "expire":
            await store.expire(time.time() + 3600)
        else:
            await store.inbox.answer(await event(store, "d"), "web:anna", Answer("Deleted.", deletes=job))
            await store.blobs.expire(time.time() + 3600)  # the photo itself
            await store.web.wipe("anna")
        assert b"nobody else" not in on_disk(tmp_path)


def on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("a.db*"))


async def live(store: Store, user: str) -> None:
    """A row of a person in every table that can have one."""
    chat = user.removeprefix("web:")
    await store.people.agree(user, "v1", "en")
    await store.people.hold(user, {"text": chat})
    await ordered(store, f"{chat} 1", user, photo=user.encode())
    (job,) = await claimed(store)
    await finished(store, job)
    await ordered(store, f"{chat} 2", user)
    await store.errands.note(user, "on its way", "web", f"{chat}/key", time.time() + 60)
    await store.inbox.set_aside(await event(store, f"{chat} 3", user), "odd")
    await store.web.write(chat, "ref", "person", {"text": chat})
    await store.web.put_upload(chat, "key", b"photo", "image/jpeg", time.time() + 60)


async def rows_about(url: str, word: str) -> list[tuple[str, Any]]:
    """(table, row) of every row in any table that has the word in any column."""
    engine = create_async_engine(url)
    found = []
    async with engine.connect() as c:
        for name, table in Table.metadata.tables.items():
            found += [(name, tuple(row)) for row in await c.execute(select(table)) if word in str(tuple(row))]
    await engine.dispose()
    return found
