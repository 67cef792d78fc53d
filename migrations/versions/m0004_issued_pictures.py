"""What can be said of pictures that left us, and the public log of them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "issued",
        sa.Column("id", sa.String(10), primary_key=True),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("job", sa.BigInteger, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("style", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("file_hash", sa.LargeBinary, nullable=False),
        sa.Column("map", sa.LargeBinary, nullable=False),
        sa.Column("look", sa.LargeBinary, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("leaf", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("leaf", name="uq_issued_leaf"),
    )
    op.create_index("ix_issued_user", "issued", ["user"])
    op.create_index("ix_issued_job", "issued", ["job"])
    op.create_index("ix_issued_file_hash", "issued", ["file_hash"])
    op.create_table(
        "ledger",
        sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("place", BigId, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    """The log is gone for good; whoever kept a checkpoint can tell."""
    op.drop_table("ledger")
    op.drop_table("issued")
    op.execute("DELETE FROM counter WHERE name = 'ledger'")
