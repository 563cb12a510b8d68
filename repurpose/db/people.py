"""The rows of people who have a smart card, and what each of them shows first."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Engine, Row, delete, insert, select, update

from repurpose.db.ids import new_id
from repurpose.db.jobs import now
from repurpose.db.session import reading, taken, writing
from repurpose.db.tables import card_items, people
from repurpose.models import Blob
from repurpose.store import canonical

PersonState = Literal["active", "left"]


@dataclass(frozen=True)
class PersonRow:
    """The columns of `tables.people`."""

    id: str
    slug: str
    name: str
    title: str
    company: str
    phone: str
    email: str
    wechat: Blob | None
    photo: Blob | None
    calendar: str
    about: str
    language: str
    notify: dict[str, str]
    state: PersonState
    created: int
    updated: int


EMPTY: Mapping[str, Any] = {
    "title": "", "company": "", "phone": "", "email": "", "wechat": None, "photo": None, "calendar": "", "about": "",
    "language": "", "notify": {}, "state": "active",
}  # fmt: skip


def create(engine: Engine, *, slug: str, name: str, **values: Any) -> PersonRow:
    """A new person; what is not given is empty. Raises Taken for a slug that another one has."""
    at, person_id = now(), new_id("pe")
    filled = _columns({**EMPTY, **values})
    with writing(engine) as connection:
        with taken(f"the address {slug!r}"):
            connection.execute(
                insert(people).values(id=person_id, slug=slug, name=name, created=at, updated=at, **filled)
            )
        return _row(connection.execute(select(people).where(people.c.id == person_id)).one())


def change(engine: Engine, person_id: str, *, seen: int | None = None, **values: Any) -> PersonRow | None:
    """Set some columns; None, and nothing set, when the row is not `seen` (its `updated`) any more or is not there.
    Raises Taken for a slug that another one has."""
    with writing(engine) as connection:
        row = connection.execute(select(people).where(people.c.id == person_id).with_for_update()).one_or_none()
        if row is None or (seen is not None and row.updated != seen):
            return None
        set_to = _columns(values) | {"updated": max(now(), row.updated + 1)}
        with taken(f"the address {values.get('slug')!r}"):
            connection.execute(update(people).where(people.c.id == person_id).values(**set_to))
        return _row(connection.execute(select(people).where(people.c.id == person_id)).one())


def find(engine: Engine, person_id: str) -> PersonRow | None:
    """The person of this id."""
    return _one(engine, people.c.id == person_id)


def by_slug(engine: Engine, slug: str) -> PersonRow | None:
    """The person at this address."""
    return _one(engine, people.c.slug == slug)


def everyone(engine: Engine) -> list[PersonRow]:
    """All people, by name; those who left too."""
    with reading(engine) as connection:
        return [_row(row) for row in connection.execute(select(people).order_by(people.c.name, people.c.id))]


def choose(engine: Engine, person_id: str, events: Sequence[str]) -> None:
    """What this person shows first: these events, in this order, instead of those before."""
    with writing(engine) as connection:
        connection.execute(delete(card_items).where(card_items.c.person_id == person_id))
        for position, event_id in enumerate(dict.fromkeys(events)):
            connection.execute(insert(card_items).values(person_id=person_id, event_id=event_id, position=position))
        row = connection.execute(select(people.c.updated).where(people.c.id == person_id)).one()
        touched = update(people).where(people.c.id == person_id).values(updated=max(now(), row.updated + 1))
        connection.execute(touched)


def chosen(engine: Engine, person_id: str) -> list[str]:
    """The ids of the events this person shows first, in order; withdrawn ones and drafts too."""
    found = select(card_items.c.event_id).where(card_items.c.person_id == person_id).order_by(card_items.c.position)
    with reading(engine) as connection:
        return [event_id for (event_id,) in connection.execute(found)]


def pictures(engine: Engine) -> set[str]:
    """The digest of every file that a card shows."""
    with reading(engine) as connection:
        rows = connection.execute(select(people.c.wechat, people.c.photo))
        return {json.loads(blob)["digest"] for row in rows for blob in row if blob}


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(values)
    for name in ("wechat", "photo", "notify"):
        if found.get(name) is not None:
            found[name] = canonical(found[name]).decode()
    return found


def _row(row: Row[Any]) -> PersonRow:
    values = dict(row._mapping)
    for name in ("wechat", "photo"):
        values[name] = Blob.model_validate_json(values[name]) if values[name] else None
    return PersonRow(**{**values, "notify": json.loads(values["notify"])})


def _one(engine: Engine, which: Any) -> PersonRow | None:
    with reading(engine) as connection:
        row = connection.execute(select(people).where(which)).one_or_none()
    return None if row is None else _row(row)
