"""The sessions of browsers that were a lead's, and of those that opened a link made for one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, insert, select

from repurpose.db.ids import new_code
from repurpose.db.jobs import now
from repurpose.db.lead_groups import rows_in
from repurpose.db.session import reading, writing
from repurpose.db.tables import lead_links, links, view_sessions


@dataclass(frozen=True)
class Seen:
    """One film in one page."""

    visitor: str
    event_id: str
    asset_id: str
    link: str
    channel: str
    watch_ms: int
    seconds: int
    viewed: bool
    complete: bool
    bits: bytes
    created: int
    updated: int


def in_order(one: Seen) -> tuple[int, str]:
    """The first first."""
    return one.created, one.asset_id


def sessions_of(engine: Engine, visitors: Collection[str]) -> list[Seen]:
    """What was played in these browsers by viewers, the first first."""
    c = view_sessions.c
    columns = [c[name] for name in Seen.__dataclass_fields__]
    with reading(engine) as connection:
        rows = rows_in(connection, select(*columns).where(c.kind == "viewer"), c.visitor, visitors)
    return sorted((Seen(*row) for row in rows), key=in_order)


def personal_link(engine: Engine, event_id: str, lead_id: str, channel: str, by: str) -> str:
    """The code of the link made for this lead to this event through this channel: the one there is, or a new one."""
    found = personal_links(engine, event_id, channel).get(lead_id)
    if found is not None:
        return found
    code, at = new_code(), now()
    target = {"kind": "event", "url": "", "event_id": event_id, "channel": channel}
    with writing(engine) as connection:
        connection.execute(insert(links).values(code=code, created=at, by=by, **target))
        connection.execute(insert(lead_links).values(code=code, lead_id=lead_id, created=at))
    return code


def personal_links(engine: Engine, event_id: str, channel: str) -> dict[str, str]:
    """The links made for leads to this event through this channel that still lead there: lead -> code."""
    found = (
        select(lead_links.c.lead_id, lead_links.c.code)
        .join(links, links.c.code == lead_links.c.code)
        .where(links.c.event_id == event_id, links.c.channel == channel, links.c.revoked.is_(None))
    )
    with reading(engine) as connection:
        return {row.lead_id: row.code for row in connection.execute(found)}


def opened_by(engine: Engine, members: Sequence[str]) -> dict[str, int]:
    """The browsers, of those that agreed, in which a link made for one of these leads was opened: and when last."""
    c = view_sessions.c
    found = (
        select(c.visitor, c.updated)
        .join(lead_links, lead_links.c.code == c.link)
        .where(lead_links.c.lead_id.in_(list(members)), c.visitor.like("v%"), c.kind == "viewer")
        .order_by(c.updated)
    )
    with reading(engine) as connection:
        return {row.visitor: row.updated for row in connection.execute(found)}
