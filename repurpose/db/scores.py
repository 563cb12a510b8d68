"""The rows of scores: what they are made of, and the ledgers as they are kept."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Engine, and_, delete, insert, or_, select

from repurpose.db.jobs import now
from repurpose.db.session import inserting, reading, writing
from repurpose.db.tables import lead_scores, lead_words, score_entries, view_events, view_sessions
from repurpose.models.scored import Entry, Word

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

    event: str
    asset: str
    channel: str
    owner: str  # whose card it stood on
    at: int


def plays(engine: Engine, held: Iterable[Held]) -> list[Play]:
    """What these visitors played in sight and pressed, as viewers: what bots and staff did is left out."""
    e, s = view_events.c, view_sessions.c
    found = (
        select(e.at, s.event_id, s.asset_id, e.k, e.a, e.b)
        .join(view_sessions, s.psid == e.psid)
        .where(s.kind == "viewer", e.fate == "accepted", or_(e.k == "cta", and_(e.k == "seg", e.flags % 2 == 1)))
    )
    got = []
    with reading(engine) as connection:
        for visitor, start, end in held:
            here = found.where(s.visitor == visitor, e.at >= start, e.at < end)
            got += [Play(*row) for row in connection.execute(here)]
    return got


def visits(engine: Engine, held: Iterable[Held]) -> list[Visit]:
    """The views of these visitors."""
    s = view_sessions.c
    found = select(s.event_id, s.asset_id, s.channel, s.person_id, s.created)
    got = []
    with reading(engine) as connection:
        for visitor, start, end in held:
            here = found.where(
                s.kind == "viewer", s.viewed == 1, s.visitor == visitor, s.created >= start, s.created < end
            )
            got += [Visit(*row) for row in connection.execute(here)]
    return got


def entries(engine: Engine, lead_id: str) -> list[Entry]:
    """The ledger of a lead as it is kept, oldest first."""
    c = score_entries.c
    found = select(score_entries).where(c.lead_id == lead_id).order_by(c.fades, c.at, c.rule, c.ground)
    with reading(engine) as connection:
        return [
            Entry(
                row.at, row.rule, row.ground, row.points / 100, bool(row.fades), row.event_id, row.asset_id,
                tuple((start, end) for start, end in json.loads(row.seen)),
            )
            for row in connection.execute(found)
        ]  # fmt: skip


def basis(engine: Engine, lead_id: str) -> str:
    """What the kept ledger was made from; "" when there is none."""
    with reading(engine) as connection:
        found = connection.execute(select(lead_scores.c.basis).where(lead_scores.c.lead_id == lead_id))
        return found.scalar() or ""


def put(engine: Engine, lead_id: str, ledger: Iterable[Entry], basis: str, version: str) -> None:
    """Keep this ledger in the place of the one there was."""
    rows = [
        {
            "lead_id": lead_id, "rule": one.rule, "ground": one.ground, "version": version, "at": one.at,
            "points": round(100 * one.points), "fades": int(one.fades), "event_id": one.event, "asset_id": one.asset,
            "seen": json.dumps(one.seen),
        }
        for one in ledger
    ]  # fmt: skip
    with writing(engine) as connection:
        connection.execute(delete(score_entries).where(score_entries.c.lead_id == lead_id))
        if rows:
            connection.execute(insert(score_entries), rows)
        connection.execute(delete(lead_scores).where(lead_scores.c.lead_id == lead_id))
        connection.execute(insert(lead_scores).values(lead_id=lead_id, basis=basis, updated=now()))


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
