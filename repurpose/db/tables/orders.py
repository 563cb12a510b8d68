"""What an editor wants made of an event's recordings, and each time that was started."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, Text

from repurpose.db.tables.base import metadata

wishes = Table(
    "wishes",
    metadata,
    Column("event_id", String(24), ForeignKey("events.id", ondelete="CASCADE"), primary_key=True),
    Column("about", Text, nullable=False),  # JSON: models.Event, what is known before anyone listens
    Column("choices", Text, nullable=False),  # JSON: models.Choices
    Column("updated", BigInteger, nullable=False),  # goes up with every change
)

orders = Table(
    "orders",
    metadata,
    Column("id", String(24), primary_key=True),  # ru_
    Column("event_id", String(24), ForeignKey("events.id", ondelete="CASCADE"), nullable=False),
    Column("cuts", Text, nullable=False),  # JSON: only these are rendered; empty for all
    Column("state", String(12), nullable=False),  # waiting working done failed cancelled
    Column("run", String(32)),  # the pipeline's, once it has begun
    Column("why", Text, nullable=False),  # failed: the reason
    Column("cancel", BigInteger),  # when it was asked to stop
    Column("holder", String(200), nullable=False),  # the worker at it; "" when none
    Column("lease_until", BigInteger, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("by", String(80), nullable=False),
    Column("began", BigInteger),
    Column("ended", BigInteger),
    Index("orders_by_event", "event_id", "created"),
    Index("orders_by_state", "state", "created"),
)
# An event is worked on once at a time.
Index(
    "orders_open",
    orders.c.event_id,
    unique=True,
    sqlite_where=orders.c.state.in_(("waiting", "working")),
    postgresql_where=orders.c.state.in_(("waiting", "working")),
)
