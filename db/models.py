"""The tables. Knows SQLite and PostgreSQL, and nothing of what the rows are for.

One column says when a row wants attention: `due_at`. Claiming a row moves it into the future by the length of the
lease, so that a row whose worker died comes back by itself; a row with nothing left to do has none.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    text,
)
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import JSON

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows only in INTEGER columns
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
Seconds = Float()
NEVER_AGAIN = {"sqlite_autoincrement": True}  # an erased row's number must not become a stranger's

DUE_ONLY: dict[str, Any] = {"sqlite_where": text("due_at IS NOT NULL"), "postgresql_where": text("due_at IS NOT NULL")}
"""An index of the few rows with something left to do, however many there are."""

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {str: Text(), float: Seconds, dict[str, Any]: Json, bytes: LargeBinary()}


class Blob(Table):
    """A photo or a picture. The data of a photo with an errand is not here yet."""

    __tablename__ = "blob"
    __table_args__ = (Unique("user", "key"), NEVER_AGAIN)
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user: Mapped[str]
    key: Mapped[str]
    kind: Mapped[str] = mapped_column(String(16))
    data: Mapped[bytes]
    expires_at: Mapped[float] = mapped_column(index=True)


class Errand(Table):
    """A photo that still lies at its platform, under the platform's own ref. Goes when the photo has come."""

    __tablename__ = "errand"
    id: Mapped[int] = mapped_column(
        BigId, ForeignKey("blob.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    platform: Mapped[str] = mapped_column(String(32))
    ref: Mapped[str]
    due_at: Mapped[float] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None]


class Person(Table):
    __tablename__ = "person"
    user: Mapped[str] = mapped_column(primary_key=True)
    consent: Mapped[str | None]
    consent_at: Mapped[float | None]
    style: Mapped[str | None]
    photo: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("blob.id", ondelete="SET NULL"), index=True)
    held: Mapped[dict[str, Any] | None]
    held_at: Mapped[float | None]
    lang: Mapped[str] = mapped_column(String(16))


class Inbox(Table):
    """A raw event. Once it is answered only the hash that tells duplicates remains, and whose it was."""

    __tablename__ = "inbox"
    __table_args__ = (Index(None, "platform", "chat", "id", **DUE_ONLY), NEVER_AGAIN)
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    platform: Mapped[str] = mapped_column(String(32))
    event: Mapped[str]
    chat: Mapped[str]
    raw: Mapped[dict[str, Any] | None]
    at: Mapped[float] = mapped_column(index=True)
    due_at: Mapped[float | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None]
    aside: Mapped[str | None]
    user: Mapped[str | None] = mapped_column(index=True)


class Outbox(Table):
    """A message of ours and what it should show."""

    __tablename__ = "outbox"
    __table_args__ = (Index(None, "platform", "chat", "id", **DUE_ONLY), NEVER_AGAIN)
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    user: Mapped[str] = mapped_column(index=True)
    platform: Mapped[str] = mapped_column(String(32))
    chat: Mapped[str]
    ref: Mapped[str | None]
    body: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)
    shown: Mapped[int] = mapped_column(default=0)
    final: Mapped[bool]
    due_at: Mapped[float | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None]
    gave_up: Mapped[str | None]


class Button(Table):
    __tablename__ = "button"
    token: Mapped[str] = mapped_column(String(22), primary_key=True)
    user: Mapped[str] = mapped_column(index=True)
    command: Mapped[str]
    outbox_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("outbox.id", ondelete="CASCADE"), index=True)


class Job(Table):
    """A picture to be made. vtime: the fair order; the smallest goes first. sheet: names of styles, with commas.

    lane: who makes it, "draw" or "paint"; next_lane: who goes on with it when that is done, "" for nobody. An open
    job's picture is its draft. also: the ids of more photos of the same person, with commas.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index(None, "state", "lane", "priority", "vtime", "id"),
        CheckConstraint("state in ('open', 'done', 'failed')", name="state"),
        NEVER_AGAIN,
    )
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user: Mapped[str] = mapped_column(index=True)
    platform: Mapped[str] = mapped_column(String(32))
    chat: Mapped[str]
    outbox_key: Mapped[str] = mapped_column(String(64), unique=True)
    style: Mapped[str]
    strength: Mapped[float]
    photo: Mapped[int] = mapped_column(BigInteger)
    seed: Mapped[int] = mapped_column(BigInteger)
    beside: Mapped[bool]
    offers: Mapped[str] = mapped_column(default="")
    sheet: Mapped[str] = mapped_column(default="")
    many: Mapped[bool] = mapped_column(default=False)
    lane: Mapped[str] = mapped_column(String(8), default="draw")
    next_lane: Mapped[str] = mapped_column(String(8), default="")
    also: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    likeness: Mapped[float] = mapped_column(default=0.5)
    lang: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(8), default="open")
    priority: Mapped[int] = mapped_column(default=0)
    vtime: Mapped[float]
    due_at: Mapped[float]
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None]
    picture: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[float]


class Issued(Table):
    """A picture that left us, and what can be said of it to anybody who asks. Erased, its leaf in the ledger tells
    nothing any more.
    """

    __tablename__ = "issued"
    id: Mapped[str] = mapped_column(String(10), primary_key=True)
    user: Mapped[str] = mapped_column(index=True)
    job: Mapped[int] = mapped_column(BigInteger, index=True)
    day: Mapped[str] = mapped_column(String(10))
    style: Mapped[str]
    kind: Mapped[str] = mapped_column(String(16))
    epoch: Mapped[int]
    file_hash: Mapped[bytes] = mapped_column(index=True)
    map: Mapped[bytes]
    look: Mapped[bytes]
    salt: Mapped[bytes]
    leaf: Mapped[int] = mapped_column(BigInteger, unique=True)


class Ledger(Table):
    """The nodes of the public log's Merkle tree that never change again. Nothing is ever erased here."""

    __tablename__ = "ledger"
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    hash: Mapped[bytes]


class WebMessage(Table):
    __tablename__ = "web_message"
    __table_args__ = (Index(None, "chat", "seq"),)
    chat: Mapped[str] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    author: Mapped[str] = mapped_column(String(16))
    body: Mapped[dict[str, Any]]
    at: Mapped[float]


class WebUpload(Table):
    __tablename__ = "web_upload"
    chat: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[bytes]
    kind: Mapped[str]
    expires_at: Mapped[float] = mapped_column(index=True)


class Counter(Table):
    """Numbers that only grow, whatever is erased."""

    __tablename__ = "counter"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)
