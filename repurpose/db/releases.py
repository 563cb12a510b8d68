"""The rows of releases and the one pointer an event has to them: made, pointed to, withdrawn, forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, update

from repurpose.db import outbox, search
from repurpose.db.assets import Handed, enter
from repurpose.db.events import EventRow, event_row
from repurpose.db.jobs import now
from repurpose.db.search import Passage
from repurpose.db.session import reading, writing
from repurpose.db.tables import events, releases

KEPT = 10  # the newest releases of an event; one that is pointed to stays beside them


@dataclass(frozen=True)
class ReleaseRow:
    """The columns of `tables.releases`."""

    event_id: str
    number: int
    digest: str
    package: str
    created: int
    by: str


def make(engine: Engine, event_id: str, *, digest: str, package: str, assets: Sequence[Handed], by: str) -> ReleaseRow:
    """The event's release of this content: the one there is, or the next. Nothing is shown yet.

    Its files get their rows, and what is more than the newest `KEPT` is forgotten.
    """
    with writing(engine) as connection:
        _lock(connection, event_id)
        same = select(releases).where(releases.c.event_id == event_id, releases.c.digest == digest)
        row = connection.execute(same).one_or_none()
        if row is None:
            last = select(func.coalesce(func.max(releases.c.number), 0)).where(releases.c.event_id == event_id)
            number = connection.execute(last).scalar_one() + 1
            connection.execute(
                insert(releases).values(
                    event_id=event_id, number=number, digest=digest, package=package, created=now(), by=by
                )
            )
            enter(connection, event_id, number, assets)
            row = connection.execute(same).one()
            _forget(connection, event_id)
        return ReleaseRow(**row._mapping)


def load(engine: Engine, event_id: str, number: int) -> ReleaseRow | None:
    """One release; None when it was never made, or is forgotten."""
    found = select(releases).where(releases.c.event_id == event_id, releases.c.number == number)
    with reading(engine) as connection:
        row = connection.execute(found).one_or_none()
    return None if row is None else ReleaseRow(**row._mapping)


def of_event(engine: Engine, event_id: str) -> list[ReleaseRow]:
    """The releases that are kept, the newest first."""
    found = select(releases).where(releases.c.event_id == event_id).order_by(releases.c.number.desc())
    with reading(engine) as connection:
        return [ReleaseRow(**row._mapping) for row in connection.execute(found)]


def shown(engine: Engine, slug: str) -> tuple[EventRow, ReleaseRow | None] | None:
    """The event at this address with the release that the site shows (None of a draft or withdrawn one), seen in one look."""
    here = (releases.c.event_id == events.c.id) & (releases.c.number == events.c.release)
    found = select(events, *[column.label(f"release_{column.name}") for column in releases.c])
    found = found.select_from(events.outerjoin(releases, here & (events.c.state == "published")))
    with reading(engine) as connection:
        row = connection.execute(found.where(events.c.slug == slug)).one_or_none()
    if row is None:
        return None
    values = dict(row._mapping)
    release = {column.name: values.pop(f"release_{column.name}") for column in releases.c}
    return event_row(values), ReleaseRow(**release) if release["number"] else None


def point(engine: Engine, event_id: str, number: int, passages: Sequence[Passage]) -> EventRow | None:
    """Show this release, and let its `passages` be found, from one moment on; None when it is not there (any more)."""
    with writing(engine) as connection:
        _lock(connection, event_id)
        here = (releases.c.event_id == event_id) & (releases.c.number == number)
        if connection.execute(select(releases.c.number).where(here)).one_or_none() is None:
            return None
        row = connection.execute(select(events).where(events.c.id == event_id)).one()
        if row.release != number or row.state != "published":
            search.forget(connection, event_id)
            search.enter(connection, event_id, passages)
            at = max(now(), row.updated + 1)
            moved = {"state": "published", "release": number, "updated": at, "published": row.published or at}
            connection.execute(update(events).where(events.c.id == event_id).values(**moved))
            _forget(connection, event_id)
            data = {"event": outbox.event_data(row), "release": number}
            outbox.tell(engine, "event.published", event_id, data)
        return event_row(connection.execute(select(events).where(events.c.id == event_id)).one()._mapping)


def withdraw(engine: Engine, event_id: str) -> EventRow | None:
    """Show nothing of the event any more, nor find it; the pointer stays, for when it is shown again. None: no such event."""
    with writing(engine) as connection:
        row = _lock(connection, event_id)
        if row is None:
            return None
        if row.state == "published":
            search.forget(connection, event_id)
            values = {"state": "withdrawn", "updated": max(now(), row.updated + 1)}
            connection.execute(update(events).where(events.c.id == event_id).values(**values))
            data = {"event": outbox.event_data(row), "release": row.release}
            outbox.tell(engine, "event.withdrawn", event_id, data)
        return event_row(connection.execute(select(events).where(events.c.id == event_id)).one()._mapping)


def digests(engine: Engine) -> set[str]:
    """The digest of every stored Release that is kept."""
    with reading(engine) as connection:
        return {digest for (digest,) in connection.execute(select(releases.c.digest))}


def _lock(connection: Connection, event_id: str) -> Row[Any] | None:
    """The event's row, held until this transaction ends: two who publish go one after the other."""
    return connection.execute(select(events).where(events.c.id == event_id).with_for_update()).one_or_none()


def _forget(connection: Connection, event_id: str) -> None:
    newest = select(releases.c.number).where(releases.c.event_id == event_id).order_by(releases.c.number.desc())
    pointed = select(events.c.release).where(events.c.id == event_id)
    keep = [number for (number,) in connection.execute(newest.limit(KEPT))] + [connection.execute(pointed).scalar()]
    old = releases.c.number.not_in([number for number in keep if number is not None])
    connection.execute(delete(releases).where(releases.c.event_id == event_id, old))
