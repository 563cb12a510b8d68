"""The rows of wishes (what an editor wants made of an event) and orders (each time that was started)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Engine, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from repurpose.db.ids import new_id
from repurpose.db.jobs import LEASE_MS, now
from repurpose.db.newest import page_of
from repurpose.db.session import reading, writing
from repurpose.db.tables import orders, wishes
from repurpose.errors import Taken
from repurpose.models import Choices, Event
from repurpose.store import canonical

OrderState = Literal["waiting", "working", "done", "failed", "cancelled"]
OPEN = ("waiting", "working")


@dataclass(frozen=True)
class WishRow:
    """What is known of an event before anyone listens, and what a person decided."""

    event_id: str
    about: Event
    choices: Choices
    updated: int


@dataclass(frozen=True)
class OrderRow:
    """The columns of `tables.orders`."""

    id: str
    event_id: str
    cuts: tuple[str, ...]
    state: OrderState
    run: str | None
    why: str
    cancel: int | None
    holder: str
    lease_until: int
    created: int
    by: str
    began: int | None
    ended: int | None


def wish(engine: Engine, event_id: str) -> WishRow | None:
    """What was wished for an event; None when nothing was."""
    with reading(engine) as connection:
        row = connection.execute(select(wishes).where(wishes.c.event_id == event_id)).one_or_none()
    return None if row is None else _wish(row)


def put_wish(
    engine: Engine,
    event_id: str,
    *,
    about: Event | None = None,
    choices: Choices | None = None,
    seen: int | None = None,
) -> WishRow | None:
    """Set what is given; None, and nothing set, when the row is not `seen` (its `updated`) any more. There must be an
    `about` the first time."""
    given: dict[str, Any] = {}
    if about is not None:
        given["about"] = canonical(about).decode()
    if choices is not None:
        given["choices"] = canonical(choices).decode()
    this = select(wishes).where(wishes.c.event_id == event_id)
    with writing(engine) as connection:
        row = connection.execute(this.with_for_update()).one_or_none()
        if seen is not None and (row is None or row.updated != seen):
            return None
        if row is None:
            first = {"event_id": event_id, "choices": canonical(Choices()).decode(), "updated": now()}
            connection.execute(insert(wishes).values(**first | given))
        else:
            given["updated"] = max(now(), row.updated + 1)
            connection.execute(update(wishes).where(wishes.c.event_id == event_id).values(**given))
        return _wish(connection.execute(this).one())


def place(engine: Engine, event_id: str, cuts: Sequence[str], by: str, order_id: str = "") -> OrderRow:
    """Order a run of the event as it now is, under an id of its own or the one given. Raises Taken while one is open."""
    row = OrderRow(
        order_id or new_id("ru"), event_id, tuple(cuts), "waiting", None, "", None, "", 0, now(), by, None, None
    )
    try:
        with writing(engine) as connection:
            connection.execute(insert(orders).values(**{**row.__dict__, "cuts": json.dumps(row.cuts)}))
    except IntegrityError:
        raise Taken("The event is being worked on. Wait until that has ended, or cancel it.") from None
    return row


def find(engine: Engine, order_id: str) -> OrderRow | None:
    """The order of this id; None when there is none."""
    with reading(engine) as connection:
        row = connection.execute(select(orders).where(orders.c.id == order_id)).one_or_none()
    return None if row is None else _order(row)


def those(engine: Engine, ids: Sequence[str]) -> dict[str, OrderRow]:
    """The orders there are of these ids."""
    with reading(engine) as connection:
        rows = connection.execute(select(orders).where(orders.c.id.in_(ids)))
        return {row.id: _order(row) for row in rows}


def working(engine: Engine) -> list[OrderRow]:
    """Every order that somebody is at, or was when they fell silent."""
    with reading(engine) as connection:
        return [_order(row) for row in connection.execute(select(orders).where(orders.c.state == "working"))]


def listed(
    engine: Engine, *, event_id: str | None = None, limit: int = 50, after: tuple[int, str] | None = None
) -> list[OrderRow]:
    """Orders, the newest first; `after` is (created, id) of the last one of the page before."""
    found = page_of(select(orders), orders.c.created, orders.c.id, limit, after)
    if event_id:
        found = found.where(orders.c.event_id == event_id)
    with reading(engine) as connection:
        return [_order(row) for row in connection.execute(found)]


def claim(engine: Engine, holder: str) -> OrderRow | None:
    """The oldest order that nobody is at, now ours; None when there is none. One whose holder fell silent is free again."""
    at = now()
    free = (orders.c.state == "waiting") | ((orders.c.state == "working") & (orders.c.lease_until < at))
    with writing(engine) as connection:
        row = connection.execute(
            select(orders)
            .where(free)
            .order_by(orders.c.created, orders.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if row is None:
            return None
        mine = {"state": "working", "holder": holder, "lease_until": at + LEASE_MS, "began": row.began or at}
        connection.execute(update(orders).where(orders.c.id == row.id).values(**mine))
        return _order(connection.execute(select(orders).where(orders.c.id == row.id)).one())


def beat(engine: Engine, held: OrderRow, run: str | None = None) -> bool:
    """Go on holding it, and say which run it is; True when it was asked to stop or is no longer ours."""
    ours = (orders.c.id == held.id) & (orders.c.holder == held.holder) & (orders.c.state == "working")
    values: dict[str, Any] = {"lease_until": now() + LEASE_MS} | ({} if run is None else {"run": run})
    with writing(engine) as connection:
        if not connection.execute(update(orders).where(ours).values(**values)).rowcount:
            return True
        return connection.execute(select(orders.c.cancel).where(orders.c.id == held.id)).scalar_one() is not None


def settle(engine: Engine, held: OrderRow, state: OrderState, why: str = "") -> None:
    """How it ended; `waiting` gives it back to whoever comes next."""
    ours = (orders.c.id == held.id) & (orders.c.holder == held.holder) & (orders.c.state == "working")
    ended = None if state in OPEN else now()
    with writing(engine) as connection:
        connection.execute(
            update(orders).where(ours).values(state=state, why=why, ended=ended, holder="", lease_until=0)
        )


def cancel(engine: Engine, order_id: str) -> OrderRow | None:
    """Ask it to stop: at once when nobody is at it, else at its next beat. None when there is no such order."""
    at = now()
    this = orders.c.id == order_id
    with writing(engine) as connection:
        connection.execute(
            update(orders).where(this, orders.c.state == "waiting").values(state="cancelled", cancel=at, ended=at)
        )
        connection.execute(
            update(orders).where(this, orders.c.state == "working", orders.c.cancel.is_(None)).values(cancel=at)
        )
        row = connection.execute(select(orders).where(this)).one_or_none()
    return None if row is None else _order(row)


def _wish(row: Row[Any]) -> WishRow:
    return WishRow(
        row.event_id, Event.model_validate_json(row.about), Choices.model_validate_json(row.choices), row.updated
    )


def _order(row: Row[Any]) -> OrderRow:
    return OrderRow(**{**row._mapping, "cuts": tuple(json.loads(row._mapping["cuts"]))})
