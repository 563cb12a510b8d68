"""The rows of messages: written with what they tell, claimed to be sent, settled, sent again.

`tell` belongs into the transaction of the change it tells of (`session.together`): then there is a message exactly when there
is the change. What it tells is frozen in that moment. A claim counts `attempts` up, and only the latest may settle: who was
thought dead and wakes up again changes nothing.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Row, Select, delete, exists, insert, select, update
from sqlalchemy.exc import DBAPIError

from repurpose.db.endpoints import EndpointRow, EventType, endpoint_row, hearing, of_person
from repurpose.db.ids import new_id
from repurpose.db.jobs import now
from repurpose.db.newest import page_of
from repurpose.db.session import reading, together, writing
from repurpose.db.tables import endpoints, outbox
from repurpose.errors import RepurposeError
from repurpose.models.base import DAY_MS

VERSION = 1  # of what stands in `data`
MOST_BYTES = 20_000  # of a message: receivers may refuse more (Standard Webhooks 1.0.0)
LEASE_MS = 30_000  # twice as long as anything takes to be sent
KEPT_MS = 30 * DAY_MS  # what has ended can be sent again for so long
PACE_MS = {"wecom": 3100}  # between two messages to one address: a WeCom robot takes 20 a minute
MessageState = Literal["waiting", "delivered", "dead"]


@dataclass(frozen=True)
class MessageRow:
    """The columns of `tables.outbox`."""

    seq: int
    id: str
    endpoint_id: str
    aggregate: str
    type: EventType
    payload: str
    state: MessageState
    available_at: int
    lease_until: int
    holder: str
    attempts: int
    failed: int
    status: int | None
    why: str
    created: int
    ended: int | None


@dataclass(frozen=True)
class Settled:
    """How one attempt ended, and what that means for the message and its endpoint."""

    message: MessageRow
    state: MessageState
    failed: int
    status: int | None
    why: str
    available_at: int
    pause_until: int = 0  # the endpoint is left alone until then
    disable: str = ""  # the endpoint is told nothing any more, for this reason


@dataclass(frozen=True)
class Rooms:
    """How many messages may be taken: `usual` of each endpoint, but for those named."""

    usual: int
    named: Mapping[str, int] = field(default_factory=dict)

    def of(self, endpoint_id: str) -> int:
        return self.named.get(endpoint_id, self.usual)


class NotReached(RepurposeError):
    """The database did not answer, or not in time."""


def tell(
    engine: Engine,
    event_type: EventType,
    aggregate: str,
    data: Mapping[str, Any],
    *,
    person: str = "",
    quiet_ms: int = 0,
) -> int:
    """Write a message for everyone who hears of this, and for the person (an id) whom it is about; how many there are.

    With `quiet_ms`, nobody is told who was told of the same type and aggregate within that time.
    """
    at = now()
    with writing(engine) as connection:
        told = {row.id: row for row in hearing(connection, event_type)}
        told |= {row.id: row for row in of_person(engine, person)} if person else {}
        if told and quiet_ms:
            same = (outbox.c.aggregate == aggregate) & (outbox.c.type == event_type)
            late = select(outbox.c.endpoint_id).where(same, outbox.c.created > at - quiet_ms)
            heard = set(connection.execute(late).scalars())
            told = {key: row for key, row in told.items() if key not in heard}
        if told:
            payload = frozen(event_type, data, at)
            shared = {
                "aggregate": aggregate, "type": event_type, "payload": payload, "state": "waiting", "available_at": at,
                "lease_until": 0, "holder": "", "attempts": 0, "failed": 0, "why": "", "created": at,
            }  # fmt: skip
            rows = [shared | {"id": new_id("ms"), "endpoint_id": key} for key in told]
            connection.execute(insert(outbox), rows)
    return len(told)


def event_data(event: Row[Any]) -> dict[str, Any]:
    """What a message says of an event; `path` is its address on the site."""
    said = {name: event._mapping[name] for name in ("id", "slug", "title", "language", "date")}
    return said | {"path": f"/e/{event.slug}"}


def frozen(event_type: EventType, data: Mapping[str, Any], at: int) -> str:
    """The message as it is sent: type, version, ISO 8601 timestamp and `data`, in less than `MOST_BYTES`.

    When it would be more, its longest texts are cut, and `cut` says so.
    """
    moment = datetime.datetime.fromtimestamp(at / 1000, datetime.UTC).isoformat(timespec="milliseconds")
    body: dict[str, Any] = {"type": event_type, "version": VERSION, "timestamp": moment.replace("+00:00", "Z")}
    for most in (None, 1000, 200, 40):
        kept = body | {"data": data} if most is None else body | {"cut": True, "data": _cut(data, most)}
        text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
        if len(text.encode()) < MOST_BYTES:
            return text
    return json.dumps(body | {"cut": True, "data": {}})


def turn(engine: Engine, ended: Sequence[Settled], worker: str, rooms: Rooms) -> list[tuple[MessageRow, EndpointRow]]:
    """Write what has ended and take what may be sent now, in one transaction. Raises NotReached, and nothing was done."""
    try:
        if not ended:
            return claim(engine, worker, rooms)
        with together(engine):
            settle(engine, ended)
            return claim(engine, worker, rooms)
    except DBAPIError as fault:
        raise NotReached(" ".join(str(fault.orig).split())) from fault


def claim(engine: Engine, worker: str, rooms: Rooms) -> list[tuple[MessageRow, EndpointRow]]:
    """Take messages that may be sent now: of every endpoint as many as it has room for.

    Of one endpoint and aggregate only the first that is not done may be taken.
    """
    at = now()
    free = (endpoints.c.state == "active") & (endpoints.c.paused_until <= at)
    with reading(engine) as connection:  # nothing is locked while there is nothing to do
        open_to = []
        for row in connection.execute(select(endpoints).where(free)).all():
            endpoint = endpoint_row(row)
            room = min(rooms.of(endpoint.id), 1 if endpoint.kind in PACE_MS else rooms.usual)
            if room > 0 and connection.execute(_heads(endpoint.id, at, 1)).first() is not None:
                open_to.append((endpoint, room))
    if not open_to:
        return []
    taken: list[tuple[MessageRow, EndpointRow]] = []
    with writing(engine) as connection:
        for endpoint, room in open_to:
            if not _paced(connection, endpoint, at):
                continue
            heads = connection.execute(_heads(endpoint.id, at, room).with_for_update(skip_locked=True)).all()
            if heads:
                mine = {"lease_until": at + LEASE_MS, "holder": worker, "attempts": outbox.c.attempts + 1}
                here = outbox.c.seq.in_([row.seq for row in heads])
                connection.execute(update(outbox).where(here).values(mine))
                rows = connection.execute(select(outbox).where(here).order_by(outbox.c.seq))
                taken += [(message_row(row), endpoint) for row in rows]
    return taken


def settle(engine: Engine, ended: Sequence[Settled]) -> None:
    """Write how attempts ended, in one transaction; of those that are no longer the latest of their message, nothing."""
    at = now()
    with writing(engine) as connection:
        for one in ended:
            mine = (outbox.c.seq == one.message.seq) & (outbox.c.attempts == one.message.attempts)
            values = {
                "state": one.state, "failed": one.failed, "status": one.status, "why": one.why, "lease_until": 0,
                "available_at": one.available_at, "holder": "", "ended": None if one.state == "waiting" else at,
            }  # fmt: skip
            connection.execute(update(outbox).where(mine, outbox.c.state == "waiting").values(values))
            endpoint = update(endpoints).where(endpoints.c.id == one.message.endpoint_id)
            if one.pause_until:
                earlier = endpoints.c.paused_until < one.pause_until
                connection.execute(endpoint.where(earlier).values(paused_until=one.pause_until))
            if one.disable:
                connection.execute(endpoint.values(state="disabled", why=one.disable))


def tidy(engine: Engine, is_dead: Callable[[str], bool]) -> None:
    """Let go of what is held by those who are dead, and forget what ended long ago. Raises NotReached."""
    try:
        free(engine, is_dead)
        forget(engine, now() - KEPT_MS)
    except DBAPIError as fault:
        raise NotReached(" ".join(str(fault.orig).split())) from fault


def free(engine: Engine, is_dead: Callable[[str], bool]) -> None:
    """Let go of what is held by those who are dead: it need not wait until their leases run out."""
    held = (outbox.c.state == "waiting") & (outbox.c.lease_until > 0)
    with reading(engine) as connection:
        dead = [
            name
            for name in connection.execute(select(outbox.c.holder).where(held).distinct()).scalars()
            if is_dead(name)
        ]
    if dead:
        with writing(engine) as connection:
            connection.execute(update(outbox).where(held, outbox.c.holder.in_(dead)).values(lease_until=0, holder=""))


def find(engine: Engine, message_id: str) -> MessageRow | None:
    """The message of this id; None when there is none (any more)."""
    with reading(engine) as connection:
        row = connection.execute(select(outbox).where(outbox.c.id == message_id)).one_or_none()
    return None if row is None else message_row(row)


def listed(
    engine: Engine,
    endpoint_id: str,
    *,
    state: MessageState | None = None,
    limit: int = 50,
    after: tuple[int, str] | None = None,
) -> list[MessageRow]:
    """Messages to an endpoint, the newest first; `after` is (created, id) of the last one of the page before."""
    found = select(outbox).where(outbox.c.endpoint_id == endpoint_id)
    if state:
        found = found.where(outbox.c.state == state)
    with reading(engine) as connection:
        rows = connection.execute(page_of(found, outbox.c.created, outbox.c.id, limit, after))
        return [message_row(row) for row in rows]


def again(engine: Engine, endpoint_id: str, *, message_id: str = "", since: int = 0) -> int:
    """Send it once more as it was, under the id it had: this message, or all since then that did not arrive. How many."""
    which = outbox.c.id == message_id if message_id else (outbox.c.state == "dead") & (outbox.c.created >= since)
    fresh = {"state": "waiting", "available_at": now(), "lease_until": 0, "failed": 0, "why": "", "ended": None}
    with writing(engine) as connection:
        ended = update(outbox).where(outbox.c.endpoint_id == endpoint_id, outbox.c.state != "waiting", which)
        return int(connection.execute(ended.values(fresh)).rowcount)


def forget(engine: Engine, before: int) -> int:
    """Delete what had ended `before`; how many messages."""
    long_ago = (outbox.c.state != "waiting") & (outbox.c.ended < before)
    with reading(engine) as connection:  # nothing is locked while there is nothing to do
        if connection.execute(select(outbox.c.seq).where(long_ago).limit(1)).first() is None:
            return 0
    with writing(engine) as connection:
        return int(connection.execute(delete(outbox).where(long_ago)).rowcount)


def message_row(row: Row[Any]) -> MessageRow:
    """A row of `tables.outbox`."""
    return MessageRow(**row._mapping)


def _heads(endpoint_id: str, at: int, limit: int) -> Select[Any]:
    """What may be sent now to one endpoint: due, held by nobody, and nothing about the same thing before it."""
    before = outbox.alias("before")
    earlier = exists().where(
        before.c.endpoint_id == outbox.c.endpoint_id, before.c.aggregate == outbox.c.aggregate,
        before.c.state == "waiting", before.c.seq < outbox.c.seq,
    )  # fmt: skip
    due = (outbox.c.state == "waiting") & (outbox.c.available_at <= at) & (outbox.c.lease_until <= at)
    found = select(outbox.c.seq).where(outbox.c.endpoint_id == endpoint_id, due, ~earlier)
    return found.order_by(outbox.c.available_at, outbox.c.seq).limit(limit)


def _paced(connection: Connection, endpoint: EndpointRow, at: int) -> bool:
    """Is it this endpoint's turn? Where it takes only so many a minute, the turn after it is set."""
    pace = PACE_MS.get(endpoint.kind)
    if pace is None:
        return True
    mine = (endpoints.c.id == endpoint.id) & (endpoints.c.paused_until <= at)
    return bool(connection.execute(update(endpoints).where(mine).values(paused_until=at + pace)).rowcount)


def _cut(value: Any, most: int) -> Any:
    if isinstance(value, str):
        return value if len(value) <= most else value[: most - 1] + "…"
    if isinstance(value, Mapping):
        return {key: _cut(one, most) for key, one in value.items()}
    return [_cut(one, most) for one in value] if isinstance(value, list | tuple) else value
