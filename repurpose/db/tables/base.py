"""What every table is built of."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, MetaData

# Constraints get the names that PostgreSQL itself gives, so tables made before there were migrations fit too.
metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "ix_%(column_0_label)s",
    }
)
Counted = BigInteger().with_variant(Integer, "sqlite")  # a key the database counts up: SQLite does so for INTEGER only
