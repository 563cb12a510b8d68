"""The rows of leads as they are read: one, a page of them, whose a browser was. Written by `db.lead_facts`.

A lead that was merged into another keeps its rows; whoever asks for it gets the one that stands for both, its root.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select

from repurpose.db.lead_groups import members_of, roots, rows_in
from repurpose.db.newest import page_of
from repurpose.db.session import reading
from repurpose.db.tables import (
    lead_attendance,
    lead_conflicts,
    lead_edges,
    lead_facts,
    lead_identifiers,
    leads,
    view_sessions,
)
from repurpose.models.browsers import MOST_BROWSERS, Stretch, crowded, stretches


@dataclass(frozen=True)
class LeadRow:
    """A lead, with those that were merged into it. What names the person is opened by `leads.known`."""

    id: str
    members: tuple[str, ...]  # itself first
    source: str
    created: int
    updated: int  # the last of all members
    first: int  # when the first of all members was made
    erased: int | None


@dataclass(frozen=True)
class AttendanceRow:
    """What a lead did at a live event. `attended` is None where the platform did not say."""

    event_id: str
    lead_id: str
    source: str
    registered_at: int | None
    attended: bool | None
    minutes: int
    questions: int
    polls: int


@dataclass(frozen=True)
class FactRow:
    """One time a lead was heard of; `about` is sealed with the key of `lead_id`."""

    id: str
    lead_id: str
    source: str
    ref: str
    strength: str
    visitor: str
    event_id: str | None
    about: str
    at: int
    came: int


@dataclass(frozen=True)
class ConflictRow:
    """Two leads of which `kind` says that they are one."""

    id: int
    lead_id: str
    other_id: str
    kind: str
    at: int
    state: str


def load(engine: Engine, lead_id: str) -> LeadRow | None:
    """The lead of this id, or the one it was merged into."""
    with reading(engine) as connection:
        root = roots(connection, [lead_id]).get(lead_id)
        return None if root is None else _rows(connection, [root])[0]


def those(engine: Engine, ids: Collection[str]) -> list[LeadRow]:
    """The leads of these ids, or those they were merged into, each once and in their order; the erased are left out."""
    with reading(engine) as connection:
        root = roots(connection, ids)
        rows = _rows(connection, list(dict.fromkeys(root[one] for one in ids if one in root)))
    return [row for row in rows if row.erased is None]


def listed(
    engine: Engine, *, event_id: str = "", limit: int = 50, after: tuple[int, str] | None = None
) -> list[LeadRow]:
    """Leads that stand for themselves and are not erased, the newest first; with `event_id` those of that event. `after` is
    (created, id) of the last one of the page before."""
    if event_id:
        return page(engine, of_event(engine, event_id), limit, after)
    found = page_of(select(leads.c.id), leads.c.created, leads.c.id, limit, after)
    with reading(engine) as connection:
        here = connection.execute(found.where(leads.c.merged_into.is_(None), leads.c.erased.is_(None))).scalars()
        return _rows(connection, list(here))


def every(engine: Engine) -> list[str]:
    """The ids of all that `listed` lists, the newest first."""
    found = select(leads.c.id).where(leads.c.merged_into.is_(None), leads.c.erased.is_(None))
    with reading(engine) as connection:
        return list(connection.execute(found.order_by(leads.c.created.desc(), leads.c.id.desc())).scalars())


def of_event(engine: Engine, event_id: str) -> list[str]:
    """The ids of the leads that have to do with an event: registered for it, came to it, said in a form of it who they are,
    or have a view of it."""
    with reading(engine) as connection:
        said = select(lead_facts.c.lead_id).where(lead_facts.c.event_id == event_id)
        came = select(lead_attendance.c.lead_id).where(lead_attendance.c.event_id == event_id)
        heard = set(connection.execute(said).scalars()) | set(connection.execute(came).scalars())
        found = set(roots(connection, heard).values())
        views = _views(connection, event_id)
    for visitor, many in turns(engine, views).items():
        found |= {one.lead for one in many if any(one.start <= at < one.end for at in views[visitor])}
    return sorted(found)


def visitors_of(engine: Engine, lead_id: str) -> list[tuple[str, int, int]]:
    """(visitor, from, to) of the browsers that were this lead's, in ms since 1970; `to` is past the end."""
    row = load(engine, lead_id)
    return visitors_of_each(engine, {row.id: row.members})[row.id] if row else []


