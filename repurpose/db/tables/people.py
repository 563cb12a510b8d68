"""The people of the company who have a smart card 智能名片."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table, Text

from repurpose.db.tables.base import metadata

people = Table(
    "people",
    metadata,
    Column("id", String(24), primary_key=True),  # pe_
    Column("slug", String(80), nullable=False, unique=True),  # their address on the site
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("company", Text, nullable=False),
    Column("phone", String(40), nullable=False),
    Column("email", String(254), nullable=False),
    Column("wechat", Text),  # JSON: Blob, the picture of the WeChat code
    Column("photo", Text),  # JSON: Blob
    Column("calendar", Text, nullable=False),  # https address
    Column("about", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("notify", Text, nullable=False),  # JSON: webhook, wecom, mail
    Column("state", String(12), nullable=False),  # active left
    Column("created", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),  # goes up with every change
)

# What a person shows first, in order.
card_items = Table(
    "card_items",
    metadata,
    Column("person_id", String(24), ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("event_id", String(24), ForeignKey("events.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("position", Integer, nullable=False),
)
