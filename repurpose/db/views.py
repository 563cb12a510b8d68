"""The rows of views: written by many players at once in one transaction, and read as tables, curves and totals."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, Table, and_, bindparam, delete, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from repurpose.db.jobs import now
from repurpose.db.session import inserting, reading, writing
from repurpose.db.tables import (
    view_consents,
    view_fates,
    view_heat,
    view_salts,
    view_sessions,
    view_totals,
    view_visitors,
)
from repurpose.errors import RepurposeError

_ALONE = 7240611  # PostgreSQL: one who writes views at a time, as SQLite has it
_THERE = {
    "sqlite": text(
        "SELECT e.psid, e.n FROM json_each(:keys) AS k CROSS JOIN view_events AS e "
        "ON e.psid = json_extract(k.value, '$[0]') AND e.n = json_extract(k.value, '$[1]')"
    ),
    "postgresql": text(
        "SELECT e.psid, e.n FROM json_array_elements(CAST(:keys AS json)) AS given(pair) JOIN view_events AS e "
        "ON e.psid = given.pair ->> 0 AND e.n = CAST(given.pair ->> 1 AS integer)"
    ),
}
# Made once: they are used hundreds of times a second.
_HEAT = select(view_heat.c.plays, view_heat.c.viewers).where(
    view_heat.c.event_id == bindparam("event"), view_heat.c.asset_id == bindparam("asset")
)
_EVENT = ("psid", "fate", "at", "came", "n", "k", "a", "b", "rate", "flags", "dt", "w")
_ROWS = 1000  # of one statement
Values = dict[str, Any]


class NotWritten(RepurposeError):
    """The database did not take what was to be written; nothing of it is there."""


@contextmanager
def keeping(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes views, alone. When it has ended they are on the disk. Raises NotWritten."""
    try:
        with writing(engine) as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_ALONE})"))
            yield connection
    except DBAPIError as fault:
        raise NotWritten(" ".join(str(fault.orig).split())) from fault


def sessions(connection: Connection, psids: Collection[str], names: tuple[str, ...]) -> Sequence[Row[Any]]:
    """These columns of the sessions of these players that are there."""
    return connection.execute(_sessions(names), {"psids": list(psids)}).all() if psids else []


def visitors(connection: Connection, keys: Iterable[tuple[str, str]], names: tuple[str, ...]) -> list[Row[Any]]:
    """These columns of the rows of these (event, visitor) that are there."""
    of: dict[str, list[str]] = {}
    for event, visitor in keys:
        of.setdefault(event, []).append(visitor)
    found: list[Row[Any]] = []
    for event, seen_by in of.items():
        found += connection.execute(_visitors(names), {"event": event, "visitors": seen_by})
    return found


@cache
def _sessions(names: tuple[str, ...]) -> Select[Any]:
    c = view_sessions.c
    return select(*(c[name] for name in names)).where(c.psid.in_(bindparam("psids", expanding=True)))


@cache
def _visitors(names: tuple[str, ...]) -> Select[Any]:
    c = view_visitors.c
    here = and_(c.event_id == bindparam("event"), c.visitor.in_(bindparam("visitors", expanding=True)))
    return select(*(c[name] for name in names)).where(here)


def there(connection: Connection, keys: Sequence[tuple[str, int]]) -> set[tuple[str, int]]:
    """Which of these (psid, n) were written before."""
    if not keys:
        return set()
    found = connection.execute(_THERE[connection.dialect.name], {"keys": json.dumps(keys)})
    return {(psid, n) for psid, n in found}


def heat(connection: Connection, event_id: str, asset_id: str) -> tuple[bytes, bytes]:
    """The counts kept for a version, or for the recording (""): plays and viewers, 4 bytes a second."""
    row = connection.execute(_HEAT, {"event": event_id, "asset": asset_id}).one_or_none()
    return (b"", b"") if row is None else (row.plays, row.viewers)


