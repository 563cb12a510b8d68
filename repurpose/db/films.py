"""The films an event ever had, with what of the recording each shows: what was watched is counted through them."""

from __future__ import annotations

import json

from sqlalchemy import Engine, select

from repurpose.db.assets import FILMS
from repurpose.db.session import reading
from repurpose.db.tables import assets
from repurpose.models.film import Film, film


def films_of(engine: Engine, event_id: str) -> dict[str, Film]:
    """Every film an event ever had, by its id."""
    c = assets.c
    found = select(c.id, c.duration_ms, c.spans, c.intro_ms).where(c.event_id == event_id, c.kind.in_(FILMS))
    with reading(engine) as connection:
        rows = connection.execute(found).all()
    return {
        row.id: film(
            row.id, event_id, row.duration_ms, [(start, end) for start, end in json.loads(row.spans)], row.intro_ms
        )
        for row in rows
    }


def paths_of(engine: Engine, event_id: str) -> dict[str, str]:
    """Where each of them lies in its package, by its id."""
    c = assets.c
    found = select(c.id, c.path).where(c.event_id == event_id, c.kind.in_(FILMS))
    with reading(engine) as connection:
        return {row.id: row.path for row in connection.execute(found)}
