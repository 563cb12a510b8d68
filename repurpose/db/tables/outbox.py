"""What is told to others: where to, and every message, written in the transaction of what it tells."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from repurpose.db.tables.base import Counted, metadata

# An address something is told to: a program's, a WeCom robot's, someone's mailbox.
endpoints = Table(
    "endpoints",
    metadata,
    Column("id", String(24), primary_key=True),  # en_
    Column("kind", String(8), nullable=False),  # webhook wecom mail
    Column("address", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("types", Text, nullable=False),  # JSON: what it hears of; empty: only what is for its owner
    Column("language", String(8), nullable=False),  # that a person reads it in
    Column("keys", Text, nullable=False),  # JSON: [nonce, until], the newest first; no secret can be made of them alone
    Column("state", String(12), nullable=False),  # active disabled
    Column("why", Text, nullable=False),  # disabled: the reason, when nobody asked for it
    Column("paused_until", BigInteger, nullable=False),  # it asked to be left alone, or takes only so many a minute
    Column("created", BigInteger, nullable=False),
    Column("by", String(80), nullable=False),  # `card` for those of a person's card
    Column("updated", BigInteger, nullable=False),  # goes up with every change that was asked for
    UniqueConstraint("kind", "address"),
)

# A row is sent until it was taken, or for three days. Those of one endpoint about one thing go in the order of `seq`.
outbox = Table(
    "outbox",
    metadata,
    Column("seq", Counted, primary_key=True),
    Column("id", String(24), nullable=False, unique=True),  # ms_; the same each time it is sent
    Column("endpoint_id", String(24), ForeignKey("endpoints.id", ondelete="CASCADE"), nullable=False),
    Column("aggregate", String(80), nullable=False),  # the id of what it is about
    Column("type", String(40), nullable=False),
    Column("payload", Text, nullable=False),  # JSON as it is sent; never changes
    Column("state", String(12), nullable=False),  # waiting delivered dead
    Column("available_at", BigInteger, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
    Column("holder", String(200), nullable=False),  # who sends it; "" when nobody
    Column("attempts", Integer, nullable=False),  # counts claims; only the latest may settle (a fencing token)
    Column("failed", Integer, nullable=False),  # attempts that are known to have come to nothing
    Column("status", Integer),  # of the last answer
    Column("why", Text, nullable=False),  # what the last failure was
    Column("created", BigInteger, nullable=False),
    Column("ended", BigInteger),
    Index("outbox_due", "endpoint_id", "state", "available_at"),
    Index("outbox_order", "endpoint_id", "aggregate", "state", "seq"),
    Index("outbox_by_created", "endpoint_id", "created", "id"),
    Index("outbox_by_aggregate", "aggregate"),
    Index("outbox_ended", "state", "ended"),
)
