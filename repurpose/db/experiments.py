"""The rows of experiments of titles and covers, and what was seen under each of their variants."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, and_, func, insert, or_, select, update

from repurpose.db import events
from repurpose.db.ids import new_id
from repurpose.db.jobs import now
from repurpose.db.newest import page_of
from repurpose.db.session import reading, taken, writing
from repurpose.db.tables import assets, experiments, view_sessions

RUNNING, ENDED = "running", "ended"
Face = tuple[str, str]  # a title, and the path of a cover in the release


@dataclass(frozen=True)
class ExperimentRow:
    """The columns of `tables.experiments`."""

    id: str
    event_id: str
    path: str
    channel: str
    title_a: str
    cover_a: str
    title_b: str
    cover_b: str
    state: str
    keep: str
    why: str
    figures: Mapping[str, Any]  # empty while it runs
    created: int
    ended: int | None
    by: str

    @property
    def running(self) -> bool:
        return self.state == RUNNING

    @property
    def a(self) -> Face:
        return self.title_a, self.cover_a

    @property
    def b(self) -> Face:
        return self.title_b, self.cover_b


def begin(
    engine: Engine, event_id: str, path: str, a: Face, b: Face, *, channel: str = "", most: int, by: str
) -> ExperimentRow | None:
    """An experiment that runs from now on; None where `most` run in the event. Raises Taken when one of the same film and
    channel does."""
    c = experiments.c
    values = {
        "id": new_id("ex"), "event_id": event_id, "path": path, "channel": channel, "title_a": a[0], "cover_a": a[1],
        "title_b": b[0], "cover_b": b[1], "state": RUNNING, "keep": "a", "why": "", "figures": "", "created": now(),
        "ended": None, "by": by,
    }  # fmt: skip
    with writing(engine) as connection:
        events.change(engine, event_id)  # holds the event, so that no two count at once; and its pages are made anew
        others = select(func.count()).where(c.event_id == event_id, c.state == RUNNING)
        if connection.execute(others).scalar_one() >= most:
            return None
        with taken(f"the experiment of {path!r}"):
            connection.execute(insert(experiments).values(values))
    return _row(values)


def end(
    engine: Engine, row_id: str, keep: str, why: str, figures: Mapping[str, Any], *, running: bool = False
) -> ExperimentRow | None:
    """End it, or, when it has ended, keep the other of the two; None when there is none of this id, or, asked for one that is
    `running`, when it does not run any more."""
    c = experiments.c
    found = find(engine, row_id)
    if found is None:
        return None
    with writing(engine) as connection:
        events.change(engine, found.event_id)  # the pages that were made of it are made anew
        row = connection.execute(select(experiments).where(c.id == row_id).with_for_update()).one_or_none()
        if row is None or (running and row.state != RUNNING):
            return None
        if row.state != RUNNING and row.keep == keep:
            return _row(row._mapping)
        told = json.dumps(figures, sort_keys=True) if row.state == RUNNING else row.figures
        at = max(now(), row.ended or row.created)
        values = {"state": ENDED, "keep": keep, "why": why, "figures": told, "ended": at}
        connection.execute(update(experiments).where(c.id == row_id).values(values))
        return _row({**row._mapping, **values})


def find(engine: Engine, row_id: str) -> ExperimentRow | None:
    """The experiment of this id."""
    with reading(engine) as connection:
        row = connection.execute(select(experiments).where(experiments.c.id == row_id)).one_or_none()
    return None if row is None else _row(row._mapping)


def of_event(engine: Engine, event_id: str) -> list[ExperimentRow]:
    """Those of an event that a page asks for: all that run, and all whose second variant was kept; the oldest first."""
    c = experiments.c
    found = select(experiments).where(c.event_id == event_id, or_(c.state == RUNNING, c.keep == "b"))
    with reading(engine) as connection:
        return [_row(row._mapping) for row in connection.execute(found.order_by(c.created, c.id))]


def listed(
    engine: Engine, event_id: str, *, limit: int = 50, after: tuple[int, str] | None = None
) -> list[ExperimentRow]:
    """Those of an event, the newest first."""
    c = experiments.c
    found = page_of(select(experiments), c.created, c.id, limit, after).where(c.event_id == event_id)
    with reading(engine) as connection:
        return [_row(row._mapping) for row in connection.execute(found)]


def running(engine: Engine) -> list[ExperimentRow]:
    """All that run, of whichever event."""
    with reading(engine) as connection:
        found = select(experiments).where(experiments.c.state == RUNNING).order_by(experiments.c.created)
        return [_row(row._mapping) for row in connection.execute(found)]


@dataclass(frozen=True)
class Seen:
    """A player that stood under a variant: of the film itself, or of another one in the same page."""

    visitor: str
    variants: str
    at: int
    own: bool  # of the film that is compared
    viewed: bool
    seconds: int
    half: bool


def seen(engine: Engine, row: ExperimentRow) -> list[Seen]:
    """What viewers' players showed under this experiment; bots and staff are left out."""
    c, a = view_sessions.c, assets.c
    here = and_(c.event_id == row.event_id, c.created >= row.created, c.kind == "viewer")
    found = (
        select(c.visitor, c.variants, c.created, a.path, c.viewed, c.seconds, c.half)
        .join(assets, a.id == c.asset_id)
        .where(here, c.variants.contains(row.id, autoescape=True))
    )
    with reading(engine) as connection:
        rows = connection.execute(found).all()
    return [
        Seen(visitor, variants, at, path == row.path, bool(viewed), seconds, bool(half))
        for visitor, variants, at, path, viewed, seconds, half in rows
    ]


def _row(values: Mapping[Any, Any]) -> ExperimentRow:
    return ExperimentRow(**{**values, "figures": json.loads(values["figures"] or "{}")})
