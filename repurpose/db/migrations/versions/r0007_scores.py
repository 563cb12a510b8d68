"""What leads earned, and what the CRM said of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "score_entries",
        sa.Column("lead_id", sa.String(24), nullable=False),
        sa.Column("rule", sa.String(40), nullable=False),
        sa.Column("ground", sa.String(80), nullable=False),
        sa.Column("version", sa.String(12), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("fades", sa.Integer, nullable=False),
        sa.Column("event_id", sa.String(24), nullable=False),
        sa.Column("asset_id", sa.String(24), nullable=False),
        sa.Column("seen", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name="score_entries_lead_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("lead_id", "rule", "ground", name="score_entries_pkey"),
    )
    op.create_table(
        "lead_scores",
        sa.Column("lead_id", sa.String(24), nullable=False),
        sa.Column("basis", sa.String(64), nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name="lead_scores_lead_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("lead_id", name="lead_scores_pkey"),
    )
    op.create_table(
        "lead_words",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("lead_id", sa.String(24), nullable=False),
        sa.Column("stage", sa.String(8), nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("came", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name="lead_words_lead_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="lead_words_pkey"),
        sa.UniqueConstraint("lead_id", "stage", "at", name="lead_words_lead_id_stage_at_key"),
    )
    op.create_index("ix_lead_words_lead_id", "lead_words", ["lead_id"])


def downgrade() -> None:
    """Drop them, with all they hold."""
    for name in ("lead_words", "lead_scores", "score_entries"):
        op.drop_table(name)
