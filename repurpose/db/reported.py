"""What a report counts beside heat and versions: channels, the days views came on, the cuts."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, func, select

from repurpose.db.session import reading
from repurpose.db.tables import assets, view_sessions


@dataclass(frozen=True)
class Channel:
    """What came through one channel."""

    channel: str
    views: int
    viewers: int
    watch_ms: int


def channels(engine: Engine, event_id: str) -> list[Channel]:
    """What came through each channel of an event, the most views first."""
    c = view_sessions.c
    found = (
        select(c.channel, func.sum(c.viewed), func.count(func.distinct(c.visitor)), func.sum(c.watch_ms))
        .where(c.event_id == event_id, c.kind == "viewer", c.viewed == 1)
        .group_by(c.channel)
    )
    with reading(engine) as connection:
        rows = [Channel(row[0], int(row[1]), int(row[2]), int(row[3])) for row in connection.execute(found)]
    return sorted(rows, key=lambda one: (-one.views, one.channel))


def view_times(engine: Engine, event_id: str) -> list[int]:
    """When each view began, ms since 1970."""
    c = view_sessions.c
    found = select(c.created).where(c.event_id == event_id, c.kind == "viewer", c.viewed == 1).order_by(c.created)
    with reading(engine) as connection:
        return list(connection.execute(found).scalars())


def cuts(engine: Engine) -> dict[str, str]:
    """The cut of every film there ever was; the recording's own is `replay`."""
    c = assets.c
    with reading(engine) as connection:
        rows = connection.execute(select(c.id, c.cut, c.kind).where(c.duration_ms.is_not(None)))
        return {row.id: "replay" if row.kind == "replay" else row.cut for row in rows}
