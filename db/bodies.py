"""Writes what a message of ours shall show, with its buttons, inside somebody else's transaction."""

import secrets
import time
from typing import Any

from sqlalchemy import case, delete, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models import Button, Outbox
from db.records import Answer, Body

TOKEN_BYTES = 12
"""16 characters, which nobody guesses."""


def body_of(answer: Answer) -> tuple[Body, dict[str, str]]:
    """What is shown, and the command behind each button's token."""
    commands = {secrets.token_urlsafe(TOKEN_BYTES): command for _, command in answer.choices}
    buttons = tuple((title, token) for (title, _), token in zip(answer.choices, commands, strict=True))
    shown = Body(answer.text, buttons, answer.picture, answer.alt, answer.wipes, answer.public, answer.as_file)
    return shown, commands


def is_final(answer: Answer) -> bool:
    """No work goes on for it."""
    return answer.order is None and not answer.unfinished


async def add_post(c: AsyncConnection, answer: Answer, *, key: str, user: str, platform: str, chat: str) -> None:
    """A new message of ours, due at once."""
    body, commands = body_of(answer)
    row = {"key": key, "user": user, "platform": platform, "chat": chat, "ref": answer.ref, "body": body.to_json()}
    new = insert(Outbox).values(**row, final=is_final(answer), due_at=time.time()).returning(Outbox.id)
    await _add_buttons(c, (await c.execute(new)).scalar_one(), user, commands)


async def change_post(c: AsyncConnection, answer: Answer, *, key: str) -> bool:
    """The message of that key shall show this from now on. False if there is no such message any more.

    While somebody brings an older version to the screen the message stays theirs: two at once could make it two.
    """
    now = time.time()
    body, commands = body_of(answer)
    due_at = case((Outbox.worker.is_not(None) & (Outbox.due_at > now), Outbox.due_at), else_=now)
    new: dict[str, Any] = {"body": body.to_json(), "version": Outbox.version + 1, "final": is_final(answer)}
    change = update(Outbox).where(Outbox.key == key).values(**new, due_at=due_at, attempts=0, gave_up=None)
    row = (await c.execute(change.returning(Outbox.id, Outbox.user))).one_or_none()
    if row is None:
        return False
    await c.execute(delete(Button).where(Button.outbox_id == row.id))
    await _add_buttons(c, row.id, row.user, commands)
    return True


async def _add_buttons(c: AsyncConnection, post: int, user: str, commands: dict[str, str]) -> None:
    rows = [
        {"token": token, "user": user, "command": command, "outbox_id": post} for token, command in commands.items()
    ]
    if rows:
        await c.execute(insert(Button), rows)
