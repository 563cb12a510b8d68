"""Accounts, keys for programs, what was done and asked, uploads, and the runs that are asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("expires", sa.BigInteger),
        sa.Column("used", sa.BigInteger),
        sa.Column("revoked", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="api_keys_pkey"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("object", sa.String(80), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="audit_pkey"),
    )
    op.create_index("audit_by_object", "audit", ["object", "id"])
    op.create_table(
        "idempotency",
        sa.Column("principal", sa.String(80), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("route", sa.String(200), nullable=False),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("headers", sa.Text, nullable=False),
        sa.Column("response", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("principal", "key", "route", name="idempotency_pkey"),
    )
    op.create_index("ix_idempotency_expires", "idempotency", ["expires"])
    op.create_table(
        "orders",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("event_id", sa.String(24), nullable=False),
        sa.Column("cuts", sa.Text, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("run", sa.String(32)),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("cancel", sa.BigInteger),
        sa.Column("holder", sa.String(200), nullable=False),
        sa.Column("lease_until", sa.BigInteger, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("began", sa.BigInteger),
        sa.Column("ended", sa.BigInteger),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="orders_event_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="orders_pkey"),
    )
    op.create_index("orders_by_event", "orders", ["event_id", "created"])
    op.create_index("orders_by_state", "orders", ["state", "created"])
    op.create_index(
        "orders_open",
        "orders",
        ["event_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('waiting', 'working')"),
        postgresql_where=sa.text("state IN ('waiting', 'working')"),
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("principal", sa.String(80), nullable=False),
        sa.Column("event_id", sa.String(24)),
        sa.Column("length", sa.BigInteger, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("metadata", sa.Text, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("digest", sa.String(64)),
        sa.Column("suffix", sa.String(9), nullable=False),
        sa.Column("holder", sa.String(40), nullable=False),
        sa.Column("lease_until", sa.BigInteger, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="uploads_event_id_fkey", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="uploads_pkey"),
    )
    op.create_index("ix_uploads_expires", "uploads", ["expires"])
    op.create_table(
        "users",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.String(12), nullable=False),
        sa.Column("password", sa.Text),
        sa.Column("person_id", sa.String(24)),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.BigInteger),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="users_person_id_fkey", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="users_pkey"),
        sa.UniqueConstraint("email", name="users_email_key"),
    )
    op.create_table(
        "wishes",
        sa.Column("event_id", sa.String(24), nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("choices", sa.Text, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="wishes_event_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", name="wishes_pkey"),
    )
    op.create_table(
        "sessions",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(24), nullable=False),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="sessions_user_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash", name="sessions_pkey"),
    )
    op.create_index("ix_sessions_expires", "sessions", ["expires"])
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_table(
        "tickets",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(12), nullable=False),
        sa.Column("user_id", sa.String(24)),
        sa.Column("role", sa.String(12), nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("used", sa.BigInteger),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="tickets_user_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash", name="tickets_pkey"),
    )


def downgrade() -> None:
    """Drop them, with all they hold."""
    for name in ("tickets", "sessions", "wishes", "users", "uploads", "orders", "idempotency", "audit", "api_keys"):
        op.drop_table(name)