def visitors_of_each(engine: Engine, groups: Mapping[str, Collection[str]]) -> dict[str, list[tuple[str, int, int]]]:
    """The same of each of these leads, which are given with their members."""
    with reading(engine) as connection:
        mine = _visitors(connection, [one for members in groups.values() for one in members])
    held: dict[str, list[tuple[str, int, int]]] = {lead: [] for lead in groups}
    for visitor, many in turns(engine, mine).items():
        for one in many:
            if one.lead in held:
                held[one.lead].append((visitor, one.start, one.end))
    return {lead: sorted(found) for lead, found in held.items()}


def turns(engine: Engine, visitors: Collection[str] | None = None) -> dict[str, list[Stretch]]:
    """Whose each of these browsers was, in order of time; of all browsers without `visitors`. The leads are roots.

    A browser of more than five people within a day is nobody's; one of more than twenty in which one lead was within a
    day is not that lead's.
    """
    with reading(engine) as connection:
        facts = lead_facts.c
        said = select(facts.visitor, facts.at, facts.lead_id).where(facts.visitor != "")
        if visitors is None:
            rows = [tuple(row) for row in connection.execute(said)]
            root = roots(connection, {lead for _, _, lead in rows})
            theirs = rows
        else:
            rows = rows_in(connection, said, facts.visitor, visitors)
            root = roots(connection, {lead for _, _, lead in rows})
            members = members_of(connection, set(root.values()))
            theirs = rows_in(connection, said, facts.lead_id, {one for many in members.values() for one in many})
            root |= {one: lead for lead, many in members.items() for one in many}
    browsers: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for visitor, at, lead in theirs:
        browsers[root[lead]].append((at, visitor))
    many = {lead: crowded(seen, MOST_BROWSERS) for lead, seen in browsers.items()}
    said_in: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for visitor, at, lead in rows:
        said_in[visitor].append((at, root[lead]))
    return {
        visitor: [one for one in stretches(seen) if visitor not in many[one.lead]] for visitor, seen in said_in.items()
    }


def attendance(engine: Engine, *, lead_id: str = "", event_id: str = "") -> list[AttendanceRow]:
    """What was told of a lead (with all merged into it), of an event, or of both; `lead_id` of each row is a root."""
    found = select(*[column for column in lead_attendance.c if column.name != "updated"])
    with reading(engine) as connection:
        if lead_id:
            root = roots(connection, [lead_id]).get(lead_id, "")
            found = found.where(lead_attendance.c.lead_id.in_(members_of(connection, [root])[root] if root else []))
        if event_id:
            found = found.where(lead_attendance.c.event_id == event_id)
        rows = [dict(row._mapping) for row in connection.execute(found)]
        root_of = roots(connection, {row["lead_id"] for row in rows})
    return [
        AttendanceRow(**row | {
            "lead_id": root_of[row["lead_id"]], "attended": None if row["attended"] is None else bool(row["attended"])
        })
        for row in rows
    ]  # fmt: skip


def facts(engine: Engine, members: Iterable[str]) -> list[FactRow]:
    """What was heard of these leads, the first first."""
    columns = [lead_facts.c[name] for name in FactRow.__dataclass_fields__]
    with reading(engine) as connection:
        rows = rows_in(connection, select(*columns), lead_facts.c.lead_id, list(members))
    return sorted((FactRow(*row) for row in rows), key=lambda one: (one.at, one.id))


