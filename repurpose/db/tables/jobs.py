"""Runs and their jobs."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, Integer, String, Table, Text

from repurpose.db.tables.base import metadata

runs = Table(
    "runs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(120), nullable=False, index=True),  # of the event: names the output folder
    Column("roots", Text, nullable=False),  # JSON: root -> digest (source, event, brand, ...)
    Column("presets", String(64), nullable=False),  # digest
    Column("created", BigInteger, nullable=False),
    Column("began", BigInteger, nullable=False),  # what failed before this may be tried again
)

# The truth about every job. A row's key is made of all that goes into the output, so a row that is done stays true for good,
# for whatever run asks next.
jobs = Table(
    "jobs",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("run", String(32), nullable=False),  # who asked last
    Column("stage", String(40), nullable=False),
    Column("variant", String(200), nullable=False),
    Column("state", String(12), nullable=False),  # queued running done skipped failed cancelled
    Column(
        "attempt", Integer, nullable=False
    ),  # counts claims; only the holder of the latest may write (a fencing token)
    Column("crashes", Integer, nullable=False),  # workers that died over it since the run began
    Column("worker", String(200), nullable=False),
    Column("lease_until", BigInteger, nullable=False),
    Column("heartbeat", BigInteger, nullable=False),
    Column("progress", Float, nullable=False),  # 0..1
    Column("output", String(64)),  # digest of the artifact, when done
    Column("reason", Text, nullable=False),  # why it was skipped or failed
    Column("started", BigInteger, nullable=False),
    Column("ended", BigInteger),
    Column("seconds", Float),  # of work, when done
    Index("jobs_by_run", "run"),
    Index("jobs_by_state", "state"),
)
