"""Experiments of two titles or covers of a film, for those who come by one channel or by any."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table, Text, text

from repurpose.db.tables.base import metadata

_RUNNING = text("state = 'running'")
experiments = Table(
    "experiments",
    metadata,
    Column("id", String(24), primary_key=True),  # ex_
    Column("event_id", String(24), ForeignKey("events.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("path", String(200), nullable=False),  # of the film, in whichever release is shown
    Column("channel", String(60), nullable=False),  # "": any
    Column("title_a", Text, nullable=False),  # as it was shown before
    Column("cover_a", String(200), nullable=False),  # path of its picture in the release; "": none
    Column("title_b", Text, nullable=False),
    Column("cover_b", String(200), nullable=False),
    Column("state", String(8), nullable=False),  # running ended
    Column("keep", String(1), nullable=False),  # a b; what is shown once it has ended
    Column("why", String(12), nullable=False),  # it ended: better same leave unbalanced gone, or stopped by hand
    Column("figures", Text, nullable=False),  # JSON: what both sides came to when it ended; "" before
    Column("created", BigInteger, nullable=False),
    Column("ended", BigInteger),
    Column("by", String(80), nullable=False),
    Index(
        "experiments_running",
        "event_id",
        "path",
        "channel",
        unique=True,
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    ),
)
