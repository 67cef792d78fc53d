"""Questions about persons: consent, what they took last, what waits for their consent, and forgetting them."""

import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select, tuple_, update

from db.bell import Bell
from db.engine import Database
from db.models import Blob, Button, Inbox, Issued, Job, Outbox, Person, WebMessage, WebUpload
from db.records import Person as PersonRecord
from db.unbroken import unbroken
from db.web import chat_of

HOLD_S = 3600.0
"""How long a message sent before consent is kept."""


@unbroken
class People:
    def __init__(self, database: Database) -> None:
        self.forgotten = Bell()  # somebody wants something gone, wherever it is remembered
        self._db = database

    async def get(self, user: str) -> PersonRecord:
        """What is known of a person; somebody unknown is an empty Person, and is not written down."""
        async with self._db.read() as c:
            row = (await c.execute(select(Person.__table__).where(Person.user == user))).one_or_none()
        if row is None:
            return PersonRecord(user)
        held = row.held if row.held_at is not None and row.held_at > time.time() - HOLD_S else None
        return PersonRecord(row.user, row.consent, row.consent_at, row.style, row.photo, held, row.lang)

    async def agree(self, user: str, version: str, lang: str) -> None:
        """Record consent. A held message stays until it is answered (Inbox.answer), so no crash can lose it."""
        await self._write(user, consent=version, consent_at=time.time(), lang=lang)

    async def remember(self, user: str, *, style: str | None = None, photo: int | None = None) -> None:
        """What they took last; None leaves it as it was."""
        values = {"style": style, "photo": photo}
        await self._write(user, **{name: value for name, value in values.items() if value is not None})

    async def hold(self, user: str, message: Mapping[str, Any] | None) -> None:
        """Keep a message sent before consent, instead of an earlier one; None: keep none."""
        await self._write(user, held=message, held_at=None if message is None else time.time())

    async def drop_held(self, now: float) -> int:
        """Erase held messages whose senders never agreed. Returns how many."""
        late = Person.held_at < now - HOLD_S
        async with self._db.write() as c:
            dropped = (await c.execute(update(Person).where(late).values(held=None, held_at=None))).rowcount
            await c.execute(delete(Person).where(Person.consent.is_(None), Person.held_at.is_(None)))
        return dropped

    async def forget(self, user: str) -> int:
        """Erase everything there is of a person. Returns how many rows went.

        Events not answered yet stay: they came after the wish to be forgotten, or are that wish itself.
        """
        async with self._db.write() as c:
            posts = select(Outbox.platform, Outbox.chat).where(Outbox.user == user).distinct()
            chats = [(row.platform, row.chat) for row in await c.execute(posts)]
            web = {chat for platform, chat in chats if platform == "web"} | chat_of(user)
            erase = [
                delete(Job).where(Job.user == user),
                delete(Issued).where(Issued.user == user),
                delete(Button).where(Button.user == user),
                delete(Outbox).where(Outbox.user == user),
                delete(Person).where(Person.user == user),
                delete(Blob).where(Blob.user == user),
                delete(Inbox).where(Inbox.user == user),
                delete(Inbox).where(Inbox.aside.is_not(None), tuple_(Inbox.platform, Inbox.chat).in_(chats)),
                delete(WebMessage).where(WebMessage.chat.in_(web)),
                delete(WebUpload).where(WebUpload.chat.in_(web)),
            ]
            gone = 0
            for statement in erase:
                gone += (await c.execute(statement)).rowcount
        await self._db.scrub()
        self.forgotten.ring()
        return gone

    async def _write(self, user: str, **values: Any) -> None:
        if not values:
            return
        insert = self._db.insert(Person).values(user=user, **{"lang": "en", **values})
        async with self._db.write() as c:
            await c.execute(insert.on_conflict_do_update(index_elements=["user"], set_=values))
