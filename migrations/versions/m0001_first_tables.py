"""The first tables: persons, their photos and pictures, events, jobs, messages of ours, buttons, the web chat."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None

BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")
Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
Seconds = sa.Float()
DUE_ONLY: dict[str, Any] = {
    "sqlite_where": sa.text("due_at IS NOT NULL"),
    "postgresql_where": sa.text("due_at IS NOT NULL"),
}


def upgrade() -> None:
    _blobs_and_persons()
    _inbox()
    _outbox()
    _jobs()
    _web()


def downgrade() -> None:
    for table in ("counter", "web_upload", "web_message", "job", "button", "outbox", "inbox", "person", "blob"):
        op.drop_table(table)


def _blobs_and_persons() -> None:
    op.create_table(
        "blob",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", Seconds, nullable=False),
        sa.UniqueConstraint("user", "key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_blob_expires_at", "blob", ["expires_at"])
    op.create_table(
        "person",
        sa.Column("user", sa.Text, primary_key=True),
        sa.Column("consent", sa.Text),
        sa.Column("consent_at", Seconds),
        sa.Column("style", sa.Text),
        sa.Column("photo", sa.BigInteger, sa.ForeignKey("blob.id", ondelete="SET NULL")),
        sa.Column("held", Json),
        sa.Column("held_at", Seconds),
        sa.Column("lang", sa.String(16), nullable=False),
    )
    op.create_index("ix_person_photo", "person", ["photo"])


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("raw", Json),
        sa.Column("at", Seconds, nullable=False),
        *_work(),
        sa.Column("aside", sa.Text),
        sa.Column("user", sa.Text),
        sa.UniqueConstraint("hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_inbox_at", "inbox", ["at"])
    op.create_index("ix_inbox_user", "inbox", ["user"])
    op.create_index("ix_inbox_due_at", "inbox", ["due_at"])
    op.create_index("ix_inbox_platform_chat_id", "inbox", ["platform", "chat", "id"], **DUE_ONLY)


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("ref", sa.Text),
        sa.Column("body", Json, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("shown", sa.Integer, nullable=False),
        sa.Column("final", sa.Boolean, nullable=False),
        *_work(),
        sa.Column("gave_up", sa.Text),
        sa.UniqueConstraint("key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_user", "outbox", ["user"])
    op.create_index("ix_outbox_due_at", "outbox", ["due_at"])
    op.create_index("ix_outbox_platform_chat_id", "outbox", ["platform", "chat", "id"], **DUE_ONLY)
    op.create_table(
        "button",
        sa.Column("token", sa.String(22), primary_key=True),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("command", sa.Text, nullable=False),
        sa.Column("outbox_id", sa.BigInteger, sa.ForeignKey("outbox.id", ondelete="CASCADE"), nullable=False),
    )
    op.create_index("ix_button_user", "button", ["user"])
    op.create_index("ix_button_outbox_id", "button", ["outbox_id"])


def _jobs() -> None:
    op.create_table(
        "job",
        sa.Column("id", BigId, primary_key=True),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("outbox_key", sa.String(64), nullable=False),
        sa.Column("style", sa.Text, nullable=False),
        sa.Column("strength", Seconds, nullable=False),
        sa.Column("photo", sa.BigInteger, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("beside", sa.Boolean, nullable=False),
        sa.Column("offers", sa.Text, nullable=False),
        sa.Column("lang", sa.String(16), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("vtime", Seconds, nullable=False),
        *_work(always=True),
        sa.Column("picture", sa.BigInteger),
        sa.Column("at", Seconds, nullable=False),
        sa.UniqueConstraint("outbox_key"),
        sa.CheckConstraint("state in ('open', 'done', 'failed')", name="state"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_job_user", "job", ["user"])
    op.create_index("ix_job_state_priority_vtime_id", "job", ["state", "priority", "vtime", "id"])


def _web() -> None:
    op.create_table(
        "web_message",
        sa.Column("chat", sa.Text, primary_key=True),
        sa.Column("ref", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("author", sa.String(16), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("at", Seconds, nullable=False),
    )
    op.create_index("ix_web_message_chat_seq", "web_message", ["chat", "seq"])
    op.create_table(
        "web_upload",
        sa.Column("chat", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("expires_at", Seconds, nullable=False),
    )
    op.create_index("ix_web_upload_expires_at", "web_upload", ["expires_at"])
    op.create_table(
        "counter",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("last", sa.BigInteger, nullable=False),
    )


def _work(always: bool = False) -> list[sa.Column[object]]:
    """The columns of every table whose rows somebody works on."""
    return [
        sa.Column("due_at", Seconds, nullable=not always),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("lease", sa.Integer, nullable=False),
        sa.Column("worker", sa.Text),
    ]
