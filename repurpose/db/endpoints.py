"""The rows of endpoints: where things are told to, by whom each was made, and which of them hears of what."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from repurpose.db.ids import new_id
from repurpose.db.jobs import now
from repurpose.db.session import reading, taken, writing
from repurpose.db.tables import endpoints, people
from repurpose.errors import Taken
from repurpose.models.base import DAY_MS

EndpointKind = Literal["webhook", "wecom", "mail"]
EventType = Literal["submission.received", "event.published", "event.withdrawn", "watch.by_known"]
TYPES: tuple[EventType, ...] = get_args(EventType)
CARD = "card"  # who made the endpoints that stand on people's cards
OVERLAP_MS = DAY_MS  # after a change of the secret the old one signs too for so long


@dataclass(frozen=True)
class Key:
    """What a secret is made of, with the site's own. `until` is none for the newest."""

    nonce: str
    until: int | None = None


@dataclass(frozen=True)
class EndpointRow:
    """The columns of `tables.endpoints`, parsed."""

    id: str
    kind: EndpointKind
    address: str
    name: str
    types: tuple[EventType, ...]
    language: str
    keys: tuple[Key, ...]
    state: Literal["active", "disabled"]
    why: str
    paused_until: int
    created: int
    by: str
    updated: int


def add(
    engine: Engine,
    kind: EndpointKind,
    address: str,
    *,
    types: Collection[EventType] = (),
    name: str = "",
    language: str = "zh",
    by: str,
) -> EndpointRow:
    """A new endpoint. Raises Taken when there is one of this kind and address."""
    at = now()
    kept = tuple(one for one in TYPES if one in types)
    keys = (Key(secrets.token_hex(16)),)
    row = EndpointRow(new_id("en"), kind, address, name, kept, language, keys, "active", "", 0, at, by, at)
    with writing(engine) as connection, taken("this address"):
        connection.execute(insert(endpoints).values(**_columns(row.__dict__)))
    return row


def find(engine: Engine, endpoint_id: str) -> EndpointRow | None:
    """The endpoint of this id; None when there is none."""
    with reading(engine) as connection:
        row = connection.execute(select(endpoints).where(endpoints.c.id == endpoint_id)).one_or_none()
    return None if row is None else endpoint_row(row)


def listed(engine: Engine, after: str = "", limit: int = 100) -> list[EndpointRow]:
    """Endpoints in the order of their ids, beginning after `after`."""
    found = select(endpoints).where(endpoints.c.id > after).order_by(endpoints.c.id).limit(limit)
    with reading(engine) as connection:
        return [endpoint_row(row) for row in connection.execute(found)]


def change(engine: Engine, endpoint_id: str, *, seen: int | None = None, **values: Any) -> EndpointRow | None:
    """Set name, types, language or state; None, and nothing set, when the row is not `seen` (its `updated`) any more or is
    not there. Who is made active again starts anew."""
    with writing(engine) as connection:
        row = connection.execute(select(endpoints).where(endpoints.c.id == endpoint_id).with_for_update()).one_or_none()
        if row is None or (seen is not None and row.updated != seen):
            return None
        if values.get("state") == "active":
            values |= {"why": "", "paused_until": 0}
        values["updated"] = max(now(), row.updated + 1)
        connection.execute(update(endpoints).where(endpoints.c.id == endpoint_id).values(**_columns(values)))
        return endpoint_row(connection.execute(select(endpoints).where(endpoints.c.id == endpoint_id)).one())


def renew(engine: Engine, endpoint_id: str) -> EndpointRow | None:
    """Give it a new secret; the one before it signs too for a day. None when it is not there."""
    with writing(engine) as connection:
        row = connection.execute(select(endpoints).where(endpoints.c.id == endpoint_id).with_for_update()).one_or_none()
        if row is None:
            return None
        at = now()
        old = [Key(one.nonce, one.until or at + OVERLAP_MS) for one in endpoint_row(row).keys]
        keys = (Key(secrets.token_hex(16)), *[one for one in old if (one.until or 0) > at])
        return change(engine, endpoint_id, keys=keys)


def remove(engine: Engine, endpoint_id: str) -> bool:
    """Forget it, and every message to it; False when it is not there."""
    with writing(engine) as connection:
        return bool(connection.execute(delete(endpoints).where(endpoints.c.id == endpoint_id)).rowcount)


def hearing(connection: Connection, event_type: EventType) -> list[EndpointRow]:
    """Who hears of everything of this type."""
    rows = connection.execute(select(endpoints).where(endpoints.c.state == "active")).all()
    return [row for row in map(endpoint_row, rows) if event_type in row.types]


def of_person(engine: Engine, person_id: str) -> list[EndpointRow]:
    """Where the person is told: what stands on their card, made an endpoint when it is none yet."""
    with writing(engine) as connection:
        about = select(people.c.notify, people.c.language).where(people.c.id == person_id, people.c.state == "active")
        person = connection.execute(about).one_or_none()
        if person is None:
            return []
        found = [
            _of_card(engine, connection, kind, address, person.language or "zh")
            for kind, address in json.loads(person.notify).items()
        ]
        return [row for row in found if row.state == "active"]


def _of_card(engine: Engine, connection: Connection, kind: EndpointKind, address: str, language: str) -> EndpointRow:
    here = select(endpoints).where(endpoints.c.kind == kind, endpoints.c.address == address)
    row = connection.execute(here).one_or_none()
    if row is None:
        try:
            return add(engine, kind, address, language=language, by=CARD)
        except Taken:  # by another transaction, between our look and our write (not on SQLite)
            row = connection.execute(here).one()
    if row.by == CARD and row.language != language:  # the person reads another language now
        connection.execute(update(endpoints).where(endpoints.c.id == row.id).values(language=language))
    return endpoint_row(row)


def endpoint_row(row: Row[Any]) -> EndpointRow:
    """A row of `tables.endpoints`, parsed."""
    values = dict(row._mapping)
    keys = tuple(Key(*one) for one in json.loads(values["keys"]))
    return EndpointRow(**{**values, "types": tuple(json.loads(values["types"])), "keys": keys})


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(values)
    if "types" in kept:
        kept["types"] = json.dumps([one for one in TYPES if one in kept["types"]])
    if "keys" in kept:
        kept["keys"] = json.dumps([[one.nonce, one.until] for one in kept["keys"]])
    return kept
