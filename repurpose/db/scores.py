"""The rows of scores: what they are made of, and the ledgers as they are kept."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Select, and_, delete, insert, or_, select

from repurpose.db.jobs import now
from repurpose.db.lead_groups import rows_in
from repurpose.db.session import alone, inserting, reading, writing
from repurpose.db.tables import lead_scores, lead_words, score_entries, view_events, view_sessions
from repurpose.models.scored import Entry, Word

MANY = 500  # leads in one statement, and ledgers made anew that are kept at once
Held = tuple[str, int, int]  # a visitor, and the time it was the lead's: from <= t < to


@dataclass(frozen=True)
class Play:
    """What one player told of a viewer: a stretch that was in sight, or (`cta`) a press of the button."""

    at: int
    event: str
    asset: str
    k: str  # seg cta
    a: int  # ms of the film
    b: int


@dataclass(frozen=True)
class Visit:
    """One film in one page that came to a view."""

    at: int
    event: str
    asset: str
    channel: str
    owner: str  # whose card it stood on


def plays_of(engine: Engine, held: Mapping[str, Collection[Held]]) -> dict[str, list[Play]]:
    """What each of these leads' visitors played in sight and pressed, as viewers: what bots and staff did is left out."""
    e, s = view_events.c, view_sessions.c
    found = (
        select(s.visitor, e.at, s.event_id, s.asset_id, e.k, e.a, e.b)
        .join(view_sessions, s.psid == e.psid)
        .where(s.kind == "viewer", e.fate == "accepted", or_(e.k == "cta", and_(e.k == "seg", e.flags % 2 == 1)))
    )
    return {lead: [Play(*row) for row in rows] for lead, rows in _theirs(engine, found, held).items()}


def visits_of(engine: Engine, held: Mapping[str, Collection[Held]]) -> dict[str, list[Visit]]:
    """The views of each of these leads' visitors."""
    s = view_sessions.c
    found = select(s.visitor, s.created, s.event_id, s.asset_id, s.channel, s.person_id).where(
        s.kind == "viewer", s.viewed == 1
    )
    return {lead: [Visit(*row) for row in rows] for lead, rows in _theirs(engine, found, held).items()}


def entries_of(engine: Engine, lead_ids: Collection[str]) -> dict[str, list[Entry]]:
    """The ledgers of these leads as they are kept, each oldest first; of one without a line there is none."""
    c = score_entries.c
    columns = ("lead_id", "fades", "at", "rule", "ground", "points", "event_id", "asset_id", "seen")
    with reading(engine) as connection:
        rows = rows_in(connection, select(*(c[name] for name in columns)), c.lead_id, lead_ids)
    found: dict[str, list[Entry]] = defaultdict(list)
    for lead, fades, at, rule, ground, points, event, asset, seen in sorted(rows):
        stretches = tuple((start, end) for start, end in json.loads(seen))
        found[lead].append(Entry(at, rule, ground, points / 100, bool(fades), event, asset, stretches))
    return dict(found)


def bases(engine: Engine, lead_ids: Collection[str]) -> dict[str, str]:
    """What the kept ledgers of these leads were made from."""
    c = lead_scores.c
    with reading(engine) as connection:
        return dict(rows_in(connection, select(c.lead_id, c.basis), c.lead_id, lead_ids))


def put(engine: Engine, ledgers: Mapping[str, tuple[Iterable[Entry], str]], version: str) -> None:
    """Keep these ledgers, each with its basis, in the place of those there were."""
    ids, at = list(ledgers), now()
    rows = [
        {
            "lead_id": lead, "rule": one.rule, "ground": one.ground, "version": version, "at": one.at,
            "points": round(100 * one.points), "fades": int(one.fades), "event_id": one.event, "asset_id": one.asset,
            "seen": json.dumps(one.seen),
        }
        for lead, (ledger, _) in ledgers.items() for one in ledger
    ]  # fmt: skip
    kept = [{"lead_id": lead, "basis": basis, "updated": at} for lead, (_, basis) in ledgers.items()]
    with alone(engine, lead_scores.name) as connection:  # another may be at the same
        for table in (score_entries, lead_scores):
            for first in range(0, len(ids), MANY):
                connection.execute(delete(table).where(table.c.lead_id.in_(ids[first : first + MANY])))
        if rows:
            connection.execute(insert(score_entries), rows)
        if kept:
            connection.execute(insert(lead_scores), kept)


def say(engine: Engine, lead_id: str, word: Word, by: str) -> None:
    """Write down what the CRM says of a lead; said again it changes nothing."""
    with writing(engine) as connection:
        made = inserting(connection, lead_words).values(
            lead_id=lead_id, stage=word.stage, amount=word.amount, at=word.at, came=now(), by=by
        )
        connection.execute(made.on_conflict_do_nothing(index_elements=["lead_id", "stage", "at"]))


def words(engine: Engine) -> dict[str, list[Word]]:
    """All that the CRM ever said, by lead."""
    c = lead_words.c
    found: dict[str, list[Word]] = defaultdict(list)
    with reading(engine) as connection:
        for row in connection.execute(select(c.lead_id, c.at, c.stage, c.amount).order_by(c.at, c.id)):
            found[row.lead_id].append(Word(row.at, row.stage, row.amount))
    return dict(found)


def _theirs(
    engine: Engine, found: Select[Any], held: Mapping[str, Collection[Held]]
) -> dict[str, list[tuple[Any, ...]]]:
    """Of rows (visitor, when, ...) those of each lead, without the visitor."""
    whose: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for lead, many in held.items():
        for visitor, start, end in many:
            whose[visitor].append((start, end, lead))
    theirs: dict[str, list[tuple[Any, ...]]] = {lead: [] for lead in held}
    with reading(engine) as connection:
        for visitor, at, *rest in rows_in(connection, found, view_sessions.c.visitor, whose):
            for start, end, lead in whose[visitor]:
                if start <= at < end:
                    theirs[lead].append((at, *rest))
    return theirs
