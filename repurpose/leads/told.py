"""A lead in plain values, as the command line and the API tell of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from repurpose.db import leads as rows
from repurpose.db.session import Database
from repurpose.leads.people import Person, Watched, watched
from repurpose.models.seconds import runs


def told_of(engine: Database, person: Person, event_id: str = "", *, whole: bool = False) -> dict[str, Any]:
    """What is known of a lead, of one event or of all; `whole`: with the questions that wait for a person."""
    [told] = told_of_each(engine, [person], event_id)
    if whole:
        told["conflicts"] = [
            {"id": one.id, "other": one.other_id if one.lead_id in person.members else one.lead_id, "kind": one.kind}
            for one in rows.conflicts(engine, lead_id=person.id)
        ]
    return told


def told_of_each(engine: Database, people: Sequence[Person], event_id: str = "") -> list[dict[str, Any]]:
    """What is known of each of these leads, of one event or of all, in their order."""
    every = watched(engine, people)
    attended: dict[str, list[rows.AttendanceRow]] = {}
    one_lead = people[0].id if len(people) == 1 else ""
    for one in rows.attendance(engine, lead_id=one_lead, event_id=event_id):
        attended.setdefault(one.lead_id, []).append(one)
    return [
        _told(person, [one for one in every[person.id] if event_id in ("", one.event_id)], attended.get(person.id, []))
        for person in people
    ]


def _told(person: Person, seen: Sequence[Watched], came: Sequence[rows.AttendanceRow]) -> dict[str, Any]:
    return {
        "id": person.id, "source": person.source, "first": person.first, "updated": person.updated,
        "about": dict(person.about), "known_by": [{"kind": kind, "value": value} for kind, value in person.known_by],
        "watch_ms": sum(one.watch_ms for one in seen), "seconds": sum(one.seconds for one in seen),
        "last": max([one.last for one in seen], default=None),
        "attendance": [{name: value for name, value in asdict(one).items() if name != "lead_id"} for one in came],
        "watched": [_seen(one) for one in seen],
    }  # fmt: skip


def _seen(one: Watched) -> dict[str, Any]:
    return {
        "event": one.event_id, "title": one.title, "seconds": one.seconds, "watch_ms": one.watch_ms, "first": one.first,
        "last": one.last, "channels": list(one.channels), "runs": [list(run) for run in runs(one.bits)],
        "versions": [asdict(version) for version in one.versions],
    }  # fmt: skip


def plain_text(value: Any) -> Any:
    """What a person wrote is text to a spreadsheet, and no formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
