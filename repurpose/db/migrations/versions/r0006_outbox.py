"""What is told to others: endpoints, and the messages to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "endpoints",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("types", sa.Text, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("keys", sa.Text, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("paused_until", sa.BigInteger, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="endpoints_pkey"),
        sa.UniqueConstraint("kind", "address", name="endpoints_kind_address_key"),
    )
    op.create_table(
        "outbox",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("endpoint_id", sa.String(24), nullable=False),
        sa.Column("aggregate", sa.String(80), nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("available_at", sa.BigInteger, nullable=False),
        sa.Column("lease_until", sa.BigInteger, nullable=False),
        sa.Column("holder", sa.String(200), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("failed", sa.Integer, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("ended", sa.BigInteger),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoints.id"], name="outbox_endpoint_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("seq", name="outbox_pkey"),
        sa.UniqueConstraint("id", name="outbox_id_key"),
    )
    op.create_index("outbox_due", "outbox", ["endpoint_id", "state", "available_at"])
    op.create_index("outbox_order", "outbox", ["endpoint_id", "aggregate", "state", "seq"])
    op.create_index("outbox_by_created", "outbox", ["endpoint_id", "created", "id"])
    op.create_index("outbox_by_aggregate", "outbox", ["aggregate"])
    op.create_index("outbox_ended", "outbox", ["state", "ended"])


def downgrade() -> None:
    """Drop them, with all they hold."""
    op.drop_table("outbox")
    op.drop_table("endpoints")
