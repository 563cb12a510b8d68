"""The rows of short links. Whether a target may be led to is judged in `publish.links`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from repurpose.db.ids import new_code
from repurpose.db.jobs import now
from repurpose.db.newest import page_of
from repurpose.db.session import reading, writing
from repurpose.db.tables import links
from repurpose.store import canonical, digest_of

LinkKind = Literal["event", "asset", "card", "url"]


@dataclass(frozen=True)
class LinkRow:
    """The columns of `tables.links`, but for `same`."""

    code: str
    kind: LinkKind
    url: str
    event_id: str | None
    asset_id: str | None
    person_id: str | None
    channel: str
    start_ms: int | None
    created: int
    by: str
    revoked: int | None


def make(
    engine: Engine,
    kind: LinkKind,
    *,
    by: str,
    url: str = "",
    event_id: str | None = None,
    asset_id: str | None = None,
    person_id: str | None = None,
    channel: str = "",
    start_ms: int | None = None,
) -> LinkRow:
    """The link to this, by this person, through this channel: the one there is, or a new one."""
    target = {
        "kind": kind, "url": url, "event_id": event_id, "asset_id": asset_id, "person_id": person_id,
        "channel": channel, "start_ms": start_ms,
    }  # fmt: skip
    same = digest_of(canonical(target))
    while True:
        found = _one(engine, links.c.same == same)
        if found:
            return found
        try:
            with writing(engine) as connection:
                connection.execute(insert(links).values(code=new_code(), same=same, created=now(), by=by, **target))
        except IntegrityError:
            if _one(engine, links.c.same == same) is None:
                raise  # not made by another meanwhile: it leads to an event, asset or person that is not there


def find(engine: Engine, code: str) -> LinkRow | None:
    """The link of this code, revoked or not."""
    return _one(engine, links.c.code == code)


def listed(
    engine: Engine,
    *,
    event_id: str | None = None,
    person_id: str | None = None,
    limit: int = 50,
    after: tuple[int, str] | None = None,
) -> list[LinkRow]:
    """Links, the newest first; `after` is (created, code) of the last one of the page before."""
    found = page_of(select(*_COLUMNS), links.c.created, links.c.code, limit, after)
    if event_id:
        found = found.where(links.c.event_id == event_id)
    if person_id:
        found = found.where(links.c.person_id == person_id)
    with reading(engine) as connection:
        return [LinkRow(**row._mapping) for row in connection.execute(found)]


def revoke(engine: Engine, code: str) -> LinkRow | None:
    """From now on it leads nowhere; None when there is none. Made again, it is another one."""
    with writing(engine) as connection:
        live = (links.c.code == code) & links.c.revoked.is_(None)
        connection.execute(update(links).where(live).values(revoked=now(), same=None))
        return _one(engine, links.c.code == code)


_COLUMNS = [column for column in links.c if column.name != "same"]


def _one(engine: Engine, which: Any) -> LinkRow | None:
    with reading(engine) as connection:
        row = connection.execute(select(*_COLUMNS).where(which)).one_or_none()
    return None if row is None else LinkRow(**row._mapping)
