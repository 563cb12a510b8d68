"""Uploads that can be resumed (tus)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table, Text

from repurpose.db.tables.base import metadata

uploads = Table(
    "uploads",
    metadata,
    Column("id", String(24), primary_key=True),  # up_; names the file that grows
    Column("principal", String(80), nullable=False),  # who may go on with it
    Column("event_id", String(24), ForeignKey("events.id", ondelete="SET NULL")),
    Column("length", BigInteger, nullable=False),
    Column("offset", BigInteger, nullable=False),  # on the disk for sure
    Column("metadata", Text, nullable=False),  # JSON, as the client sent it: names are data only
    Column("state", String(12), nullable=False),  # open done gone
    Column("digest", String(64)),  # of the whole, when done
    Column("suffix", String(9), nullable=False),
    Column("holder", String(40), nullable=False),  # the request that may write; "" when none
    Column("lease_until", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False, index=True),
)
