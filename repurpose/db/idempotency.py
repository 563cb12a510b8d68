"""Requests that were asked once already: the answer is kept in the very transaction of what the request did.

A request first takes its row; while it has one and no answer, it is in flight. A crash leaves the row, never the effect, so
after a lease somebody else may take it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from repurpose.db.jobs import now
from repurpose.db.session import writing
from repurpose.db.tables import idempotency

KEPT_MS = 24 * 3600 * 1000
LEASE_MS = 120_000  # a request that takes longer is taken for dead


@dataclass(frozen=True)
class Once:
    """What was asked: by whom, under which key, on which route, with what body."""

    principal: str
    key: str
    route: str
    body_hash: str


@dataclass(frozen=True)
class Answer:
    """What was answered, to be said again."""

    status: int
    headers: dict[str, str]
    body: str


def take(engine: Engine, once: Once) -> Answer | Literal["ours", "in flight", "other"]:
    """The answer given before; or `ours` to work on, `in flight` in somebody else's hands, or another request's key."""
    at = now()
    mine = {"body_hash": once.body_hash, "status": None, "headers": "{}", "response": "", "created": at, "expires": at + KEPT_MS}  # fmt: skip
    try:
        with writing(engine) as connection:
            connection.execute(delete(idempotency).where(idempotency.c.expires <= at))
            row = connection.execute(select(idempotency).where(_is(once)).with_for_update()).one_or_none()
            if row is None:
                names = {"principal": once.principal, "key": once.key, "route": once.route}
                connection.execute(insert(idempotency).values(**names, **mine))
                return "ours"
            if row.body_hash != once.body_hash:
                return "other"
            if row.status is not None:
                return Answer(row.status, json.loads(row.headers), row.response)
            if row.created + LEASE_MS > at:
                return "in flight"
            connection.execute(update(idempotency).where(_is(once)).values(**mine))
            return "ours"
    except IntegrityError:  # another took it between our look and our write (not on SQLite)
        return "in flight"


def answered(engine: Engine, once: Once, answer: Answer) -> None:
    """Keep the answer. Call it in the transaction of the effect (`session.together`)."""
    with writing(engine) as connection:
        connection.execute(
            update(idempotency)
            .where(_is(once))
            .values(status=answer.status, headers=json.dumps(answer.headers), response=answer.body)
        )


def let_go(engine: Engine, once: Once) -> None:
    """It came to nothing: the same may be asked again."""
    with writing(engine) as connection:
        connection.execute(delete(idempotency).where(_is(once), idempotency.c.status.is_(None)))


def _is(once: Once) -> Any:
    return (
        (idempotency.c.principal == once.principal)
        & (idempotency.c.key == once.key)
        & (idempotency.c.route == once.route)
    )
