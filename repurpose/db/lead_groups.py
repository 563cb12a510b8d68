"""Which leads stand for which: those that were merged into another keep their rows, and their root stands for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Column, Connection, Select, select

from repurpose.db.tables import lead_edges, lead_identifiers, leads

_MANY = 500  # ids in one statement


def roots(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """For each of these leads that is there, the one that stands for it."""
    above: dict[str, str | None] = {}
    wanted = set(ids)
    while wanted:
        above |= dict(rows_in(connection, select(leads.c.id, leads.c.merged_into), leads.c.id, wanted))
        wanted = {into for into in above.values() if into and into not in above}
    return {lead: _top(lead, above) for lead in above}


def members(connection: Connection, lead_id: str) -> list[str]:
    """The root of this lead and all that were merged into it, itself first."""
    root = roots(connection, [lead_id])[lead_id]
    return members_of(connection, [root])[root]


def erased(connection: Connection, ids: Collection[str]) -> set[str]:
    """Which of these leads are erased."""
    found = select(leads.c.id).where(leads.c.id.in_(list(ids)), leads.c.erased.is_not(None))
    return set(connection.execute(found).scalars())


def kinds_of(connection: Connection, ids: Iterable[str]) -> list[tuple[str, str]]:
    """(kind, hash) of what these leads are known by."""
    edge, one = lead_edges.c, lead_identifiers.c
    known = select(one.kind, one.hmac).join(lead_edges, one.id == edge.identifier_id).where(edge.revoked_at.is_(None))
    return sorted({(row[0], row[1]) for row in rows_in(connection, known.distinct(), edge.lead_id, ids)})


def _top(lead: str, above: Mapping[str, str | None]) -> str:
    while into := above[lead]:
        lead = into
    return lead


def members_of(connection: Connection, tops: Collection[str]) -> dict[str, list[str]]:
    """For each of these roots, itself and all that were merged into it."""
    found = {root: [root] for root in tops}
    of = {root: root for root in tops}
    level: set[str] = set(tops)
    while level:
        below = rows_in(connection, select(leads.c.id, leads.c.merged_into), leads.c.merged_into, level)
        for lead, into in sorted(below):
            of[lead] = of[into]
            found[of[into]].append(lead)
        level = {lead for lead, _ in below}
    return found


def rows_in(
    connection: Connection, found: Select[Any], column: Column[Any], values: Iterable[Any]
) -> list[tuple[Any, ...]]:
    """What is found where `column` is one of `values`, however many they are."""
    wanted = list(values)
    rows: list[tuple[Any, ...]] = []
    for at in range(0, len(wanted), _MANY):
        rows += map(tuple, connection.execute(found.where(column.in_(wanted[at : at + _MANY]))))
    return rows
