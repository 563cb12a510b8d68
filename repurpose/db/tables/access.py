"""Who may do what: accounts and their sessions, keys for programs, what was done, and what was asked once already."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from repurpose.db.tables.base import Counted, metadata

users = Table(
    "users",
    metadata,
    Column("id", String(24), primary_key=True),  # us_
    Column("email", String(254), nullable=False, unique=True),  # lower case
    Column("name", Text, nullable=False),
    Column("role", String(12), nullable=False),  # viewer editor publisher sales admin
    Column("password", Text),  # argon2; none until it is set
    Column("person_id", String(24), ForeignKey("people.id", ondelete="SET NULL")),  # whose card is theirs
    Column("state", String(12), nullable=False),  # active disabled
    Column("created", BigInteger, nullable=False),
    Column("updated", BigInteger, nullable=False),
    Column("seen", BigInteger),  # last signed in
)

# Every secret below is kept as its sha256 only.
sessions = Table(
    "sessions",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("user_id", String(24), ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("agent", Text, nullable=False),  # the browser, as it calls itself
    Column("created", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False, index=True),
)

# Links that let someone in once: the first administrator, an invitation, a forgotten password.
tickets = Table(
    "tickets",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("purpose", String(12), nullable=False),  # first invite reset
    Column("user_id", String(24), ForeignKey("users.id", ondelete="CASCADE")),
    Column("role", String(12), nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("used", BigInteger),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(24), primary_key=True),  # ke_; stands in the key, so that it can be found
    Column("name", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("scopes", Text, nullable=False),  # JSON: ingest read publish leads admin
    Column("created", BigInteger, nullable=False),
    Column("by", String(80), nullable=False),
    Column("expires", BigInteger),
    Column("used", BigInteger),
    Column("revoked", BigInteger),
)

# Only ever added to.
audit = Table(
    "audit",
    metadata,
    Column("id", Counted, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("actor", String(80), nullable=False),  # a user's or key's id, or `cli`
    Column("action", String(60), nullable=False),  # release.point, people.change, ...
    Column("object", String(80), nullable=False),  # the id it was done to
    Column("address", String(64), nullable=False),  # of the client; "" when it was done here
    Column("detail", Text, nullable=False),  # JSON
    Index("audit_by_object", "object", "id"),
)

# What a client asked with an Idempotency-Key. The answer is written in the transaction of its effect.
idempotency = Table(
    "idempotency",
    metadata,
    Column("principal", String(80), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("route", String(200), primary_key=True),
    Column("body_hash", String(64), nullable=False),
    Column("status", Integer),  # none while the first is in flight
    Column("headers", Text, nullable=False),  # JSON
    Column("response", Text, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False, index=True),
)
