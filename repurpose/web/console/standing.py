"""Every lead as it stands now, and of which events."""

from __future__ import annotations

from repurpose.db import events, leads
from repurpose.db.events import EventRow
from repurpose.pipeline.scored import Scored, answers_of, leads_of, scored
from repurpose.pipeline.workplace import Workplace

PAGE = 500


def standing(place: Workplace, now: int) -> dict[str, list[Scored]]:
    """All leads, the highest score first, under ""; under an event's id those that have to do with it, in the same order."""
    ids: list[str] = []
    after: tuple[int, str] | None = None
    while page := leads.listed(place.engine, limit=PAGE, after=after):
        ids += [row.id for row in page]
        after = page[-1].created, page[-1].id
    found = scored(place, ids, answers_of(place, ids), now)
    made = {"": found}
    for event in every_event(place):
        here = set(leads_of(place, event.id))
        made[event.id] = [one for one in found if one.id in here]
    return made


def every_event(place: Workplace) -> list[EventRow]:
    """All events, the newest first."""
    rows: list[EventRow] = []
    while page := events.listed(place.engine, limit=PAGE, after=(rows[-1].created, rows[-1].id) if rows else None):
        rows += page
    return rows
