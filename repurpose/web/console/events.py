"""`/console`: every event, how it stands, who watched, and what it needs from a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from repurpose.db import events, orders, views
from repurpose.db.events import EventRow
from repurpose.db.orders import OPEN, OrderRow
from repurpose.web.api.runs import Watch
from repurpose.web.console.frame import AT, HOT, Console, May
from repurpose.web.console.made import face_of
from repurpose.web.who import Reader

State = Literal["published", "withdrawn", "made", "empty"]
PAGE = 24


@dataclass(frozen=True)
class Standing:
    """How an event stands. `state` is what the site shows of it; beside that a run may be open, or its last one have failed."""

    event: EventRow
    state: State
    order: OrderRow | None
    fraction: float = 0.0  # of a run that is open

    @property
    def running(self) -> bool:
        return self.order is not None and self.order.state in OPEN

    @property
    def failed(self) -> bool:
        return self.order is not None and self.order.state == "failed"


@dataclass(frozen=True)
class Line:
    """An event in the list."""

    stands: Standing
    picture: str
    viewers: int
    hot: int | None  # leads; None for who may not see them


def standing_of(console: Console, event: EventRow) -> Standing:
    """How the event stands now."""
    last = orders.listed(console.place.engine, event_id=event.id, limit=1)
    order = last[0] if last else None
    state: State = event.state if event.state != "draft" else "made" if event.run else "empty"
    fraction = Watch(console.place).look(order).fraction if order is not None and order.state in OPEN else 0.0
    return Standing(event, state, order, fraction)


def routes(console: Console) -> APIRouter:
    """The list of events."""
    router = APIRouter(include_in_schema=False)

    @router.get(AT)
    def console_events(request: Request, asker: Reader, page: Annotated[int, Query(ge=1, le=1000)] = 1) -> Response:
        """Events, those that need somebody first, then the newest."""
        engine, may = console.place.engine, May(asker)
        rows = events.listed(engine, limit=PAGE * page + 1)
        shown = rows[PAGE * (page - 1) : PAGE * page]
        lines = []
        for event in shown:
            hot = sum(one.stage in HOT for one in console.leads_of(event.id)) if may.leads else None
            stands = standing_of(console, event)
            lines.append(Line(stands, face_of(console, event), views.viewers(engine, event.id), hot))
        lines.sort(key=lambda line: not (line.stands.failed or line.stands.running))
        about = {
            "lines": lines, "number": page, "more": len(rows) > PAGE * page,
            "running": any(line.stands.running for line in lines),
        }  # fmt: skip
        return console.send(request, asker, "events", about)

    return router
