"""The rows of events: found, listed, made, changed. What the site shows of them is set by `db.releases`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from repurpose.db.ids import new_id
from repurpose.db.jobs import now
from repurpose.db.newest import page_of
from repurpose.db.session import reading, taken, writing
from repurpose.db.tables import events, runs
from repurpose.models.published import SiteSettings
from repurpose.store import canonical

EventState = Literal["draft", "published", "withdrawn"]


@dataclass(frozen=True)
class EventRow:
    """The columns of `tables.events`."""

    id: str
    slug: str
    run: str | None
    title: str
    language: str
    date: str
    state: EventState
    release: int | None
    settings: SiteSettings
    created: int
    updated: int
    published: int | None


def create(
    engine: Engine,
    *,
    slug: str,
    title: str,
    language: str = "",
    date: str = "",
    run: str | None = None,
    settings: SiteSettings | None = None,
) -> EventRow:
    """A draft. When the slug is taken it gets a number: talk, talk-2, talk-3."""
    at = now()
    values = {
        "run": run, "title": title, "language": language, "date": date, "state": "draft", "created": at, "updated": at,
        "settings": canonical(settings or SiteSettings()).decode(),
    }  # fmt: skip
    number = 1
    while True:
        free = slug if number == 1 else f"{slug[:70]}-{number}"
        try:
            with writing(engine) as connection:
                row_id = new_id("ev")
                connection.execute(insert(events).values(id=row_id, slug=free, **values))
                return event_row(connection.execute(select(events).where(events.c.id == row_id)).one()._mapping)
        except IntegrityError:
            number += 1


def find(engine: Engine, event_id: str) -> EventRow | None:
    """The event of this id."""
    return _one(engine, events.c.id == event_id)


def by_slug(engine: Engine, slug: str) -> EventRow | None:
    """The event at this address."""
    return _one(engine, events.c.slug == slug)


def of_run(engine: Engine, run: str) -> EventRow | None:
    """The event whose next release is made of this run."""
    with reading(engine) as connection:
        found = select(events).where(events.c.run == run).order_by(events.c.created)
        row = connection.execute(found).first()
    return None if row is None else event_row(row._mapping)


def of_name(engine: Engine, name: str) -> EventRow | None:
    """The event that runs of this name were made for, whatever recording they began with."""
    found = select(events).join(runs, runs.c.id == events.c.run).where(runs.c.name == name).order_by(events.c.created)
    with reading(engine) as connection:
        row = connection.execute(found).first()
    return None if row is None else event_row(row._mapping)


def listed(
    engine: Engine, *, state: EventState | None = None, limit: int = 50, after: tuple[int, str] | None = None
) -> list[EventRow]:
    """Events, the newest first; `after` is (created, id) of the last one of the page before."""
    found = page_of(select(events), events.c.created, events.c.id, limit, after)
    if state:
        found = found.where(events.c.state == state)
    with reading(engine) as connection:
        return [event_row(row._mapping) for row in connection.execute(found)]


def shown(engine: Engine) -> list[EventRow]:
    """Every published event, the latest by its date first."""
    found = select(events).where(events.c.state == "published")
    with reading(engine) as connection:
        rows = connection.execute(found.order_by(events.c.date.desc(), events.c.created.desc(), events.c.id))
        return [event_row(row._mapping) for row in rows]


def change(engine: Engine, event_id: str, *, seen: int | None = None, **values: Any) -> EventRow | None:
    """Set slug, title, language, date, run or settings; None, and nothing set, when the row is not `seen` (its `updated`)
    any more or is not there. Raises Taken for a slug that another event has."""
    if "settings" in values:
        values["settings"] = canonical(values["settings"]).decode()
    with writing(engine) as connection:
        row = connection.execute(select(events).where(events.c.id == event_id).with_for_update()).one_or_none()
        if row is None or (seen is not None and row.updated != seen):
            return None
        values["updated"] = max(now(), row.updated + 1)
        with taken(f"the address {values.get('slug')!r}"):
            connection.execute(update(events).where(events.c.id == event_id).values(**values))
        return event_row(connection.execute(select(events).where(events.c.id == event_id)).one()._mapping)


def event_row(values: Mapping[Any, Any]) -> EventRow:
    """A row of `tables.events`, parsed."""
    return EventRow(**{**values, "settings": SiteSettings.model_validate_json(values["settings"])})


def _one(engine: Engine, which: Any) -> EventRow | None:
    with reading(engine) as connection:
        row = connection.execute(select(events).where(which)).one_or_none()
    return None if row is None else event_row(row._mapping)
