"""`/console/e/<slug>`: one event: what was made, what is shown, what was watched, and what viewers ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from repurpose.db import events, releases
from repurpose.db.events import EventRow
from repurpose.db.jobs import now
from repurpose.models import Span
from repurpose.pipeline.report import earned_of, seen_of
from repurpose.publish.report import heat_drawn
from repurpose.web.acts import has_source, wish_of
from repurpose.web.console.events import Standing, standing_of
from repurpose.web.console.experiments import trials
from repurpose.web.console.frame import AT, HOT, Console, May
from repurpose.web.console.made import Made, made_of
from repurpose.web.problems import Problem
from repurpose.web.who import Principal, Reader

Slug = Annotated[str, Path(pattern="^[a-z0-9-]{1,80}$")]
DONE = (
    "run",
    "stopped",
    "published",
    "shown",
    "withdrawn",
    "compare",
    "compared",
)  # what a form may have come back from


@dataclass(frozen=True)
class Asked:
    """A cut that viewers ask for, and how far it is: it may be ordered; it is being made; it is made and not shown yet."""

    told: dict[str, Any]
    state: str  # "open" "making" "made"


def by_slug(console: Console, slug: str) -> EventRow:
    """The event at this address. Raises Problem (404) when there is none."""
    event = events.by_slug(console.place.engine, slug)
    if event is None:
        raise Problem("not-found", what="event")
    return event


def event_page(
    console: Console, request: Request, asker: Principal, event: EventRow, *, fault: str = "", status: int = 200
) -> Response:
    """The page of an event; with `fault` it says first why something was not done."""
    place, at, may = console.place, now(), May(asker)
    stands, made = standing_of(console, event), made_of(console, event)
    told = seen_of(place, event, at)
    if may.leads:
        found = console.leads_of(event.id)
        told |= earned_of(place, event, found, at) | {"hot_leads": sum(one.stage in HOT for one in found)}
    kept = releases.of_event(place.engine, event.id)
    done = request.query_params.get("done", "")
    about = told | {
        "row": event, "stands": stands, "made": made, "drawn": heat_drawn(told), "asked": _asked(console, stands, told),
        "kept": kept, "fresh": _is_fresh(event, made, [one.package for one in kept if one.number == event.release]),
        "source": has_source(place, event), "done": done if done in DONE and not fault else "", "fault": fault,
        "trials": trials(console, event),
    }  # fmt: skip
    return console.send(request, asker, "event", about, status)


def proposal(console: Console, event: EventRow, start: int, end: int, cut: str) -> bool:
    """Is this still what viewers ask for?"""
    told = seen_of(console.place, event, now())["proposals"]
    return any((one["start"], one["end"], one["cut"]) == (start, end, cut) for one in told)


def routes(console: Console) -> APIRouter:
    """The page of an event."""
    router = APIRouter(include_in_schema=False)

    @router.get(f"{AT}/e/{{slug}}")
    def console_event(request: Request, asker: Reader, slug: Slug) -> Response:
        """One event."""
        return event_page(console, request, asker, by_slug(console, slug))

    return router


def _asked(console: Console, stands: Standing, told: dict[str, Any]) -> list[Asked]:
    wished = wish_of(console.place, stands.event)
    keep = wished.choices.keep if wished else ()
    found = []
    for one in told["proposals"]:
        chosen = Span(start=one["start"], end=one["end"]) in keep
        ended = stands.order is not None and stands.order.state == "done"
        state = "making" if chosen and stands.running else "made" if chosen and ended else "open"
        found.append(Asked(one, state))
    return found


def _is_fresh(event: EventRow, made: Made | None, shown: list[str]) -> bool:
    """Is there something made that the site does not show?"""
    return made is not None and event.run is not None and (event.state != "published" or made.digest not in shown)
