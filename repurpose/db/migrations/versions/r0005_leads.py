"""Leads: identifiers with their evidence, merges, conflicts, who asked to be forgotten, who came to the live event."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
COUNTED = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "lead_vault",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("wrapped", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="lead_vault_pkey"),
    )
    op.create_table(
        "leads",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("merged_into", sa.String(24)),
        sa.Column("key", sa.Text),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.Column("erased", sa.BigInteger),
        sa.ForeignKeyConstraint(["merged_into"], ["leads.id"], name="leads_merged_into_fkey"),
        sa.PrimaryKeyConstraint("id", name="leads_pkey"),
    )
    op.create_index("leads_by_age", "leads", ["created", "id"])
    op.create_index("leads_by_merged_into", "leads", ["merged_into"])
    op.create_table(
        "lead_identifiers",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("hmac", sa.String(64), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="lead_identifiers_pkey"),
        sa.UniqueConstraint("kind", "hmac", name="lead_identifiers_kind_hmac_key"),
    )
    op.create_table(
        "lead_facts",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("same", sa.String(64), nullable=False),
        sa.Column("lead_id", sa.String(24), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("ref", sa.String(80), nullable=False),
        sa.Column("strength", sa.String(8), nullable=False),
        sa.Column("visitor", sa.String(24), nullable=False),
        sa.Column("event_id", sa.String(24)),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("came", sa.BigInteger, nullable=False),
        _lead("lead_facts"),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="lead_facts_event_id_fkey", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="lead_facts_pkey"),
        sa.UniqueConstraint("same", name="lead_facts_same_key"),
    )
    op.create_index("ix_lead_facts_lead_id", "lead_facts", ["lead_id"])
    op.create_index("ix_lead_facts_visitor", "lead_facts", ["visitor"])
    op.create_table(
        "lead_edges",
        sa.Column("fact_id", sa.String(24), nullable=False),
        sa.Column("identifier_id", COUNTED, autoincrement=False, nullable=False),
        sa.Column("lead_id", sa.String(24), nullable=False),
        sa.Column("strength", sa.String(8), nullable=False),
        sa.Column("valid_from", sa.BigInteger, nullable=False),
        sa.Column("revoked_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["fact_id"], ["lead_facts.id"], name="lead_edges_fact_id_fkey", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["identifier_id"], ["lead_identifiers.id"], name="lead_edges_identifier_id_fkey", ondelete="CASCADE"
        ),
        _lead("lead_edges"),
        sa.PrimaryKeyConstraint("fact_id", "identifier_id", "lead_id", name="lead_edges_pkey"),
    )
    op.create_index("ix_lead_edges_identifier_id", "lead_edges", ["identifier_id"])
    op.create_index("ix_lead_edges_lead_id", "lead_edges", ["lead_id"])
    op.create_table(
        "lead_merges",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("op", sa.String(8), nullable=False),
        sa.Column("lead_id", sa.String(24), nullable=False),
        sa.Column("into_id", sa.String(24), nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        _lead("lead_merges"),
        _lead("lead_merges", "into_id"),
        sa.PrimaryKeyConstraint("id", name="lead_merges_pkey"),
    )
    op.create_index("ix_lead_merges_lead_id", "lead_merges", ["lead_id"])
    op.create_index("ix_lead_merges_into_id", "lead_merges", ["into_id"])
    op.create_table(
        "lead_conflicts",
        sa.Column("id", COUNTED, nullable=False),
        sa.Column("lead_id", sa.String(24), nullable=False),
        sa.Column("other_id", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("fact_id", sa.String(24), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("settled", sa.BigInteger),
        sa.Column("by", sa.String(80), nullable=False),
        _lead("lead_conflicts"),
        _lead("lead_conflicts", "other_id"),
        sa.ForeignKeyConstraint(["fact_id"], ["lead_facts.id"], name="lead_conflicts_fact_id_fkey", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="lead_conflicts_pkey"),
        sa.UniqueConstraint("lead_id", "other_id", name="lead_conflicts_lead_id_other_id_key"),
    )
    op.create_index("ix_lead_conflicts_other_id", "lead_conflicts", ["other_id"])
    op.create_table(
        "lead_suppressions",
        sa.Column("hmac", sa.String(64), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("hmac", name="lead_suppressions_pkey"),
    )
    op.create_table(
        "lead_attendance",
        sa.Column("event_id", sa.String(24), nullable=False),
        sa.Column("lead_id", sa.String(24), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("registered_at", sa.BigInteger),
        sa.Column("attended", sa.Integer),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("questions", sa.Integer, nullable=False),
        sa.Column("polls", sa.Integer, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="lead_attendance_event_id_fkey", ondelete="CASCADE"),
        _lead("lead_attendance"),
        sa.PrimaryKeyConstraint("event_id", "lead_id", "source", name="lead_attendance_pkey"),
    )
    op.create_index("ix_lead_attendance_lead_id", "lead_attendance", ["lead_id"])
    op.create_table(
        "lead_links",
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("lead_id", sa.String(24), nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["code"], ["links.code"], name="lead_links_code_fkey", ondelete="CASCADE"),
        _lead("lead_links"),
        sa.PrimaryKeyConstraint("code", name="lead_links_pkey"),
    )
    op.create_index("ix_lead_links_lead_id", "lead_links", ["lead_id"])


def downgrade() -> None:
    """Drop them, with all they hold."""
    for name in (
        "lead_links", "lead_attendance", "lead_suppressions", "lead_conflicts", "lead_merges", "lead_edges", "lead_facts",
        "lead_identifiers", "leads", "lead_vault",
    ):  # fmt: skip
        op.drop_table(name)


def _lead(table: str, column: str = "lead_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["leads.id"], name=f"{table}_{column}_fkey", ondelete="CASCADE")
