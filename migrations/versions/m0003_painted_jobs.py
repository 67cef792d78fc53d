"""Jobs that are painted after they were drawn, of several photos, or from free words."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("job", sa.Column("lane", sa.String(8), nullable=False, server_default="draw"))
    op.add_column("job", sa.Column("next_lane", sa.String(8), nullable=False, server_default=""))
    op.add_column("job", sa.Column("also", sa.Text, nullable=False, server_default=""))
    op.add_column("job", sa.Column("words", sa.Text, nullable=False, server_default=""))
    op.add_column("job", sa.Column("likeness", sa.Float, nullable=False, server_default="0.5"))
    op.drop_index("ix_job_state_priority_vtime_id", "job")
    op.create_index("ix_job_state_lane_priority_vtime_id", "job", ["state", "lane", "priority", "vtime", "id"])


def downgrade() -> None:
    """Jobs that wait for a painter are given up: their people can ask again."""
    op.execute("UPDATE job SET state = 'failed' WHERE state = 'open' AND lane = 'paint'")
    op.drop_index("ix_job_state_lane_priority_vtime_id", "job")
    op.create_index("ix_job_state_priority_vtime_id", "job", ["state", "priority", "vtime", "id"])
    for column in ("likeness", "words", "also", "next_lane", "lane"):
        op.drop_column("job", column)
