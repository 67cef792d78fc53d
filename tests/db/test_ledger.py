"""The public log: grown in any order, proved to anybody, and telling nothing of what was erased."""

import asyncio
import time

from db import Answer, Store
from db.issued import canonical, commitment, leaf_data
from db.merkle import EMPTY, leaf_hash, proves_consistency, proves_inclusion
from db.records import Issued
from tests.db.rows import PICTURE, claimed, event, ordered


def issued(number: int) -> Issued:
    name = f"{number:010x}"
    return Issued(name, "2026-11-23", "Goth", "enhanced", 1, b"file" + name.encode(), b"map", b"look")


async def made(store: Store, number: int, user: str = "web:anna") -> str:
    job = await ordered(store, f"e{number}", user)
    (row,) = await claimed(store)
    assert await store.jobs.finish(
        row, PICTURE, lambda id: Answer("done", picture=id), time.time() + 60, issued(number)
    )
    return job


async def test_an_empty_log_has_the_root_of_nothing(store: Store) -> None:
    assert await store.ledger.size() == 0
    assert await store.ledger.root(0) == EMPTY


async def test_every_picture_that_is_finished_is_a_leaf_that_can_be_proved(store: Store) -> None:
    for number in range(7):
        await made(store, number)
    size = await store.ledger.size()
    root = await store.ledger.root(size)
    assert size == 7
    for number in range(7):
        kept = await store.issued.of(f"{number:010x}")
        assert kept is not None
        leaf = leaf_hash(leaf_data(commitment(kept, kept.salt)))
        assert proves_inclusion(leaf, kept.leaf, size, await store.ledger.inclusion(kept.leaf, size), root)


async def test_an_older_log_is_the_beginning_of_a_newer_one(store: Store) -> None:
    roots = []
    for number in range(6):
        await made(store, number)
        roots.append(await store.ledger.root(number + 1))
    path = await store.ledger.consistency(3, 6)
    assert proves_consistency(3, 6, roots[2], roots[5], path)
    assert not proves_consistency(3, 6, roots[1], roots[5], path)


async def test_pictures_finished_at_once_are_leaves_without_a_gap(store: Store) -> None:
    rows = []
    for number in range(8):
        await ordered(store, f"e{number}", f"web:{number}")
        rows += await claimed(store)

    async def finish(number: int) -> bool:
        row = rows[number]
        return await store.jobs.finish(
            row, PICTURE, lambda id: Answer("done", picture=id), time.time() + 60, issued(number)
        )

    assert all(await asyncio.gather(*map(finish, range(8))))
    kept = [await store.issued.of(f"{number:010x}") for number in range(8)]
    assert sorted(one.leaf for one in kept if one) == list(range(8))
    await store.ledger.root(8)


async def test_a_picture_that_comes_too_late_leaves_no_leaf(store: Store) -> None:
    await ordered(store, "e")
    (late,) = await claimed(store, lease_s=-1)
    await claimed(store)
    assert not await store.jobs.finish(late, PICTURE, lambda id: Answer("done"), time.time() + 60, issued(1))
    assert await store.ledger.size() == 0


async def test_a_picture_is_known_by_its_file_and_by_its_look(store: Store) -> None:
    await made(store, 5)
    kept = await store.issued.of_file(issued(5).file_hash)
    assert kept is not None
    assert (kept.id, kept.style) == ("0000000005", "Goth")
    assert await store.issued.looks() == [("0000000005", b"look")]
    assert await store.issued.of_file(b"another") is None


async def test_who_is_forgotten_leaves_a_leaf_that_tells_nothing(store: Store) -> None:
    await made(store, 1)
    root = await store.ledger.root(1)
    await store.people.forget("web:anna")
    assert await store.issued.of("0000000001") is None
    assert await store.ledger.root(1) == root


async def test_a_deleted_picture_is_not_known_any_more(store: Store) -> None:
    job = await made(store, 1)
    tap = await event(store, "tap")
    await store.inbox.answer(tap, "web:anna", Answer("deleted", deletes=job))
    assert await store.issued.of("0000000001") is None
    assert await store.ledger.size() == 1


def test_what_is_signed_is_the_same_to_the_byte() -> None:
    assert canonical({"b": 1, "a": "ü"}) == '{"a":"ü","b":1}'.encode()
