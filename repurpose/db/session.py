"""Engines and transactions. Only here, in `migrate` and in `search` does it matter which database it is."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, OperationalError

from repurpose.db import migrate
from repurpose.db.migrations import HEAD
from repurpose.errors import Taken, UserError

Database = Engine  # what opens transactions, for those who may not know the library behind it
EXAMPLES = "Write sqlite:////a/path.db or postgresql://user@host/name"
PATIENCE_S = 60  # how long a transaction waits for another to end
_held: ContextVar[tuple[Engine, Connection] | None] = ContextVar("held", default=None)  # the transaction we are in


def open_database(url: str) -> Engine:
    """An engine on `url` with our tables in place: made in a new database, brought up to date in an older file of SQLite.

    Raises UserError for an address nothing answers at, for a server's database that is older, and for one that is newer.
    """
    engine = connect(url)
    try:
        with reading(engine) as connection:
            found = migrate.version(connection)
        if found != HEAD:
            with writing(engine) as connection:
                migrate.bring_up(connection)
    except BaseException:
        engine.dispose()
        raise
    return engine


def connect(url: str) -> Engine:
    """An engine on `url`, whatever tables are there. Raises UserError for an address nothing answers at."""
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise UserError(f"REPURPOSE_DATABASE: {error}. {EXAMPLES}") from None
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
    try:
        if address.get_backend_name() == "sqlite":
            if address.database:
                Path(address.database).absolute().parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(address, connect_args={"timeout": PATIENCE_S, "check_same_thread": False})
            _tune_sqlite(engine)
        else:
            engine = create_engine(address, pool_pre_ping=True)
        with reading(engine):  # does anything answer?
            return engine
    except ModuleNotFoundError as error:
        driver = "psycopg[binary]" if error.name == "psycopg" else error.name
        raise UserError(
            f"REPURPOSE_DATABASE: {address.drivername} needs a driver that is not installed: "
            f"{sys.executable} -m pip install '{driver}'"
        ) from None
    except NoSuchModuleError as error:
        raise UserError(f"REPURPOSE_DATABASE: {error}. {EXAMPLES}") from None
    except (OperationalError, OSError) as error:
        why = " ".join(str(error.orig if isinstance(error, OperationalError) else error).split())
        raise UserError(
            f"The database at {address.render_as_string()} cannot be opened ({why}). Check REPURPOSE_DATABASE."
        ) from None


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only looks; inside `writing` it is that one, and sees what was written so far."""
    held = _held.get()
    if held and held[0] is engine:
        yield held[1]
        return
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write; on SQLite it holds the one write lock from its first moment (BEGIN IMMEDIATE), so what
    it reads cannot change before it writes.

    Inside another it is a part of that one: all is written or nothing, and a part that fails is undone by itself.
    """
    held = _held.get()
    if held and held[0] is engine:
        with held[1].begin_nested():
            yield held[1]
        return
    with engine.connect() as connection:
        connection = connection.execution_options(repurpose_writes=True)
        with connection.begin():
            token = _held.set((engine, connection))
            try:
                yield connection
            finally:
                _held.reset(token)


@contextmanager
def together(engine: Engine) -> Iterator[Connection]:
    """One transaction for all that is read and written inside, by whatever functions: theirs join it."""
    with writing(engine) as connection:
        yield connection


@contextmanager
def taken(what: str) -> Iterator[None]:
    """Raises Taken, naming `what`, where a row would have what only one may have."""
    try:
        yield
    except IntegrityError as error:
        raise Taken(f"{what} is taken: choose another.") from error


@contextmanager
def alone(engine: Engine, table: str) -> Iterator[Connection]:
    """A transaction during which nobody else writes to `table`."""
    with writing(engine) as connection:  # enough on SQLite
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"LOCK TABLE {table} IN EXCLUSIVE MODE"))
        yield connection


def inserting(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that may say what happens where the row is there already: `on_conflict_do_nothing`, `.._do_update`."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def _tune_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; _begin does
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
        for wait in (0.01, 0.1, 0.5, 2.0):
            if mode == "wal":
                break
            try:  # asked while another process asks the same, SQLite says "locked" at once instead of waiting
                mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
            except connection.OperationalError:
                time.sleep(wait)
        connection.execute("PRAGMA synchronous=FULL")  # a committed row outlives a power cut
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("repurpose_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
