"""Brands that are kept as records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "brands",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("preset", sa.Text, nullable=False),
        sa.Column("files", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("name", name="brands_pkey"),
    )


def downgrade() -> None:
    """Drop it, with all it holds."""
    op.drop_table("brands")
