"""Bringing a database to this program's tables, or saying why not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from repurpose.db.migrations import FIRST, HEAD
from repurpose.errors import UserError

_LOCK = 5281937  # two may find the tables missing at once


def version(connection: Connection) -> str | None:
    """The newest step the database has taken; None for a new one."""
    names = inspect(connection).get_table_names()
    if "alembic_version" in names:
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found
    return FIRST if {"runs", "jobs"} <= set(names) else None


def bring_up(connection: Connection) -> None:
    """Give a new database our tables, and an older file of SQLite the newer ones, with a copy of it left beside.

    Raises UserError for an older database of a server, where others may be at work, and for one a newer program changed.
    """
    _alone(connection)
    found = version(connection)
    if found is not None and found != HEAD:
        if connection.dialect.name != "sqlite" and found in known(connection):
            raise UserError(
                f"The database is from an earlier Repurpose (its tables are at {found}, this program's at {HEAD}). "
                "Stop what works with it, make a copy, and run: repurpose migrate"
            )
        upgrade(connection)
    elif found is None:
        upgrade(connection)


def upgrade(connection: Connection, to: str = HEAD) -> tuple[str | None, Path | None]:
    """Take every step up to `to` in the caller's transaction: the version before, and where a copy of an SQLite file lies
    that had something in it. Raises UserError for a database that a newer program has changed."""
    _alone(connection)
    before = version(connection)
    if before is not None and before not in known(connection):
        raise UserError(
            f"The database is from a newer Repurpose (its tables are at {before}, this program knows {HEAD}). "
            "Get the newest program, or set REPURPOSE_DATABASE or REPURPOSE_HOME to another place."
        )
    if before == to:
        return before, None
    copy = _copy_beside(connection, before) if before else None
    from alembic import command

    config = _config(connection)
    if before == FIRST and "alembic_version" not in inspect(connection).get_table_names():
        command.stamp(config, FIRST)
    command.upgrade(config, to)
    return before, copy


def downgrade(connection: Connection, to: str) -> None:
    """Take the steps back to `to` ("base": no table of ours is left), with all they hold, in the caller's transaction."""
    from alembic import command

    _alone(connection)
    command.downgrade(_config(connection), to)


def known(connection: Connection) -> set[str]:
    """Every step this program knows."""
    from alembic.script import ScriptDirectory

    return {step.revision for step in ScriptDirectory.from_config(_config(connection)).walk_revisions()}


def _copy_beside(connection: Connection, before: str) -> Path | None:
    place = connection.engine.url.database
    if connection.dialect.name != "sqlite" or not place or place == ":memory:":
        return None
    beside = Path(f"{place}.{before}")
    with closing(sqlite3.connect(place)) as source, closing(sqlite3.connect(beside)) as copy:
        source.backup(copy)
    return beside


def _alone(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # on SQLite the transaction holds the one write lock
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def _config(connection: Connection) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files("repurpose.db") / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
