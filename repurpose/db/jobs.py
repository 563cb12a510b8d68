"""The rows of jobs: look up, claim, keep alive, settle, and take back from the dead. Every change is one small transaction.

A claim counts `attempt` up; heartbeats and settling name the attempt they hold and change nothing when it is no longer the
latest, so a worker that was thought dead and wakes up again can never overwrite its successor's work.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Engine, case, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from repurpose.db.session import reading, writing
from repurpose.db.tables import jobs, runs

State = Literal["queued", "running", "done", "skipped", "failed", "cancelled"]
Settled = Literal["done", "skipped", "failed", "cancelled"]
LEASE_MS = 60_000  # a worker that says nothing for this long is taken for dead
CRASHES = 3  # workers that may die over one job before it counts as failed


def now() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class JobRow:
    """What is known of one job; the columns of `tables.jobs`."""

    key: str
    run: str
    stage: str
    variant: str
    state: State
    attempt: int
    crashes: int
    worker: str
    lease_until: int
    heartbeat: int
    progress: float
    output: str | None
    reason: str
    started: int
    ended: int | None
    seconds: float | None


@dataclass(frozen=True)
class Claim:
    """The right to do one job, for as long as `attempt` is its latest."""

    key: str
    attempt: int


def find(engine: Engine, keys: Collection[str]) -> dict[str, JobRow]:
    """The rows there are, by key."""
    with reading(engine) as connection:
        return {row.key: JobRow(**row._mapping) for row in connection.execute(select(jobs).where(jobs.c.key.in_(keys)))}


def of_run(engine: Engine, run: str) -> dict[str, JobRow]:
    """The rows that `run` asked for last, by key."""
    with reading(engine) as connection:
        return {row.key: JobRow(**row._mapping) for row in connection.execute(select(jobs).where(jobs.c.run == run))}


def claim(engine: Engine, key: str, *, run: str, stage: str, variant: str, worker: str, began: int) -> Claim | None:
    """Take a job that nobody holds; None when it is held or settled. What failed before `began` may be tried again."""
    at = now()
    mine: dict[str, Any] = {
        "run": run, "worker": worker, "state": "running", "lease_until": at + LEASE_MS, "heartbeat": at, "progress": 0.0,
        "output": None, "reason": "", "started": at, "ended": None, "seconds": None,
    }  # fmt: skip
    try:
        with writing(engine) as connection:
            row = connection.execute(select(jobs).where(jobs.c.key == key)).one_or_none()
            if row is None:
                first = {"key": key, "stage": stage, "variant": variant, "attempt": 1, "crashes": 0}
                connection.execute(insert(jobs).values(**mine, **first))
                return Claim(key, 1)
            if not open_to_claim(JobRow(**row._mapping), began):
                return None
            taken = connection.execute(
                update(jobs)
                .where(jobs.c.key == key, jobs.c.attempt == row.attempt, jobs.c.state == row.state)
                .values(**mine, attempt=row.attempt + 1, crashes=row.crashes if row.started >= began else 0)
            )
            return Claim(key, row.attempt + 1) if taken.rowcount else None
    except IntegrityError:  # another inserted it between our look and our write (not on SQLite)
        return None


def open_to_claim(row: JobRow, began: int) -> bool:
    """May this job be taken by a run that began at `began`?"""
    return row.state in ("queued", "cancelled") or (row.state == "failed" and (row.ended or 0) < began)


def beat(engine: Engine, held: Claim, progress: float) -> bool:
    """Renew the lease and write the progress; False when the job is no longer ours.

    A beat the database did not take (busy for too long, disk full) counts as ours: settling finds out.
    """
    at = now()
    try:
        return _change(engine, held, lease_until=at + LEASE_MS, heartbeat=at, progress=progress)
    except OperationalError:
        return True


def settle(engine: Engine, held: Claim, state: Settled, *, output: str | None = None, reason: str = "") -> bool:
    """Write how it ended; False, and nothing written, when the job is no longer ours."""
    at = now()
    seconds = (at - jobs.c.started) / 1000.0
    done = 1.0 if state == "done" else jobs.c.progress
    return _change(engine, held, state=state, output=output, reason=reason, ended=at, seconds=seconds, progress=done)


def _change(engine: Engine, held: Claim, **values: Any) -> bool:
    ours = (jobs.c.key == held.key) & (jobs.c.attempt == held.attempt) & (jobs.c.state == "running")
    with writing(engine) as connection:
        return bool(connection.execute(update(jobs).where(ours).values(**values)).rowcount)


def running(engine: Engine) -> list[JobRow]:
    """Every job somebody holds, of any run."""
    with reading(engine) as connection:
        return [JobRow(**row._mapping) for row in connection.execute(select(jobs).where(jobs.c.state == "running"))]


def undo(engine: Engine, outputs: Collection[str]) -> None:
    """Count jobs as not done whose outputs are no longer in the store."""
    with writing(engine) as connection:
        lost = jobs.c.output.in_(outputs) & (jobs.c.state == "done")
        connection.execute(update(jobs).where(lost).values(state="queued", output=None))


def take_back(engine: Engine, lost: Sequence[JobRow]) -> list[JobRow]:
    """Free jobs whose worker is dead: queued again, or failed when too many died over it. Returns those that were freed.

    Deaths before the run last began do not count: the user who starts it again means it.
    """
    freed = []
    with writing(engine) as connection:
        for row in lost:
            began = select(runs.c.began).where(runs.c.id == row.run).scalar_subquery()
            crashes = case((jobs.c.started >= began, jobs.c.crashes + 1), else_=0)
            changed = connection.execute(
                update(jobs)
                .where(jobs.c.key == row.key, jobs.c.attempt == row.attempt, jobs.c.state == "running")
                .values(
                    state=case((crashes >= CRASHES, "failed"), else_="queued"),
                    reason=case(
                        (crashes >= CRASHES, f"{CRASHES} workers died over it; run again to try anew"), else_=""
                    ),
                    crashes=crashes,
                    ended=now(),
                )
            )
            if changed.rowcount:
                freed.append(row)
    return freed
