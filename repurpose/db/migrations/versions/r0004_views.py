"""What was watched: sessions, their events, the heat of every second, and totals from elsewhere."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "view_sessions",
        sa.Column("psid", sa.String(22), nullable=False),
        sa.Column("event_id", sa.String(24), nullable=False),
        sa.Column("asset_id", sa.String(24), nullable=False),
        sa.Column("release", sa.Integer, nullable=False),
        sa.Column("visitor", sa.String(24), nullable=False),
        sa.Column("link", sa.String(12), nullable=False),
        sa.Column("person_id", sa.String(24), nullable=False),
        sa.Column("channel", sa.String(60), nullable=False),
        sa.Column("hint", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("loads", sa.Integer, nullable=False),
        sa.Column("plays", sa.Integer, nullable=False),
        sa.Column("watch_ms", sa.BigInteger, nullable=False),
        sa.Column("hidden_ms", sa.BigInteger, nullable=False),
        sa.Column("wall_ms", sa.BigInteger, nullable=False),
        sa.Column("end_ms", sa.BigInteger, nullable=False),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.Column("viewed", sa.Integer, nullable=False),
        sa.Column("half", sa.Integer, nullable=False),
        sa.Column("complete", sa.Integer, nullable=False),
        sa.Column("bits", sa.LargeBinary, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["assets.id"], name="view_sessions_asset_id_fkey", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="view_sessions_event_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("psid", name="view_sessions_pkey"),
    )
    op.create_index("ix_view_sessions_asset_id", "view_sessions", ["asset_id"])
    op.create_index("view_sessions_by_event", "view_sessions", ["event_id", "created"])
    op.create_index("view_sessions_by_visitor", "view_sessions", ["visitor"])
    op.create_table(
        "view_events",
        sa.Column("psid", sa.String(22), nullable=False),
        sa.Column("n", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("k", sa.String(8), nullable=False),
        sa.Column("fate", sa.String(16), nullable=False),
        sa.Column("a", sa.Integer, nullable=False),
        sa.Column("b", sa.Integer, nullable=False),
        sa.Column("rate", sa.Integer, nullable=False),
        sa.Column("flags", sa.Integer, nullable=False),
        sa.Column("dt", sa.Integer, nullable=False),
        sa.Column("w", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("came", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["psid"], ["view_sessions.psid"], name="view_events_psid_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("psid", "n", name="view_events_pkey"),
    )
    op.create_table(
        "view_visitors",
        sa.Column("event_id", sa.String(24), nullable=False),
        sa.Column("visitor", sa.String(24), nullable=False),
        sa.Column("bits", sa.LargeBinary, nullable=False),
        sa.Column("watch_ms", sa.BigInteger, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="view_visitors_event_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "visitor", name="view_visitors_pkey"),
    )
    op.create_index("view_visitors_by_visitor", "view_visitors", ["visitor"])
    op.create_table(
        "view_heat",
        sa.Column("event_id", sa.String(24), nullable=False),
        sa.Column("asset_id", sa.String(24), nullable=False),
        sa.Column("plays", sa.LargeBinary, nullable=False),
        sa.Column("viewers", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="view_heat_event_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "asset_id", name="view_heat_pkey"),
    )
    op.create_table(
        "view_fates",
        sa.Column("day", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("event_id", sa.String(24), nullable=False),
        sa.Column("fate", sa.String(16), nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("day", "event_id", "fate", name="view_fates_pkey"),
    )
    op.create_table(
        "view_salts",
        sa.Column("day", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("day", name="view_salts_pkey"),
    )
    op.create_table(
        "view_consents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("visitor", sa.String(24), nullable=False),
        sa.Column("choice", sa.String(10), nullable=False),
        sa.Column("words", sa.String(64), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("locale", sa.String(10), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="view_consents_pkey"),
    )
    op.create_index("ix_view_consents_visitor", "view_consents", ["visitor"])
    op.create_table(
        "view_totals",
        sa.Column("event_id", sa.String(24), nullable=False),
        sa.Column("platform", sa.String(40), nullable=False),
        sa.Column("asset_id", sa.String(24), nullable=False),
        sa.Column("date", sa.String(10), nullable=False),
        sa.Column("views", sa.BigInteger, nullable=False),
        sa.Column("numbers", sa.Text, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="view_totals_event_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "platform", "asset_id", "date", name="view_totals_pkey"),
    )


def downgrade() -> None:
    """Drop them, with all they hold."""
    for name in (
        "view_totals", "view_consents", "view_salts", "view_fates", "view_heat", "view_visitors", "view_events",
        "view_sessions",
    ):  # fmt: skip
        op.drop_table(name)
