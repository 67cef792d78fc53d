"""Photos that still lie at their platform, orders of a whole sheet of styles, and orders out of several photos."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "errand",
        sa.Column("id", BigId, sa.ForeignKey("blob.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("due_at", sa.Float, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("lease", sa.Integer, nullable=False),
        sa.Column("worker", sa.Text),
    )
    op.create_index("ix_errand_due_at", "errand", ["due_at"])
    op.add_column("job", sa.Column("sheet", sa.Text, nullable=False, server_default=""))
    op.add_column("job", sa.Column("many", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Photos not fetched yet are gone: their people are asked to send them again."""
    op.drop_column("job", "many")
    op.drop_column("job", "sheet")
    op.execute("DELETE FROM blob WHERE id IN (SELECT id FROM errand)")
    op.drop_table("errand")
