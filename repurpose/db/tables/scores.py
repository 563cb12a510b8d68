"""What leads earned, line by line: made from what they watched, and made anew whenever that or the rules change."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from repurpose.db.tables.base import Counted, metadata


def _lead() -> ForeignKey:
    return ForeignKey("leads.id", ondelete="CASCADE")


score_entries = Table(
    "score_entries",
    metadata,
    Column("lead_id", String(24), _lead(), primary_key=True),
    Column("rule", String(40), primary_key=True),
    Column("ground", String(80), primary_key=True),  # what it rests on: a rule earns once by it
    Column("version", String(12), nullable=False),  # of the rules
    Column("at", BigInteger, nullable=False),
    Column("points", Integer, nullable=False),  # hundredths
    Column("fades", Integer, nullable=False),
    Column("event_id", String(24), nullable=False),
    Column("asset_id", String(24), nullable=False),
    Column("seen", Text, nullable=False),  # JSON: [[start, end], ...] of the recording
)

# What the entries of a lead were made from: they hold while it is the same.
lead_scores = Table(
    "lead_scores",
    metadata,
    Column("lead_id", String(24), _lead(), primary_key=True),
    Column("basis", String(64), nullable=False),
    Column("updated", BigInteger, nullable=False),
)

# What the CRM said of a lead. Only ever added to; said again it is the same word.
lead_words = Table(
    "lead_words",
    metadata,
    Column("id", Counted, primary_key=True),
    Column("lead_id", String(24), _lead(), nullable=False, index=True),
    Column("stage", String(8), nullable=False),  # sql opp won lost
    Column("amount", BigInteger, nullable=False),  # hundredths of a currency
    Column("at", BigInteger, nullable=False),
    Column("came", BigInteger, nullable=False),
    Column("by", String(80), nullable=False),
    UniqueConstraint("lead_id", "stage", "at"),
)
