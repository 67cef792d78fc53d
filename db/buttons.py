"""Questions about buttons: a short token on the platform's side, a command and its owner on ours."""

from sqlalchemy import select

from db.engine import Database
from db.models import Button
from db.records import NotYours, UnknownButton
from db.unbroken import unbroken


@unbroken
class Buttons:
    def __init__(self, database: Database) -> None:
        self._db = database

    async def command(self, token: str, user: str) -> str:
        """The command a person pressed.

        Raises:
            NotYours: it was made for somebody else.
            UnknownButton: its message is gone or shows something else by now.
        """
        async with self._db.read() as c:
            row = (await c.execute(select(Button.command, Button.user).where(Button.token == token))).one_or_none()
        if row is None:
            raise UnknownButton(token)
        if row.user != user:
            raise NotYours(token)
        return str(row.command)
