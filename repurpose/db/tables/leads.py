"""Leads 线索: who is known by what, and how it came to be known. What names a person is sealed with that lead's own key.

Nothing here holds an address, a number or a name that can be read: an identifier is found by its keyed hash, and opened only
by who has the deployment's secret and, of that lead, the key. Without the key it is gone, in every copy of the database.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from repurpose.db.tables.base import Counted, metadata


def _lead() -> ForeignKey:
    return ForeignKey("leads.id", ondelete="CASCADE")


# What all keys below are sealed with, sealed with the deployment's secret. One row.
lead_vault = Table(
    "lead_vault",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # 1
    Column("wrapped", Text, nullable=False),
)

leads = Table(
    "leads",
    metadata,
    Column("id", String(24), primary_key=True),  # le_
    Column("merged_into", String(24), ForeignKey("leads.id")),  # the lead it was merged into; its rows stay its own
    Column("key", Text),  # sealed; none once the lead is erased
    Column("source", String(40), nullable=False),  # where it was first heard of: form api zoom vhall ...
    Column("created", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),  # goes up with every fact
    Column("erased", BigInteger),
    Index("leads_by_age", "created", "id"),
    Index("leads_by_merged_into", "merged_into"),
)

lead_identifiers = Table(
    "lead_identifiers",
    metadata,
    Column("id", Counted, primary_key=True),
    Column("kind", String(40), nullable=False),  # email phone crm:NAME wecom openid:APP ...
    Column("hmac", String(64), nullable=False),  # of kind and value
    Column("value", Text, nullable=False),  # sealed with the key of the lead whose it is
    UniqueConstraint("kind", "hmac"),
)

# One time that identifiers were said to be one person's: the evidence.
lead_facts = Table(
    "lead_facts",
    metadata,
    Column("id", String(24), primary_key=True),  # fa_
    Column("same", String(64), nullable=False, unique=True),  # of all that was said: said again it is the same fact
    Column("lead_id", String(24), _lead(), nullable=False, index=True),
    Column("source", String(40), nullable=False),  # form api zoom ...
    Column("ref", String(80), nullable=False),  # in the source's terms: a submission's id
    Column("strength", String(8), nullable=False),  # strong medium
    Column("visitor", String(24), nullable=False, index=True),  # the browser that said it, if it agreed; else ""
    Column("event_id", String(24), ForeignKey("events.id", ondelete="SET NULL")),
    Column("about", Text, nullable=False),  # sealed JSON: name, company, title, ... as told
    Column("at", BigInteger, nullable=False),  # when it was
    Column("came", BigInteger, nullable=False),  # when we heard of it
)

# Whose an identifier is, by which evidence. A revoked edge does not hold: later evidence, or a conflict, took it back.
lead_edges = Table(
    "lead_edges",
    metadata,
    Column("fact_id", String(24), ForeignKey("lead_facts.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "identifier_id", BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("lead_identifiers.id", ondelete="CASCADE"), primary_key=True, index=True, autoincrement=False,
    ),
    Column("lead_id", String(24), _lead(), primary_key=True, index=True),
    Column("strength", String(8), nullable=False),
    Column("valid_from", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
)  # fmt: skip

# What was merged by whom and why, and taken back. Only ever added to.
lead_merges = Table(
    "lead_merges",
    metadata,
    Column("id", Counted, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("op", String(8), nullable=False),  # merge unmerge
    Column("lead_id", String(24), _lead(), nullable=False, index=True),
    Column("into_id", String(24), _lead(), nullable=False, index=True),
    Column("actor", String(80), nullable=False),
    Column("reason", Text, nullable=False),
)

# Two leads that something says are one: for a person to settle.
lead_conflicts = Table(
    "lead_conflicts",
    metadata,
    Column("id", Counted, primary_key=True),
    Column("lead_id", String(24), _lead(), nullable=False),  # the lesser of the two ids
    Column("other_id", String(24), _lead(), nullable=False, index=True),
    Column("kind", String(40), nullable=False),  # of the identifier that both claim, or of which one lead has one only
    Column("fact_id", String(24), ForeignKey("lead_facts.id", ondelete="CASCADE"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("state", String(8), nullable=False),  # open apart; of two that were merged nobody asks
    Column("settled", BigInteger),
    Column("by", String(80), nullable=False),
    UniqueConstraint("lead_id", "other_id"),
)

# Who asked to be forgotten, by keyed hashes: what comes late about them is not taken in.
lead_suppressions = Table(
    "lead_suppressions",
    metadata,
    Column("hmac", String(64), primary_key=True),
    Column("at", BigInteger, nullable=False),
)

# What a lead did at the live event, as the platform tells it.
lead_attendance = Table(
    "lead_attendance",
    metadata,
    Column("event_id", String(24), ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    Column("lead_id", String(24), _lead(), primary_key=True, index=True),
    Column("source", String(40), primary_key=True),
    Column("registered_at", BigInteger),
    Column("attended", Integer),  # 1, 0; none when not told
    Column("minutes", Integer, nullable=False),
    Column("questions", Integer, nullable=False),
    Column("polls", Integer, nullable=False),
    Column("updated", BigInteger, nullable=False),
)

# Links made for one person. Who opens one is perhaps that person: a link can be handed on.
lead_links = Table(
    "lead_links",
    metadata,
    Column("code", String(12), ForeignKey("links.code", ondelete="CASCADE"), primary_key=True),
    Column("lead_id", String(24), _lead(), nullable=False, index=True),
    Column("created", BigInteger, nullable=False),
)
