"""Short cuts for tests: a person's event, an ordered picture, a picture made."""

import time
from typing import Any

from db import Answer, Event, JobRow, Order, Store

PICTURE = b"\xff\xd8 the picture"


async def photo_of(
    store: Store, user: str, key: str, data: bytes = b"photo", expires_at: float | None = None, platform: str = "web"
) -> int:
    """A person's photo, noted and fetched."""
    until = time.time() + 60 if expires_at is None else expires_at
    id = await store.errands.note(user, key, platform, f"{user}/{key}", until)
    for errand in await store.errands.claim("test", 100, 60, [platform]):
        if errand.id == id:
            assert await store.errands.arrived(errand, data, until)
    return id


async def event(store: Store, name: str, user: str = "web:anna", raw: dict[str, Any] | None = None) -> Event:
    """An event of a person, received and claimed."""
    chat = user.removeprefix("web:")
    assert await store.inbox.receive("web", name, chat, raw or {"text": name})
    (claimed,) = [e for e in await store.inbox.claim("test", 100, 60) if e.event == name]
    return claimed


async def ordered(store: Store, name: str, user: str = "web:anna", photo: bytes = b"photo", **order: Any) -> str:
    """A picture ordered by a person; the job's id."""
    claimed = await event(store, name, user)
    id = await photo_of(store, user, f"{name}/0", photo)
    ids = await store.inbox.answer(claimed, user, Answer("queued", order=Order("goth", 0.8, id, 7, **order)))
    assert ids.job is not None
    return ids.job


async def claimed(store: Store, n: int = 1, lease_s: float = 60) -> list[JobRow]:
    return await store.jobs.claim("test", n, lease_s)


async def finished(store: Store, job: JobRow, text: str = "done", picture: bytes = PICTURE) -> bool:
    def body(id: int) -> Answer:
        return Answer(text, (("Delete", f"/delete {job.id}"),), picture=id)

    return await store.jobs.finish(job, picture, body, time.time() + 60)
