"""What was done by whom. Rows are only ever added."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, insert, select

from repurpose.db.jobs import now
from repurpose.db.session import reading, writing
from repurpose.db.tables import audit


@dataclass(frozen=True)
class AuditRow:
    """One thing done: `actor` (a user's or key's id, or `cli`) did `action` to `object`."""

    id: int
    at: int
    actor: str
    action: str
    object: str
    address: str
    detail: dict[str, Any]


def note(engine: Engine, actor: str, action: str, about: str, address: str = "", **detail: Any) -> None:
    """Write down that `actor` did `action` to the thing of id `about`."""
    with writing(engine) as connection:
        connection.execute(
            insert(audit).values(
                at=now(), actor=actor, action=action, object=about, address=address,
                detail=json.dumps(detail, ensure_ascii=False, sort_keys=True),
            )
        )  # fmt: skip


def noted(engine: Engine, before: int | None = None, about: str = "", limit: int = 100) -> list[AuditRow]:
    """The latest first, beginning below the id `before`; with `about` only what was done to that."""
    wanted = select(audit).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(audit.c.id < before)
    if about:
        wanted = wanted.where(audit.c.object == about)
    with reading(engine) as connection:
        return [
            AuditRow(**{**row._mapping, "detail": json.loads(row._mapping["detail"])})
            for row in connection.execute(wanted)
        ]
