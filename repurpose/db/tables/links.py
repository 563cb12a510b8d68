"""Short links: where they lead, and whose and through which channel they are."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from repurpose.db.tables.base import metadata

links = Table(
    "links",
    metadata,
    Column("code", String(12), primary_key=True),  # 12 of 0-9A-Za-z, by chance; names, never authorises
    Column("kind", String(8), nullable=False),  # event asset card url
    Column("url", Text, nullable=False),  # for url: https, on the list of allowed hosts; else ""
    Column("event_id", String(24), ForeignKey("events.id", ondelete="CASCADE"), index=True),
    Column("asset_id", String(24), ForeignKey("assets.id", ondelete="CASCADE")),
    Column("person_id", String(24), ForeignKey("people.id", ondelete="CASCADE"), index=True),
    Column("channel", String(60), nullable=False),
    Column("start_ms", Integer),  # the second it opens at
    Column("same", String(64), unique=True),  # of all of the above: the same link is made once; none once revoked
    Column("created", BigInteger, nullable=False),
    Column("by", String(80), nullable=False),
    Column("revoked", BigInteger),
    Index("links_by_age", "created", "code"),
)
