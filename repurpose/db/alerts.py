"""Who is told when a lead whom we know watches: written with the views themselves, so that one is there when the others are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, select

from repurpose.db import leads, outbox
from repurpose.db.endpoints import hearing
from repurpose.db.session import writing
from repurpose.db.tables import assets, events
from repurpose.models.browsers import whose

QUIET_MS = 60_000  # of a lead and an event nobody is told more often


@dataclass(frozen=True)
class Watching:
    """A player in which a view has just come about."""

    visitor: str
    event_id: str
    asset_id: str
    person_id: str  # whose card it stands on; "" without
    link: str
    channel: str
    watch_ms: int
    at: int


def tell_watching(engine: Engine, seen: Sequence[Watching]) -> int:
    """Tell of those whose visitor was a known lead just then; how many messages there are.

    A lead is named by its id only: what names a person is not kept in messages.
    """
    with writing(engine) as connection:
        if not any(one.person_id for one in seen) and not hearing(connection, "watch.by_known"):
            return 0
        turns, many = leads.turns(engine, {one.visitor for one in seen}), 0
        for one in seen:
            lead = whose(turns.get(one.visitor, []), one.at)
            if lead is None:
                continue
            event = connection.execute(select(events).where(events.c.id == one.event_id)).one()
            asset = connection.execute(select(assets).where(assets.c.id == one.asset_id)).one()
            data = {
                "lead": {"id": lead}, "event": outbox.event_data(event), "asset": one.asset_id, "film": asset.path,
                "cut": asset.cut, "watched_ms": one.watch_ms, "channel": one.channel, "link": one.link or None,
                "person": one.person_id or None, "at": one.at,
            }  # fmt: skip
            about = f"{lead}/{one.event_id}"
            many += outbox.tell(engine, "watch.by_known", about, data, person=one.person_id, quiet_ms=QUIET_MS)
        return many