def sealed(engine: Engine, members: Iterable[str]) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """The keys of these leads, sealed, by their ids; and (lead, kind, value) of what each is known by, the value sealed."""
    edge, one = lead_edges.c, lead_identifiers.c
    known = (
        select(edge.lead_id, one.kind, one.value, one.id)
        .join(lead_identifiers, one.id == edge.identifier_id)
        .where(edge.revoked_at.is_(None))
        .distinct()
    )
    members = list(members)
    with reading(engine) as connection:
        keys = {row[0]: row[1] for row in rows_in(connection, select(leads.c.id, leads.c.key), leads.c.id, members)}
        rows = sorted(rows_in(connection, known, edge.lead_id, members), key=lambda row: row[3])
    return {lead: key for lead, key in keys.items() if key}, [(row[0], row[1], row[2]) for row in rows]


def find_by(engine: Engine, kind: str, hashed: str) -> str | None:
    """The lead this identifier belongs to."""
    edge, one = lead_edges.c, lead_identifiers.c
    found = (
        select(edge.lead_id)
        .join(lead_identifiers, one.id == edge.identifier_id)
        .where(one.kind == kind, one.hmac == hashed, edge.revoked_at.is_(None))
    )
    with reading(engine) as connection:
        return connection.execute(found.limit(1)).scalar_one_or_none()


def conflicts(engine: Engine, *, lead_id: str = "", state: str = "open") -> list[ConflictRow]:
    """The questions that wait for a person, the latest first; of one lead, or all. Of two that were merged nobody asks."""
    c = lead_conflicts.c
    found = select(c.id, c.lead_id, c.other_id, c.kind, c.at, c.state).where(c.state == state).order_by(c.id.desc())
    with reading(engine) as connection:
        if lead_id:
            root = roots(connection, [lead_id]).get(lead_id, "")
            members = members_of(connection, [root])[root] if root else []
            found = found.where(c.lead_id.in_(members) | c.other_id.in_(members))
        asked = [ConflictRow(*row) for row in connection.execute(found)]
        top = roots(connection, {lead for one in asked for lead in (one.lead_id, one.other_id)})
        return [one for one in asked if top[one.lead_id] != top[one.other_id]]


def page(engine: Engine, ids: list[str], limit: int, after: tuple[int, str] | None) -> list[LeadRow]:
    """Of these leads a page, as `listed` has it."""
    behind = [row for row in those(engine, ids) if after is None or (row.created, row.id) < after]
    return sorted(behind, key=lambda row: (row.created, row.id), reverse=True)[:limit]


def _rows(connection: Connection, tops: list[str]) -> list[LeadRow]:
    groups = members_of(connection, tops)
    every = [one for many in groups.values() for one in many]
    rows = {row[0]: row for row in rows_in(connection, select(leads), leads.c.id, every)}
    named = {lead: dict(zip(leads.c.keys(), row, strict=True)) for lead, row in rows.items()}
    return [
        LeadRow(
            id=root, members=tuple(groups[root]), source=named[root]["source"], created=named[root]["created"],
            updated=max(named[one]["updated"] for one in groups[root]),
            first=min(named[one]["created"] for one in groups[root]), erased=named[root]["erased"],
        )
        for root in tops
    ]  # fmt: skip


def _views(connection: Connection, event_id: str) -> dict[str, list[int]]:
    """When each browser in which somebody said who they are had its views of an event."""
    s = view_sessions.c
    named = select(lead_facts.c.visitor).where(lead_facts.c.visitor != "")
    found = select(s.visitor, s.created).where(
        s.event_id == event_id, s.kind == "viewer", s.viewed == 1, s.visitor.in_(named)
    )
    views: dict[str, list[int]] = defaultdict(list)
    for visitor, at in connection.execute(found):
        views[visitor].append(at)
    return views


def _visitors(connection: Connection, ids: Collection[str]) -> set[str]:
    facts = lead_facts.c
    rows = rows_in(connection, select(facts.visitor).where(facts.visitor != "").distinct(), facts.lead_id, ids)
    return {visitor for (visitor,) in rows}
