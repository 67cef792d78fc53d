"""The store: every question the bot asks, grouped by subject. Knows where the rows are, not what they are for.

One method answers one question in one short transaction; nothing waits for a network other than the database's.
"""

import asyncio
import time
from pathlib import Path
from types import TracebackType

from sqlalchemy.engine import make_url

from db.blobs import Blobs
from db.buttons import Buttons
from db.engine import Database, is_sqlite
from db.errands import Errands
from db.inbox import Inboxes
from db.issued import Issues
from db.jobs import Jobs
from db.ledger import Ledger
from db.migrate import upgrade
from db.outbox import Outboxes
from db.people import People
from db.web import Web


class Store:
    """An async context manager: connections are opened at the first question and closed at the end.

    Any of its methods raises StoreDown, an OSError, while the database cannot be reached.
    """

    people: People
    blobs: Blobs
    errands: Errands
    inbox: Inboxes
    jobs: Jobs
    outbox: Outboxes
    buttons: Buttons
    web: Web
    issued: Issues
    ledger: Ledger

    def __init__(self, url: str) -> None:
        self.url = url

    async def __aenter__(self) -> "Store":
        if is_sqlite(self.url):
            Path(make_url(self.url).database or "").parent.mkdir(parents=True, exist_ok=True)
        self._database = database = Database(self.url)
        self.people, self.blobs, self.buttons = People(database), Blobs(database), Buttons(database)
        self.outbox = Outboxes(database)
        self.jobs = Jobs(database, self.outbox.bell)
        self.errands = Errands(database, self.jobs.bell, self.outbox.bell)
        self.inbox = Inboxes(database, self.jobs.bell, self.outbox.bell, self.jobs.stopped)
        self.web = Web(database)
        self.issued, self.ledger = Issues(database), Ledger(database)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._database.close()

    async def migrate(self) -> None:
        """Bring the tables up to date; a new database gets them all."""
        await asyncio.to_thread(upgrade, self.url)

    async def release(self, worker: str | None = None) -> int:
        """Give back at once everything a worker claimed, or everybody did. Returns how many rows.

        At a start on SQLite there is nobody else, so whatever is claimed was claimed by the dead.
        """
        return sum([await part.release(worker) for part in (self.inbox, self.errands, self.jobs, self.outbox)])

    async def expire(self, now: float | None = None) -> int:
        """Erase everything that has had its time. Returns how many rows."""
        now = time.time() if now is None else now
        gone = await self.blobs.expire(now) + await self.web.expire(now)
        gone += await self.jobs.expire() + await self.people.drop_held(now) + await self.inbox.expire(now)
        await self._database.scrub()
        return gone
