"""Experiments of titles and covers, and which variant a player stood under."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the table and the column."""
    op.create_table(
        "experiments",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("event_id", sa.String(24), nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("channel", sa.String(60), nullable=False),
        sa.Column("title_a", sa.Text, nullable=False),
        sa.Column("cover_a", sa.String(200), nullable=False),
        sa.Column("title_b", sa.Text, nullable=False),
        sa.Column("cover_b", sa.String(200), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("keep", sa.String(1), nullable=False),
        sa.Column("why", sa.String(12), nullable=False),
        sa.Column("figures", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("ended", sa.BigInteger),
        sa.Column("by", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="experiments_event_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="experiments_pkey"),
    )
    op.create_index("ix_experiments_event_id", "experiments", ["event_id"])
    running = sa.text("state = 'running'")
    op.create_index(
        "experiments_running",
        "experiments",
        ["event_id", "path", "channel"],
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )
    op.add_column("view_sessions", sa.Column("variants", sa.String(120), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop them, with all they hold."""
    op.drop_column("view_sessions", "variants")
    op.drop_table("experiments")
