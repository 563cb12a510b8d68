"""Engines and transactions. The one place that knows which database it is; everything else is portable SQL."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, OperationalError

from repurpose.db.tables import metadata
from repurpose.errors import Taken, UserError

Database = Engine  # what opens transactions, for those who may not know the library behind it
EXAMPLES = "Write sqlite:////a/path.db or postgresql+psycopg://user@host/name"
PATIENCE_S = 60  # how long a transaction waits for another to end
_held: ContextVar[tuple[Engine, Connection] | None] = ContextVar("held", default=None)  # the transaction we are in


def open_database(url: str) -> Engine:
    """An engine on `url` with our tables in place. Raises UserError for an address nothing answers at."""
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise UserError(f"REPURPOSE_DATABASE: {error}. {EXAMPLES}") from None
    try:
        if address.get_backend_name() == "sqlite":
            if address.database:
                Path(address.database).absolute().parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(address, connect_args={"timeout": PATIENCE_S, "check_same_thread": False})
            _tune_sqlite(engine)
        else:
            engine = create_engine(address, pool_pre_ping=True)
        _create_tables(engine)
    except NoSuchModuleError as error:
        raise UserError(f"REPURPOSE_DATABASE: {error}. {EXAMPLES}") from None
    except (OperationalError, OSError) as error:
        why = error.orig if isinstance(error, OperationalError) else error
        raise UserError(
            f"The database at {address.render_as_string()} cannot be opened ({why}). Check REPURPOSE_DATABASE."
        ) from None
    return engine


_OUTER: ContextVar[tuple[Engine, Connection] | None] = ContextVar("the transaction that others join", default=None)


@contextmanager
def together(engine: Engine) -> Iterator[Connection]:
    """One transaction for all that is read and written inside, by whatever functions: their `reading` and `writing` join it.

    Each of theirs is a savepoint: one that fails undoes its own part, and whoever called it may go on.
    """
    with writing(engine) as connection:
        before = _OUTER.set((engine, connection))
        try:
            yield connection
        finally:
            _OUTER.reset(before)


def _joined(engine: Engine) -> Connection | None:
    outer = _OUTER.get()
    return outer[1] if outer is not None and outer[0] is engine else None


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


def _create_tables(engine: Engine) -> None:
    if not set(inspect(engine).get_table_names()) >= set(metadata.tables):
        with writing(engine) as connection:
            if engine.dialect.name == "postgresql":  # two may find the tables missing at once
                connection.execute(text("SELECT pg_advisory_xact_lock(5281937)"))
            metadata.create_all(connection)
