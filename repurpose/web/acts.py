"""What is done to an event, by a program through the API or by a person in the console: a run is begun, a release made."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request

from repurpose.db import audit, orders, recordings
from repurpose.db import runs as run_rows
from repurpose.db.events import EventRow
from repurpose.db.orders import OrderRow, WishRow
from repurpose.db.releases import ReleaseRow
from repurpose.models import Choices, Event, Span
from repurpose.pipeline import release
from repurpose.pipeline.run import Run
from repurpose.pipeline.workplace import Workplace
from repurpose.web.problems import Problem
from repurpose.web.who import client_of


def has_source(place: Workplace, event: EventRow) -> bool:
    """Is there anything to make the event of: a recording that was handed in, or the run of a command line?"""
    handed = recordings.of_event(place.engine, event.id)
    return event.run is not None or any(row.kind == "recording" for row in handed)


def begin_run(request: Request, event: EventRow, cuts: Sequence[str], keep: Sequence[Span], by: str) -> OrderRow:
    """An order to make the event; the stretches of `keep` join those its versions must have. Raises Taken while one is open."""
    state = request.app.state
    row = orders.place(state.engine, event.id, cuts, by)
    if keep:
        _keep(state.place, event, keep)
    audit.note(state.engine, by, "run.start", row.id, client_of(request), event=event.id)
    return row


def make_release(request: Request, event: EventRow, by: str, *, show: bool = True) -> tuple[EventRow, ReleaseRow]:
    """A release of what the event's run made, shown at once or not. Raises Problem while there is no run, and UserError while
    it is not whole."""
    state = request.app.state
    if event.run is None:
        raise Problem("refused", why="Nothing was made of the event yet. Start a run first.")
    row = release.release(state.place, Run.load(state.place, event.run), by)
    audit.note(state.engine, by, "release.make", event.id, client_of(request), release=row.number)
    return (release.point(state.place, event.id, row.number, by) if show else event), row


def wish_of(place: Workplace, event: EventRow) -> WishRow | None:
    """What is wished for the event; for one that the command line made, what it was told there."""
    found = orders.wish(place.engine, event.id)
    if found is not None or event.run is None:
        return found
    row = run_rows.load(place.engine, event.run)
    if row is None or not {"event", "choices"} <= set(row.roots):
        return None
    about, choices = place.store.get(row.roots["event"], Event), place.store.get(row.roots["choices"], Choices)
    return WishRow(event.id, about, choices, 0)


def _keep(place: Workplace, event: EventRow, more: Sequence[Span]) -> None:
    """These stretches join those that an editor chose, and none of them is dropped any more."""
    wished = wish_of(place, event)
    if wished is None:
        raise Problem("not-found", what="event")
    keep = tuple(dict.fromkeys((*wished.choices.keep, *more)))
    drop = tuple(one for one in wished.choices.drop if not any(one.overlap(span) for span in more))
    orders.put_wish(place.engine, event.id, about=wished.about, choices=Choices(keep=keep, drop=drop))
