"""The rows of runs: what a recording's way through the graph starts from."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Engine, Row, insert, select, union, update
from sqlalchemy.exc import IntegrityError

from repurpose.db.jobs import now
from repurpose.db.session import reading, writing
from repurpose.db.tables import jobs, runs


@dataclass(frozen=True)
class RunRow:
    """The columns of `tables.runs`."""

    id: str
    name: str
    roots: dict[str, str]
    presets: str
    created: int
    began: int


def begin(engine: Engine, run: str, name: str, roots: dict[str, str], presets: str) -> RunRow:
    """Write down, or start anew, the run `run`: what failed in it before may be tried again."""
    at = now()
    values = {"name": name, "roots": json.dumps(roots, sort_keys=True), "presets": presets, "began": at}
    try:
        with writing(engine) as connection:
            changed = connection.execute(update(runs).where(runs.c.id == run).values(**values))
            if not changed.rowcount:
                connection.execute(insert(runs).values(id=run, created=at, **values))
            return _row(connection.execute(select(runs).where(runs.c.id == run)).one())
    except IntegrityError:  # another began it between our two statements (not on SQLite): now there is a row to change
        return begin(engine, run, name, roots, presets)


def load(engine: Engine, run: str) -> RunRow | None:
    """The run of this id; None when there is none."""
    with reading(engine) as connection:
        row = connection.execute(select(runs).where(runs.c.id == run)).one_or_none()
    return None if row is None else _row(row)


def all_runs(engine: Engine) -> list[RunRow]:
    """Every run, the one that began last first."""
    with reading(engine) as connection:
        return [_row(row) for row in connection.execute(select(runs).order_by(runs.c.began.desc(), runs.c.id))]


def referenced(engine: Engine) -> set[str]:
    """The digest of every artifact that a run starts from or a job has made."""
    with reading(engine) as connection:
        made = union(select(jobs.c.output), select(runs.c.presets))
        found = {digest for (digest,) in connection.execute(made) if digest}
    return found.union(*(run.roots.values() for run in all_runs(engine)))


def _row(row: Row[tuple[str, ...]]) -> RunRow:
    return RunRow(**{**row._mapping, "roots": json.loads(row._mapping["roots"])})