def add_events(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write events that are not there yet: psid, fate, at, came, n, k, a, b, rate, flags, dt, w."""
    _write(connection, "view_events", _EVENT, "", rows)


def put_sessions(connection: Connection, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Write sessions, new or as they are now; `names` are the columns of a row."""
    _write(connection, "view_sessions", names, _changing(view_sessions), rows)


def put_visitors(connection: Connection, names: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Write what visitors saw, new or as it is now; `names` are the columns of a row."""
    _write(connection, "view_visitors", names, _changing(view_visitors), rows)


def put_heat(connection: Connection, rows: Sequence[Values]) -> None:
    """Write counts, new or as they are now."""
    _put(connection, view_heat, rows)


def add_fates(connection: Connection, counts: Mapping[tuple[int, str, str], int]) -> None:
    """Count fates: (day, event, fate) -> how many more."""
    rows = [
        {"day": day, "event_id": event, "fate": fate, "count": count} for (day, event, fate), count in counts.items()
    ]
    if rows:
        made = inserting(connection, view_fates)
        more = {"count": view_fates.c.count + made.excluded.count}
        connection.execute(made.on_conflict_do_update(index_elements=["day", "event_id", "fate"], set_=more), rows)


def salts(engine: Engine, day: int, make: Callable[[], str]) -> dict[int, str]:
    """The salts of this day and the one before; a missing one of today is made, older ones are deleted."""
    with writing(engine) as connection:
        connection.execute(delete(view_salts).where(view_salts.c.day < day - 1))
        made = inserting(connection, view_salts).values(day=day, salt=make()).on_conflict_do_nothing()
        connection.execute(made)
        return {row.day: row.salt for row in connection.execute(select(view_salts))}


def consent(engine: Engine, visitor: str, choice: str, words: str, version: str, locale: str) -> None:
    """Write down what a visitor chose."""
    values = {"visitor": visitor, "choice": choice, "words": words, "version": version, "locale": locale, "at": now()}
    with writing(engine) as connection:
        connection.execute(insert(view_consents).values(values))


@dataclass(frozen=True)
class Counted:
    """What one version was watched, by viewers."""

    asset_id: str
    loads: int
    plays: int
    views: int
    halves: int
    completes: int
    viewers: int  # that have a view
    watch_ms: int
    hidden_ms: int


def counted(engine: Engine, event_id: str) -> list[Counted]:
    """What each version of an event was watched; those nobody opened are left out."""
    c = view_sessions.c
    sums = [func.sum(one) for one in (c.loads, c.plays, c.viewed, c.half, c.complete)]
    found = (
        select(c.asset_id, *sums, func.sum(c.watch_ms), func.sum(c.hidden_ms))
        .where(c.event_id == event_id, c.kind == "viewer")
        .group_by(c.asset_id)
    )
    people = (
        select(c.asset_id, func.count(func.distinct(c.visitor)))
        .where(c.event_id == event_id, c.kind == "viewer", c.viewed == 1)
        .group_by(c.asset_id)
    )
    with reading(engine) as connection:
        many = {row[0]: int(row[1]) for row in connection.execute(people)}
        rows = [tuple(row) for row in connection.execute(found)]
    return [
        Counted(
            asset, int(loads), int(plays), int(seen), int(half), int(whole), many.get(asset, 0), int(watch), int(hidden)
        )
        for asset, loads, plays, seen, half, whole, watch, hidden in rows
    ]


def viewers(engine: Engine, event_id: str) -> int:
    """How many visitors have a view of any version."""
    c = view_sessions.c
    found = select(func.count(func.distinct(c.visitor)))
    with reading(engine) as connection:
        here = found.where(c.event_id == event_id, c.kind == "viewer", c.viewed == 1)
        return int(connection.execute(here).scalar_one())


def seen_bits(engine: Engine, event_id: str) -> Iterator[tuple[str, bytes]]:
    """(asset, bits) of every player that showed anything of it to a viewer."""
    c = view_sessions.c
    found = select(c.asset_id, c.bits).where(c.event_id == event_id, c.kind == "viewer", c.seconds > 0)
    with reading(engine) as connection:
        for row in connection.execution_options(yield_per=1000).execute(found):
            yield row.asset_id, row.bits


def visitor_bits(engine: Engine, event_id: str, visitor: str) -> bytes:
    """The recording's seconds that one visitor saw, by whichever version."""
    here = and_(view_visitors.c.event_id == event_id, view_visitors.c.visitor == visitor)
    with reading(engine) as connection:
        return connection.execute(select(view_visitors.c.bits).where(here)).scalar() or b""


def fates(engine: Engine, event_id: str | None = None) -> dict[str, int]:
    """How many events had each fate, and how many were `received`; of one event, or of all."""
    found = select(view_fates.c.fate, func.sum(view_fates.c.count)).group_by(view_fates.c.fate)
    if event_id is not None:
        found = found.where(view_fates.c.event_id == event_id)
    with reading(engine) as connection:
        return {fate: int(count) for fate, count in connection.execute(found)}


@dataclass(frozen=True)
class Total:
    """What a platform counted on a day, of one version or ("") of the whole event."""

    platform: str
    asset_id: str
    date: str
    views: int
    numbers: dict[str, int]


def put_totals(engine: Engine, event_id: str, totals: Sequence[Total]) -> None:
    """Write totals; what was told before of the same platform, version and day is replaced."""
    at = now()
    rows = [
        {
            "event_id": event_id, "platform": one.platform, "asset_id": one.asset_id, "date": one.date,
            "views": one.views, "numbers": json.dumps(one.numbers, sort_keys=True), "updated": at,
        }
        for one in totals
    ]  # fmt: skip
    with writing(engine) as connection:
        _put(connection, view_totals, rows)


def totals(engine: Engine, event_id: str) -> list[Total]:
    """What platforms counted, by platform, version and day."""
    c = view_totals.c
    found = select(c.platform, c.asset_id, c.date, c.views, c.numbers).where(c.event_id == event_id)
    with reading(engine) as connection:
        rows = connection.execute(found.order_by(c.platform, c.asset_id, c.date))
        return [Total(*row[:4], json.loads(row[4])) for row in rows]


def _put(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    names = tuple(column.name for column in table.c)
    _write(connection, table.name, names, _changing(table), [tuple(row[name] for name in names) for row in rows])


@cache
def _changing(table: Table) -> str:
    keys = [column.name for column in table.primary_key]
    changed = ", ".join(
        f'"{one.name}" = excluded."{one.name}"' for one in table.c if one.name not in (*keys, "created")
    )
    return f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changed}"


def _write(
    connection: Connection, table: str, names: tuple[str, ...], tail: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    """Many rows in one statement. Row by row, SQLite's driver would let go of the interpreter and wait for it each time."""
    for at in range(0, len(rows), _ROWS):
        part = rows[at : at + _ROWS]
        statement = _statement(connection.dialect.name, table, names, tail, len(part))
        connection.exec_driver_sql(statement, tuple(value for row in part for value in row))


@lru_cache(maxsize=2000)
def _statement(dialect: str, table: str, names: tuple[str, ...], tail: str, count: int) -> str:
    one = f"({', '.join(['%s' if dialect == 'postgresql' else '?'] * len(names))})"
    columns = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([one] * count)}{tail}"  # noqa: S608 - names of our own
